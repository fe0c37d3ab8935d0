namespace CrmGraph.GraphQL.Errors;

/// <summary>Every code that the engine can answer. Where HotChocolate has a code for the same condition, it is that code.</summary>
public static class ErrorCodes
{
    [ErrorCode(
        ErrorPlace.Request,
        400,
        "the request is none of GraphQL: no JSON object, a batch where none is taken, a member of the wrong type, a `GraphQL-Cost` that is no word for it",
        "send a JSON object with `query`, `variables`, `operationName`, `extensions`")]
    public const string InvalidRequest = "HC0009";
    [ErrorCode(ErrorPlace.Request, 413, "the body or message is larger than `GraphQL:BodyBytes`", "send less at once, bulk rows in parts")]
    public const string RequestTooLarge = "HC0010";
    [ErrorCode(ErrorPlace.Request, 400, "syntax error in the document; `locations` says where", "mend the document")]
    public const string SyntaxError = "HC0011";
    [ErrorCode(ErrorPlace.Request, 400, "no `query`", "send the document")]
    public const string MissingQuery = "HC0013";
    [ErrorCode(ErrorPlace.Request, 400, "no operation of that name, or several and no name", "name one of the document's operations in `operationName`")]
    public const string OperationNotFound = "HC0015";
    [ErrorCode(ErrorPlace.Request, 400, "a variable does not fit its type; `variable` says which", "send a value of the declared type")]
    public const string InvalidVariable = "HC0016";
    [ErrorCode(
        ErrorPlace.Request,
        400,
        "null or nothing for what may not be null; as the error of a field (status 200) a value that should never be null was",
        "send the value; for a field, tell whoever runs the server")]
    public const string NonNullViolation = "HC0018";
    [ErrorCode(
        ErrorPlace.Request,
        400,
        "no document of the id or hash that the request names ([persisted operations](persisted-operations.md))",
        "with the message `PersistedQueryNotFound` send the document too, as clients do")]
    public const string DocumentNotFound = "HC0020";
    [ErrorCode(ErrorPlace.Field, 200, "null as an operand where it means nothing", "leave the operator out, or use `eq: null`")]
    public const string NullInFilter = "HC0026";
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "it took longer than `GraphQL:RequestTimeoutSeconds`, an export than `Crm:ExportSeconds`; without data the status is 500",
        "ask for less, or for a shorter period")]
    public const string Timeout = "HC0045";
    [ErrorCode(
        ErrorPlace.Request,
        400,
        "introspection by a caller to whom the schema is not shown; 403 for `?sdl` ([access](access.md))",
        "take the schema from whoever runs the server")]
    public const string IntrospectionNotAllowed = "HC0046";
    [ErrorCode(
        ErrorPlace.Request,
        400,
        "the operation costs more than `GraphQL:FieldCost` or `GraphQL:TypeCost` ([costs](costs.md)); the error has the cost and the limit",
        "shorter pages, fewer lists inside one another, simpler filters")]
    public const string CostExceeded = "HC0047";
    [ErrorCode(ErrorPlace.Field, 200, "a page larger than `GraphQL:PageSizeMaximum`", "ask for less and go on with `after`")]
    public const string PageTooLarge = "HC0051";
    [ErrorCode(
        ErrorPlace.Request,
        406,
        "none of the accepted media types can be produced",
        "accept `application/graphql-response+json`, for subscriptions `text/event-stream`")]
    public const string UnsupportedAccept = "HC0063";
    [ErrorCode(
        ErrorPlace.Request,
        400,
        "only the documents of this server are executed ([persisted operations](persisted-operations.md))",
        "have the document added to them")]
    public const string OnlyPersisted = "HC0067";
    [ErrorCode(ErrorPlace.Field, 200, "more ids than `GraphQL:NodesPerRequest`", "ask for them in parts")]
    public const string TooManyNodes = "HC0076";
    [ErrorCode(ErrorPlace.Field, 200, "a cursor that is none, or of another order", "use cursors as they came, with the same `order`")]
    public const string InvalidCursor = "HC0078";
    [ErrorCode(ErrorPlace.Field, 200, "a page of less than nothing", "ask for 0 or more")]
    public const string PageTooSmall = "HC0079";
    [ErrorCode(ErrorPlace.Request, 400, "a field that needs exactly one of its slicing arguments got none or several", "give one")]
    public const string OneSlicingArgument = "HC0082";
    [ErrorCode(ErrorPlace.Request, 400,
        "introspection deeper than `GraphQL:IntrospectionDepth`, or with more than two of `fields`, `interfaces`, `possibleTypes` and `inputFields` inside "
        + "one another", "use the introspection query of graphql-js, or `?sdl`")]
    public const string IntrospectionTooDeep = "HC0086";
    [ErrorCode(
        ErrorPlace.Request,
        400,
        "the fields repeat so often that checking them would take more than `GraphQL:FieldMergeComparisons`",
        "select each field once")]
    public const string TooManyComparisons = "HC0107";
    [ErrorCode(
        ErrorPlace.Request,
        401,
        "no key or a bad one; `extensions.reason` says which ([access](access.md))",
        "send `Authorization: Bearer` with a key or token that is good")]
    public const string NotAuthenticated = "AUTH_NOT_AUTHENTICATED";
    [ErrorCode(ErrorPlace.Field, 200, "the caller's role may not use the field; 403 where a whole path is closed to it", "use a key of another role")]
    public const string NotAuthorized = "AUTH_NOT_AUTHORIZED";

    // Conditions for which HotChocolate has no code.
    [ErrorCode(
        ErrorPlace.Request,
        400,
        "the document does not fit the schema; one error for each place",
        "mend the document; `crmgraph schema validate` checks it beforehand")]
    public const string ValidationFailed = "VALIDATION_FAILED";
    [ErrorCode(ErrorPlace.Request, 400, "deeper than `GraphQL:SelectionDepth` or `GraphQL:ParserDepth`", "ask in two steps")]
    public const string TooDeep = "TOO_DEEP";
    [ErrorCode(ErrorPlace.Request, 400, "more than `GraphQL:Aliases`", "send several operations")]
    public const string TooManyAliases = "TOO_MANY_ALIASES";
    [ErrorCode(ErrorPlace.Request, 400, "more than `GraphQL:DocumentTokens`", "put values into variables")]
    public const string TooManyTokens = "TOO_MANY_TOKENS";
    [ErrorCode(ErrorPlace.Request, 400, "more than `GraphQL:Directives` or `GraphQL:DirectivesPerLocation`", "leave out those that say the same")]
    public const string TooManyDirectives = "TOO_MANY_DIRECTIVES";
    [ErrorCode(ErrorPlace.Request, 400, "the same field again and again: more than `GraphQL:FieldRepetitions`", "select it once")]
    public const string TooManyRepetitions = "TOO_MANY_REPETITIONS";
    [ErrorCode(ErrorPlace.Request, 400, "more than `GraphQL:DocumentCharacters`", "put values into variables")]
    public const string DocumentTooLarge = "DOCUMENT_TOO_LARGE";
    [ErrorCode(ErrorPlace.Field, 200, "not an id, or the id of another type", "use ids as they came")]
    public const string InvalidId = "INVALID_ID";
    [ErrorCode(ErrorPlace.Field, 200, "a value that fits the type but makes no sense", "the message says what would")]
    public const string InvalidArgument = "INVALID_ARGUMENT";
    [ErrorCode(ErrorPlace.Request, 405, "the path does not take the method; mutations do not go by GET", "use POST; `Allow` names the methods")]
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";
    [ErrorCode(
        ErrorPlace.Request,
        415,
        "the body is not said to be JSON in UTF-8, or is compressed",
        "`Content-Type: application/json`, no `Content-Encoding`")]
    public const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";
    [ErrorCode(ErrorPlace.Field, 200, "more than `GraphQL:ResponseObjects`; without data the status is 400", "ask for shorter pages")]
    public const string ResponseTooLarge = "RESPONSE_TOO_LARGE";
    [ErrorCode(ErrorPlace.Request, 503,
        "the server does as much as it may at once (`GraphQL:ConcurrentExecutions`, `GraphQL:QueuedExecutions`, `GraphQL:Subscriptions`, "
        + "`WebSocketConnections`, `Crm:Exports`), or as much for this caller (`GraphQL:ConcurrentExecutionsPerCaller`, `GraphQL:QueuedExecutionsPerCaller`)",
        "try again after `Retry-After` seconds")]
    public const string Overloaded = "OVERLOADED";
    [ErrorCode(ErrorPlace.Request, 503,
        "the database cannot be reached, or gives no connection in time; a mutation of several fields has it as the error of a field, with 200. "
        + "A WebSocket whose caller cannot be looked up is closed with 1013", "send it again after `Retry-After` seconds")]
    public const string Unavailable = "DATABASE_UNAVAILABLE";
    [ErrorCode(ErrorPlace.Request, 429, "the caller has `GraphQL:SubscriptionsPerCaller` open", "close some")]
    public const string TooManySubscriptions = "TOO_MANY_SUBSCRIPTIONS";
    [ErrorCode(ErrorPlace.Request, 429, "the caller has spent `GraphQL:CallerCost` ([costs](costs.md))", "send it again after `Retry-After` seconds")]
    public const string Throttled = "THROTTLED";
    [ErrorCode(ErrorPlace.Request, 403, "another site's page ([access](access.md))", "have its origin added to `Cors:Origins`")]
    public const string OriginNotAllowed = "ORIGIN_NOT_ALLOWED";
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "our fault; without data the status is 500",
        "give the id in the message to whoever runs the server: the log has the rest under it")]
    public const string Internal = "INTERNAL_ERROR";
}
