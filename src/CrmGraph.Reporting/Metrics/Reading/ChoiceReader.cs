using System.Diagnostics;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>
/// Reads who counts, in the state that is read: as far as nothing has changed that it follows from, as it was read before. New customers have numbers
/// above all that were there.
/// </summary>
internal static class ChoiceReader
{
    /// <param name="last">The greatest code of which it has to be known.</param>
    /// <returns>Null when there are too many groups.</returns>
    public static async Task<ChosenCustomers?> ReadAsync(
        MetricSession session, RollupSets sets, CustomerChoice choice, int last, CancellationToken cancellationToken)
    {
        var key = session.IdentityOf(choice.Customers(0));
        var kept = key is null ? null : sets.Find<KeptChoice>(key);
        var (position, isRight) = await session.SinceAsync(kept?.Position, kept?.At, choice.Tables, cancellationToken);
        if (isRight && kept!.Chosen.Last >= last)
            return Keep(kept.Chosen);
        var result = new ChosenResult(choice.Columns, isRight ? kept!.Chosen : null);
        if (!isRight && choice.HasGuests)
            foreach (var row in await session.RowsAsync(
                null, choice.Guests, () => new FactResult<FactRow>([.. choice.Columns, nameof(FactRow.CustomerId)]), null, cancellationToken))
                result.AddGuest(row);
        await session.ReadIntoAsync(() => choice.Customers(isRight ? kept!.Chosen.LastNumber : 0), result, cancellationToken);
        return result.IsTooMany ? null : Keep(result.Chosen(last));

        ChosenCustomers Keep(ChosenCustomers chosen)
        {
            if (key is not null && position is not null)
                sets.Keep(key, new KeptChoice(chosen, position, Stopwatch.GetTimestamp()), chosen.Bytes);
            return chosen;
        }
    }

    /// <param name="Position">The state in which it is right.</param>
    /// <param name="At">When that state was.</param>
    private sealed record KeptChoice(ChosenCustomers Chosen, string Position, long At);
}
