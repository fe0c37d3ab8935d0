using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>Reads what orders in columns tell of a statement: the columns of its days, and which customers count.</summary>
internal sealed class ColumnarReader(MetricSession session, RollupState rollups, CancellationToken cancellationToken)
{
    /// <summary>A value in columns takes eight bytes, one in a row of its own more than this many times as much.</summary>
    private const int ValuesPerRow = 16;

    /// <summary>The rows of the statement; null when the columns cannot tell them after all.</summary>
    /// <param name="keys">The names of the key's columns.</param>
    public async Task<IReadOnlyList<FactRow>?> ReadAsync(
        FactStatement statement, FactKey key, IReadOnlySet<string> keys, ColumnarSource source, MetricReads? reads)
    {
        var (orders, days) = (source.Orders, statement.Days);
        // No condition has a say in the stamps, which are the same for all.
        var stamps = await session.RowsAsync(
            $"columns {days} {rollups.NameOf(days)}", orders.Stamps, () => new FactResult<SalesRow>(ColumnarSource.StampColumns), MetricReads.Rollups,
            cancellationToken);
        var singles = source.Singles is null ? [] : await SinglesAsync(source.Singles, [.. keys.Union(ColumnarSource.SingleColumns)], reads);
        if (session.IsGathering)
            return [];
        var stamped = new Stamped<OrderColumns>(
            orders.Columns, ColumnarSource.BlockColumns, s => rollups.Sets.Find<OrderColumns>(s), r => rollups.Sets.KeepOrders(r.Stamp, r.BuyerSet!));
        var (rows, found) = await stamped.ReadAsync(session, stamps, days, cancellationToken);
        var blocks = rows.Cast<SalesRow>().Select(r => (r.SetDay, found[r.Stamp])).ToList();
        if (statement.Ranks is not null && blocks.Sum(b => (long)b.Item2.Customers.Length) > (long)ValuesPerRow * session.MostValues)
            return null;
        if (orders.Customers.IsEverybody)
            return ColumnarSums.Of(statement, key, orders, blocks, null, singles);
        var last = blocks.Select(b => b.Item2.Last).DefaultIfEmpty().Max();
        return await ChoiceReader.ReadAsync(session, rollups.Sets, orders.Customers, last, cancellationToken) is { } chosen
            ? ColumnarSums.Of(statement, key, orders, blocks, chosen, singles)
            : null;
    }

    private Task<IReadOnlyList<FactRow>> SinglesAsync(Func<IQueryable<FactRow>> query, IReadOnlyList<string> columns, MetricReads? reads) =>
        session.RowsAsync(null, query, () => new FactResult<SalesRow>(columns), reads, cancellationToken);
}
