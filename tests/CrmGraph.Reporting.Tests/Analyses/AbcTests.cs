using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Analyses;

public sealed class AbcTests
{
    [Fact]
    public void What_stands_before_decides_the_class_and_equal_values_share_it()
    {
        Assert.Equal("AABBB", string.Concat(Pareto.Classes([50, 30, 10, 5, 5]).Select(c => c.Class)));
        Assert.Equal("A", string.Concat(Pareto.Classes([100]).Select(c => c.Class)));
        Assert.Equal("AAAAAAAAAA", string.Concat(Pareto.Classes([.. Enumerable.Repeat(10m, 10)]).Select(c => c.Class)));
        Assert.Equal("ACC", string.Concat(Pareto.Classes([10, 0, -5]).Select(c => c.Class)));
        Assert.Equal([0.8m, 0.95m, 1m], Pareto.Classes([80, 15, 5]).Select(c => c.Cumulative));
        Assert.Equal("ABC", string.Concat(Pareto.Classes([80, 15, 5]).Select(c => c.Class)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Customers_and_products_are_ranked_as_in_memory_for_every_caller(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        foreach (var caller in new[] { Caller.System, bench.Representative })
        {
            var customers = bench.Customers(caller).Where(c => AnalysisBench.OrdersOf(c).Any())
                .Select(c => (c.Name, AnalysisBench.OrdersOf(c).Sum(bench.Worth).Six())).ToList();
            var products = bench.Customers(caller).SelectMany(AnalysisBench.OrdersOf).SelectMany(o => o.Lines).Where(l => l.Product is not null)
                .GroupBy(l => l.Product!.Name)
                .Select(g => (g.Key, g.Sum(l => bench.Worth(l.Kind == OrderKind.Sale ? l.Amount : -l.Amount, l.Currency, l.Day)).Six())).ToList();

            await CheckAsync(bench, caller, "CUSTOMERS", "customer", customers);
            await CheckAsync(bench, caller, "PRODUCTS", "product", products);
        }
    }

    private static async Task CheckAsync(AnalysisBench bench, Caller caller, string of, string name, List<(string Name, decimal Revenue)> expected)
    {
        var answer = await bench.AskAsync(
            $"{{ abc(of: {of}) {{ n classes {{ class count revenue countShare revenueShare }} items(first: 1000) {{ rank revenue cumulative class "
            + $"{name} {{ name }} }} }} }}",
            caller);
        var items = answer.List("items").ToList();
        Assert.Equal(expected.Order(), items.Select(i => (i.GetProperty(name).Text("name")!, i.Number("revenue")!.Value.Six())).Order());
        Assert.Equal(items.Select(i => i.Number("revenue")).OrderDescending(), items.Select(i => i.Number("revenue")));
        Assert.Equal(expected.Count, answer.Number("n"));
        Assert.Equal(expected.Sum(e => e.Revenue), answer.List("classes").Sum(c => c.Number("revenue")!.Value), 3);
        var a = items.Where(i => i.Text("class") == "A").ToList();
        Assert.True(a[^1].Number("cumulative") >= 0.8m);
        Assert.True(a.Count < 2 || a[^2].Number("cumulative") < 0.8m);
        Assert.Equal(a.Count, answer.List("classes").First().Number("count"));
    }
}
