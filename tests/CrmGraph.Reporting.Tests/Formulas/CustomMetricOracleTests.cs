using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Tests.Metrics;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Formulas;

/// <summary>
/// Metrics of the company's own in tables against the same formula worked out of the oracle's values of its parts: by every dimension and grain that the parts
/// share, on both databases.
/// </summary>
public sealed class CustomMetricOracleTests
{
    private static readonly Schema Schema = CrmSchema.Builder().Build();

    private const string Web = """{"channel":{"eq":"web"}}""";

    /// <summary>Each with its formula in C#, and which of its parts count web sales alone.</summary>
    private static readonly Case[] Cases =
    [
        new("net", "grossRevenue - returns * 0.5", null, v => v("grossRevenue") - (v("returns") * 0.5m)),
        new("basket", "revenue / (orders + 1)", null, v => v("revenue") / (v("orders") + 1)),
        new("loss", "1 - returns / grossRevenue", null, v => 1 - (v("returns") / v("grossRevenue"))),
        new("webOrders", "orders", Web, v => v("web orders")),
        new("webShare", "webOrders / orders", null, v => v("web orders") / v("orders")),
        new("perBuyer", "(revenue - discounts) / activeCustomers", null, v => (v("revenue") - v("discounts")) / v("activeCustomers")),
        new("balance", "newCustomers + reactivatedCustomers - lostCustomers", null, v => v("newCustomers") + v("reactivatedCustomers") - v("lostCustomers")),
        new("trouble", "(complaints + enquiries) / orders * 10", null, v => (v("complaints") + v("enquiries")) / v("orders") * 10),
        new("feel", "nps * 0.1", null, v => v("nps") * 0.1m),
        new("quick", "resolutionTime - firstResponseTime", null, v => v("resolutionTime") - v("firstResponseTime")),
        new("deals", "wonAmount / averageDealSize", null, v => v("wonAmount") / v("averageDealSize")),
        new("won", "winRate(by: AMOUNT) * openPipeline", null, v => v("winRate(by: AMOUNT)") * v("openPipeline")),
    ];

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task They_are_the_formula_of_their_parts_by_every_dimension_that_all_of_them_have(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 1);
        foreach (var dimension in Enum.GetValues<MetricDimension>()
            .Where(d => d is not (MetricDimension.Segment or MetricDimension.Customer) && !d.IsOfAttribute()))
            await CheckAsync(
                bench, bench.Query() with { GroupBy = [dimension], CompareTo = Comparison.PreviousPeriod, Grain = TimeGrain.Quarter }, Caller.System);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task And_by_every_grain_and_for_callers_who_see_some_customers(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 1);
        foreach (var grain in Enum.GetValues<TimeGrain>())
        {
            var days = grain is TimeGrain.Hour or TimeGrain.Day
                ? new LastInput { Count = grain == TimeGrain.Hour ? 2 : 20, Unit = CalendarUnit.Day }
                : new LastInput { Count = 14, Unit = CalendarUnit.Month };
            await CheckAsync(bench, bench.Query() with { Period = new() { Last = days }, Grain = grain }, Caller.System);
        }

        var owners = bench.Crm.Members.Take(3).Select(m => m.Id).Order().ToList();
        await CheckAsync(bench, bench.Query() with { GroupBy = [MetricDimension.Country], Grain = TimeGrain.Year }, new("m", Role.Manager, owners[0], owners));
    }

    private static async Task CheckAsync(MetricBench bench, MetricQuery query, Caller caller)
    {
        var metrics = Metrics().Where(m => query.GroupBy.All(m.Metric.Supports) && (query.Grain is not { } grain || m.Metric.Supports(grain))).ToList();
        if (metrics.Count == 0)
            return;
        await using var db = bench.Database.CreateContext();
        var table = await bench.Engine.ComputeAsync(db, query, new([.. metrics.Select(m => m.Metric)]), caller, CancellationToken.None);
        var (all, web) = (new MetricOracle(bench.Crm, caller), new MetricOracle(bench.Crm, caller) { Channel = c => c == "web" });
        var lines = (new MetricOracle(bench.Crm, caller) { Line = _ => true },
            new MetricOracle(bench.Crm, caller) { Line = _ => true, Channel = c => c == "web" });
        var wrong = new List<string>();
        foreach (var row in table.Rows.Concat(table.GroupTotals).Concat(table.BucketTotals).Append(table.Totals))
        {
            var group = row.Dimensions.Select(d => (d.Dimension, d.Key)).ToList();
            var (some, few) = group.Count == 0 && query.GroupBy.Any(d => d.IsOfLines()) ? lines : (all, web);
            var cell = new MetricOracle.Cell(
                group, row.Bucket?.Start ?? table.Period.Start, row.Bucket?.Until ?? table.Period.Until, row.Bucket?.Hour, table.Period.Until);
            foreach (var (of, metric) in metrics)
            {
                var value = row.Values[metric.Asked];
                if (value.Reason is NoValueReason.NoPartner or NoValueReason.IncompletePeriod)
                    continue;
                var expected = Expected(of, some, few, cell);
                var same = expected is null ? value.Value is null : value.Value is { } found && Math.Abs(found - expected.Value) <= 0.000000001m;
                if (!same)
                    wrong.Add($"{row.Key} {metric.Key}: {value.Value} {value.Reason} instead of {expected}");
            }
        }

        Assert.True(wrong.Count == 0, $"{query.Canonical()}\n{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(10))}");
    }

    /// <summary>Null where a part has no value, and where something is divided by zero.</summary>
    private static decimal? Expected(Case of, MetricOracle all, MetricOracle web, MetricOracle.Cell cell)
    {
        try
        {
            return of.Value(name => (name.StartsWith("web ", StringComparison.Ordinal) ? web.Value(name[4..], cell) : all.Value(name, cell)).Value
                ?? throw new NoValueException());
        }
        catch (Exception e) when (e is NoValueException or DivideByZeroException)
        {
            return null;
        }
    }

    private static IReadOnlyList<(Case Of, MetricDefinition Metric)> Metrics()
    {
        var catalog = new CustomMetrics(() => Schema, new()).With(
            [.. Cases.Select(c => new CustomMetric { Key = c.Key, Label = c.Key, Formula = c.Formula, Condition = c.Where, Favourable = "Up", Version = 1 })]);
        return [.. Cases.Select(c => (c, catalog.Require(c.Key)))];
    }

    private sealed record Case(string Key, string Formula, string? Where, Func<Func<string, decimal>, decimal> Value);

    private sealed class NoValueException : Exception;
}
