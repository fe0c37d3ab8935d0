using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Segments;

/// <summary>Codes of errors about segments.</summary>
public static class SegmentCodes
{
    [ErrorCode(ErrorPlace.Payload, 200, "no such segment", "look it up again")]
    public const string NotFound = "SEGMENT_NOT_FOUND";
    [ErrorCode(ErrorPlace.Payload, 200, "the saved definition does not fit today's filters", "save it anew")]
    public const string Broken = "SEGMENT_BROKEN";
    [ErrorCode(ErrorPlace.Payload, 200, "a segment refers to itself", "take the reference out")]
    public const string Cycle = "SEGMENT_CYCLE";
    [ErrorCode(ErrorPlace.Payload, 200, "another segment has the key", "choose another")]
    public const string KeyTaken = "SEGMENT_KEY_TAKEN";
    [ErrorCode(ErrorPlace.Payload, 200, "not a key", "1 to 64 small letters, digits and hyphens")]
    public const string InvalidKey = "SEGMENT_INVALID_KEY";
    [ErrorCode(ErrorPlace.Payload, 200, "not a name", "1 to 200 characters")]
    public const string InvalidName = "SEGMENT_INVALID_NAME";
    [ErrorCode(ErrorPlace.Payload, 200, "the definition or description cannot be saved", "the message says why")]
    public const string Invalid = "SEGMENT_INVALID";
    [ErrorCode(ErrorPlace.Payload, 200, "other segments refer to it; they are listed", "change them first")]
    public const string InUse = "SEGMENT_IN_USE";
    [ErrorCode(ErrorPlace.Payload, 200, "a kept list has members, not a definition", "add and remove members")]
    public const string Static = "SEGMENT_STATIC";
    [ErrorCode(ErrorPlace.Payload, 200, "the members follow from the definition", "change the definition")]
    public const string Dynamic = "SEGMENT_DYNAMIC";
    [ErrorCode(ErrorPlace.Payload, 200, "more than `Crm:BulkRows` at once", "send them in parts")]
    public const string TooManyCustomers = "SEGMENT_TOO_MANY_CUSTOMERS";
    [ErrorCode(ErrorPlace.Payload, 200, "deeper than `Crm:SegmentNesting`", "write out a part of it")]
    public const string TooDeep = "SEGMENT_TOO_DEEP";
}
