namespace CrmGraph.GraphQL.Types;

/// <summary>
/// The statements of an operation, for a caller who asked to see them. The host sets it in the request's state; the response then has them in
/// <c>extensions.explain</c>, equal ones once.
/// </summary>
/// <param name="planOf">How the database would run a statement, line by line; null when it cannot say.</param>
public sealed class ExplainedStatements(Func<string, CancellationToken, ValueTask<IReadOnlyList<string>?>> planOf)
{
    /// <summary>How many different statements are kept.</summary>
    private const int Statements = 100;

    private readonly Lock _lock = new();
    private int _taken;
    private readonly List<(string Sql, int Count, TimeSpan Time)> _statements = [];

    /// <summary>True once: operations within an operation, such as the sections of a report, show nothing of their own.</summary>
    internal bool Take() => Interlocked.Exchange(ref _taken, 1) == 0;

    public void Add(string sql, TimeSpan duration)
    {
        lock (_lock)
        {
            var at = _statements.FindIndex(s => s.Sql == sql);
            if (at >= 0)
                _statements[at] = (sql, _statements[at].Count + 1, _statements[at].Time + duration);
            else if (_statements.Count < Statements)
                _statements.Add((sql, 1, duration));
        }
    }

    internal async ValueTask<IReadOnlyDictionary<string, object?>> ShownAsync(CancellationToken cancellationToken)
    {
        List<(string Sql, int Count, TimeSpan Time)> all;
        lock (_lock)
            all = [.. _statements];
        var shown = new List<object>();
        foreach (var (sql, count, time) in all)
            shown.Add(new Dictionary<string, object?>
            {
                ["sql"] = sql,
                ["count"] = count,
                ["milliseconds"] = Math.Round(time.TotalMilliseconds, 3),
                ["plan"] = await planOf(sql, cancellationToken),
            });
        return new Dictionary<string, object?> { ["statements"] = shown };
    }
}
