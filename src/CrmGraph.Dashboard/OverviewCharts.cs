namespace CrmGraph.Dashboard;

/// <summary>Answers of the overview as charts; null while there is none.</summary>
internal static class OverviewCharts
{
    public static ChartSpec? Months(MonthsTable? table, Preferences say, Figures figures) => table is null ? null : new(
        "columns",
        [.. table.BucketTotals.Select(m => figures.Month(m.Bucket.Start))],
        [
            new(say["Revenue"], [.. table.BucketTotals.Select(m => m.Revenue.Value)], IsMoney: true),
            new(say["Revenue a year before"], [.. table.BucketTotals.Select(m => m.Revenue.Previous)], IsMoney: true, IsFaint: true),
            new(say["Orders"], [.. table.BucketTotals.Select(m => m.Orders.Value)], "line", 1),
        ],
        table.Currency,
        [.. table.BucketTotals.Index().Where(m => m.Item.Bucket.Incomplete).Select(m => m.Index)])
    {
        IsInTime = true,
    };

    public static ChartSpec? Channels(ChannelsTable? table, Preferences say)
    {
        if (table is null)
            return null;
        var compares = table.Rows.Any(r => r.Revenue.Previous is not null);
        List<ChartSeries> series = [new(say["Revenue"], [.. table.Rows.Select(r => r.Revenue.Value)], IsMoney: true)];
        if (compares)
            series.Add(new(say["Compared period"], [.. table.Rows.Select(r => r.Revenue.Previous)], IsMoney: true, IsFaint: true));
        return new("bars", [.. table.Rows.Select(r => Label(r.Dimensions[0], say))], series, table.Currency, []);
    }

    public static ChartSpec? Movement(MovementTable? table, Preferences say) => table?.Totals is not { CustomersAtStart.Value: not null } totals ? null : new(
        "waterfall",
        [say["At the start"], say["New"], say["Reactivated"], say["Lost"], say["At the end"]],
        [
            new(
                say["Customers"],
                [
                    totals.CustomersAtStart.Value, totals.NewCustomers.Value, totals.ReactivatedCustomers.Value, -totals.LostCustomers.Value,
                    totals.CustomersAtEnd.Value,
                ]),
        ],
        null,
        []);

    public static ChartSpec? Funnel(FunnelSteps? funnel, Preferences say) => funnel is null or { N: 0 } ? null : new(
        "funnel",
        [.. funnel.Steps.Select(s => say[s.Stage ?? ""])],
        [new(say["Opportunities"], [.. funnel.Steps.Select(s => (decimal?)s.Reached)])],
        null,
        []);

    private static string Label(Member member, Preferences say) => member.Kind switch
    {
        "OTHERS" => say["Others"],
        "UNKNOWN" => say["Unknown"],
        _ => member.Label,
    };
}
