using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.TestKit;
using MathNet.Numerics.Statistics;
using Xunit;

namespace CrmGraph.Reporting.Tests.Analyses;

/// <summary>Analyses of customers' buying end to end, against LINQ over the same objects.</summary>
public sealed class BehaviourTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Distributions_equal_memory(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        foreach (var caller in new[] { Caller.System, bench.Representative })
        {
            var buyers = bench.Customers(caller).Where(c => AnalysisBench.SalesOf(c).Any()).ToList();
            await CheckAsync("ORDER_VALUE", buyers.SelectMany(AnalysisBench.SalesOf).Select(o => (double)bench.Worth(o)));
            await CheckAsync("ORDERS_PER_CUSTOMER", buyers.Select(c => (double)AnalysisBench.SalesOf(c).Count()));
            await CheckAsync("REVENUE_PER_CUSTOMER", buyers.Select(c => (double)AnalysisBench.OrdersOf(c).Sum(bench.Worth)));
            await CheckAsync("DAYS_BETWEEN_ORDERS", buyers.SelectMany(c =>
            {
                var days = AnalysisBench.SalesOf(c).Select(o => o.Day.DayNumber).Distinct().Order().ToList();
                return days.Skip(1).Select((d, i) => (double)(d - days[i]));
            }));
            await CheckAsync(
                "DAYS_SINCE_LAST_ORDER",
                buyers.Select(c => (double)(bench.Crm.Today.DayNumber - AnalysisBench.SalesOf(c).Max(o => o.Day).DayNumber)));

            async Task CheckAsync(string of, IEnumerable<double> values)
            {
                var expected = values.ToList();
                var answer = await bench.AskAsync(
                    $"{{ distribution(of: {of}, bins: 7) {{ n mean standardDeviation minimum maximum quantiles {{ at value }} histogram {{ from until "
                    + "count } } }",
                    caller);
                Assert.Equal(expected.Count, answer.Number("n"));
                Assert.Equal(expected.Average(), (double)answer.Number("mean")!, 6);
                Assert.Equal(expected.StandardDeviation(), (double)answer.Number("standardDeviation")!, 6);
                Assert.Equal(expected.Median(), (double)answer.List("quantiles").Single(q => q.Number("at") == 0.5m).Number("value")!, 6);
                Assert.All(answer.List("histogram"), bin => Assert.Equal(
                    expected.Count(v => v >= (double)bin.Number("from")! && v < (double)bin.Number("until")!), (int)bin.Number("count")!));
                Assert.InRange(answer.List("histogram").Count(), 1, 7);
            }
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Baskets_equal_memory(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        foreach (var caller in new[] { Caller.System, bench.Representative })
        {
            var baskets = bench.Customers(caller).SelectMany(AnalysisBench.OrdersOf)
                .Select(o => o.Lines.Where(l => l.Kind == OrderKind.Sale && l.Product is not null).Select(l => l.Product!.Name).ToHashSet())
                .Where(b => b.Count > 0).ToList();
            var answer = await bench.AskAsync(
                "{ basket(minimumSupport: 0.02, minimumConfidence: 0.2) { n ruleCount rules(first: 1000) { antecedent { name } consequent { name } orders "
                + "support confidence lift } } }",
                caller);
            var products = bench.Crm.Products.ConvertAll(p => p.Name);
            var expected = from a in products
                           from b in products
                           where a != b
                           let both = baskets.Count(x => x.Contains(a) && x.Contains(b))
                           where both >= 0.02 * baskets.Count && both >= 0.2 * baskets.Count(x => x.Contains(a)) && both > 0
                           select (a, b, both, Math.Round(
                               both * (double)baskets.Count / baskets.Count(x => x.Contains(a)) / baskets.Count(x => x.Contains(b)), 9));

            Assert.Equal(baskets.Count, answer.Number("n"));
            Assert.Equal(expected.Order(), answer.List("rules").Select(r => (r.GetProperty("antecedent").Text("name")!,
                r.GetProperty("consequent").Text("name")!, (int)r.Number("orders")!, Math.Round((double)r.Number("lift")!, 9))).Order());
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Clusters_and_factors_are_those_of_the_features_of_memory(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        foreach (var caller in new[] { Caller.System, bench.Representative })
        {
            var features = Features(bench, caller);
            var data = Standardised.Of([.. features.Select(f => f.Values)]);
            var answer = await bench.AskAsync(
                "{ clusters(k: 3) { n k silhouette trials { k } clusters { number customers silhouette means { feature mean } } customers(first: 1000) { "
                + "cluster customer { name } } } }",
                caller);
            Assert.Equal((features.Count, 3), ((int)answer.Number("n")!, (int)answer.Number("k")!));
            var groups = answer.List("customers").ToLookup(c => (int)c.Number("cluster")!, c => c.GetProperty("customer").Text("name")!);
            var model = KMeans.Of(data.Rows, 3);
            var expected = Enumerable.Range(0, 3)
                .Select(k => string.Join(',', features.Where((_, i) => model.Assigned[i] == k).Select(f => f.Customer.Name).Order()));
            Assert.Equal(expected.Order(), groups.Select(g => string.Join(',', g.Order())).Order());
            Assert.Equal(answer.List("clusters").Select(c => (int)c.Number("customers")!), groups.OrderBy(g => g.Key).Select(g => g.Count()));

            var factors = await bench.AskAsync("{ factors { n components { eigenvalue explainedShare cumulativeShare loadings { loading } } } }", caller);
            Assert.Equal(data.Features.Count, factors.List("components").Sum(c => c.Number("eigenvalue"))!.Value, 9);
            Assert.Equal(1, factors.List("components").Last().Number("cumulativeShare")!.Value, 9);
            Assert.All(factors.List("components"), c => Assert.Equal(1, c.List("loadings").Sum(l => Math.Pow((double)l.Number("loading")!, 2)), 9));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lookalikes_are_the_customers_outside_nearest_to_five_members(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        var created = await bench.Client.DataAsync(
            "mutation { createSegment(input: { key: \"x\", name: \"x\", definition: {kind: {eq: PERSON}} }) { segment { id } } }");
        var segment = created.GetProperty("createSegment").GetProperty("segment").Text("id");
        foreach (var caller in new[] { Caller.System, bench.Representative })
        {
            var features = Features(bench, caller);
            var rows = Standardised.Of([.. features.Select(f => f.Values)]).Rows;
            var inside = features.Index().Where(f => f.Item.Customer.Kind == CustomerKind.Person).Select(f => rows[f.Index]).ToList();
            var expected = features.Index().Where(f => f.Item.Customer.Kind != CustomerKind.Person).Select(f => (
                Distance: Math.Round(inside.Select(m => Math.Sqrt(Standardised.SquaredDistance(m, rows[f.Index]))).Order().Take(5).Average(), 6),
                f.Item.Customer.Name));
            var answer = await bench.AskAsync(
                $"{{ lookalikes(segment: \"{segment}\") {{ n candidates customers(first: 1000) {{ distance similarity customer {{ name }} }} }} }}", caller);

            Assert.Equal(inside.Count, answer.Number("n"));
            Assert.Equal(expected.Order(), answer.List("customers").Select(c => (
                Math.Round((double)c.Number("distance")!, 6), c.GetProperty("customer").Text("name")!)).Order());
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Funnels_of_stages_and_of_conditions_equal_memory(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        var stages = bench.Crm.OpportunityStages.CountBy(s => s.Stage).OrderByDescending(s => s.Value).Take(2).Select(s => s.Key).ToList();
        foreach (var caller in new[] { Caller.System, bench.Representative })
        {
            var customers = bench.Customers(caller).ToList();
            var opened = customers.SelectMany(c => c.Opportunities).Where(o => o.Day <= bench.Crm.Today).ToList();
            var answer = await bench.AskAsync(
                $"{{ funnel(steps: [{string.Join(", ", stages.Select(s => $"{{stage: {JsonSerializer.Serialize(s)}}}"))}]) {{ n steps {{ stage reached "
                + "conversion overall waiting medianDays p90Days } } }",
                caller);
            var (first, second) = (
                opened.Count(o => o.Stages.Exists(s => stages.Contains(s.Stage))), opened.Count(o => o.Stages.Exists(s => s.Stage == stages[1])));
            Assert.Equal((opened.Count, first, second), ((int)answer.Number("n")!, Reached(answer, 0), Reached(answer, 1)));

            var conditions = await bench.AskAsync(
                "{ funnel(steps: [{customers: {orderCount: {gte: 1}}}, {customers: {orderCount: {gte: 3}}}]) { n steps { reached conversion reason } } }",
                caller);
            Assert.Equal(
                (customers.Count, customers.Count(c => c.Figures!.OrderCount >= 1), customers.Count(c => c.Figures!.OrderCount >= 3)),
                ((int)conditions.Number("n")!, Reached(conditions, 0), Reached(conditions, 1)));
        }

        static int Reached(JsonElement funnel, int step) => (int)funnel.List("steps").ElementAt(step).Number("reached")!;
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_model_of_lifetime_value_stands_on_the_purchase_days_of_memory(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind, sizes: new() { Customers = 300, Orders = 1_500 });
        foreach (var caller in new[] { Caller.System, bench.Representative })
        {
            var days = bench.Customers(caller).ToDictionary(c => c.Name + c.Id, c => AnalysisBench.SalesOf(c).Select(o => o.Day).Distinct().Order().ToList())
                .Where(d => d.Value.Count > 0).ToList();
            var histories = days.ConvertAll(d => new PurchaseHistory(
                d.Value.Count - 1, d.Value[^1].DayNumber - d.Value[0].DayNumber, bench.Crm.Today.DayNumber - d.Value[0].DayNumber));
            var answer = await bench.AskAsync(
                "{ lifetimeValueModel(unit: DAY) { n customers repeatCustomers r alpha a b logLikelihood p q v fittedAt asOf holdoutError warnings { code } "
                + "predictions(first: 1000, horizon: 90) { customer { id name } repeats recency age probabilityAlive expectedOrders meanOrderValue value } } }",
                caller);

            var (model, fit) = BgNbd.FitTo(histories)!.Value;
            Assert.Equal((histories.Count, histories.Count(h => h.Repeats > 0)), ((int)answer.Number("n")!, (int)answer.Number("repeatCustomers")!));
            Assert.Equal(fit.LogLikelihood, (double)answer.Number("logLikelihood")!, 3);
            var predictions = answer.List("predictions").ToList();
            Assert.Equal(
                histories.Select(h => (h.Repeats, h.Recency, h.Age)).Order(),
                predictions.Select(p => ((int)p.Number("repeats")!, (double)p.Number("recency")!, (double)p.Number("age")!)).Order());
            Assert.All(predictions, p =>
            {
                var history = new PurchaseHistory((int)p.Number("repeats")!, (double)p.Number("recency")!, (double)p.Number("age")!);
                Assert.Equal(model.ExpectedPurchases(history, 90), (double)p.Number("expectedOrders")!, 2);
                Assert.InRange((double)p.Number("probabilityAlive")!, 0, 1);
            });
            Assert.Equal(predictions.Select(p => p.Number("value")).OrderDescending(), predictions.Select(p => p.Number("value")));
            var last = predictions[^1].GetProperty("customer").GetProperty("id").GetString();
            var one = (await bench.AskAsync(
                $"{{ lifetimeValueModel(unit: DAY) {{ predictions(customers: [\"{last}\"], horizon: 90) {{ customer {{ id }} value }} }} }}", caller))
                .List("predictions").Single();
            Assert.Equal(last, one.GetProperty("customer").GetProperty("id").GetString());
            Assert.Equal(predictions[^1].Number("value"), one.Number("value"));
        }
    }

    [Theory]
    [InlineData("lifetimeValueModel(where: {name: {eq: \"nobody\"}}) { n }", "ANALYSIS_TOO_FEW")]
    [InlineData("clusters(where: {name: {eq: \"nobody\"}}) { n }", "ANALYSIS_TOO_FEW")]
    [InlineData("clusters(k: 1) { n }", "INVALID_ARGUMENT")]
    [InlineData("factors(where: {name: {eq: \"nobody\"}}) { n }", "ANALYSIS_TOO_FEW")]
    [InlineData("basket(minimumSupport: 0) { n }", "INVALID_ARGUMENT")]
    [InlineData("distribution(of: ORDER_VALUE, bins: 0) { n }", "INVALID_ARGUMENT")]
    [InlineData("distribution(of: ORDER_VALUE, where: {name: {eq: \"nobody\"}}) { n }", "ANALYSIS_TOO_FEW")]
    [InlineData("funnel(steps: [{stage: \"a\"}]) { n }", "INVALID_ARGUMENT")]
    [InlineData("funnel(steps: [{stage: \"a\"}, {customers: {orderCount: {gte: 1}}}]) { n }", "INVALID_ARGUMENT")]
    public async Task Where_the_sample_says_nothing_there_is_a_code(string field, string code)
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite, sizes: new() { Customers = 40, Orders = 200 });
        Assert.Equal(code, await bench.Client.CodeAsync($"{{ {field} }}"));
    }

    [Theory]
    [InlineData("rfm { n }")]
    [InlineData("abc(of: CUSTOMERS) { n }")]
    [InlineData("distribution(of: ORDER_VALUE) { n }")]
    [InlineData("lifetimeValueModel { n }")]
    [InlineData("clusters { n }")]
    [InlineData("factors { n }")]
    [InlineData("basket { n }")]
    [InlineData("funnel(steps: [{customers: {orderCount: {gte: 1}}}, {customers: {orderCount: {gte: 3}}}]) { n }")]
    [InlineData("forecast(metric: \"orders\", period: {last: {count: 24, unit: MONTH}}) { points { value } }")]
    public async Task Analysts_are_told_nothing_of_fewer_customers_than_the_settings_say(string field)
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite, sizes: new() { Customers = 60, Orders = 300, SmallGroupMinimum = 100 });
        Assert.Equal("ANALYSIS_SMALL_GROUP", await bench.Client.CodeAsync($"{{ {field} }}", caller: new("analyst", Role.Analyst, null, null)));
    }

    private static List<(Customer Customer, double[] Values)> Features(AnalysisBench bench, Caller caller) =>
    [
        .. from customer in bench.Customers(caller).OrderBy(c => c.Id)
           let sales = AnalysisBench.SalesOf(customer).ToList()
           where sales.Count > 0
           let revenue = (double)AnalysisBench.OrdersOf(customer).Sum(bench.Worth)
           select (customer, new double[]
           {
               bench.Crm.Today.DayNumber - sales.Max(o => o.Day).DayNumber, sales.Count, revenue, revenue / sales.Count,
               bench.Crm.Today.DayNumber - sales.Min(o => o.Day).DayNumber,
           }),
    ];
}
