using System.Collections.Concurrent;

namespace CrmGraph.Data.Database;

/// <summary>The spreads of columns that were asked for, read anew after some minutes.</summary>
internal sealed class ColumnSpreads(DatabaseEngine engine)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Table, string Column), Reading> _known = new();

    /// <summary>Null where the database has no statistics of the column, or none that can be read.</summary>
    public ValueTask<ColumnSpread?> OfAsync(string table, string column)
    {
        var now = engine.Clock.GetTimestamp();
        if (_known.TryGetValue((table, column), out var reading) && engine.Clock.GetElapsedTime(reading.Since, now) < Kept)
            return reading.Spread.Value is { IsCompletedSuccessfully: true } task ? new(task.Result) : new(reading.Spread.Value);
        // Whoever comes first reads for all who come meanwhile.
        var renewed = new Reading(now, new(() => engine.SpreadOfAsync(table, column, CancellationToken.None)));
        var kept = _known.AddOrUpdate((table, column), renewed, (_, other) => ReferenceEquals(other, reading) ? renewed : other);
        return new(kept.Spread.Value);
    }

    private sealed record Reading(long Since, Lazy<Task<ColumnSpread?>> Spread);
}
