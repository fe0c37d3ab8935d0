using CrmGraph.GraphQL.Execution;

namespace CrmGraph.GraphQL.Diagnostics;

/// <summary>An operation that took longer than <see cref="GraphQLLimits.SlowOperationMilliseconds"/>. No part of it holds a value that somebody sent.</summary>
/// <param name="Name">The operation's name; null when it has none.</param>
/// <param name="Hash">SHA-256 of the document, in lower-case hexadecimal.</param>
/// <param name="Preparation">How long parsing, validating and planning took; zero when they were done for an earlier request.</param>
/// <param name="Execution">From the variables to the result. The time in which the result is written is not in it.</param>
/// <param name="Statements">Statements sent to the database.</param>
/// <param name="StatementTime">Until their first rows, added up; statements that ran beside each other count each.</param>
/// <param name="State">The request's, so that the host can say whose it was.</param>
public sealed record SlowOperation(string? Name, string Kind, string Hash, PreparationTime Preparation, TimeSpan Execution, int Statements, TimeSpan StatementTime, IReadOnlyList<string> Codes, RequestState State)
{
    public TimeSpan Total => Preparation.Total + Execution;
}

/// <summary>How long the stages before execution took.</summary>
public readonly record struct PreparationTime(TimeSpan Parse, TimeSpan Validate, TimeSpan Plan)
{
    public TimeSpan Total => Parse + Validate + Plan;
}

/// <summary>Counts the statements of an operation, for whoever is told when it was slow. Database layers add to it.</summary>
public sealed class StatementTally
{
    private static readonly AsyncLocal<StatementTally?> Ambient = new();
    private long _ticks;
    private int _count;

    /// <summary>Of the operation one of whose fields has asked for its services, for layers that know of no field; null outside, and when nobody wants to know.</summary>
    public static StatementTally? Current => Ambient.Value;

    public int Count => Volatile.Read(ref _count);
    public TimeSpan Time => new(Volatile.Read(ref _ticks));

    public void Add(TimeSpan duration)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _ticks, duration.Ticks);
    }

    /// <summary>Makes it current for what is called from here on. Not for every operation: what follows each asynchronous step makes each dearer.</summary>
    internal static void Enter(StatementTally? tally)
    {
        if (tally is not null && Ambient.Value != tally)
            Ambient.Value = tally;
    }
}
