namespace CrmGraph.Reporting.Segments;

/// <summary>Codes of errors about segments.</summary>
public static class SegmentCodes
{
    public const string NotFound = "SEGMENT_NOT_FOUND";
    /// <summary>The saved definition does not fit today's filter language.</summary>
    public const string Broken = "SEGMENT_BROKEN";
    public const string Cycle = "SEGMENT_CYCLE";
    public const string KeyTaken = "SEGMENT_KEY_TAKEN";
    public const string InvalidKey = "SEGMENT_INVALID_KEY";
    public const string InvalidName = "SEGMENT_INVALID_NAME";
    public const string Invalid = "SEGMENT_INVALID";
    /// <summary>Other segments refer to it.</summary>
    public const string InUse = "SEGMENT_IN_USE";
    /// <summary>A kept list has members, not a definition.</summary>
    public const string Static = "SEGMENT_STATIC";
    /// <summary>The members follow from the definition.</summary>
    public const string Dynamic = "SEGMENT_DYNAMIC";
    public const string TooManyCustomers = "SEGMENT_TOO_MANY_CUSTOMERS";
    public const string TooDeep = "SEGMENT_TOO_DEEP";
}
