using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Puts the rows of a rollup into the columns of their days as they come: as rows they would take twenty times as much.</summary>
internal sealed class RolledResult(RolledDays kept) : FactResult<SalesRow>(Columns)
{
    private static IReadOnlyList<string> Columns { get; } =
    [
        nameof(SalesRow.SetDay), nameof(SalesRow.Stamp), nameof(FactRow.Currency), nameof(FactRow.Channel), nameof(FactRow.Region), nameof(FactRow.Country),
        nameof(SalesRow.Gross), nameof(SalesRow.Returned), nameof(SalesRow.Discount), nameof(SalesRow.Orders), nameof(SalesRow.KnownOrders),
    ];

    private readonly Dictionary<DateOnly, Day> _days = [];

    public override void Add(FactRow row)
    {
        var read = (SalesRow)row;
        if (!_days.TryGetValue(read.SetDay, out var day))
            _days[read.SetDay] = day = new(read.Stamp);
        day.Cells.Add(kept.Cells.Of(new(read.Channel, read.Region, read.Country, null, null), read.Currency!, read.KnownOrders > 0));
        day.Gross.Add(read.Gross);
        day.Returned.Add(read.Returned);
        day.Discount.Add(read.Discount);
        day.Orders.Add(read.Orders);
    }

    public IReadOnlyDictionary<DateOnly, RolledDay> Days() =>
        _days.ToDictionary(d => d.Key, d => new RolledDay(
            d.Key, d.Value.Stamp, [.. d.Value.Cells], [.. d.Value.Gross], [.. d.Value.Returned], [.. d.Value.Discount], [.. d.Value.Orders]));

    private sealed record Day(long Stamp)
    {
        public List<int> Cells { get; } = [];
        public List<long> Gross { get; } = [];
        public List<long> Returned { get; } = [];
        public List<long> Discount { get; } = [];
        public List<long> Orders { get; } = [];
    }
}
