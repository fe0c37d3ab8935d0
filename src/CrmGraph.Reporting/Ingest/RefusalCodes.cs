namespace CrmGraph.Reporting.Ingest;

/// <summary>Why a record can be refused. Each is also the <c>code</c> of a mutation's typed error.</summary>
public static class RefusalCodes
{
    /// <summary>There is no row with the record's id, or none to update.</summary>
    public const string NotFound = "NOT_FOUND";
    /// <summary>The record refers to a row that is not there (or not visible to the caller).</summary>
    public const string ReferenceNotFound = "REFERENCE_NOT_FOUND";
    /// <summary>Two outside ids of the record name different rows.</summary>
    public const string Conflict = "CONFLICT";
    /// <summary>A field that a new row needs is absent or null.</summary>
    public const string Required = "REQUIRED";
    public const string TooLong = "TOO_LONG";
    public const string InvalidEmail = "INVALID_EMAIL";
    public const string InvalidCurrency = "INVALID_CURRENCY";
    /// <summary>Not an IANA time zone that is known here.</summary>
    public const string UnknownZone = "UNKNOWN_ZONE";
    public const string InvalidDate = "INVALID_DATE";
    /// <summary>A number is outside what the field can mean.</summary>
    public const string OutOfRange = "OUT_OF_RANGE";
    public const string NegativePrice = "NEGATIVE_PRICE";
    public const string NegativeQuantity = "NEGATIVE_QUANTITY";
    public const string InvalidText = "INVALID_TEXT";
    /// <summary>Fields contradict each other.</summary>
    public const string Inconsistent = "INCONSISTENT";
    /// <summary>The caller may not write this row.</summary>
    public const string NotPermitted = "NOT_PERMITTED";
    /// <summary>The person was erased: personal fields stay blank.</summary>
    public const string Erased = "ERASED";
}
