using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Shares, places, cumulative and moving values, and what quotients are made of.</summary>
public sealed class MetricPlacesTests
{
    public static TheoryData<DatabaseKind> Kinds => [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Shares_add_up_to_one_and_equal_values_share_a_place(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 1);
        var table = await bench.ComputeAsync(bench.Query() with { GroupBy = [MetricDimension.Channel], Grain = TimeGrain.Quarter }, Caller.System);
        List<(IReadOnlyList<MetricRow> Rows, MetricRow Whole)> parts = [(table.GroupTotals, table.Totals), (table.BucketTotals, table.Totals)];
        parts.AddRange(table.Rows.GroupBy(r => r.Bucket!.Index).Select(g => ((IReadOnlyList<MetricRow>)g.ToList(), table.BucketTotals[g.Key])));
        foreach (var (rows, whole) in parts)
            foreach (var metric in rows[0].Values.Keys)
                Check(metric, [.. rows.Select(r => r.Values[metric])], whole.Values[metric]);
        Assert.Equal((1m, 1), (table.Totals.Values["revenue"].Share, table.Totals.Values["revenue"].Rank));
        Assert.All(table.GroupTotals, r => Assert.Null(r.Values["nps"].Share));
        Assert.All(table.GroupTotals, r => Assert.Null(r.Values["activeCustomers"].Share));
        Assert.NotNull(table.GroupTotals[0].Values["revenue"].Share);

        static void Check(string metric, List<MetricValue> values, MetricValue whole)
        {
            if (values.Exists(v => v.Share is not null))
            {
                Assert.Equal(1m, values.Sum(v => v.Share ?? 0), 10);
                Assert.All(values, v => Near(v.Value / whole.Value, v.Share));
            }

            Assert.All(values, v => Assert.True(
                v.Rank == (v.Value is null ? null : 1 + values.Count(o => o.Value > v.Value)), $"{metric}: {v.Value} has the place {v.Rank}"));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_cumulative_value_is_that_of_the_time_up_to_the_end_of_its_bucket(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 1);
        var first = new DateOnly(bench.Crm.Today.Year - 1, 9, 1);
        var query = bench.Query() with { GroupBy = [MetricDimension.Country], Period = Range(first, first.AddMonths(7)) };
        var table = await bench.ComputeAsync(query with { Grain = TimeGrain.Month }, Caller.System);
        foreach (var bucket in table.BucketTotals.Select(r => r.Bucket!).Where(b => b.Until <= bench.Crm.Today))
            foreach (var span in Enum.GetValues<ToDate>())
            {
                var alone = await bench.ComputeAsync(query with { Period = Range(StartOf(bench, span, bucket.Start, first), bucket.Until) }, Caller.System);
                foreach (var row in table.Rows.Where(r => r.Bucket == bucket).Append(table.BucketTotals[bucket.Index]))
                    Compare(row, alone.GroupTotals.FirstOrDefault(r => row.Key.StartsWith(r.Key, StringComparison.Ordinal)) ?? alone.Totals, span);
            }

        Assert.All(table.GroupTotals, r => Assert.Null(r.Values["revenue"].Cumulative(ToDate.Period)));

        static void Compare(MetricRow row, MetricRow alone, ToDate span)
        {
            foreach (var (metric, value) in row.Values.Where(v => row.Dimensions.Count == alone.Dimensions.Count))
                if (value.Metric.Key is "activeCustomers" or "revenuePerCustomer" or "purchaseFrequency" or "retentionRate" or "churnRate"
                    or "expiringContracts")
                    Assert.Null(value.Cumulative(span));
                else if (value.Cumulative(span) is { } found)
                    Assert.True(
                        Math.Abs(found - alone.Values[metric].Value!.Value) < 0.00000001m,
                        $"{row.Key} {metric} {span}: {found}, not {alone.Values[metric].Value}");
                else
                    Assert.True(value.Metric.Additivity == Additivity.NonAdditive || alone.Values[metric].Value is null, $"{row.Key} {metric}");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_moving_value_pools_quotients_and_averages_all_else(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 1);
        var rows = (await bench.ComputeAsync(bench.Query() with { Grain = TimeGrain.Month }, Caller.System)).Rows;
        for (var i = 0; i < rows.Count; i++)
        {
            var three = rows.Skip(i - 2).Take(3).Select(r => r.Values).ToList();
            Near(i < 2 ? null : three.Sum(v => v["revenue"].Value) / 3, rows[i].Values["revenue"].Moving(3));
            var scores = three.ConvertAll(v => v["nps"]);
            Near(i < 2 ? null : 100 * scores.Sum(s => s.Numerator) / scores.Sum(s => s.Denominator), rows[i].Values["nps"].Moving(3));
            Assert.Equal(rows[i].Values["orders"].Value, rows[i].Values["orders"].Moving(1));
            Assert.Null(rows[i].Values["orders"].Moving(int.MaxValue, CalendarUnit.Year));
            // The first and the last month are not whole.
            if (i > 2 && rows[i].Bucket is { Incomplete: false })
                Assert.Equal(rows[i].Values["nps"].Moving(3), rows[i].Values["nps"].Moving(1, CalendarUnit.Quarter));
        }
    }

    [Fact]
    public async Task Quotients_say_what_they_are_made_of_and_scores_how_sure_they_are()
    {
        await using var bench = await MetricBench.CreateAsync(DatabaseKind.Sqlite, 2);
        var query = bench.Query();
        var values = (await bench.ComputeAsync(query, Caller.System)).Totals.Values;
        var days = (query.Period.Range!.From, query.Period.Range.Until);
        var scores = bench.Crm.SurveyResponses.Where(a => a.Kind == SurveyKind.Nps && a.Day >= days.From && a.Day < days.Until)
            .Select(a => a.Score >= 9 ? 1d : a.Score <= 6 ? -1 : 0).ToList();
        var deviation = Math.Sqrt(scores.Sum(s => Math.Pow(s - scores.Average(), 2)) / scores.Count);
        Assert.Equal(
            ((decimal)scores.Sum(), (decimal)scores.Count, (decimal)scores.Count),
            (values["nps"].Numerator!.Value, values["nps"].Denominator!.Value, values["nps"].SampleSize!.Value));
        Assert.Equal(100 * 1.96 * deviation / Math.Sqrt(scores.Count), (double)((ScoreMetric)values["nps"]).MarginOfError!.Value, 8);
        Assert.Equal((values["grossRevenue"].Value, values["orders"].Value), (values["averageOrderValue"].Numerator, values["averageOrderValue"].Denominator));
        Assert.Equal(values["orders"].Value, values["averageOrderValue"].SampleSize);
        Assert.Null(values["revenue"].Numerator);
    }

    private static void Near(decimal? expected, decimal? found) =>
        Assert.True(expected == found || Math.Abs(expected!.Value - found!.Value) < 0.00000001m, $"{found} instead of {expected}");

    private static DateOnly StartOf(MetricBench bench, ToDate span, DateOnly day, DateOnly first)
    {
        var month = span == ToDate.FiscalYear ? bench.Crm.Settings.FiscalYearStartMonth : 1;
        var start = new DateOnly(day.Month >= month ? day.Year : day.Year - 1, month, 1);
        return span == ToDate.Period || start < first ? first : start;
    }

    private static PeriodInput Range(DateOnly from, DateOnly until) => new() { Range = new DayRangeInput { From = from, Until = until } };
}
