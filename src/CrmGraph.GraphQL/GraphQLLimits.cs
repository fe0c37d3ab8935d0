using System.ComponentModel.DataAnnotations;

namespace CrmGraph.GraphQL;

/// <summary>Every limit of the engine. Units stand last in the names.</summary>
public sealed record GraphQLLimits
{
    /// <summary>A day: timers end somewhere, and so does patience.</summary>
    public const int LongestSeconds = 86_400;

    /// <summary>Length of one document</summary>
    public int DocumentCharacters { get; init; } = 100_000;
    /// <summary>Tokens of one document</summary>
    public int DocumentTokens { get; init; } = 10_000;
    /// <summary>Nesting of selections, values and types in the grammar</summary>
    public int ParserDepth { get; init; } = 100;
    /// <summary>Nesting of fields in an operation, fragments followed</summary>
    public int SelectionDepth { get; init; } = 20;
    /// <summary>Fields with an alias in one operation</summary>
    public int Aliases { get; init; } = 100;
    /// <summary>Directives in one operation</summary>
    public int Directives { get; init; } = 100;
    /// <summary>Directives at one place of an operation</summary>
    public int DirectivesPerLocation { get; init; } = 8;
    /// <summary>How often one selection set may select one response name</summary>
    public int FieldRepetitions { get; init; } = 50;
    /// <summary>Comparisons made while checking that fields can merge</summary>
    public int FieldMergeComparisons { get; init; } = 100_000;
    /// <summary>Errors reported for one document; the rest are cut</summary>
    public int ValidationErrors { get; init; } = 50;
    /// <summary>Fields (by response) selected below one another inside introspection lists</summary>
    public int IntrospectionDepth { get; init; } = 15;
    /// <summary>Field cost of one operation; <c>Roles:ROLE:FieldCost</c> for one role</summary>
    public int FieldCost { get; init; } = 100_000;
    /// <summary>Type cost of one operation; <c>Roles:ROLE:TypeCost</c> for one role</summary>
    public int TypeCost { get; init; } = 100_000;
    /// <summary>Cost that one caller may run up at once, 0 for no limit; <c>Roles:ROLE:CallerCost</c> for one role</summary>
    [Range(0, int.MaxValue)]
    public int CallerCost { get; init; } = 1_000_000_000;
    /// <summary>Cost that a caller gets back every second; <c>Roles:ROLE:CallerCostPerSecond</c> for one role</summary>
    public int CallerCostPerSecond { get; init; } = 100_000_000;
    /// <summary>Callers whose spending is remembered; those who owe least are forgotten first</summary>
    public int CallersRemembered { get; init; } = 10_000;
    /// <summary>Bytes of one HTTP body or WebSocket message</summary>
    public int BodyBytes { get; init; } = 1_048_576;
    /// <summary>Plans kept, least recently used first out</summary>
    public int CachedPlans { get; init; } = 1_000;
    /// <summary>A request that takes longer is ended</summary>
    [Range(1, LongestSeconds)]
    public int RequestTimeoutSeconds { get; init; } = 30;
    /// <summary>Queries and mutations executed at once; further ones wait</summary>
    public int ConcurrentExecutions { get; init; } = 100;
    /// <summary>Of these, executed at once for one caller; others of his wait while places are free. Callers without a key are told apart by their address</summary>
    public int ConcurrentExecutionsPerCaller { get; init; } = 25;
    /// <summary>Queries and mutations that wait, for <c>GraphQL:RequestTimeoutSeconds</c> at most; one more is refused</summary>
    [Range(0, int.MaxValue)]
    public int QueuedExecutions { get; init; } = 1_000;
    /// <summary>Of these, waiting for one caller. Those who wait have their turns by caller: one of this, one of the next</summary>
    [Range(0, int.MaxValue)]
    public int QueuedExecutionsPerCaller { get; init; } = 250;
    /// <summary>Requests in one batch; 0 takes no batches</summary>
    [Range(0, int.MaxValue)]
    public int BatchRequests { get; init; }
    /// <summary>An operation that takes longer is written to the log; 0 for none</summary>
    [Range(0, int.MaxValue)]
    public int SlowOperationMilliseconds { get; init; } = 1_000;
    /// <summary>Nodes of a page when neither <c>first</c> nor <c>last</c> is given</summary>
    public int PageSize { get; init; } = 50;
    /// <summary>Nodes of a page at most</summary>
    public int PageSizeMaximum { get; init; } = 1_000;
    /// <summary>Ids in one <c>nodes</c></summary>
    public int NodesPerRequest { get; init; } = 1_000;
    /// <summary>Subscriptions on one WebSocket</summary>
    public int SubscriptionsPerConnection { get; init; } = 100;
    /// <summary>Subscriptions open at once for one caller, over all connections</summary>
    [Range(0, int.MaxValue)]
    public int SubscriptionsPerCaller { get; init; } = 5_000;
    /// <summary>Subscriptions open at once on one server</summary>
    [Range(0, int.MaxValue)]
    public int Subscriptions { get; init; } = 20_000;
    /// <summary>Wait for <c>connection_init</c></summary>
    [Range(1, LongestSeconds)]
    public int ConnectionInitSeconds { get; init; } = 10;
    /// <summary>Silence after which a stream says that it lives</summary>
    [Range(1, LongestSeconds)]
    public int KeepAliveSeconds { get; init; } = 12;
    /// <summary>Objects and list items completed in one response</summary>
    public int ResponseObjects { get; init; } = 1_000_000;
    /// <summary>Errors written in one response; one more says how many were left out</summary>
    public int ResponseErrors { get; init; } = 1_000;
    /// <summary>Messages waiting to be sent on one WebSocket; when they are more, the streams wait</summary>
    public int QueuedMessages { get; init; } = 64;

    /// <summary>For documents of one's own (files, tools, tests): nothing is cut; only nesting stays bounded, for the stack's sake.</summary>
    public static GraphQLLimits ForOwnDocuments() => new()
    {
        DocumentCharacters = int.MaxValue,
        DocumentTokens = int.MaxValue,
        ParserDepth = 1_000,
        SelectionDepth = int.MaxValue,
        Aliases = int.MaxValue,
        Directives = int.MaxValue,
        DirectivesPerLocation = int.MaxValue,
        FieldRepetitions = int.MaxValue,
        FieldMergeComparisons = 100_000_000,
        ValidationErrors = 100_000,
        IntrospectionDepth = int.MaxValue,
        FieldCost = int.MaxValue,
        TypeCost = int.MaxValue,
    };
}
