using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Imports;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Analyses;

public sealed class CohortTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_measure_of_every_cohort_equals_memory_for_every_caller(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        foreach (var caller in new[] { Caller.System, bench.Representative })
            foreach (var by in new[] { "FIRST_PURCHASE", "CREATED" })
                foreach (var measure in new[] { "CUSTOMERS", "REVENUE", "ORDERS" })
                {
                    var answer = await bench.AskAsync(
                        $"{{ cohorts(grain: MONTH, by: {by}, measure: {measure}, periods: 5) {{ n cohorts {{ bucket {{ start }} customers "
                        + "cells { offset value perCustomer reason incomplete } } } }",
                        caller);
                    var expected = Expected(bench, caller, by == "CREATED", measure);
                    var shown = answer.List("cohorts").SelectMany(c => c.List("cells").Where(cell => cell.Number("value") is not null).Select(cell =>
                        (c.GetProperty("bucket").Text("start"), c.Number("customers"), cell.Number("offset"), cell.Number("value").Six()))).ToList();
                    Assert.Equal(expected, shown.Where(s => s.Item2 > 0));
                    Assert.Equal(expected.Where(e => e.Item3 == 0).Sum(e => e.Item2), answer.Number("n"));
                }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Cells_that_have_not_begun_and_cohorts_without_anyone_say_so(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        var answer = await bench.AskAsync("{ cohorts(grain: WEEK, periods: 3) { cohorts { customers cells { value perCustomer reason incomplete } } } }");
        var cohorts = answer.List("cohorts").ToList();

        Assert.All(cohorts.Where(c => c.Number("customers") == 0), c => Assert.Equal("ZERO_DENOMINATOR", c.List("cells").First().Text("reason")));
        Assert.All(cohorts.SelectMany(c => c.List("cells")), c => Assert.True(c.Number("perCustomer") is not null || c.Text("reason") is not null));
    }

    [Fact]
    public async Task Small_cohorts_are_hidden_from_analysts_and_so_is_what_would_give_them_away()
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite, sizes: new() { Customers = 160, Orders = 900, SmallGroupMinimum = 5 });
        const string query = "{ cohorts(grain: MONTH, periods: 4) { n cohorts { customers cells { value reason } } } }";
        var (all, few) = (await bench.AskAsync(query), await bench.AskAsync(query, new("analyst", Role.Analyst, null, null)));

        Assert.Contains(all.List("cohorts"), c => c.Number("customers") is > 0 and < 5);
        Assert.All(few.List("cohorts"), c => Assert.True(c.Number("customers") is null or 0 or >= 5));
        Assert.NotEqual(1, few.List("cohorts").Count(c => c.Number("customers") is null));
        Assert.All(few.List("cohorts").SelectMany(c => c.List("cells")), c => Assert.True(c.Text("reason") is not null || c.Number("value") is 0 or >= 5));
        Assert.Equal("ANALYSIS_SMALL_GROUP", await bench.Client.CodeAsync(
            "{ cohorts(grain: MONTH, where: {name: {eq: \"" + bench.Customers().First(c => c.Figures!.OrderCount > 0).Name + "\"}}) { n } }",
            caller: new("analyst", Role.Analyst, null, null)));
    }

    [Theory]
    [InlineData("grain: HOUR", "INVALID_ARGUMENT")]
    [InlineData("grain: DAY, periods: 0", "INVALID_ARGUMENT")]
    [InlineData("grain: DAY, periods: 9000", "METRIC_TOO_MANY_ROWS")]
    public async Task What_makes_no_sense_is_refused(string arguments, string code)
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite);
        Assert.Equal(code, await bench.Client.CodeAsync($"{{ cohorts({arguments}) {{ n }} }}"));
    }

    [Fact]
    public async Task More_rows_than_the_limit_are_refused()
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite, limits: new() { AnalysisRows = 50 });
        Assert.Equal("ANALYSIS_TOO_LARGE", await bench.Client.CodeAsync("{ cohorts(grain: MONTH) { n } }"));
    }

    [PublicDataFact("online_retail/online_retail.csv.gz")]
    public async Task The_first_monthly_cohort_of_Online_Retail_has_885_customers()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        var file = await File.ReadAllBytesAsync(PublicData.PathOf("online_retail/online_retail.csv.gz"));
        await ImportRun.WriteAsync(crm, ReadyMaps.Load("online-retail"), ImportRun.File(file, "online_retail.csv.gz"));
        await using var client = new GraphQLClient(crm.Database);

        var answer = await client.DataAsync("{ cohorts(grain: MONTH, periods: 13) { n cohorts { bucket { label } customers } } }");

        var cohorts = answer.GetProperty("cohorts").List("cohorts").Take(13).Select(c => (int)c.Number("customers")!);
        Assert.Equal([885, 417, 380, 452, 300, 284, 242, 188, 169, 299, 358], cohorts.Take(11));
    }

    private static List<(string?, decimal?, decimal?, decimal?)> Expected(AnalysisBench bench, Caller caller, bool byCreation, string measure)
    {
        var starts = bench.Customers(caller).Select(c => (Customer: c, Day: byCreation ? c.Day : c.Figures!.FirstPurchaseDay))
            .Where(s => s.Day <= bench.Crm.Today).Select(s => (s.Customer, Month: new DateOnly(s.Day!.Value.Year, s.Day.Value.Month, 1)));
        return
        [
            .. from cohort in starts.GroupBy(s => s.Month)
               orderby cohort.Key
               from offset in Enumerable.Range(0, 5)
               let month = cohort.Key.AddMonths(offset)
               where month <= bench.Crm.Today
               let orders = cohort.SelectMany(s => AnalysisBench.OrdersOf(s.Customer)).Where(o => o.Day >= month && o.Day < month.AddMonths(1)).ToList()
               let sales = orders.Where(o => o.Kind == OrderKind.Sale)
               let value = measure switch
               {
                   "CUSTOMERS" => sales.Select(o => o.CustomerId).Distinct().Count(),
                   "ORDERS" => sales.Count(),
                   _ => orders.Sum(bench.Worth).Six(),
               }
               select ((string?)$"{cohort.Key:yyyy-MM-dd}", (decimal?)cohort.Count(), (decimal?)offset, (decimal?)value),
        ];
    }
}
