using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Health;

/// <summary>What a server knows of itself and of the database that it shares with others.</summary>
/// <param name="Database">The database.</param>
/// <param name="Rollups">The daily sums that metrics are read from.</param>
/// <param name="Scores">The kept scores of customers.</param>
/// <param name="Live">The live figures of the server that answers.</param>
public sealed record ServerHealth(DatabaseHealth Database, RollupHealth Rollups, ScoreHealth Scores, LiveHealth Live);

/// <summary>The database of a server.</summary>
/// <param name="System">The name of the database system.</param>
/// <param name="Migration">The number of the newest migration that was applied.</param>
/// <param name="LatencyMilliseconds">How long a short question to the database took just now.</param>
public sealed record DatabaseHealth(string System, int Migration, double LatencyMilliseconds);

/// <summary>The daily sums of orders, and how far they are behind. Days that are not up to date are read from the orders meanwhile.</summary>
/// <param name="PendingDays">How many days are to be brought up to date; null if all are.</param>
/// <param name="Rollups">The rollups by number.</param>
public sealed record RollupHealth(int? PendingDays, [property: ListSize(AssumedSize = 20)] IReadOnlyList<Rollup> Rollups);

/// <summary>The daily sums of orders, told apart by some attributes.</summary>
/// <param name="Number">The number of the rollup.</param>
/// <param name="Attributes">What it tells orders apart by.</param>
/// <param name="IsShipped">Whether every database has it.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="FirstDay">The first day in it; null if it is empty.</param>
/// <param name="LastDay">The last day in it; null if it is empty.</param>
public sealed record Rollup(int Number, string Attributes, bool IsShipped, long Rows, DateOnly? FirstDay, DateOnly? LastDay);

/// <summary>The kept scores of customers.</summary>
/// <param name="AsOf">The state of the data that they are of; null if there are none yet.</param>
/// <param name="Reason">Why there are none; null otherwise.</param>
public sealed record ScoreHealth(DateTime? AsOf, string? Reason);

/// <summary>The live figures of one server.</summary>
/// <param name="Queries">How many different live queries somebody watches.</param>
/// <param name="Subscribers">How many subscribers they have.</param>
/// <param name="Computing">How many are computed at this moment.</param>
/// <param name="Waiting">How many wait for their computation.</param>
public sealed record LiveHealth(int Queries, int Subscribers, int Computing, int Waiting);

/// <summary>What a comparison of the rollups with the orders found.</summary>
/// <param name="DaysCompared">How many days were compared; those that are to be brought up to date anyway are left out.</param>
/// <param name="DifferentDays">The days that differ. They are brought up to date by themselves.</param>
public sealed record RollupVerification(int DaysCompared, [property: ListSize(AssumedSize = 20)] IReadOnlyList<DateOnly> DifferentDays);
