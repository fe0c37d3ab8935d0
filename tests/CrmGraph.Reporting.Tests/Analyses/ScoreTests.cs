using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Analyses.Scores;
using CrmGraph.Reporting.Tests.Metrics.Rollups;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Analyses;

/// <summary>The scores that are kept of customers are those that the analyses give, and follow from the orders after any change by whomever.</summary>
public sealed class ScoreTests
{
    private const string Fields =
        "id recencyScore frequencyScore monetaryScore rfmGroup valueClass cluster probabilityAlive expectedOrders predictedValue "
        + "predictedValueTwoYears predictedValueThreeYears";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Scores_equal_the_analyses_of_the_same_moment(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        var scoring = (await bench.AskAsync(
            "mutation { refreshCustomerScores(input: {refit: true}) { customerScoring { asOf day currency customers r alpha a b p q v fittedAt clusters reason } } }"))
            .GetProperty("customerScoring");
        var kept = await KeptAsync(bench);
        Assert.Equal(bench.Customers().Count(), kept.Count);

        var rfm = (await bench.AskAsync("{ rfm { currency customers(first: 1000) { customer { id } r f m group } } }"));
        Assert.Equal(rfm.Text("currency"), scoring.Text("currency"));
        var buyers = rfm.List("customers").ToDictionary(c => c.GetProperty("customer").Text("id")!);
        foreach (var (id, scores) in kept)
            Assert.Equal(
                buyers.TryGetValue(id, out var c) ? (c.Number("r"), c.Number("f"), c.Number("m"), c.Text("group")) : (null, null, null, "PROSPECTS"),
                (scores.Number("recencyScore"), scores.Number("frequencyScore"), scores.Number("monetaryScore"), scores.Text("rfmGroup")));

        var classes = (await bench.AskAsync("{ abc(of: CUSTOMERS) { items(first: 1000) { class customer { id } } } }")).List("items")
            .ToDictionary(i => i.GetProperty("customer").Text("id")!, i => i.Text("class"));
        Assert.Equal(kept.Keys.Select(id => classes.GetValueOrDefault(id)), kept.Values.Select(s => s.Text("valueClass")));
        var clusters = (await bench.AskAsync("{ clusters { customers(first: 1000) { cluster customer { id } } } }")).List("customers")
            .ToDictionary(i => i.GetProperty("customer").Text("id")!, i => i.Number("cluster"));
        Assert.Equal(kept.Keys.Select(id => clusters.GetValueOrDefault(id)), kept.Values.Select(s => s.Number("cluster")));

        var model = await bench.AskAsync(
            "{ lifetimeValueModel { customers r alpha a b p q v predictions(first: 1000) { customer { id } probabilityAlive expectedOrders value } } }");
        foreach (var parameter in new[] { "customers", "r", "alpha", "a", "b", "p", "q", "v" })
            Assert.Equal(model.GetProperty(parameter).GetRawText(), scoring.GetProperty(parameter).GetRawText());
        var predictions = model.List("predictions").ToDictionary(p => p.GetProperty("customer").Text("id")!);
        Assert.True(predictions.Count > 30);
        foreach (var (id, scores) in kept)
            Assert.Equal(
                predictions.TryGetValue(id, out var p)
                    ? (p.Number("probabilityAlive").Six(), p.Number("expectedOrders").Six(), p.Number("value"))
                    : (null, null, null),
                (scores.Number("probabilityAlive").Six(), scores.Number("expectedOrders").Six(), scores.Number("predictedValue")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Customers_are_filtered_ordered_and_grouped_by_scores_under_the_rules_of_rows(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        await bench.AskAsync("mutation { refreshCustomerScores(input: {}) { customerScoring { asOf } } }");
        // The sample's purchases are spent at random: no model of values fits them.
        await bench.Database.ExecuteAsync(
            "update customer_scores set predicted_value = 1234567 * coalesce(recency_score, 3), predicted_value_two_years = 2345678 * recency_score, "
            + "predicted_value_three_years = 3456789 * coalesce(monetary_score, 1)");
        foreach (var caller in new[] { Caller.System, bench.Representative })
        {
            var kept = await KeptAsync(bench, caller);
            Assert.Equal(bench.Customers(caller).Count(), kept.Count);
            foreach (var (where, counts) in new (string, Func<JsonElement, bool>)[]
            {
                ("rfmGroup: {in: [CHAMPIONS, LOYAL]}", s => s.Text("rfmGroup") is "CHAMPIONS" or "LOYAL"),
                ("valueClass: {eq: A}", s => s.Text("valueClass") == "A"),
                ("valueClass: {eq: null}", s => s.Text("valueClass") is null),
                ("probabilityAlive: {lt: 0.5}", s => s.Number("probabilityAlive") < 0.5m),
                ("expectedOrders: {gte: 1.5}", s => s.Number("expectedOrders") >= 1.5m),
                ("predictedValue: {gt: 100}", s => s.Number("predictedValue") > 100),
                ("predictedValueTwoYears: {lte: 703.7034}", s => s.Number("predictedValueTwoYears") <= 703.7034m),
                ("predictedValueTwoYears: {eq: null}", s => s.Number("predictedValueTwoYears") is null),
                ("predictedValueThreeYears: {in: [1728.3945, 345.6789]}", s => s.Number("predictedValueThreeYears") is 1728.3945m or 345.6789m),
                ("cluster: {eq: 1}, monetaryScore: {gte: 3}", s => s.Number("cluster") == 1 && s.Number("monetaryScore") >= 3),
                ("recencyScore: {eq: 5}, frequencyScore: {neq: 1}", s => s.Number("recencyScore") == 5 && s.Number("frequencyScore") != 1),
            })
            {
                var found = (await bench.AskAsync($"{{ customers(first: 1000, where: {{{where}}}) {{ nodes {{ id }} }} }}", caller)).List("nodes")
                    .Select(n => n.Text("id")!);
                Assert.Equal(kept.Where(k => counts(k.Value)).Select(k => k.Key).Order(), found.Order());
            }

            await EnumsAsync<RfmGroup>(bench, caller, kept, "rfmGroup");
            await EnumsAsync<AbcClass>(bench, caller, kept, "valueClass");
            foreach (var key in new[] { "predictedValue", "predictedValueTwoYears", "predictedValueThreeYears", "probabilityAlive", "monetaryScore" })
            {
                var ordered = (await bench.AskAsync($"{{ customers(first: 1000, order: [{{{key}: DESC}}]) {{ nodes {{ {key} }} }} }}", caller)).List("nodes")
                    .Select(n => n.Number(key)).ToList();
                Assert.Equal(kept.Values.Select(s => s.Number(key)).OrderBy(v => v is null).ThenByDescending(v => v), ordered);
            }

            var year = bench.Crm.Today.AddYears(-1);
            var table = await bench.AskAsync(
                $"{{ metrics(period: {{range: {{from: \"{year:yyyy-MM-dd}\", until: \"{bench.Crm.Today:yyyy-MM-dd}\"}}}}, groupBy: [RFM_GROUP, VALUE_CLASS]) "
                + "{ rows { rfmGroup valueClass dimensions { key } orders { value } } } }",
                caller);
            var expected = bench.Customers(caller).ToDictionary(c => NodeId(c), c => AnalysisBench.SalesOf(c)
                    .Count(o => o.Day >= year && o.Day < bench.Crm.Today)).Where(c => c.Value > 0)
                .GroupBy(c => (kept[c.Key].Text("rfmGroup"), kept[c.Key].Text("valueClass")))
                .Select(g => (g.Key.Item1, g.Key.Item2, (decimal?)g.Sum(c => c.Value)));
            var found2 = table.List("rows").Select(r => (r.Text("rfmGroup"), r.Text("valueClass"), r.GetProperty("orders").Number("value")))
                .Where(r => r.Item1 is not null && r.Item3 > 0);
            Assert.Equal(expected.Order(), found2.Order());

            var worth = await bench.AskAsync($"{{ metrics(period: {{range: {{from: \"{year:yyyy-MM-dd}\", until: \"{bench.Crm.Today:yyyy-MM-dd}\"}}}}) "
                + "{ totals { customerLifetimeValue(model: PREDICTED, horizon: 12) { value reason } } } }", caller);
            var predicted = bench.Customers(caller).Where(c => AnalysisBench.SalesOf(c).Any(o => o.Day < bench.Crm.Today))
                .Select(c => kept[NodeId(c)].Number("predictedValue")).OfType<decimal>().ToList();
            Assert.NotEmpty(predicted);
            Assert.Null(worth.GetProperty("totals").GetProperty("customerLifetimeValue").Text("reason"));
            var mean = worth.GetProperty("totals").GetProperty("customerLifetimeValue").Number("value")!.Value;
            Assert.InRange(mean - (predicted.Sum() / predicted.Count), -0.0001m, 0.0001m);
        }

        Assert.Equal("METRIC_INVALID_ARGUMENT", await bench.Client.CodeAsync(
            "{ metrics(period: {year: 2025}) { totals { customerLifetimeValue(model: PREDICTED, horizon: 13) { value } } } }", caller: Caller.System));
        Assert.Equal("AUTH_NOT_AUTHORIZED", await bench.Client.CodeAsync("{ customerScoring { asOf } }", caller: bench.Representative));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, 1), InlineData(DatabaseKind.Sqlite, 2), InlineData(DatabaseKind.Postgres, 1), InlineData(DatabaseKind.Postgres, 2)]
    public async Task After_any_changes_kept_scores_are_those_computed_from_nothing(DatabaseKind kind, int seed)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind, seed);
        var (keeper, random) = (new ScoreKeeper(bench.Database.Engine, new()), new Random(seed));
        var changes = new RandomChanges(bench.Database, random, ofScores: false);
        await keeper.RefreshAsync(refit: true, CancellationToken.None);
        for (var round = 0; round < 6; round++)
        {
            for (var i = 1 + random.Next(4); i > 0; i--)
                await changes.MakeAsync();
            if (random.Next(3) == 0)
                await KilledAsync(keeper, random);
            while (await keeper.StepAsync(CancellationToken.None))
            {
            }

            var kept = await StoredAsync(bench.Database);
            await bench.Database.ExecuteAsync("delete from customer_scores");
            await keeper.RefreshAsync(refit: false, CancellationToken.None);
            Assert.Equal(await StoredAsync(bench.Database), kept);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Scores_are_refreshed_when_something_changed_that_they_follow_from_and_when_a_day_begins(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        using var keeper = new ScoreKeeper(bench.Database.Engine, new());
        using var other = new ScoreKeeper(bench.Database.Engine, new());
        Assert.True(await keeper.StepAsync(CancellationToken.None));
        Assert.False(await other.StepAsync(CancellationToken.None));
        await bench.Database.ExecuteAsync("update products set name = 'another'");
        Assert.False(await keeper.StepAsync(CancellationToken.None));

        await bench.Database.ExecuteAsync("update orders set gross_amount = gross_amount + 1 where kind = 'SALE'");
        await bench.Database.ExecuteAsync("update customer_scoring set claimed_until = '2999-01-01T00:00:00'");
        Assert.False(await other.StepAsync(CancellationToken.None));
        await bench.Database.ExecuteAsync("update customer_scoring set claimed_until = null");
        Assert.True(await other.StepAsync(CancellationToken.None));
        Assert.False(await keeper.StepAsync(CancellationToken.None));

        // A refresh that changes nothing writes no row, so that nobody is told of it.
        var before = await ChangesAsync(bench.Database);
        await keeper.RefreshAsync(refit: false, CancellationToken.None);
        Assert.Equal(before, await ChangesAsync(bench.Database));
        bench.Database.Clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await keeper.StepAsync(CancellationToken.None));
        Assert.NotEqual(before, await ChangesAsync(bench.Database));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Without_enough_to_say_anything_the_reason_is_told(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind, sizes: new() { Customers = 8, Orders = 6 });
        const string refresh = "mutation { refreshCustomerScores(input: {refit: true}) { customerScoring { reason noLifetimeModel noClusters r clusters } } }";
        var few = (await bench.AskAsync(refresh)).GetProperty("customerScoring");
        Assert.Equal(JsonValueKind.Null, few.GetProperty("r").ValueKind);
        Assert.Contains("at least 30", few.Text("noLifetimeModel"), StringComparison.Ordinal);
        Assert.Contains("at least 10", few.Text("noClusters"), StringComparison.Ordinal);
        Assert.Null(few.Text("reason"));

        await bench.Database.ExecuteAsync("delete from exchange_rates");
        await bench.Database.ExecuteAsync("update orders set currency = 'USD' where id in (select id from orders order by id limit 1)");
        Assert.Contains("no exchange rate", (await bench.AskAsync(refresh)).GetProperty("customerScoring").Text("reason"), StringComparison.Ordinal);
        Assert.Empty(await StoredAsync(bench.Database));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_customer_who_goes_takes_the_scores_along(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        using var keeper = new ScoreKeeper(bench.Database.Engine, new());
        await keeper.RefreshAsync(refit: true, CancellationToken.None);
        var all = bench.Customers().ToList();
        var (keep, duplicate) = (NodeId(all[0]), NodeId(all[1]));
        await bench.Client.DataAsync(
            "mutation($keep: ID!, $duplicate: ID!) { mergeCustomers(input: {keep: $keep, lose: $duplicate}) { errors { __typename } } }",
            new { keep, duplicate });
        Assert.Equal(all.Count - 1, (await StoredAsync(bench.Database)).Count);
        Assert.True(await keeper.StepAsync(CancellationToken.None));
        var merged = await StoredAsync(bench.Database);
        Assert.Equal(all.Count - 1, merged.Count);

        // What a person bought stays when the person is erased, and so do the scores, which tell nothing else.
        var erased = await bench.Client.DataAsync(
            "mutation($id: ID!) { eraseCustomer(input: {id: $id}) { errors { __typename } } }", new { id = NodeId(all[2]) });
        Assert.Equal(JsonValueKind.Null, erased.GetProperty("eraseCustomer").GetProperty("errors").ValueKind);
        await keeper.StepAsync(CancellationToken.None);
        Assert.Equal(merged, await StoredAsync(bench.Database));
        await bench.Database.ExecuteAsync("delete from customer_scores");
        await keeper.RefreshAsync(refit: false, CancellationToken.None);
        Assert.Equal(merged, await StoredAsync(bench.Database));
    }

    private static string NodeId(Data.Model.Customer customer) =>
        Convert.ToBase64String([.. System.Text.Encoding.ASCII.GetBytes("Customer:"), .. customer.Id.ToByteArray(bigEndian: true)]);

    /// <summary>Groups and classes stand in the order of their declaration, page by page; who has none stands last.</summary>
    private static async Task EnumsAsync<T>(AnalysisBench bench, Caller caller, Dictionary<string, JsonElement> kept, string key) where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(SnakeCase.Upper)];
        foreach (var descending in new[] { false, true })
        {
            var (found, after) = (new List<string?>(), "");
            do
            {
                var page = await bench.AskAsync(
                    $"{{ customers(first: 9{after}, order: [{{{key}: {(descending ? "DESC" : "ASC")}}}]) "
                    + $"{{ nodes {{ {key} }} pageInfo {{ hasNextPage endCursor }} }} }}", caller);
                found.AddRange(page.List("nodes").Select(n => n.Text(key)));
                after = page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean()
                    ? $", after: \"{page.GetProperty("pageInfo").Text("endCursor")}\""
                    : "";
            }
            while (after.Length > 0);
            var places = kept.Values.Select(s => s.Text(key)).Select(n => n is null ? default(int?) : Array.IndexOf(names, n)).ToList();
            var sorted = descending ? places.OrderByDescending(p => p ?? -1) : places.OrderBy(p => p ?? int.MaxValue);
            Assert.Equal(sorted, found.Select(n => n is null ? default(int?) : Array.IndexOf(names, n)));
        }
    }

    private static async Task<Dictionary<string, JsonElement>> KeptAsync(AnalysisBench bench, Caller? caller = null) =>
        (await bench.AskAsync($"{{ customers(first: 1000) {{ nodes {{ {Fields} }} }} }}", caller)).List("nodes").ToDictionary(c => c.Text("id")!);

    private static async Task<List<string>> StoredAsync(TestDatabase database)
    {
        await using var db = database.CreateContext();
        return [.. (await db.CustomerScores.AsNoTracking().ToListAsync()).Select(s => JsonSerializer.Serialize(s)).Order(StringComparer.Ordinal)];
    }

    private static async Task<object?> ChangesAsync(TestDatabase database) =>
        (await database.QueryAsync("select max(sequence) from changes where \"table\" = 'customer_scores'"))[0][0];

    private static async Task KilledAsync(ScoreKeeper keeper, Random random)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(40)));
        try
        {
            await keeper.StepAsync(soon.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
