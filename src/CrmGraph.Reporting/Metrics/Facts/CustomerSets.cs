using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Rows by which distinct customers are counted: see <see cref="CustomerCounts"/>.</summary>
/// <param name="Stamps">With the key and <see cref="StampColumns"/>.</param>
/// <param name="Sets">Of some of the days, with the key and <see cref="SetColumns"/>.</param>
/// <param name="Singles">With the key and <see cref="SingleColumns"/>, of days that have no sets; null when there are none.</param>
internal sealed record CustomerSets(
    Func<IQueryable<FactRow>> Stamps, Func<DayRange, IQueryable<FactRow>> Sets, Func<IQueryable<FactRow>>? Singles)
{
    public static IReadOnlyList<string> StampColumns { get; } = [nameof(SalesRow.Stamp), nameof(SalesRow.SetDay)];
    public static IReadOnlyList<string> SetColumns { get; } = [nameof(SalesRow.Stamp), nameof(SalesRow.BuyerSet), nameof(SalesRow.OtherSet)];
    public static IReadOnlyList<string> BuyerColumns { get; } = [nameof(FactRow.CustomerId), nameof(SalesRow.Number), nameof(SalesRow.SetDay)];
    public static IReadOnlyList<string> SingleColumns { get; } = [nameof(FactRow.CustomerId), nameof(SalesRow.Number), nameof(SalesRow.Orders)];
}
