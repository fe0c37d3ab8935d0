namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Rows by which distinct customers are counted: see <see cref="CustomerCounts"/>.</summary>
/// <param name="Sets">With the key and <see cref="SetColumns"/>.</param>
/// <param name="Singles">With the key and <see cref="SingleColumns"/>, of days that have no sets; null when there are none.</param>
internal sealed record CustomerSets(Func<IQueryable<FactRow>> Sets, Func<IQueryable<FactRow>>? Singles)
{
    public static IReadOnlyList<string> SetColumns { get; } = [nameof(SalesRow.BuyerSet), nameof(SalesRow.OtherSet)];
    public static IReadOnlyList<string> SingleColumns { get; } = [nameof(FactRow.CustomerId), nameof(SalesRow.Number), nameof(SalesRow.Orders)];
}
