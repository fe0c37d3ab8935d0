using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Subtotals are what tables by the first dimensions alone say.</summary>
public sealed class SubtotalTests
{
    public static TheoryData<DatabaseKind, MetricDimension[], TimeGrain?> Tables
    {
        get
        {
            var data = new TheoryData<DatabaseKind, MetricDimension[], TimeGrain?>();
            foreach (var kind in Enum.GetValues<DatabaseKind>())
            {
                data.Add(kind, [MetricDimension.Country, MetricDimension.Channel, MetricDimension.Gender], null);
                data.Add(kind, [MetricDimension.ProductCategory, MetricDimension.Country], TimeGrain.Quarter);
                data.Add(kind, [MetricDimension.Segment, MetricDimension.Country], null);
                data.Add(kind, [MetricDimension.Country, MetricDimension.Segment], TimeGrain.Year);
                data.Add(kind, [MetricDimension.Tag, MetricDimension.Channel], null);
                data.Add(kind, [MetricDimension.Channel], TimeGrain.Quarter);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Tables))]
    public async Task A_subtotal_is_the_group_of_a_table_by_fewer_dimensions(DatabaseKind kind, MetricDimension[] by, TimeGrain? grain)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 1);
        var query = bench.Query() with { GroupBy = by, Grain = grain, CompareTo = Comparison.PreviousPeriod };
        if (by.Contains(MetricDimension.Segment))
            query = query with { Segments = Segments(bench) };
        var table = await ComputeAsync(bench, query with { Subtotals = true }, by);
        for (var level = by.Length; level >= 0; level--)
        {
            var first = by.Take(level).ToList();
            var alone = level == 0
                ? await ComputeAsync(bench, query, by)
                : await ComputeAsync(
                    bench, query with { GroupBy = first, Segments = first.Contains(MetricDimension.Segment) ? query.Segments : [] }, by);
            // Without the dimension SEGMENT a table is of all customers, subtotals of those in one of the segments.
            if (level > 0 && by.Contains(MetricDimension.Segment) && !first.Contains(MetricDimension.Segment))
                continue;
            Same(level == 0 ? (grain is null ? [alone.Totals] : alone.BucketTotals) : alone.Rows, table.Rows, level);
            Same(level == 0 ? [alone.Totals] : alone.GroupTotals, table.GroupTotals, level);
        }

        Assert.Equal(table.GroupTotals.Count(r => !r.IsSubtotal), table.GroupCount);
        Assert.Equal(table.Rows.Select(r => r.Level).OrderDescending(), table.Rows.Select(r => r.Level));
        Assert.Equal(table.Rows.Count, table.Rows.Select(r => r.Key).Distinct().Count());

        void Same(IReadOnlyList<MetricRow> expected, IReadOnlyList<MetricRow> rows, int level)
        {
            var found = rows.Where(r => r.Level == level).ToList();
            Assert.Equal(expected.Select(Text), found.Select(Text));
            Assert.All(found, r => Assert.Equal(level < by.Length, r.IsSubtotal));
            if (level > 0)
                Assert.All(found, r => Assert.All(r.Dimensions.Skip(level), d => Assert.Equal((null, DimensionValueKind.Total), (d.Key, d.Kind))));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Subtotals_give_no_hidden_group_away(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 4, new SampleSizes { SmallGroupMinimum = 6 });
        var query = bench.Query() with { GroupBy = [MetricDimension.Country, MetricDimension.Gender], Subtotals = true };
        var open = await ComputeAsync(bench, query, query.GroupBy);
        var table = await ComputeAsync(bench, query, query.GroupBy, new("analyst", Role.Analyst, null, null));
        var hidden = 0;
        foreach (var parent in table.GroupTotals.Where(r => r.Level == 1).Append(table.Totals))
        {
            var children = table.GroupTotals.Where(r => r.Level == parent.Level + 1 && (parent.Level == 0 || r.Dimensions[0] == parent.Dimensions[0])).ToList();
            var missing = children.Where(r => r.Values["activeCustomers"].Value is null).ToList();
            hidden += missing.Count;
            Assert.False(missing.Count == 1 && parent.Values["activeCustomers"].Value is not null, parent.Key);
        }

        Assert.InRange(hidden, 1, open.GroupTotals.Count - 1);
    }

    [Fact]
    public async Task Subtotals_of_some_groups_are_refused()
    {
        await using var bench = await MetricBench.CreateAsync(DatabaseKind.Sqlite, 1);
        await using var client = new GraphQLClient(bench.Database);
        var answer = await client.SendAsync(
            "{ metrics(period: {toDate: YEAR}, groupBy: [COUNTRY, CHANNEL], first: 2, subtotals: true) { rows { orders { value } } } }");
        var error = answer.GetProperty("errors")[0];
        Assert.Equal(MetricErrorCodes.InvalidArgument, error.GetProperty("extensions").GetProperty("code").GetString());
    }

    /// <summary>Groups are those of the facts of metrics: without one there would seem to be none.</summary>
    [Theory]
    [InlineData("groupCount", true), InlineData("rows { key }", true), InlineData("groupTotals { key }", true)]
    [InlineData("currency", false), InlineData("totals { key }", false), InlineData("groupCount totals { orders { value } }", false)]
    public async Task Groups_without_a_metric_are_refused(string selection, bool refused)
    {
        await using var bench = await MetricBench.CreateAsync(DatabaseKind.Sqlite, 1);
        await using var client = new GraphQLClient(bench.Database);
        var answer = await client.SendAsync($"{{ metrics(period: {{toDate: YEAR}}, groupBy: [COUNTRY]) {{ {selection} }} }}");
        Assert.Equal(refused, answer.TryGetProperty("errors", out var errors));
        if (refused)
            Assert.Equal(MetricErrorCodes.InvalidArgument, errors[0].GetProperty("extensions").GetProperty("code").GetString());
    }

    private static IReadOnlyList<Guid> Segments(MetricBench bench)
    {
        var (a, b) = (Guid.NewGuid(), Guid.NewGuid());
        bench.Segments[a] = c => c.Country == "Germany" || c.Country == "China";
        bench.Segments[b] = c => c.Kind == CustomerKind.Person;
        return [a, b];
    }

    private static async Task<MetricTable> ComputeAsync(MetricBench bench, MetricQuery query, IReadOnlyList<MetricDimension> by, Caller? caller = null)
    {
        await using var db = bench.Database.CreateContext();
        string[] keys = ["revenue", "orders", "activeCustomers", "medianOrderValue", "totalCustomers", "retentionRate", "tickets", "nps"];
        var selection = MetricSelection.Of(keys.Where(k => by.All(MetricCatalog.Require(k).Dimensions.Contains)));
        return await bench.Engine.ComputeAsync(db, query, selection, caller ?? Caller.System, CancellationToken.None);
    }

    private static string Text(MetricRow row) => string.Join(
        ", ", row.Dimensions.Where(d => d.Kind != DimensionValueKind.Total).Select(d => d.Key).Append(row.Bucket?.Label)
            .Concat(row.Values.Select(v => $"{v.Key}={v.Value.Value}/{v.Value.Reason}/{v.Value.Previous}/{v.Value.Share}/{v.Value.Rank}")));
}
