namespace CrmGraph.Reporting.Metrics;

/// <summary>Which columns of a fact a statement needs for its keys and aggregates.</summary>
internal static class FactColumns
{
    /// <summary>The column of a measure.</summary>
    public static long Value(FactRow row, Measure measure) => measure switch
    {
        Measure.Gross => row.Gross,
        Measure.Returned => row.Returned,
        Measure.Discount => row.Discount,
        Measure.KnownGross => row.KnownGross,
        Measure.KnownReturned => row.KnownReturned,
        Measure.Orders => row.Orders,
        Measure.KnownOrders => row.KnownOrders,
        Measure.Buyers => row.Buyers,
        Measure.Units => row.Units,
        Measure.Enquiries => row.Enquiries,
        Measure.Complaints => row.Complaints,
        Measure.NpsAnswers => row.NpsAnswers,
        Measure.Promoters => row.Promoters,
        Measure.Detractors => row.Detractors,
        Measure.CsatAnswers => row.CsatAnswers,
        Measure.CsatPositive => row.CsatPositive,
        Measure.Won => row.Won,
        Measure.Lost => row.Lost,
        Measure.OpenAmount => row.OpenAmount,
        Measure.OpenDeals => row.OpenDeals,
        Measure.EstimatedDeals => row.EstimatedDeals,
        Measure.Spend => row.Spend,
        _ => throw new System.Diagnostics.UnreachableException($"{measure} is no column."),
    };

    public static HashSet<string> Needed(IReadOnlySet<string> keys, IReadOnlySet<string> sums, IReadOnlySet<string> counts)
    {
        HashSet<string> columns = [.. sums];
        foreach (var key in keys)
            columns.UnionWith(key switch
            {
                nameof(FactRow.Bucket) => [nameof(FactRow.Day)],
                nameof(FactRow.AgeBand) => [nameof(FactRow.BirthDate)],
                nameof(FactRow.RateDay) => [nameof(FactRow.Currency), nameof(FactRow.TransactionDay)],
                _ => [key],
            });
        foreach (var count in counts)
            columns.UnionWith(count switch
            {
                nameof(FactRow.Buyers) => [nameof(FactRow.IsSale), nameof(FactRow.IsKnown), nameof(FactRow.CustomerId)],
                nameof(FactRow.Orders) => [nameof(FactRow.IsSale), nameof(FactRow.OrderId)],
                nameof(FactRow.KnownOrders) => [nameof(FactRow.IsSale), nameof(FactRow.IsKnown), nameof(FactRow.OrderId)],
                _ => [nameof(FactRow.IsKnown), nameof(FactRow.CustomerId)],
            });
        return columns;
    }
}
