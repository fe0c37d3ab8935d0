namespace CrmGraph.Reporting.Live;

/// <summary>Limits and paces of live queries.</summary>
public sealed record LiveLimits
{
    /// <summary>A query is computed at most once in this time, however often its data changes</summary>
    public int MinimumIntervalMilliseconds { get; init; } = 25;
    /// <summary>One that takes long is computed a quarter of the time at most, until it waits so long</summary>
    public int MaximumIntervalMilliseconds { get; init; } = 250;
    /// <summary>How often writes of other processes are looked for while a live query exists</summary>
    public int PollMilliseconds { get; init; } = 25;
    /// <summary>How often they are looked for in the quarter of a second after a commit</summary>
    public int BusyPollMilliseconds { get; init; } = 5;
    /// <summary>How often noted changes older than an hour are deleted while a live query exists</summary>
    public int PruneMinutes { get; init; } = 5;
    /// <summary>Workers on which queries are computed, beside one for slow queries; each has a connection, and a memory of what it has read</summary>
    public int Workers { get; init; } = 2;
    /// <summary>Rows that a worker remembers</summary>
    public int MemoryRows { get; init; } = 200_000;
    /// <summary>How long they are used at most</summary>
    public int MemoryMinutes { get; init; } = 30;
    /// <summary>Different queries watched at once; one more is refused</summary>
    public int Queries { get; init; } = 10_000;
    /// <summary>Subscribers of one server</summary>
    public int Subscribers { get; init; } = 50_000;
    /// <summary>Queries computed by one statement when they differ only in their owner</summary>
    public int FamilyQueries { get; init; } = 1_000;
    /// <summary>A query that takes longer is moved to the worker of slow ones; so much later at most others have their turn</summary>
    public int SlowMilliseconds { get; init; } = 1_000;
    /// <summary>Time limit of a computation; a server takes it from `Crm:LiveComputationSeconds`</summary>
    public int ComputationSeconds { get; init; } = 10;
    /// <summary>Wait after a computation that failed, doubled up to 32 times; after one that took too long its time limit instead</summary>
    public int RetryMilliseconds { get; init; } = 500;
}
