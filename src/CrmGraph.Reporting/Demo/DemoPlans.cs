using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>What the demo company aims at this year and this quarter, and what happened beside its figures.</summary>
internal static class DemoPlans
{
    /// <param name="newCustomers">How many a day brings now.</param>
    public static IReadOnlyList<Goal> Goals(IdSequence ids, DateOnly today, double newCustomers, Guid? owner)
    {
        var (year, quarter) = (new DateOnly(today.Year, 1, 1), new DateOnly(today.Year, (today.Month - 1) / 3 * 3 + 1, 1));
        var (ofYear, ofQuarter) = ((year, year.AddYears(1).AddDays(-1)), (quarter, quarter.AddMonths(3).AddDays(-1)));
        return
        [
            Goal("New customers this quarter 本季新增客户", "newCustomers", null, (long)Math.Max(1, newCustomers * 95), ofQuarter),
            Goal("Customers who recommend us 客户推荐意愿", "nps", 20, 30, ofYear),
            Goal("First answer within eight hours 首次响应", "firstResponseTime", 12, 8, ofYear),
            Goal("Fewer complaints 减少投诉", "complaintRate", 0.06m, 0.04m, ofYear),
        ];

        Goal Goal(string name, string metric, decimal? baseline, decimal target, (DateOnly From, DateOnly Through) days) => new()
        {
            Id = ids.Next(),
            Name = name,
            Metric = metric,
            Baseline = baseline is { } b ? FixedPoint.FromDecimal(b) : null,
            Target = FixedPoint.FromDecimal(target),
            StartDay = days.From,
            Deadline = days.Through,
            OwnerId = owner,
        };
    }

    public static IReadOnlyList<Annotation> Annotations(IdSequence ids, DateOnly first, DateOnly today)
    {
        var all = new List<Annotation>();
        for (var year = first.Year; year <= today.Year; year++)
        {
            Add(new(year, 6, 18), new(year, 6, 18), "618 shopping day 618 购物节", null);
            Add(new(year, 11, 1), new(year, 11, 11), "Singles' Day sale 双十一", null);
            Add(new(year, 3, 1), new(year, 3, 1), "New price list 新价目表", null);
            Add(new(year, 9, 1), new(year, 9, 14), "The marketplace halved its fees 平台费率减半", "Marketplace");
        }

        return all;

        void Add(DateOnly from, DateOnly through, string text, string? channel)
        {
            if (from >= first && from <= today)
                all.Add(new()
                {
                    Id = ids.Next(),
                    StartDay = from,
                    EndDay = through,
                    Text = text,
                    Dimension = channel is null ? null : "Channel",
                    DimensionKey = channel,
                });
        }
    }
}
