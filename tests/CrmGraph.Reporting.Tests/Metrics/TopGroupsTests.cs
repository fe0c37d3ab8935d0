using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Reading;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Groups of single customers and products, of tags that overlap, and how the first of them are chosen.</summary>
public sealed class TopGroupsTests
{
    public static TheoryData<DatabaseKind> Kinds => [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_database_cuts_the_first_customers_and_products_where_all_money_is_of_one_currency(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 4);
        Assert.False(await IsCutAsync(bench, By(bench, MetricDimension.Customer, "revenue"), Caller.System));
        await bench.ForgetRatesAndContractsAsync(oneCurrency: true);
        foreach (var dimension in new[] { MetricDimension.Customer, MetricDimension.Product })
            foreach (var metric in new[] { "revenue", "grossRevenue", "orders", "unitsSold" })
                foreach (var query in Variants(By(bench, dimension, metric)))
                {
                    Assert.True(await IsCutAsync(bench, query, Caller.System), query.Canonical());
                    await bench.CheckOthersAsync(query);
                }

        // Equal values stand in the order of the ids, and groups without a value or with a negative one are never cut away unseen.
        Assert.False(await IsCutAsync(bench, By(bench, MetricDimension.Customer, "returns") with { First = 70 }, Caller.System));
        await bench.CheckOthersAsync(By(bench, MetricDimension.Customer, "complaints") with { First = 60 });
        Assert.False(await IsCutAsync(bench, By(bench, MetricDimension.Customer, "averageOrderValue"), Caller.System));
        Assert.False(await IsCutAsync(bench, By(bench, MetricDimension.City, "revenue"), Caller.System));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_others_of_tags_are_the_customers_with_none_of_those_shown(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 5);
        var table = await bench.ComputeAsync(By(bench, MetricDimension.Tag, "activeCustomers") with { First = 2 }, Caller.System);
        var (shown, from) = (table.GroupTotals.Take(2).Select(r => r.Dimensions[0].Key).ToList(), bench.Query().Period.Range!.From);
        var buyers = bench.Crm.Orders.Where(o => o.Kind == OrderKind.Sale && o.CancelledAt is null && o.Day >= from && o.Day <= bench.Crm.Today)
            .Select(o => o.Customer!).Where(c => !c.IsGuest).Distinct().ToList();
        Assert.Equal((3, 4), (table.GroupTotals.Count, table.GroupCount));
        Assert.Equal(
            buyers.Count(c => !c.Tags.Exists(t => shown.Contains(t)) && (c.Tags.Count > 0 || !shown.Contains(null))),
            table.GroupTotals[2].Values["activeCustomers"].Value);
        Assert.Equal(buyers.Count, table.Totals.Values["activeCustomers"].Value);
    }

    [Fact]
    public async Task Customers_whom_a_caller_may_list_are_not_hidden_from_him_and_others_are_not_there()
    {
        await using var bench = await MetricBench.CreateAsync(DatabaseKind.Sqlite, 6, new SampleSizes { SmallGroupMinimum = 5 });
        var owner = bench.Crm.Customers.First(c => c is { IsGuest: false, OwnerId: not null }).OwnerId!.Value;
        var table = await bench.ComputeAsync(
            bench.Query() with { GroupBy = [MetricDimension.Customer] }, new Caller("rep", Role.Representative, owner, [owner]));
        var own = bench.Crm.Customers.Where(c => !c.IsGuest && c.OwnerId == owner).Select(c => c.Id.ToString()).ToHashSet();
        Assert.NotEmpty(table.GroupTotals);
        Assert.All(table.GroupTotals, r => Assert.Contains(r.Dimensions[0].Key!, own));
        Assert.DoesNotContain(table.GroupTotals.SelectMany(r => r.Values.Values), v => v.Reason == NoValueReason.SuppressedSmallGroup);
    }

    private static MetricQuery By(MetricBench bench, MetricDimension dimension, string metric) => bench.Query() with
    {
        GroupBy = [dimension],
        First = 3,
        Order = [new(MetricCatalog.Require(metric), true)],
    };

    private static IEnumerable<MetricQuery> Variants(MetricQuery query) =>
        [query, query with { Grain = TimeGrain.Year, First = 2 }, query with { CompareTo = Comparison.PreviousPeriod, First = 1 }];

    private static async Task<bool> IsCutAsync(MetricBench bench, MetricQuery query, Caller caller)
    {
        await using var db = bench.Database.CreateContext();
        var session = bench.Engine.Session(db);
        var plan = await bench.Engine.PlanAsync(session, query, MetricBench.Of(query), caller, CancellationToken.None);
        return await TopGroups.ReadAsync(session, plan, query.First!.Value, CancellationToken.None) is not null;
    }
}
