namespace CrmGraph.GraphQL.Types;

/// <summary>
/// The statements of an operation, equal ones once, for a caller who asked to see them: the host sets it in the request's state, and the response has
/// them in <c>extensions.explain</c>. Or for the host alone, who reads <see cref="Texts"/>.
/// </summary>
public sealed class ExplainedStatements
{
    /// <summary>How many different statements are kept.</summary>
    private const int Statements = 100;

    private readonly Lock _lock = new();
    private readonly Func<string, CancellationToken, ValueTask<IReadOnlyList<string>?>>? _planOf;
    private readonly List<(string Sql, int Count, TimeSpan Time)> _statements = [];
    private int _taken;
    private bool _isCut;

    /// <summary>For the host alone.</summary>
    public ExplainedStatements()
    {
    }

    /// <param name="planOf">How the database would run a statement, line by line; null when it cannot say.</param>
    public ExplainedStatements(Func<string, CancellationToken, ValueTask<IReadOnlyList<string>?>> planOf) => _planOf = planOf;

    /// <summary>What was sent; null when there were more statements than are kept.</summary>
    public IReadOnlyList<string>? Texts
    {
        get
        {
            lock (_lock)
                return _isCut ? null : [.. _statements.Select(s => s.Sql)];
        }
    }

    internal bool IsShown => _planOf is not null;

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
            else
                _isCut = true;
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
                ["plan"] = await _planOf!(sql, cancellationToken),
            });
        return new Dictionary<string, object?> { ["statements"] = shown };
    }
}
