using System.Diagnostics;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>Reads what orders in columns tell of a statement: the columns of its days, and which customers count.</summary>
internal sealed class ColumnarReader(MetricSession session, RollupState rollups, CancellationToken cancellationToken)
{
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
        if (!orders.ReadsCustomers)
            return ColumnarSums.Of(statement, key, orders, blocks, null, singles);
        var last = blocks.Select(b => b.Item2.Last).DefaultIfEmpty().Max();
        return await ChosenAsync(orders, last) is { } chosen ? ColumnarSums.Of(statement, key, orders, blocks, chosen, singles) : null;
    }

    private Task<IReadOnlyList<FactRow>> SinglesAsync(Func<IQueryable<FactRow>> query, IReadOnlyList<string> columns, MetricReads? reads) =>
        session.RowsAsync(null, query, () => new FactResult<SalesRow>(columns), reads, cancellationToken);

    /// <summary>Who counts, in the state that is read: as far as nothing has changed that it follows from, as it was read before.</summary>
    /// <param name="last">The greatest code of which it has to be known.</param>
    /// <returns>Null when there are too many groups.</returns>
    private async Task<ChosenCustomers?> ChosenAsync(ColumnarOrders orders, int last)
    {
        var key = session.IdentityOf(orders.Customers(0));
        var kept = key is null ? null : rollups.Sets.Find<KeptChoice>(key);
        var (position, isRight) = await session.SinceAsync(kept?.Position, kept?.At, orders.CustomerTables, cancellationToken);
        if (isRight && kept!.Chosen.Last >= last)
            return Keep(kept.Chosen);
        var result = new ChosenResult(orders.CustomerColumns, isRight ? kept!.Chosen : null);
        if (!isRight && orders.ReadsGuests)
            foreach (var row in await session.RowsAsync(
                null, orders.Guests, () => new FactResult<FactRow>([.. orders.CustomerColumns, nameof(FactRow.CustomerId)]), null, cancellationToken))
                result.AddGuest(row);
        await session.ReadIntoAsync(() => orders.Customers(isRight ? kept!.Chosen.LastNumber : 0), result, cancellationToken);
        return result.IsTooMany ? null : Keep(result.Chosen(last));

        ChosenCustomers Keep(ChosenCustomers chosen)
        {
            if (key is not null && position is { } at)
                rollups.Sets.Keep(key, new KeptChoice(chosen, at, Stopwatch.GetTimestamp()), chosen.Bytes);
            return chosen;
        }
    }

    /// <param name="Position">The state in which it is right.</param>
    /// <param name="At">When that state was.</param>
    private sealed record KeptChoice(ChosenCustomers Chosen, string Position, long At);
}
