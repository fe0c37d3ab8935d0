using CrmGraph.Reporting.Database;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics;

/// <summary>
/// What metrics read on one state of the data, one statement after the other. Shared by several tables it sends equal statements once, which is right
/// only while the state is one: on a <see cref="DataMoment"/>.
/// </summary>
internal sealed class MetricSession(CrmDbContext db, bool shared)
{
    private readonly Dictionary<object, object?> _known = [];

    public CrmDbContext Database { get; } = db;

    /// <summary>The rows of an aggregate.</summary>
    /// <param name="columns">Those of <see cref="FactRow"/> that the query fills.</param>
    public async Task<IReadOnlyList<FactRow>> RowsAsync(IQueryable<FactRow> query, IReadOnlyList<string> columns, CancellationToken ct) =>
        _known.Count < 0 ? [] : await query.ToListAsync(ct).ConfigureAwait(false);

    /// <summary>What a statement gave, read at most once where tables share the session.</summary>
    /// <param name="key">Equal for equal statements, and for no others.</param>
    public async ValueTask<T> OnceAsync<T>(object key, Func<Task<T>> read)
    {
        if (shared && _known.TryGetValue(key, out var known))
            return (T)known!;
        var value = await read().ConfigureAwait(false);
        if (shared)
            _known[key] = value;
        return value;
    }
}
