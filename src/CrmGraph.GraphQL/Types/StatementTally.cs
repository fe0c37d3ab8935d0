namespace CrmGraph.GraphQL.Types;

/// <summary>Counts the statements of an operation, for whoever is told when it was slow. Database layers add to it.</summary>
public sealed class StatementTally
{
    private static readonly AsyncLocal<StatementTally?> Ambient = new();
    private readonly ExplainedStatements? _log;
    private long _ticks;
    private int _count;

    public StatementTally()
    {
    }

    /// <param name="log">Takes their texts, too.</param>
    internal StatementTally(ExplainedStatements? log) => _log = log;

    /// <summary>Of the operation one of whose fields has asked for its services, for layers that know of no field; null outside, and when nobody wants to know.</summary>
    public static StatementTally? Current => Ambient.Value;

    public int Count => Volatile.Read(ref _count);
    public TimeSpan Time => new(Volatile.Read(ref _ticks));

    public void Add(string statement, TimeSpan duration)
    {
        _log?.Add(statement, duration);
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
