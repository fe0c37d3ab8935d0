using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Ingest.Records;

/// <summary>Why a record can be refused. Each is also the <c>code</c> of a mutation's typed error.</summary>
public static class RefusalCodes
{
    [ErrorCode(ErrorPlace.Payload, 200, "no such row, or none that the caller may see; 404 for a path that is none", "look the id up again")]
    public const string NotFound = "NOT_FOUND";
    [ErrorCode(ErrorPlace.Payload, 200, "the row that is referred to is not there", "write it first")]
    public const string ReferenceNotFound = "REFERENCE_NOT_FOUND";
    [ErrorCode(ErrorPlace.Payload, 200, "two outside ids name different rows", "merge the rows, or take one id away")]
    public const string Conflict = "CONFLICT";
    [ErrorCode(ErrorPlace.Payload, 200, "a new row needs the field", "give it")]
    public const string Required = "REQUIRED";
    [ErrorCode(ErrorPlace.Payload, 200, "longer than `Crm:NameCharacters`, `Crm:TextCharacters` or `Crm:KeyCharacters`", "shorten it")]
    public const string TooLong = "TOO_LONG";
    [ErrorCode(ErrorPlace.Payload, 200, "not an e-mail address", "mend or leave it out")]
    public const string InvalidEmail = "INVALID_EMAIL";
    [ErrorCode(ErrorPlace.Payload, 200, "not a code of ISO 4217", "three capital letters, such as EUR")]
    public const string InvalidCurrency = "INVALID_CURRENCY";
    [ErrorCode(ErrorPlace.Payload, 200, "not an IANA time zone that is known here", "such as Europe/Berlin")]
    public const string UnknownZone = "UNKNOWN_ZONE";
    [ErrorCode(ErrorPlace.Payload, 200, "before 1900 or after 2199", "mend it")]
    public const string InvalidDate = "INVALID_DATE";
    [ErrorCode(ErrorPlace.Payload, 200, "a number outside of what the field can mean", "the message says the range")]
    public const string OutOfRange = "OUT_OF_RANGE";
    [ErrorCode(ErrorPlace.Payload, 200, "a line beyond `Crm:LinesPerOrder` of one order", "give it to an order of its own")]
    public const string TooManyLines = "TOO_MANY_LINES";
    [ErrorCode(ErrorPlace.Payload, 200, "a price below zero", "a discount is a field of its own")]
    public const string NegativePrice = "NEGATIVE_PRICE";
    [ErrorCode(ErrorPlace.Payload, 200, "a quantity below zero", "a return is an order of kind RETURN")]
    public const string NegativeQuantity = "NEGATIVE_QUANTITY";
    [ErrorCode(ErrorPlace.Payload, 200, "U+0000 or half of a surrogate pair", "clean the text")]
    public const string InvalidText = "INVALID_TEXT";
    [ErrorCode(ErrorPlace.Payload, 200, "fields contradict each other", "the message says which")]
    public const string Inconsistent = "INCONSISTENT";
    [ErrorCode(ErrorPlace.Payload, 200, "the row may be seen but not written", "use a key of another role")]
    public const string NotPermitted = "NOT_PERMITTED";
    [ErrorCode(ErrorPlace.Payload, 200, "the person was erased; personal fields stay blank", "write only what is not personal")]
    public const string Erased = "ERASED";
}
