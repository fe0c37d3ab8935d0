using System.Text.Json;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.TestKit;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.TestKit;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying;

public sealed class EntityGraphTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_page_of_customers_with_their_orders_lines_and_products_takes_the_same_number_of_statements_whatever_its_size(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 21);
        await using var graph = new GraphRun(database);
        const string Query = """
            query($n: Int!) { customers(first: $n, where: {orderCount: {gte: 1}}, order: [{name: ASC}]) { totalCount nodes { id name owner { name }
              moneySpent { currency amount } tags attributes { key value }
              orders(first: 5, where: {cancelledAt: {eq: null}}) { totalCount pageInfo { hasNextPage } nodes { id orderedAt grossAmount currency
                lines(first: 20) { nodes { amount product { name } } } } } } } }
            """;
        List<int> statements = [];
        foreach (var n in new[] { 2, 1_000 })
        {
            using var log = new StatementLog(database);
            var customers = (await graph.DataAsync(Query, variables: new { n })).GetProperty("customers");
            statements.Add(log.Statements.Count);

            var expected = crm.Customers.Where(c => !c.IsGuest && c.Figures!.OrderCount >= 1)
                .OrderBy(c => FoldedText.Fold(c.Name), StringComparer.Ordinal).ThenBy(c => c.Id).ToList();
            Assert.Equal(expected.Count, customers.GetProperty("totalCount").GetInt32());
            var nodes = customers.GetProperty("nodes").EnumerateArray().ToList();
            Assert.Equal(expected.Take(n).Select(c => c.Name), nodes.Select(c => c.GetProperty("name").GetString()));
            foreach (var (customer, node) in expected.Zip(nodes))
                Check(customer, node);
        }

        Assert.Equal(statements[0], statements[1]);
        Assert.InRange(statements[0], 5, 12);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_representative_sees_in_every_list_count_and_node_what_an_administrator_sees_of_his_customers(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 22);
        await using var graph = new GraphRun(database);
        var owners = crm.Customers.Where(c => !c.IsGuest && c.OwnerId is not null).Select(c => c.OwnerId!.Value).GroupBy(o => o)
            .OrderByDescending(g => g.Count())
            .Select(g => g.Key)
            .ToList();
        Caller[] callers =
        [
            new("rep", Role.Representative, owners[0], [owners[0]]),
            new("manager", Role.Manager, owners[0], [.. owners.Take(2).Order()]),
            new("new", Role.Representative, Guid.NewGuid(), []),
            new("analyst", Role.Analyst, null, null),
        ];
        var seen = crm.Customers.ToDictionary(c => c.Id);
        foreach (var caller in callers)
        {
            bool Sees(Guid customer) => caller.Owners is null || (!seen[customer].IsGuest && seen[customer].OwnerId is { } o && caller.Owners.Contains(o));
            (string List, IEnumerable<(Guid Customer, Guid Id)> All)[] lists =
            [
                ("orders", crm.Orders.Select(x => (x.CustomerId, x.Id))),
                ("interactions", crm.Interactions.Select(x => (x.CustomerId, x.Id))),
                ("tickets", crm.Tickets.Select(x => (x.CustomerId, x.Id))),
                ("surveyResponses", crm.SurveyResponses.Select(x => (x.CustomerId, x.Id))),
                ("opportunities", crm.Opportunities.Select(x => (x.CustomerId, x.Id))),
                ("contracts", crm.Contracts.Select(x => (x.CustomerId, x.Id))),
            ];
            foreach (var (list, all) in lists)
            {
                var rows = all.ToList();
                await Compare(
                    graph,
                    caller,
                    list,
                    rows.Where(r => Sees(r.Customer)).Select(r => r.Id).ToList(),
                    rows.Select(r => (object)r).ToList(),
                    id => Fact(list, rows, id),
                    rows.Where(r => !Sees(r.Customer)).Select(r => r.Id).ToList());
            }

            var customers = crm.Customers.Where(c => !c.IsGuest && Sees(c.Id)).Select(c => c.Id).ToList();
            var data = (await graph.DataAsync("{ customers(first: 1000) { totalCount nodes { id ownerId orders { totalCount } } } }", caller)).GetProperty(
                "customers");
            Assert.Equal(customers.Count, data.GetProperty("totalCount").GetInt32());
            Assert.Equal(customers.Select(Id).Order(), data.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("id").GetString()).Order());
            var hidden = crm.Customers.Where(c => !customers.Contains(c.Id)).Select(c => Id(c.Id)).ToList();
            var nodes = (await graph.DataAsync("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", caller, new { ids = hidden })).GetProperty("nodes");
            Assert.All(nodes.EnumerateArray(), n => Assert.Equal(JsonValueKind.Null, n.ValueKind));
            foreach (var id in hidden.Take(2))
                Assert.Equal(
                    JsonValueKind.Null,
                    (await graph.DataAsync("query($id: ID!) { customer(id: $id) { id } }", caller, new { id })).GetProperty("customer").ValueKind);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_fact_without_a_customer_fulfils_no_condition_on_one_and_comes_last_in_an_order_by_one(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 25);
        await using var graph = new GraphRun(database);
        var known = crm.Orders.Count(o => !o.Customer!.IsGuest);
        Assert.InRange(known, 1, crm.Orders.Count - 1);
        async Task<int> CountAsync(string where) =>
            (await graph.DataAsync($"{{ orders(where: {{{where}}}, first: 0) {{ totalCount }} }}")).GetProperty("orders").GetProperty("totalCount").GetInt32();

        foreach (var always in new[] {
            "",
            "name: {neq: \"x\"}",
            "not: {name: {eq: \"x\"}}",
            "kind: {neq: null}",
            "orderCount: {gte: 0}",
            "tickets: {none: {subject: {eq: \"x\"}}}",
            "tags: {none: {eq: \"x\"}}" })
        {
            Assert.Equal(known, await CountAsync($"customer: {{{always}}}"));
            Assert.Equal(crm.Orders.Count - known, await CountAsync($"not: {{customer: {{{always}}}}}"));
        }

        foreach (var key in new[] { "name: ASC", "name: DESC", "kind: ASC", "lifecycleStage: DESC", "orderCount: ASC", "createdAt: ASC" })
        {
            var nodes = new List<JsonElement>();
            for (
                var page = default(JsonElement);
                page.ValueKind == JsonValueKind.Undefined || page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean();
                nodes.AddRange(page.GetProperty("nodes").EnumerateArray()))
                page = (await graph.DataAsync($"query($after: String) {{ orders(first: 100, after: $after, order: [{{customer: {{{key}}}}}]) {{ nodes {{ id "
                    + $"customer {{ id }} }} pageInfo {{ hasNextPage endCursor }} }} }}",
                    variables: new
                    {
                        after = page.ValueKind == JsonValueKind.Undefined
                        ? null
                        : page.GetProperty("pageInfo").GetProperty("endCursor").GetString()
                    })).GetProperty("orders");
            Assert.Equal(crm.Orders.Count, nodes.Select(n => n.GetProperty("id").GetString()).Distinct().Count());
            Assert.All(nodes.Take(known), n => Assert.Equal(JsonValueKind.Object, n.GetProperty("customer").ValueKind));
            Assert.All(nodes.Skip(known), n => Assert.Equal(JsonValueKind.Null, n.GetProperty("customer").ValueKind));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_list_answers_and_every_node_is_found_by_its_id(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await SampleCrm.CreateAsync(database, seed: 23);
        await using var graph = new GraphRun(database);
        foreach (var list in new[] {
            "customers",
            "orders",
            "products",
            "interactions",
            "tickets",
            "surveyResponses",
            "opportunities",
            "contracts",
            "campaigns",
            "teamMembers",
            "salesTeams" })
        {
            var page = (await graph.DataAsync(
                $"{{ {list}(last: 3) {{ totalCount pageInfo {{ hasPreviousPage startCursor }} edges {{ cursor node {{ __typename id }} }} }} }}"))
                    .GetProperty(list);
            var nodes = page.GetProperty("edges").EnumerateArray().Select(e => e.GetProperty("node")).ToList();
            Assert.NotEmpty(nodes);
            var ids = nodes.ConvertAll(n => n.GetProperty("id").GetString());
            var again = (await graph.DataAsync("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", variables: new { ids })).GetProperty("nodes");
            Assert.Equal(nodes.Select(n => n.GetRawText()), again.EnumerateArray().Select(n => n.GetRawText()));
        }

        Assert.NotEqual(0, (await graph.DataAsync(
            "{ exchangeRates(where: {rate: {gt: 0.5}}, order: [{currency: ASC}]) { totalCount nodes { currency day rate } } }")).GetProperty("exchangeRates")
                .GetProperty("totalCount").GetInt32());
        Assert.Equal(
            "ADMINISTRATOR",
            (await graph.DataAsync("{ viewer { name role teamMember { name } } }")).GetProperty("viewer").GetProperty("role").GetString());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_fact_is_found_by_the_id_of_former_versions_which_held_its_customer(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 24);
        await using var graph = new GraphRun(database);
        var order = crm.Orders.First(o => !o.Customer!.IsGuest);
        var old = Global("Order", crm.Customers.First(c => c.Id != order.CustomerId).Id, order.Id);

        var found = (await graph.DataAsync("query($id: ID!) { node(id: $id) { ... on Order { id number } } }", variables: new { id = old })).GetProperty(
            "node");

        Assert.Equal(Global("Order", order.Id), found.GetProperty("id").GetString());
    }

    private static readonly string[] Mistakes =
    [
        "{ customers(first: -1) { nodes { id } } }",
        "{ customers(first: 1001) { nodes { id } } }",
        "{ customers(first: 1, last: 1) { nodes { id } } }",
        "{ customers(after: \"nonsense\") { nodes { id } } }",
        "{ customers(where: {name: null}) { nodes { id } } }",
        "{ customers(where: {name: {contains: null}}) { nodes { id } } }",
        "{ customers(where: {or: []}) { nodes { id } } }",
        "{ customers(where: {ownerId: {eq: \"nonsense\"}}) { nodes { id } } }",
        "{ customers(order: [{name: ASC, email: ASC}]) { nodes { id } } }",
        "{ customers(order: [{}]) { nodes { id } } }",
        "{ customers(order: [{name: null}]) { nodes { id } } }",
        "{ customers(where: {createdAt: {inLast: {count: 0, unit: DAY}}}) { nodes { id } } }",
        "{ customers(where: {not: {not: {not: {not: {not: {not: {not: {not: {not: {not: {not: {}}}}}}}}}}}}) { nodes { id } } }",
    ];

    [Fact]
    public async Task A_mistake_in_a_list_field_has_a_code()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        await using var graph = new GraphRun(database);

        var answers = new StringBuilder();
        foreach (var query in Mistakes)
            answers.Append(Transcript.Of(query, await graph.AnswerAsync(query)));

        Snapshot.Match(answers.ToString());
    }

    [Fact]
    public void A_customer_filter_is_the_same_after_it_was_written_and_read()
    {
        var type = (InputObjectType)CrmSchema.Builder().Build().Type("CustomerFilterInput")!;
        const string Json = """{"or":[{"name":{"contains":"张"}},{"not":{"ordersIn":{"period":{"last":{"count":3,"unit":"MONTH","complete":true}},"count":"""
            + """{"gte":2}}}}],"kind":{"in":["PERSON"]},"moneySpent":{"amount":{"gt":12.5}},"birthDate":{"lt":"2000-01-31"}}""";

        var written = FilterJson.Write(FilterJson.Read(Json, type));

        Assert.Equal(JsonSerializer.Serialize(JsonDocument.Parse(written)).Length, JsonSerializer.Serialize(JsonDocument.Parse(Json)).Length);
        Assert.Equal(written, FilterJson.Write(FilterJson.Read(written, type)));
    }

    private static void Check(Customer customer, JsonElement node)
    {
        Assert.Equal(
            customer.Owner?.Name,
            node.GetProperty("owner") is { ValueKind: JsonValueKind.Object } owner ? owner.GetProperty("name").GetString() : null);
        Assert.Equal(
            customer.Money.OrderBy(m => m.Currency, StringComparer.Ordinal).Select(m => (m.Currency, (m.GrossAmount - m.ReturnedAmount) / 10_000m)),
            node.GetProperty("moneySpent").EnumerateArray().Select(m => (m.GetProperty("currency").GetString()!, m.GetProperty("amount").GetDecimal())));
        var orders = customer.Orders.Where(o => o.CancelledAt is null).OrderByDescending(o => o.OrderedAt).ThenByDescending(o => o.Id).ToList();
        var page = node.GetProperty("orders");
        Assert.Equal(orders.Count, page.GetProperty("totalCount").GetInt32());
        Assert.Equal(orders.Count > 5, page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean());
        foreach (var (order, found) in orders.Take(5).Zip(page.GetProperty("nodes").EnumerateArray()))
        {
            Assert.Equal(order.GrossAmount / 10_000m, found.GetProperty("grossAmount").GetDecimal());
            Assert.Equal(
                order.Lines.OrderBy(l => l.Id).Take(20).Select(l => (l.Amount / 10_000m, l.Product?.Name)),
                found.GetProperty("lines").GetProperty("nodes").EnumerateArray().Select(l => (
                    l.GetProperty("amount").GetDecimal(),
                    l.GetProperty("product") is { ValueKind: JsonValueKind.Object } p ? p.GetProperty("name").GetString() : null)));
        }
    }

    private static async Task Compare(
        GraphRun graph,
        Caller caller,
        string list,
        List<Guid> visible,
        List<object> all,
        Func<Guid, string> globalId,
        List<Guid> hidden)
    {
        Assert.NotEmpty(all);
        var page = (await graph.DataAsync($"{{ {list}(first: 1000) {{ totalCount nodes {{ id customer {{ id }} }} }} }}", caller)).GetProperty(list);
        Assert.Equal((list, visible.Count), (list, page.GetProperty("totalCount").GetInt32()));
        Assert.Equal(visible.Select(globalId).Order(), page.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("id").GetString()).Order());
        if (hidden.Count == 0)
            return;
        var ids = hidden.Take(500).Select(globalId).ToList();
        var nodes = (await graph.DataAsync("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", caller, new { ids })).GetProperty("nodes");
        Assert.All(nodes.EnumerateArray(), n => Assert.Equal(JsonValueKind.Null, n.ValueKind));
    }

    private static string Fact(string list, List<(Guid Customer, Guid Id)> rows, Guid id)
    {
        var type = list switch { "opportunities" => "Opportunity", _ => char.ToUpperInvariant(list[0]) + list[1..^1] };
        Assert.Contains(rows, r => r.Id == id);
        return Global(type, id);
    }

    private static string Id(Guid customer) => Global("Customer", customer);

    private static string Global(string type, params Guid[] key) =>
        Convert.ToBase64String([.. System.Text.Encoding.ASCII.GetBytes(type + ":"), .. key.SelectMany(k => k.ToByteArray(bigEndian: true))]);
}
