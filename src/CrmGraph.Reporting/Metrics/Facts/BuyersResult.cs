using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Puts the sets of customers of a rollup together by their days as they come.</summary>
internal sealed class BuyersResult(SalesCells cells) : FactResult<SalesRow>(Columns)
{
    private static IReadOnlyList<string> Columns { get; } =
    [
        nameof(SalesRow.SetDay), nameof(SalesRow.Stamp), nameof(FactRow.Channel), nameof(FactRow.Region), nameof(FactRow.Country),
        nameof(SalesRow.BuyerSet), nameof(SalesRow.OtherSet),
    ];

    private readonly Dictionary<int, (long Stamp, List<(int Cell, int[] Buyers, int[] Others)> Sets)> _days = [];

    public override void Add(FactRow row)
    {
        var read = (SalesRow)row;
        if (!_days.TryGetValue(read.SetDay.DayNumber, out var day))
            _days[read.SetDay.DayNumber] = day = (read.Stamp, []);
        if (read.BuyerSet is null)
            return;
        var cell = cells.Of(new(read.Channel, read.Region, read.Country, null, null), "", isKnown: true);
        day.Sets.Add((cell, NumberSet.Decode(read.BuyerSet), NumberSet.Decode(read.OtherSet!)));
    }

    public IEnumerable<BuyersOfDay> Days()
    {
        foreach (var (day, (stamp, sets)) in _days)
        {
            sets.Sort((a, b) => a.Cell.CompareTo(b.Cell));
            yield return new(day, stamp, [.. sets.Select(s => s.Cell)], [.. sets.Select(s => s.Buyers)], [.. sets.Select(s => s.Others)]);
        }
    }
}
