namespace CrmGraph.Reporting.Analyses.Distributions;

/// <summary>A value, and whose it is.</summary>
internal readonly record struct DistributedValue(Guid Customer, double Value)
{
    /// <param name="end">The last day of the period.</param>
    public static IEnumerable<DistributedValue> Of(DistributionSubject of, Purchases purchases, DateOnly end)
    {
        var sales = purchases.All.Where(p => p.IsSale);
        return of switch
        {
            DistributionSubject.OrderValue => sales.Select(p => new DistributedValue(p.Customer, (double)purchases.Value(p))),
            DistributionSubject.OrdersPerCustomer => sales.CountBy(p => p.Customer).Select(c => new DistributedValue(c.Key, c.Value)),
            DistributionSubject.RevenuePerCustomer => purchases.All.GroupBy(p => p.Customer).Where(g => g.Any(p => p.IsSale))
                .Select(g => new DistributedValue(g.Key, (double)g.Sum(p => purchases.Value(p)))),
            DistributionSubject.DaysSinceLastOrder => sales.GroupBy(p => p.Customer)
                .Select(g => new DistributedValue(g.Key, end.DayNumber - g.Max(p => p.Day).DayNumber)),
            _ => sales.GroupBy(p => p.Customer).SelectMany(Gaps),
        };
    }

    private static IEnumerable<DistributedValue> Gaps(IGrouping<Guid, Purchase> customer)
    {
        var days = customer.Select(p => p.Day.DayNumber).Distinct().Order().ToList();
        return days.Zip(days.Skip(1), (before, next) => new DistributedValue(customer.Key, next - before));
    }
}
