using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Analyses.Rfm;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Analyses;

public sealed class RfmTests
{
    [Fact]
    public void A_fifth_of_different_values_has_each_score_and_equal_values_share_the_lowest()
    {
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], Quintiles.Scores([.. Enumerable.Range(1, 10).Select(i => (decimal)i)]));
        Assert.Equal([1, 1, 1, 1, 1, 1, 4, 4, 5, 5], Quintiles.Scores([7, 7, 7, 7, 7, 7, 8, 9, 10, 11]));
        Assert.Equal([5, 1, 3, 1, 3], Quintiles.Scores([9, 2, 5, 2, 5]));
    }

    [Theory]
    [InlineData(5, 5, 5, RfmGroup.Champions)]
    [InlineData(5, 1, 1, RfmGroup.New)]
    [InlineData(4, 2, 2, RfmGroup.Promising)]
    [InlineData(4, 3, 3, RfmGroup.Active)]
    [InlineData(4, 4, 4, RfmGroup.Loyal)]
    [InlineData(3, 3, 3, RfmGroup.NeedsAttention)]
    [InlineData(3, 1, 2, RfmGroup.AlmostLost)]
    [InlineData(1, 3, 3, RfmGroup.AtRisk)]
    [InlineData(2, 5, 4, RfmGroup.PreviouslyLoyal)]
    [InlineData(1, 1, 1, RfmGroup.Dormant)]
    [InlineData(1, 2, 3, RfmGroup.AtRisk)]
    public void Three_scores_name_a_group(int r, int f, int m, RfmGroup group) => Assert.Equal(group, RfmScoring.GroupOf(r, f, m));

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Scores_and_groups_equal_memory_for_every_caller(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        foreach (var caller in new[] { Caller.System, bench.Representative })
        {
            var answer = await bench.AskAsync(
                "{ rfm(where: {kind: {eq: PERSON}}) { n day currency groups { group customers revenue meanRecency meanFrequency meanMonetary reason } "
                + "customers(first: 1000) { customer { name } recency frequency monetary r f m score group } } }",
                caller);
            var buyers = bench.Customers(caller).Where(c => c.Kind == CustomerKind.Person && AnalysisBench.SalesOf(c).Any()).Select(c => new
            {
                c.Name,
                Recency = bench.Crm.Today.DayNumber - AnalysisBench.SalesOf(c).Max(o => o.Day).DayNumber,
                Frequency = AnalysisBench.SalesOf(c).Count(),
                Monetary = AnalysisBench.OrdersOf(c).Sum(bench.Worth),
            }).ToList();

            var expected = buyers.Select(b => (b.Name, (decimal?)b.Recency, (decimal?)b.Frequency, (decimal?)b.Monetary.Six(),
                $"{Score(buyers.Count(o => o.Recency > b.Recency))}{Score(buyers.Count(o => o.Frequency < b.Frequency))}"
                + $"{Score(buyers.Count(o => o.Monetary < b.Monetary))}"));
            Assert.Equal(expected.Order(), answer.List("customers").Select(c => (
                c.GetProperty("customer").Text("name")!, c.Number("recency"), c.Number("frequency"), c.Number("monetary").Six(), c.Text("score")!)).Order());
            Assert.Equal(buyers.Count, answer.Number("n"));
            Assert.Equal(11, answer.List("groups").Count());
            Assert.Equal(buyers.Count, answer.List("groups").Where(g => g.Text("group") != "PROSPECTS").Sum(g => g.Number("customers")));
            Assert.Equal(buyers.Sum(b => b.Monetary).Six(), answer.List("groups").Sum(g => g.Number("revenue")).Six());

            int Score(int smaller) => 1 + (5 * smaller / buyers.Count);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task As_of_an_earlier_day_later_sales_count_for_nothing(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        var day = bench.Crm.Today.AddDays(-300);
        var answer = await bench.AskAsync($"{{ rfm(asOf: \"{day:yyyy-MM-dd}\") {{ n day period {{ until }} customers(first: 3) {{ recency }} }} }}");

        Assert.Equal(bench.Customers().Count(c => AnalysisBench.SalesOf(c).Any(o => o.Day <= day)), answer.Number("n"));
        Assert.Equal($"{day:yyyy-MM-dd}", answer.Text("day"));
        Assert.All(answer.List("customers"), c => Assert.True(c.Number("recency") >= 0));
        // A day that has not come is today, the last of all too.
        foreach (var later in new[] { bench.Crm.Today.AddDays(1), DateOnly.MaxValue })
            Assert.Equal($"{bench.Crm.Today:yyyy-MM-dd}", (await bench.AskAsync($"{{ rfm(asOf: \"{later:yyyy-MM-dd}\") {{ day }} }}")).Text("day"));
    }

    [Fact]
    public async Task Fewer_customers_than_fifths_and_lists_beyond_the_limit_are_refused()
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite);
        Assert.Equal("ANALYSIS_TOO_FEW", await bench.Client.CodeAsync("{ rfm(where: {name: {eq: \"nobody\"}}) { n } }"));
        Assert.Equal("INVALID_ARGUMENT", await bench.Client.CodeAsync("{ rfm { customers(first: 5000) { r } } }"));
        Assert.Equal("INVALID_ARGUMENT", await bench.Client.CodeAsync("{ rfm { customers(first: -1) { r } } }"));
    }
}
