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
        // Guests are few, and may come at any time.
        IReadOnlyList<FactRow> guests = choice.HasGuests ? await GuestsAsync(session, choice, cancellationToken) : [];
        if (isRight && kept!.Chosen.Last >= last && kept.Guests.SequenceEqual(guests))
            return Keep(kept.Chosen);
        var result = new ChosenResult(choice.Columns, isRight ? kept!.Chosen : null);
        foreach (var guest in guests)
            result.AddGuest(guest);
        await session.ReadIntoAsync(() => choice.Customers(isRight ? kept!.Chosen.LastNumber : 0), result, cancellationToken);
        return result.IsTooMany ? null : Keep(result.Chosen(last));

        ChosenCustomers Keep(ChosenCustomers chosen)
        {
            if (key is not null && position is not null)
                sets.Keep(key, new KeptChoice(chosen, guests, position, Stopwatch.GetTimestamp()), chosen.Bytes);
            return chosen;
        }
    }

    private static async Task<IReadOnlyList<FactRow>> GuestsAsync(MetricSession session, CustomerChoice choice, CancellationToken cancellationToken)
    {
        List<string> columns = [.. choice.Columns, nameof(FactRow.CustomerId)];
        return [.. (await session.RowsAsync(null, choice.Guests, () => new FactResult<FactRow>(columns), null, cancellationToken)).OrderBy(g => g.CustomerId)];
    }

    /// <param name="Position">The state in which it is right.</param>
    /// <param name="At">When that state was.</param>
    private sealed record KeptChoice(ChosenCustomers Chosen, IReadOnlyList<FactRow> Guests, string Position, long At);
}
