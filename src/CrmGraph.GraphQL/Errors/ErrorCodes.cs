namespace CrmGraph.GraphQL.Errors;

/// <summary>Every code that the engine can answer. Where HotChocolate has a code for the same condition, it is that code.</summary>
public static class ErrorCodes
{
    public const string InvalidRequest = "HC0009";
    public const string RequestTooLarge = "HC0010";
    public const string SyntaxError = "HC0011";
    public const string MissingQuery = "HC0013";
    public const string OperationNotFound = "HC0015";
    public const string InvalidVariable = "HC0016";
    public const string NonNullViolation = "HC0018";
    public const string DocumentNotFound = "HC0020";
    public const string NullInFilter = "HC0026";
    public const string Timeout = "HC0045";
    public const string IntrospectionNotAllowed = "HC0046";
    public const string CostExceeded = "HC0047";
    public const string PageTooLarge = "HC0051";
    public const string UnsupportedAccept = "HC0063";
    public const string OnlyPersisted = "HC0067";
    public const string TooManyNodes = "HC0076";
    public const string InvalidCursor = "HC0078";
    public const string PageTooSmall = "HC0079";
    public const string OneSlicingArgument = "HC0082";
    public const string NotAuthenticated = "AUTH_NOT_AUTHENTICATED";
    public const string NotAuthorized = "AUTH_NOT_AUTHORIZED";

    // Conditions for which HotChocolate has no code.
    public const string ValidationFailed = "VALIDATION_FAILED";
    public const string TooDeep = "TOO_DEEP";
    public const string TooManyAliases = "TOO_MANY_ALIASES";
    public const string TooManyTokens = "TOO_MANY_TOKENS";
    public const string TooManyDirectives = "TOO_MANY_DIRECTIVES";
    public const string TooManyRepetitions = "TOO_MANY_REPETITIONS";
    public const string TooManyComparisons = "TOO_MANY_COMPARISONS";
    public const string DocumentTooLarge = "DOCUMENT_TOO_LARGE";
    public const string InvalidId = "INVALID_ID";
    public const string InvalidArgument = "INVALID_ARGUMENT";
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";
    public const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";
    public const string ResponseTooLarge = "RESPONSE_TOO_LARGE";
    public const string Overloaded = "OVERLOADED";
    public const string TooManySubscriptions = "TOO_MANY_SUBSCRIPTIONS";
    public const string Throttled = "THROTTLED";
    public const string Internal = "INTERNAL_ERROR";
}
