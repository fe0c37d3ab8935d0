namespace CrmGraph.Reporting.Segments;

/// <summary>Codes of errors about segments.</summary>
public static class SegmentCodes
{
    public const string NotFound = "SEGMENT_NOT_FOUND";
    /// <summary>The saved definition does not fit today's filter language.</summary>
    public const string Broken = "SEGMENT_BROKEN";
    public const string Cycle = "SEGMENT_CYCLE";
    public const string TooDeep = "SEGMENT_TOO_DEEP";
}
