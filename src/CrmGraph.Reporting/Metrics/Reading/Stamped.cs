using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>Reads what stands behind the stamps of rows, as far as it was not read before.</summary>
/// <param name="Of">The rows of some days, with what stands behind them.</param>
/// <param name="Columns">Of these rows.</param>
/// <param name="Find">What was read before.</param>
/// <param name="Keep">Reads it from a row, and keeps it.</param>
internal sealed record Stamped<T>(
    Func<DayRange, IQueryable<FactRow>> Of, IReadOnlyList<string> Columns, Func<long, T?> Find, Func<SalesRow, T> Keep) where T : class
{
    /// <summary>The rows to go by: others than those given, of all days, when a day has been rolled up again since its stamps were read.</summary>
    public async Task<(IReadOnlyList<FactRow> Rows, IReadOnlyDictionary<long, T> Found)> ReadAsync(
        MetricSession session, IReadOnlyList<FactRow> stamps, DayRange days, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, T>();
        var missing = new List<DateOnly>();
        foreach (var row in stamps.Cast<SalesRow>())
            if (Find(row.Stamp) is { } known)
                found[row.Stamp] = known;
            else
                missing.Add(row.SetDay);
        if (missing.Count == 0)
            return (stamps, found);
        await ReadSomeAsync(new(missing.Min(), missing.Max().AddDays(1)));
        return stamps.Cast<SalesRow>().All(r => found.ContainsKey(r.Stamp)) ? (stamps, found) : (await ReadSomeAsync(days), found);

        async Task<IReadOnlyList<FactRow>> ReadSomeAsync(DayRange some)
        {
            var rows = await session.RowsAsync(null, () => Of(some), () => new FactResult<SalesRow>(Columns), null, cancellationToken);
            foreach (var row in rows.Cast<SalesRow>())
                found[row.Stamp] = Keep(row);
            return rows;
        }
    }
}
