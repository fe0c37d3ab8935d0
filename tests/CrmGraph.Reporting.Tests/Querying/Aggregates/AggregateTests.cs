using System.Globalization;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Tests.Analyses;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying.Aggregates;

/// <summary>Counts, totals and distinct values beside lists, against LINQ over the same rows.</summary>
public sealed class AggregateTests
{
    private static readonly string?[] Channels = ["web", "shop", "Phone", null];
    private static readonly string[] Currencies = ["EUR", "USD", "JPY"];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Groups_of_orders_are_those_of_LINQ(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind, smallGroupMinimum: 0);
        (string Name, Func<Order, string?> Value)[] facets =
        [
            ("CHANNEL", o => o.Channel), ("CURRENCY", o => o.Currency), ("KIND", o => o.Kind.ToString().ToUpperInvariant()),
            ("SHIPPING_CITY", o => o.ShippingCity),
        ];
        await Fuzz.RunAsync(40, async random =>
        {
            var caller = bench.Callers[random.Next(bench.Callers.Count)];
            random.Shuffle(facets);
            var by = facets[..random.Next(1, 4)];
            var least = random.Next(0, 60);
            var rows = bench.Orders.Where(o => bench.Sees(caller, o) && o.GrossAmount >= least * 10_000).ToList();
            var query = $$"""
                { orderAggregates(where: { grossAmount: { gte: {{least}} } }) { total { ...F }
                  groups(by: [{{string.Join(' ', by.Select(f => f.Name))}}], first: 1000) { keys { value } ...F } } }
                fragment F on OrderAggregate {
                  count day { count min max } grossAmount { currency count sum min max average } costAmount { currency count sum }
                }
                """;
            var answer = (await bench.Client.DataAsync(query, null, caller)).GetProperty("orderAggregates");
            Assert.Equal(Told([], rows), Told(answer.GetProperty("total")));
            Assert.Equal(
                rows.GroupBy(o => string.Join('|', by.Select(f => f.Value(o))))
                    .Select(g => Told([.. by.Select(f => f.Value(g.First()))], [.. g])).Order(StringComparer.Ordinal),
                answer.GetProperty("groups").EnumerateArray().Select(Told).Order(StringComparer.Ordinal));
            var counts = answer.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("count").GetInt32()).ToList();
            Assert.Equal(counts.OrderDescending(), counts);
        });
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_distinct_value_is_what_the_filter_takes_and_finds_as_many_rows(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await SampleCrm.CreateAsync(database);
        await using var client = new GraphQLClient(database);
        var schema = await client.DataAsync("{ __schema { queryType { fields { name } } types { name enumValues { name } } } }");
        var checkedValues = 0;
        foreach (var list in new[] { "customer", "order", "product", "opportunity", "contract", "interaction", "ticket", "surveyResponse" })
        {
            var plural = list == "opportunity" ? "opportunities" : list + "s";
            var facets = schema.GetProperty("__schema").GetProperty("types").EnumerateArray()
                .Single(t => t.GetProperty("name").GetString() == char.ToUpperInvariant(list[0]) + list[1..] + "Facet")
                .GetProperty("enumValues").EnumerateArray().Select(v => v.GetProperty("name").GetString()!);
            foreach (var facet in facets)
            {
                var arguments = facet == "ATTRIBUTE" ? "ATTRIBUTE, attribute: \"gift\"" : facet;
                var values = (await client.DataAsync($"{{ {list}Aggregates {{ distinctValues(field: {arguments}, first: 1000) {{ value label count }} }} }}"))
                    .GetProperty($"{list}Aggregates").GetProperty("distinctValues").EnumerateArray().ToList();
                foreach (var value in values.Take(3))
                {
                    var text = value.GetProperty("value") is { ValueKind: JsonValueKind.String } given ? given.GetString()! : null;
                    Assert.NotEmpty(value.GetProperty("label").GetString()!);
                    var count = (await client.DataAsync($"{{ {plural}(where: {{ {Condition(facet, text)} }}) {{ totalCount }} }}"))
                        .GetProperty(plural).GetProperty("totalCount").GetInt32();
                    Assert.Equal((list, facet, text, value.GetProperty("count").GetInt32()), (list, facet, text, count));
                    checkedValues++;
                }
            }
        }

        Assert.True(checkedValues > 50, $"{checkedValues} values");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Small_groups_are_hidden_and_cannot_be_computed(DatabaseKind kind)
    {
        const int Minimum = 5;
        await using var bench = await Bench.CreateAsync(kind, Minimum);
        var viewer = new Caller("viewer", Role.Viewer, null, null);
        var hidden = 0;
        foreach (var by in new[] { "CHANNEL", "SHIPPING_CITY", "CHANNEL SHIPPING_CITY", "SHIPPING_CITY KIND", "CURRENCY" })
        {
            var query = $$"""
                { orderAggregates { groups(by: [{{by}}]) {
                  keys { value } count isSuppressed grossAmount { currency count sum min max } day { min } } } }
                """;
            var groups = (await bench.Client.DataAsync(query, null, viewer)).GetProperty("orderAggregates").GetProperty("groups").EnumerateArray().ToList();
            foreach (var group in groups)
            {
                var suppressed = group.GetProperty("isSuppressed").GetBoolean();
                hidden += suppressed ? 1 : 0;
                Assert.Equal(suppressed, group.GetProperty("count").ValueKind == JsonValueKind.Null);
                Assert.Equal(suppressed, group.GetProperty("grossAmount").ValueKind == JsonValueKind.Null);
                var keys = group.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("value").GetString()).ToList();
                var rows = bench.Orders.Where(o => by.Split(' ').Zip(keys).All(p => Value(o, p.First) == p.Second)).ToList();
                if (!suppressed)
                    Assert.True(rows.Select(o => o.CustomerId).Distinct().Count() >= Minimum);
                foreach (var money in suppressed ? [] : group.GetProperty("grossAmount").EnumerateArray().ToList())
                {
                    Assert.Equal(JsonValueKind.Null, money.GetProperty("min").ValueKind);
                    var people = rows.Where(o => o.Currency == money.GetProperty("currency").GetString()).Select(o => o.CustomerId).Distinct().Count();
                    Assert.True(people >= Minimum || money.GetProperty("sum").ValueKind == JsonValueKind.Null);
                }
            }

            Assert.NotEqual(1, groups.Count(g => g.GetProperty("isSuppressed").GetBoolean()));
            var shown = (await bench.Client.DataAsync(query)).GetProperty("orderAggregates").GetProperty("groups").EnumerateArray();
            Assert.All(shown, g => Assert.False(g.GetProperty("isSuppressed").GetBoolean()));
        }

        Assert.True(hidden > 0);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Choices_of_a_filter_are_searched_and_tags_are_counted_one_by_one(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind, smallGroupMinimum: 0);
        async Task<string> ValuesAsync(string arguments) => string.Join(' ', (await bench.Client.DataAsync(
            $"{{ customerAggregates {{ distinctValues({arguments}) {{ value label count }} }} }}"))
            .GetProperty("customerAggregates").GetProperty("distinctValues").EnumerateArray()
            .Select(v => $"{v.GetProperty("label")}:{v.GetProperty("count")}"));

        Assert.Equal("Köln:20 Bern:20 Berlin:20", string.Join(' ', (await ValuesAsync("field: CITY")).Split(' ').OrderDescending()));
        Assert.Equal("Köln:20", await ValuesAsync("""field: CITY, search: "KOL" """));
        Assert.Equal("Berlin:20 Bern:20", await ValuesAsync("""field: CITY, search: "ber" """));
        Assert.Equal("Berlin:20", await ValuesAsync("""field: CITY, search: "ber", first: 1"""));
        Assert.Equal("all:60 vip:30", await ValuesAsync("field: TAGS"));
        Assert.Equal("Ada:30 Grace:30", await ValuesAsync("field: OWNER_ID"));
        Assert.Equal("Marketing qualified:60", await ValuesAsync("field: LIFECYCLE_STAGE"));
        var found = await bench.Client.DataAsync("""{ customerAggregates(search: "c1", where: { city: { eq: "Bern" } }) { total { count } } }""");
        Assert.Equal(3, found.GetProperty("customerAggregates").GetProperty("total").GetProperty("count").GetInt32());
        Assert.Equal("INVALID_ARGUMENT", await CodeAsync("{ customerAggregates { groups(by: [TAGS INTERESTS]) { count } } }"));
        Assert.Equal("INVALID_ARGUMENT", await CodeAsync("{ customerAggregates { groups(by: []) { count } } }"));
        Assert.Equal("INVALID_ARGUMENT", await CodeAsync("{ customerAggregates { groups(by: [CITY], first: 1001) { count } } }"));
        await using var narrow = new GraphQLClient(bench.Database, new() { AggregateGroups = 2 });
        Assert.Equal("TOO_MANY_GROUPS", await narrow.CodeAsync("{ customerAggregates { distinctValues(field: CITY) { count } } }"));

        Task<string?> CodeAsync(string query) => bench.Client.CodeAsync(query);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Attributes_are_grouped_by_and_their_numbers_are_those_of_LINQ(DatabaseKind kind)
    {
        await using var bench = await Bench.CreateAsync(kind, smallGroupMinimum: 5);
        var random = new Random(5);
        List<CustomerAttribute> scores =
            [.. bench.Customers.Select((c, i) => new CustomerAttribute { CustomerId = c.Id, Key = "score", Value = Scores[i % Scores.Length] })];
        List<CustomerAttribute> plans =
        [
            .. bench.Customers.Where(_ => random.Next(4) > 0)
                .Select(c => new CustomerAttribute { CustomerId = c.Id, Key = "plan", Value = random.Next(2) == 0 ? "gold" : "Silver" }),
        ];
        List<CustomerAttribute> rare = [.. bench.Customers.Take(2).Select(c => new CustomerAttribute { CustomerId = c.Id, Key = "rare", Value = "7" })];
        await bench.Database.SaveAsync([.. scores, .. plans, .. rare]);

        var told = (await bench.Client.DataAsync("{ customers(first: 100) { nodes { attributes { key value number } } } }")).GetProperty("customers")
            .GetProperty("nodes").EnumerateArray().SelectMany(c => c.GetProperty("attributes").EnumerateArray()).ToList();
        Assert.Equal(scores.Count + plans.Count + rare.Count, told.Count);
        Assert.All(told, a => Assert.Equal((a.Text("value"), NumberOf(a.Text("value")!)), (a.Text("value"), a.Number("number"))));

        const string Figures = """keys { value } count attribute(key: "score") { count sum min max average }""";
        var answer = (await bench.Client.DataAsync($$"""
            {
              customerAggregates {
                total { {{Figures}} again: attribute(key: "score") { sum } }
                byTag: groups(by: [TAGS, ATTRIBUTE], attribute: "plan") { {{Figures}} }
                byPlan: groups(by: [CITY, ATTRIBUTE], attribute: "plan") { {{Figures}} }
                distinctValues(field: ATTRIBUTE, attribute: "plan") { value count }
                names: distinctValues(field: ATTRIBUTE_KEY) { value label count }
                crossed: groups(by: [ATTRIBUTE_KEY, CITY]) { keys { value } count }
              }
              customers(where: { attributes: { some: { key: { eq: "score" }, number: { gte: 5, lt: 1000.5 } } } }) { totalCount }
            }
            """)).GetProperty("customerAggregates");
        Assert.Equal(Expected([], bench.Customers), Found(answer.GetProperty("total")));
        foreach (var (field, facet) in new (string, Func<Customer, IEnumerable<string?>>)[] { ("byTag", c => c.Tags), ("byPlan", c => [c.City]) })
            Assert.Equal(
                bench.Customers.SelectMany(c => facet(c).Select(value => (Value: value, Plan: plans.Find(p => p.CustomerId == c.Id)?.Value, Customer: c)))
                    .GroupBy(c => (c.Value, c.Plan))
                    .Select(g => Expected([g.Key.Value, g.Key.Plan], [.. g.Select(c => c.Customer)])).Order(StringComparer.Ordinal),
                answer.GetProperty(field).EnumerateArray().Select(Found).Order(StringComparer.Ordinal));
        Assert.Equal(
            plans.GroupBy(p => p.Value).Select(g => $"{g.Key} {g.Count()}").Append($" {60 - plans.Count}").Order(StringComparer.Ordinal),
            answer.GetProperty("distinctValues").EnumerateArray().Select(v => $"{v.Text("value")} {v.Number("count")}").Order(StringComparer.Ordinal));
        List<CustomerAttribute> all = [.. scores, .. plans, .. rare];
        Assert.Equal(
            all.GroupBy(a => a.Key).Select(g => $"{g.Key} {g.Key} {g.Count()}").Order(StringComparer.Ordinal),
            answer.GetProperty("names").EnumerateArray().Select(v => $"{v.Text("value")} {v.Text("label")} {v.Number("count")}").Order(StringComparer.Ordinal));
        Assert.Equal(
            all.GroupBy(a => (a.Key, bench.Customers.Single(c => c.Id == a.CustomerId).City)).Select(g => $"{g.Key.Key}|{g.Key.City} {g.Count()}")
                .Order(StringComparer.Ordinal),
            answer.GetProperty("crossed").EnumerateArray()
                .Select(g => $"{string.Join('|', g.GetProperty("keys").EnumerateArray().Select(k => k.Text("value")))} {g.Number("count")}")
                .Order(StringComparer.Ordinal));
        var found = await bench.Client.DataAsync(
            """{ customers(where: { attributes: { some: { key: { eq: "score" }, number: { gte: 5, lt: 1000.5 } } } }) { totalCount } }""");
        Assert.Equal(scores.Count(s => NumberOf(s.Value) is >= 5 and < 1000.5m), found.GetProperty("customers").GetProperty("totalCount").GetInt32());

        var seen = (await bench.Client.DataAsync(
            """{ customerAggregates { total { count rare: attribute(key: "rare") { sum } score: attribute(key: "score") { count min } } } }""", null,
            new Caller("viewer", Role.Viewer, null, null))).GetProperty("customerAggregates").GetProperty("total");
        Assert.Equal((60, JsonValueKind.Null), (seen.GetProperty("count").GetInt32(), seen.GetProperty("rare").ValueKind));
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("score").GetProperty("min").ValueKind);
        foreach (var wrong in new[]
        {
            "groups(by: [ATTRIBUTE]) { count }", "groups(by: [ATTRIBUTE_KEY, TAGS]) { count }",
            "groups(by: [CITY], attribute: \"plan\") { count }", "distinctValues(field: ATTRIBUTE) { count }",
            "total { attribute(key: \"plan\") { sum } }",
            $"total {{ {string.Join(' ', Enumerable.Range(0, 11).Select(i => $"a{i}: attribute(key: \"{i}\") {{ sum }}"))} }}",
        })
            Assert.Equal("INVALID_ARGUMENT", await bench.Client.CodeAsync($"{{ customerAggregates {{ {wrong} }} }}"));

        string Expected(string?[] keys, List<Customer> rows)
        {
            var numbers = rows.Select(c => NumberOf(scores.Single(s => s.CustomerId == c.Id).Value)).OfType<decimal>().ToList();
            return FormattableString.Invariant($"{string.Join('|', keys)} {rows.Count} {numbers.Count} {numbers.Sum():0.####} ")
                + FormattableString.Invariant($"{numbers.Min():0.####} {numbers.Max():0.####} {decimal.Round(numbers.Average(), 12):0.############}");
        }

        static string Found(JsonElement group)
        {
            var (keys, figure) = (group.GetProperty("keys").EnumerateArray().Select(k => k.Text("value")), group.GetProperty("attribute"));
            return $"{string.Join('|', keys)} {group.GetProperty("count")} "
                + string.Join(' ', new[] { "count", "sum", "min", "max", "average" }.Select(f => Number(figure, f)));
        }
    }

    private static readonly string[] Scores =
    [
        "12", "12.5", "-3", " 7", "1e3", "abc", "", "1e400", "99999999999999", "999999999999999", ".5", "5.", "1.00005", "-1.00005", "2.5E-1", "12  ", "--1",
        "1.2.3", "0012", "\uFF11\uFF12", "NaN", "1_000", "12%", "1,000", "0.00004", "0.00005", "-0", "1e", "-", ".", "+8", "0x10", "3e+02", "7e05", "1e14",
        "1e13", "12345678901234567e-2", "00000000000000000000000000000000000000001",
    ];

    /// <summary>What docs/using.md says of numbers.</summary>
    private static decimal? NumberOf(string text)
    {
        var (trimmed, exponent) = (text.Trim(' '), text.IndexOfAny(['e', 'E']));
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (text.Length > 40 || !decimal.TryParse(trimmed, Styles, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) >= 100_000_000_000_000)
            return null;
        if (exponent < 0 ? trimmed.TrimStart('+', '-').Split('.')[0].Length > 14 : trimmed.TrimStart('+', '-').IndexOfAny(['e', 'E']) > 16)
            return null;
        return Math.Round(number, 4, MidpointRounding.AwayFromZero);
    }

    private static string Condition(string facet, string? value)
    {
        if (facet == "ATTRIBUTE_KEY")
            return $"attributes: {{ some: {{ key: {{ eq: {JsonSerializer.Serialize(value)} }} }} }}";
        if (facet == "ATTRIBUTE")
            return value is null
                ? "attributes: { none: { key: { eq: \"gift\" } } }"
                : $"attributes: {{ some: {{ key: {{ eq: \"gift\" }}, value: {{ eq: {JsonSerializer.Serialize(value)} }} }} }}";
        var words = facet.Split('_');
        var field = words[0].ToLowerInvariant() + string.Concat(words.Skip(1).Select(w => w[0] + w[1..].ToLowerInvariant()));
        if (facet is "TAGS" or "INTERESTS")
            return $"{field}: {{ some: {{ eq: {JsonSerializer.Serialize(value)} }} }}";
        var isEnum = facet is "KIND" or "STATUS" or "GENDER" or "LIFECYCLE_STAGE" or "PRIORITY";
        return $"{field}: {{ eq: {(value is not null && isEnum ? value : JsonSerializer.Serialize(value))} }}";
    }

    private static string? Value(Order order, string facet) => facet switch
    {
        "CHANNEL" => order.Channel,
        "CURRENCY" => order.Currency,
        "KIND" => order.Kind.ToString().ToUpperInvariant(),
        _ => order.ShippingCity,
    };

    private static string Told(string?[] keys, List<Order> rows)
    {
        var money = rows.GroupBy(o => o.Currency).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var gross = money.Select(g => g.Select(o => o.GrossAmount).ToList() is var all
            ? FormattableString.Invariant($"{g.Key} {all.Count} {Amount(all.Sum())} {Amount(all.Min())} {Amount(all.Max())} {Average(all)}")
            : "");
        var cost = money.Select(g => FormattableString.Invariant($"{g.Key} {g.Count(o => o.CostAmount != null)} {Amount(g.Sum(o => o.CostAmount ?? 0))}"));
        var days = rows.Count == 0 ? "" : FormattableString.Invariant($"{rows.Count} {rows.Min(o => o.Day):yyyy-MM-dd} {rows.Max(o => o.Day):yyyy-MM-dd}");
        return $"{string.Join('|', keys)} {rows.Count} {days} {string.Join(',', gross)} {string.Join(',', cost)}";
    }

    private static string Told(JsonElement group)
    {
        var keys = group.TryGetProperty("keys", out var given) ? given.EnumerateArray().Select(k => k.GetProperty("value").GetString()) : [];
        if (group.GetProperty("count").GetInt32() == 0)
            return $"{string.Join('|', keys)} 0   ";
        var gross = group.GetProperty("grossAmount").EnumerateArray().Select(m => FormattableString.Invariant(
            $"{m.GetProperty("currency")} {m.GetProperty("count")} {Number(m, "sum")} {Number(m, "min")} {Number(m, "max")} {Number(m, "average")}"));
        var cost = group.GetProperty("costAmount").EnumerateArray().Select(m => FormattableString.Invariant(
            $"{m.GetProperty("currency")} {m.GetProperty("count")} {Number(m, "sum")}"));
        var day = group.GetProperty("day");
        return $"{string.Join('|', keys)} {group.GetProperty("count")} {day.GetProperty("count")} {day.GetProperty("min")} {day.GetProperty("max")} "
            + $"{string.Join(',', gross)} {string.Join(',', cost)}";
    }

    private static string Number(JsonElement of, string name) =>
        of.GetProperty(name).GetDecimal().ToString("0.############", CultureInfo.InvariantCulture);

    private static string Amount(long stored) => (stored / 10_000m).ToString("0.############", CultureInfo.InvariantCulture);

    private static string Average(IEnumerable<long> stored) =>
        decimal.Round(stored.Average(a => (decimal)a) / 10_000m, 12).ToString("0.############", CultureInfo.InvariantCulture);

    private sealed class Bench(
        TestDatabase database, GraphQLClient client, List<Customer> customers, List<Order> orders, List<Caller> callers) : IAsyncDisposable
    {
        public TestDatabase Database => database;
        public GraphQLClient Client => client;
        public List<Order> Orders => orders;
        public List<Customer> Customers => customers;
        public List<Caller> Callers => callers;

        public bool Sees(Caller caller, Order order) => caller.SeesAll
            || caller.Owners!.Contains(customers.Single(c => c.Id == order.CustomerId).OwnerId!.Value);

        public static async Task<Bench> CreateAsync(DatabaseKind kind, int smallGroupMinimum)
        {
            var random = new Random(11);
            var database = await TestDatabase.CreateAsync(kind);
            TeamMember[] members = [new() { Id = Guid.CreateVersion7(), Name = "Ada" }, new() { Id = Guid.CreateVersion7(), Name = "Grace" }];
            List<Customer> customers = [.. Enumerable.Range(0, 60).Select(i => new Customer
            {
                Id = Guid.CreateVersion7(), Name = $"c{i}", OwnerId = members[i % 2].Id, City = new[] { "Köln", "Berlin", "Bern" }[i % 3],
                Tags = i % 2 == 0 ? ["vip", "all"] : ["all"], LifecycleStage = LifecycleStage.MarketingQualified,
            })];
            List<Order> orders = [.. Enumerable.Range(0, 250).Select(i => new Order
            {
                Id = Guid.CreateVersion7(), CustomerId = customers[random.Next(60)].Id,
                Currency = Currencies[random.Next(10) switch { < 7 => 0, < 9 => 1, _ => 2 }],
                Channel = Channels[random.Next(4)], Kind = random.Next(5) == 0 ? OrderKind.Return : OrderKind.Sale,
                Day = new(2026, 1, 1 + random.Next(28)), Hour = 12,
                ShippingCity = random.Next(8) == 0 ? $"town{random.Next(9)}" : random.Next(2) == 0 ? "Berlin" : null,
                GrossAmount = random.Next(1_000_000), CostAmount = random.Next(2) == 0 ? null : random.Next(500_000),
            })];
            orders.ForEach(o => o.OrderedAt = o.Day.ToDateTime(new(12, 0), DateTimeKind.Utc));
            await database.SaveAsync([.. members, .. customers, .. orders]);
            await database.ExecuteAsync($"update settings set small_group_minimum = {smallGroupMinimum}");
            return new(database, new(database), customers, orders, [Caller.System, new("rep", Role.Representative, members[0].Id, [members[0].Id])]);
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
