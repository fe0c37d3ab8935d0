using System.Globalization;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Segments;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>Lists, filters, segments and exports by money against what metrics say of each customer, over mixtures of currencies and rates.</summary>
public sealed class MoneyListTests
{
    private const int Cases = 25;
    private static readonly string[] Currencies = ["EUR", "USD", "GBP", "JPY"];
    private static readonly DateOnly First = new(2025, 6, 1);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Customers_are_ordered_and_found_by_the_money_that_metrics_show_or_it_is_refused(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind);
        await Fuzz.RunAsync(Cases, async random =>
        {
            await bench.FillAsync(random);
            foreach (var caller in bench.Callers)
            {
                await CheckAsync(bench, caller, null, random.Next(1, 120));
                var from = First.AddDays(random.Next(0, 10));
                await CheckAsync(bench, caller, (from, from.AddDays(random.Next(1, 25))), random.Next(1, 60));
            }
        });
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_refusal_names_the_currency_and_says_nothing_of_customers_whom_the_caller_cannot_see(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind);
        await bench.WriteAsync([(0, "EUR", 5, 10), (0, "USD", 6, 20), (1, "JPY", 7, 900)], [("USD", 6, 0.9m)]);

        Assert.Equal(["A"], await bench.NamesAsync("where: { moneySpent: { amount: { gte: 28 } } }, order: [{ moneySpent: DESC }]", bench.Callers[1]));
        var refused = (await bench.Client.SendAsync("{ customers(order: [{ moneySpent: DESC }]) { nodes { id } } }")).GetProperty("errors")[0];
        Assert.Equal("MIXED_CURRENCY", refused.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains("JPY", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("USD", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        // A rate that came after the money.
        await bench.WriteAsync([(0, "EUR", 5, 10), (1, "JPY", 7, 900)], [("JPY", 8, 0.006m)]);
        refused = (await bench.Client.SendAsync("{ customers(order: [{ moneySpent: DESC }]) { nodes { id } } }")).GetProperty("errors")[0];
        Assert.Contains("before 2025-06-09", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["A"], await bench.NamesAsync("""where: { moneySpent: { currency: "EUR", amount: { gte: 1 } } }""", Caller.System));
    }

    private static async Task CheckAsync(Bench bench, Caller caller, (DateOnly From, DateOnly Until)? period, int threshold)
    {
        var (expected, refused) = await bench.ExpectedAsync(caller, period);
        string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var condition = period is var (from, until)
            ? $$"""spentIn: { period: { range: { from: "{{Text(from)}}", until: "{{Text(until)}}" } }, amount: { gte: {{threshold}} } }"""
            : $$"""moneySpent: { amount: { gte: {{threshold}} } }""";
        var order = period is var (first, end)
            ? $$"""{ spentIn: { period: { range: { from: "{{Text(first)}}", before: "{{Text(end)}}" } }, direction: DESC } }"""
            : "{ moneySpent: DESC }";
        var list = $"{{ customers(where: {{ {condition} }}) {{ nodes {{ name }} }} }}";
        var store = $$"""mutation { updateSegment(input: { id: "{{bench.Segment}}", definition: { {{condition}} } }) { segment { memberCount members """
            + $$"""{ nodes { name } } } errors { ... on Error { code } } } }""";
        if (refused)
        {
            Assert.Equal("MIXED_CURRENCY", await bench.Client.CodeAsync(list, null, caller));
            Assert.Equal("MIXED_CURRENCY", await bench.Client.CodeAsync($"{{ customers(order: [{order}]) {{ nodes {{ name }} }} }}", null, caller));
            return;
        }

        var found = expected.Where(e => e.Value >= threshold).Select(e => e.Key).Order().ToList();
        Assert.Equal(found, await bench.NamesAsync($"where: {{ {condition} }}", caller));
        if (caller == Caller.System)
        {
            var segment = (await bench.Client.DataAsync(store)).GetProperty("updateSegment").GetProperty("segment");
            Assert.Equal(found, segment.GetProperty("members").GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("name").GetString()!).Order());
            Assert.Equal(found.Count, segment.GetProperty("memberCount").GetInt32());
            Assert.Equal(found, await bench.ExportedAsync());
            var preview = await bench.Client.DataAsync($"{{ segmentPreview(definition: {{ {condition} }}) {{ count sample(first: 10) {{ name }} }} }}");
            Assert.Equal(found.Count, preview.GetProperty("segmentPreview").GetProperty("count").GetInt32());
            Assert.Equal(
                found,
                preview.GetProperty("segmentPreview").GetProperty("sample").EnumerateArray().Select(n => n.GetProperty("name").GetString()!).Order());
        }

        AssertOrdered(expected, await bench.PagedAsync(order, caller));
    }

    private static void AssertOrdered(Dictionary<string, decimal> expected, List<string> names)
    {
        Assert.Equal(expected.Keys.Order(), names.Order());
        Assert.All(names.Zip(names.Skip(1)), pair => Assert.True(
            expected[pair.First] >= expected[pair.Second] - 0.0002m,
            $"{pair.First} {expected[pair.First]} before {pair.Second} {expected[pair.Second]}"));
    }

    private sealed class Bench(
        TestDatabase database,
        GraphQLClient client,
        IReadOnlyList<Customer> customers,
        IReadOnlyList<Caller> callers,
        string segment) : IAsyncDisposable
    {
        private List<(int Customer, string Currency, int Day, decimal Amount)> _money = [];

        public GraphQLClient Client => client;
        public IReadOnlyList<Caller> Callers => callers;
        public string Segment => segment;

        public static async Task<Bench> CreateAsync(DatabaseKind kind)
        {
            var database = await TestDatabase.CreateAsync(kind);
            var owners = new[] { Guid.CreateVersion7(), Guid.CreateVersion7() };
            List<Customer> customers = [.. Enumerable.Range(0, 6).Select(i => new Customer {
                Id = Guid.CreateVersion7(),
                Name = $"{(char)('A' + i)}",
                OwnerId = owners[i % 2],
                CreatedAt = First.ToDateTime(default, DateTimeKind.Utc),
                Day = First })];
            await using (var context = database.CreateContext())
            {
                context.AddRange(owners.Select(o => new TeamMember { Id = o, Name = "m" }));
                context.AddRange(customers);
                await context.SaveChangesAsync();
            }

            var client = new GraphQLClient(database);
            var segment = (await client.DataAsync(
                """mutation { createSegment(input: { key: "rich", name: "Rich", definition: { orderCount: { gte: 1 } } }) { segment { id } } }"""))
                    .GetProperty("createSegment").GetProperty("segment").GetProperty("id").GetString()!;
            return new(database, client, customers, [Caller.System, new Caller("r", Role.Representative, owners[0], [owners[0]])], segment);
        }

        public async Task FillAsync(Random random)
        {
            var used = Currencies.Take(random.Next(1, 5)).OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToArray();
            await WriteAsync(
                [.. Enumerable.Range(0, random.Next(1, 18))
                    .Select(_ => (random.Next(6), used[random.Next(used.Length)], random.Next(0, 30), random.Next(1, 20_000) / 100m))],
                [.. Currencies.Skip(1).Where(_ => random.Next(4) > 0).SelectMany(c => Enumerable.Range(0, random.Next(1, 4))
                    .Select(_ => random.Next(-10, random.Next(4) == 0 ? 15 : 0))
                    .Distinct()
                    .Select(d => (c, d, random.Next(1, 200_000) / 100_000m)))]);
        }

        public async Task WriteAsync(List<(int Customer, string Currency, int Day, decimal Amount)> money, List<(string Currency, int Day, decimal Rate)> rates)
        {
            _money = money;
            await using var context = database.CreateContext();
            await context.Orders.ExecuteDeleteAsync();
            await context.ExchangeRates.ExecuteDeleteAsync();
            context.AddRange(money.Select(m => new Order
            {
                CustomerId = customers[m.Customer].Id, Id = Guid.CreateVersion7(), OrderedAt = First.AddDays(m.Day)
                    .ToDateTime(new(12, 0), DateTimeKind.Utc), Day = First.AddDays(m.Day), Hour = 12,
                Currency = m.Currency, GrossAmount = (long)(m.Amount * 10_000),
            }));
            context.AddRange(rates.Select(r => new ExchangeRate { Currency = r.Currency, Day = First.AddDays(r.Day), Rate = (long)(r.Rate * 100_000_000) }));
            await context.SaveChangesAsync();
        }

        /// <summary>What metrics say of every customer whom the caller sees, in the reporting currency or the only one; or that they cannot.</summary>
        public async Task<(Dictionary<string, decimal> Money, bool Refused)> ExpectedAsync(Caller caller, (DateOnly From, DateOnly Until)? period)
        {
            var (from, until) = period ?? (First, First.AddDays(40));
            var seen = customers.Where(caller.Sees).ToList();
            var there = _money.Where(m => seen.Contains(customers[m.Customer]) && First.AddDays(m.Day) >= from && First.AddDays(m.Day) < until)
                .Select(m => m.Currency)
                .Distinct()
                .ToList();
            foreach (var currency in there.Count == 1 ? ["EUR", there[0]] : new[] { "EUR" })
            {
                var asked = string.Join(' ', seen.Select(c =>
                    $$"""{{c.Name}}: metrics(period: { range: { from: "{{from:yyyy-MM-dd}}", until: "{{until:yyyy-MM-dd}}" } }, currency: "{{currency}}","""
                    + $$""" where: { customer: { name: { eq: "{{c.Name}}" } } }) { totals { revenue { value reason } } }"""));
                var data = await client.DataAsync($"{{ {asked} }}", null, caller);
                var values = seen.ToDictionary(c => c.Name, c => data.GetProperty(c.Name).GetProperty("totals").GetProperty("revenue"));
                if (values.Values.All(v => v.GetProperty("reason").ValueKind == JsonValueKind.Null || v.GetProperty("reason").GetString() != "MIXED_CURRENCY"))
                    return (values.ToDictionary(
                        v => v.Key,
                        v => v.Value.GetProperty("value") is { ValueKind: JsonValueKind.Number } n ? n.GetDecimal() : 0), false);
            }

            return ([], true);
        }

        public async Task<List<string>> NamesAsync(string arguments, Caller caller) =>
            [.. (await client.DataAsync($"{{ customers({arguments}) {{ nodes {{ name }} }} }}", null, caller)).GetProperty("customers").GetProperty("nodes")
                .EnumerateArray()
                .Select(n => n.GetProperty("name").GetString()!)
                .Order()];

        public async Task<List<string>> PagedAsync(string order, Caller caller)
        {
            List<string> names = [];
            string? after = null;
            do
            {
                var page = (await client.DataAsync($"query ($after: String) {{ customers(first: 2, after: $after, order: [{order}]) {{ nodes "
                    + "{ name } pageInfo { hasNextPage endCursor } } }", new { after }, caller)).GetProperty("customers");
                names.AddRange(page.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("name").GetString()!));
                after = page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean()
                    ? page.GetProperty("pageInfo").GetProperty("endCursor").GetString()
                    : null;
            }
            while (after is not null);
            return names;
        }

        public async Task<List<string>> ExportedAsync()
        {
            await using var scope = client.Services.CreateAsyncScope();
            List<string> names = [];
            await foreach (var customer in (await scope.ServiceProvider.GetRequiredService<SegmentMembers>()
                .OpenAsync("rich", [], Caller.System, CancellationToken.None))!)
                names.Add(customer.Name);
            return [.. names.Order()];
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
