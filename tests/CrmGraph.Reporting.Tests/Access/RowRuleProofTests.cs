using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Segments;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Access;

/// <summary>The row rules, proved kind by kind: what a caller is answered is what the administrator is answered, filtered by hand.</summary>
public sealed class RowRuleProofTests(ProofBench bench) : IClassFixture<ProofBench>
{
    private static readonly string[] Facts = ["orders", "opportunities", "contracts", "interactions", "tickets", "surveyResponses"];
    private const string Nested = """
        id orders(first: 50) { totalCount nodes { id lines { totalCount nodes { amount } } } } tickets { totalCount } interactions { totalCount } surveyResponses { totalCount }
        opportunities { totalCount } contracts { totalCount } attributes { key value } externalIds { source key } stages { stage } orderCount moneySpent { currency }
        """;

    public static TheoryData<DatabaseKind, string> Everyone
    {
        get
        {
            var all = new TheoryData<DatabaseKind, string>();
            foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
                foreach (var name in ProofBench.Names)
                    all.Add(kind, name);
            return all;
        }
    }

    [Theory, MemberData(nameof(Everyone))]
    public async Task Lists_and_their_counts(DatabaseKind kind, string caller)
    {
        var crm = bench.On(kind);
        foreach (var list in Facts.Prepend("customers"))
        {
            var query
                = $"{{ {list}(first: 1000) {{ totalCount nodes {{ id {(list == "customers" ? "owner { name }" : "customer { id owner { name } }")} }} }} }}";
            var all = Nodes(await crm.AskAsync("administrator", query), list);
            var expected = all.Where(n => crm.Sees(caller, list == "customers" ? n : n.GetProperty("customer"))).Select(Id).ToList();

            var seen = await crm.AskAsync(caller, query);

            Assert.Equal(expected.Order(), Nodes(seen, list).Select(Id).Order());
            Assert.Equal(expected.Count, seen.GetProperty(list).GetProperty("totalCount").GetInt32());
            Assert.NotEmpty(all);
            Assert.True(list == "contracts" || expected.Count > 0, $"the sample leaves nothing of {list} to prove");
            Assert.True(!crm.IsBound(caller) || expected.Count < all.Count, $"the sample hides nothing of {list}");
        }
    }

    [Theory, MemberData(nameof(Everyone))]
    public async Task Customers_without_an_owner_and_guests_are_for_nobody_who_is_bound(DatabaseKind kind, string caller)
    {
        var crm = bench.On(kind);
        var ownerless = crm.Crm.Customers.Count(c => !c.IsGuest && c.OwnerId is null);
        var guestOrders = crm.Crm.Orders.Count(o => o.Customer!.IsGuest);
        Assert.True(ownerless > 0 && guestOrders > 0);

        var data = await crm.AskAsync(caller,
            "{ customers(where: { ownerId: { eq: null } }) { totalCount } orders(first: 1000) { nodes { customer { id } } } all: customers(first: 1000) "
            + "{ nodes { name } } }");

        Assert.Equal(crm.IsBound(caller) ? 0 : ownerless, data.GetProperty("customers").GetProperty("totalCount").GetInt32());
        Assert.Equal(crm.IsBound(caller) ? 0 : guestOrders, Nodes(data, "orders").Count(o => o.GetProperty("customer").ValueKind == JsonValueKind.Null));
        Assert.DoesNotContain(Nodes(data, "all"), c => c.GetProperty("name").GetString()!.StartsWith("Guest", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Everyone))]
    public async Task Nodes_by_id(DatabaseKind kind, string caller)
    {
        var crm = bench.On(kind);
        foreach (var list in Facts.Prepend("customers"))
        {
            var all = Nodes(await crm.AskAsync(
                "administrator",
                $"{{ {list}(first: 1000) {{ nodes {{ id {(list == "customers" ? "owner { name }" : "customer { id owner { name } }")} }} }} }}"), list);
            var expected = all.Select(n => crm.Sees(caller, list == "customers" ? n : n.GetProperty("customer")) ? Id(n) : null).ToList();

            var seen = (await crm.AskAsync(caller, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids = all.Select(Id) })).GetProperty("nodes");
            Assert.Equal(expected, seen.EnumerateArray().Select(n => n.ValueKind == JsonValueKind.Null ? null : Id(n)));

            var one = expected.IndexOf(null) is var hidden and >= 0 ? hidden : 0;
            var node = (await crm.AskAsync(caller, "query ($id: ID!) { node(id: $id) { id } }", new { id = Id(all[one]) })).GetProperty("node");
            Assert.Equal(expected[one], node.ValueKind == JsonValueKind.Null ? null : Id(node));
        }
    }

    [Theory, MemberData(nameof(Everyone))]
    public async Task Nested_connections_of_customers_products_and_the_team(DatabaseKind kind, string caller)
    {
        var crm = bench.On(kind);
        var query = $"{{ customers(first: 1000, order: [{{ id: ASC }}]) {{ nodes {{ owner {{ name }} {Nested} }} }} }}";
        var expected = Nodes(await crm.AskAsync("administrator", query), "customers").Where(c => crm.Sees(caller, c)).Select(c => c.GetRawText());

        Assert.Equal(expected, Nodes(await crm.AskAsync(caller, query), "customers").Select(c => c.GetRawText()));

        var shared = await crm.AskAsync(caller,
            "{ products(first: 50) { nodes { name orderLines(first: 1000) { totalCount nodes { amount } } } } teamMembers(first: 50) { nodes { name "
            + "customers(first: 1000) { totalCount nodes { id } } } } }");
        foreach (var product in Nodes(shared, "products"))
        {
            var lines = crm.Crm.OrderLines.Count(l => l.Product?.Name == product.GetProperty("name").GetString() && crm.Sees(caller, l.Customer!));
            Assert.Equal((lines, lines), (product.GetProperty("orderLines").GetProperty("totalCount").GetInt32(), Nodes(product, "orderLines").Count));
        }

        foreach (var member in Nodes(shared, "teamMembers"))
        {
            var customers = crm.Crm.Customers.Count(c => !c.IsGuest && c.Owner?.Name == member.GetProperty("name").GetString() && crm.Sees(caller, c));
            Assert.Equal((customers, customers), (member.GetProperty("customers").GetProperty("totalCount").GetInt32(), Nodes(member, "customers").Count));
        }
    }

    [Theory, MemberData(nameof(Everyone))]
    public async Task Customers_by_the_id_of_another_system(DatabaseKind kind, string caller)
    {
        var crm = bench.On(kind);
        foreach (var known in crm.Crm.ExternalIds.Where(e => !crm.Crm.Customers.Single(c => c.Id == e.CustomerId).IsGuest).Take(30))
        {
            var customer = crm.Crm.Customers.Single(c => c.Id == known.CustomerId);
            var found = (await crm.AskAsync(
                caller,
                "query ($s: String!, $k: String!) { customerByExternalId(source: $s, key: $k) { name } }",
                new { s = known.Source, k = known.Key })).GetProperty("customerByExternalId");
            Assert.Equal(
                crm.Sees(caller, customer) ? customer.Name : null,
                found.ValueKind == JsonValueKind.Null ? null : found.GetProperty("name").GetString());
        }
    }

    [Theory, MemberData(nameof(Everyone))]
    public async Task Filters_find_nothing_through_relations_that_the_caller_may_not_see_itself(DatabaseKind kind, string caller)
    {
        var crm = bench.On(kind);
        var hidden = Nodes(await crm.AskAsync("administrator", "{ customers(first: 1000) { nodes { id owner { name } } } }"), "customers").Where(
            c => !crm.Sees(caller, c)).Select(Id).ToList();
        Assert.Equal(crm.IsBound(caller), hidden.Count > 0);
        var filters = string.Join('\n',
            Facts.Select((f, i) => $"f{i}: {f}(where: {{ customer: {{ id: {{ in: $ids }} }} }}) {{ totalCount }} "
            + $"n{i}: {f}(where: {{ not: {{ customer: {{ id: {{ nin: $ids }} }} }} }}) {{ nodes {{ customer {{ id }} }} }}"));
        var data = await crm.AskAsync(caller, $$"""
            query ($ids: [ID!]!) {
              customers(where: { id: { in: $ids } }) { totalCount }
              byOrders: customers(where: { and: [{ id: { in: $ids } }, { orders: { some: {} } }] }) { totalCount }
              byOwner: customers(where: { and: [{ id: { in: $ids } }, { owner: { name: { contains: "" } } }] }) { totalCount }
              team: teamMembers { nodes { customers(where: { id: { in: $ids } }) { totalCount } } }
              products { nodes { orderLines(where: { order: { customer: { id: { in: $ids } } } }) { totalCount } } }
              metrics(period: { last: { count: 60, unit: MONTH } }, where: { customer: { id: { in: $ids } } }) { totals { orders { value } activeCustomers { value } npsResponses { value } } }
              segmentPreview(definition: { id: { in: $ids } }) { count sample { id } }
              {{filters}}
            }
            """, new { ids = hidden });

        foreach (var name in new[] { "customers", "byOrders", "byOwner" })
            Assert.Equal(0, data.GetProperty(name).GetProperty("totalCount").GetInt32());
        Assert.All(Nodes(data, "team"), m => Assert.Equal(0, m.GetProperty("customers").GetProperty("totalCount").GetInt32()));
        Assert.All(Nodes(data, "products"), p => Assert.Equal(0, p.GetProperty("orderLines").GetProperty("totalCount").GetInt32()));
        Assert.All(
            data.GetProperty("metrics").GetProperty("totals").EnumerateObject(),
            m => Assert.Contains(m.Value.GetProperty("value").GetRawText(), new[] { "0", "null" }));
        Assert.Equal(
            (0, 0),
            (data.GetProperty("segmentPreview").GetProperty("count").GetInt32(), data.GetProperty("segmentPreview").GetProperty("sample").GetArrayLength()));
        for (var i = 0; i < Facts.Length; i++)
        {
            Assert.Equal(0, data.GetProperty($"f{i}").GetProperty("totalCount").GetInt32());
            Assert.DoesNotContain(Nodes(data, $"n{i}"), n => n.GetProperty("customer") is { ValueKind: JsonValueKind.Object } c && hidden.Contains(Id(c)));
        }
    }

    [Theory, MemberData(nameof(Everyone))]
    public async Task Metrics_are_those_of_the_caller_s_rows(DatabaseKind kind, string caller)
    {
        var crm = bench.On(kind);
        const string values = "revenue { value } grossRevenue { value } orders { value } activeCustomers { value } newCustomers { value } totalCustomers "
            + "{ value } nps { value } npsResponses { value } csat { value } complaints { value } openOpportunities { value } winRate { value }";
        const string query = $"query ($where: MetricFilterInput) {{ metrics(period: {{ last: {{ count: 36, unit: MONTH }} }}, "
            + $"where: $where) {{ totals {{ {values} }} }} by: metrics(period: {{ last: {{ count: 36, unit: MONTH }} }}, groupBy: [REGION], "
            + $"where: $where) {{ groupTotals {{ key {values} }} }} }}";
        var visible = Nodes(await crm.AskAsync("administrator", "{ customers(first: 1000) { nodes { id owner { name } } } }"), "customers").Where(
            c => crm.Sees(caller, c)).Select(Id).ToList();
        var where = crm.IsBound(caller) ? new { customer = new { id = new { @in = visible } } } : null;

        var expected = await crm.AskAsync("administrator", query, new { where });
        var seen = await crm.AskAsync(caller, query);

        Assert.Equal(NoneIsNothing(expected.GetRawText()), NoneIsNothing(seen.GetRawText()));
        var sales = crm.Crm.Orders.Where(o => o.Kind == OrderKind.Sale && o.CancelledAt is null && crm.Sees(caller, o.Customer!)).ToList();
        var totals = seen.GetProperty("metrics").GetProperty("totals");
        Assert.Equal(sales.Count, Count("orders"));
        Assert.Equal(sales.Where(o => !o.Customer!.IsGuest).Select(o => o.CustomerId).Distinct().Count(), Count("activeCustomers"));

        int Count(string metric) => totals.GetProperty(metric).GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetInt32() : 0;
    }

    // Whoever may see no fact of a kind at all has no value where an administrator's filter leaves 0.
    private static string NoneIsNothing(string json) =>
        json.Replace("\"value\":null,\"reason\":\"NO_DATA\"", "\"value\":0,\"reason\":null", StringComparison.Ordinal)
            .Replace("\"value\":null", "\"value\":0", StringComparison.Ordinal);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Live_tables_are_those_of_each_caller_s_rows_though_all_are_computed_together(DatabaseKind kind)
    {
        var crm = bench.On(kind);
        const string values = "{ key orders { value reason } revenue { value reason } activeCustomers { value reason } newCustomers { value reason } "
            + "npsResponses { value reason } }";
        const string table = $"{{ groupCount totals {values} groupTotals {values} }}";
        const string arguments = "period: { last: { count: 36, unit: MONTH } }, groupBy: [LIFECYCLE_STAGE]";
        var everyone = Nodes(await crm.AskAsync("administrator", "{ customers(first: 1000) { nodes { id owner { name } } } }"), "customers");
        var streams = new List<(string Caller, IAsyncEnumerator<ExecutionResult> Stream)>();
        foreach (var caller in ProofBench.Names)
        {
            var opened = await crm.Client.Executor.ExecuteAsync(
                new GraphQLRequest($"subscription {{ table: metricsUpdated({arguments}) {table} }}"), new RequestState().Set(crm.Caller(caller)),
                crm.Client.Services, default);
            streams.Add((caller, opened.Stream!.GetAsyncEnumerator()));
        }

        // Read together, so that the two representatives are one family.
        await Task.WhenAll(streams.Select(s => s.Stream.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))));

        foreach (var (caller, stream) in streams)
        {
            var seen = stream.Current.ToJson().GetProperty("data").GetRawText();
            Assert.Equal((await crm.AskAsync(caller, $"{{ table: metrics({arguments}) {table} }}")).GetRawText(), seen);
            if (crm.IsBound(caller))
            {
                var visible = everyone.Where(c => crm.Sees(caller, c)).Select(Id).ToList();
                var filtered = await crm.AskAsync(
                    "administrator",
                    $"query ($ids: [ID!]) {{ table: metrics({arguments}, where: {{ customer: {{ id: {{ in: $ids }} }} }}) {table} }}",
                    new { ids = visible });
                Assert.Equal(NoneIsNothing(filtered.GetRawText()), NoneIsNothing(seen));
            }

            await stream.DisposeAsync();
        }
    }

    [Theory, MemberData(nameof(Everyone))]
    public async Task Segments_count_and_list_the_caller_s_members(DatabaseKind kind, string caller)
    {
        var crm = bench.On(kind);
        var listed = crm.Crm.SegmentMembers.Where(m => m.LeftAt is null && crm.Sees(caller, m.Customer!)).Select(m => m.Customer!.Name).Order().ToList();
        var big = crm.Crm.Customers.Count(c => !c.IsGuest && c.Figures!.OrderCount >= 3 && crm.Sees(caller, c));
        var everyone = Nodes(await crm.AskAsync("administrator", "{ customers(first: 1000) { nodes { id owner { name } } } }"), "customers");

        var data = await crm.AskAsync(caller,
            "query ($ids: [ID!]!) { segmentByKey(key: \"hand-picked\") { memberCount members(first: 1000) { totalCount nodes { name } } hasMembers(customers: "
            + "$ids) } segmentPreview(definition: { orderCount: { gte: 3 } }) { count sample(first: 100) { orderCount owner { name } } } }",
            new { ids = everyone.Select(Id) });

        var segment = data.GetProperty("segmentByKey");
        Assert.Equal(listed, Nodes(segment, "members").Select(n => n.GetProperty("name").GetString()!).Order());
        Assert.Equal(
            (listed.Count, listed.Count),
            (segment.GetProperty("memberCount").GetInt32(), segment.GetProperty("members").GetProperty("totalCount").GetInt32()));
        Assert.Equal(listed.Count, segment.GetProperty("hasMembers").EnumerateArray().Count(m => m.GetBoolean()));
        Assert.Equal(
            (big, big),
            (data.GetProperty("segmentPreview").GetProperty("count").GetInt32(), data.GetProperty("segmentPreview").GetProperty("sample").GetArrayLength()));
        Assert.All(data.GetProperty("segmentPreview").GetProperty("sample").EnumerateArray(), c => Assert.True(crm.Sees(caller, c)));
    }

    [Theory, MemberData(nameof(Everyone))]
    public async Task An_export_of_a_segment_holds_the_caller_s_members_with_the_outside_ids_that_are_their_own(DatabaseKind kind, string caller)
    {
        var crm = bench.On(kind);
        var expected = crm.Crm.SegmentMembers.Where(m => m.LeftAt is null && crm.Sees(caller, m.Customer!))
            .Select(
                m => $"{m.Customer!.Name} {string.Join(';', m.Customer.ExternalIds.Select(e => $"{e.Source}:{e.Key}").Order(StringComparer.Ordinal))}").Order();
        await using var scope = crm.Client.Services.CreateAsyncScope();
        var segments = scope.ServiceProvider.GetRequiredService<SegmentMembers>();

        var seen = new List<string>();
        await foreach (var member in (await segments.OpenAsync("hand-picked", segments.Fields, crm.Caller(caller), default))!)
        {
            object? Value(string name) => segments.Fields.Single(f => f.Name == name).Read(member);
            var ids = ((IEnumerable<NamedValue>)Value("externalIds")!).Select(id => $"{id.Name}:{id.Value}").Order(StringComparer.Ordinal);
            seen.Add($"{Value("name")} {string.Join(';', ids)}");
        }

        Assert.Equal(expected, seen.Order());
        var byFacts = await crm.AskAsync(caller,
            $"{{ customers(where: {{ externalIds: {{ some: {{ key: {{ startsWith: \"{ProofCrm.FactKey}\" }} }} }} }}) {{ totalCount }} "
            + $"customerByExternalId(source: \"shop\", key: \"{ProofCrm.FactKey}1\") {{ id }} }}");
        Assert.Equal(0, byFacts.GetProperty("customers").GetProperty("totalCount").GetInt32());
        Assert.Equal(JsonValueKind.Null, byFacts.GetProperty("customerByExternalId").ValueKind);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Kept_report_results_are_for_an_equal_scope_and_administrators(DatabaseKind kind)
    {
        var crm = bench.On(kind);
        var content = new
        {
            purpose = "OTHER", audience = "all", sections = new[] {
            new { heading = "Customers", operation = "{ customers { totalCount } }" } }
        };
        var id = (await crm.AskAsync("administrator",
            "mutation ($c: ReportContentInput!) { createReportDefinition(input: { key: \"proof\", title: \"Proof\", "
            + "content: $c }) { reportDefinition { id } } }", new { c = content }))
            .GetProperty("createReportDefinition").GetProperty("reportDefinition").GetProperty("id").GetString();
        var results = new Dictionary<string, string>();
        foreach (var caller in ProofBench.Names)
        {
            var run = (await crm.AskAsync(
                caller,
                "mutation ($id: ID!) { runReport(input: { id: $id }) { reportResult { id sections { data } } } }",
                new { id })).GetProperty("runReport").GetProperty("reportResult");
            Assert.Equal(
                crm.Crm.Customers.Count(c => !c.IsGuest && crm.Sees(caller, c)),
                run.GetProperty("sections")[0].GetProperty("data").GetProperty("customers").GetProperty("totalCount").GetInt32());
            results[caller] = Id(run);
        }

        foreach (var reader in ProofBench.Names)
        {
            var seen = (await crm.AskAsync(reader, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids = ProofBench.Names.Select(n => results[n]) }))
                .GetProperty("nodes");
            var expected = ProofBench.Names.Select(n => reader == "administrator" || n == reader || (!crm.IsBound(reader) && !crm.IsBound(n)));
            Assert.Equal(expected, seen.EnumerateArray().Select(n => n.ValueKind != JsonValueKind.Null));
        }
    }

    private static List<JsonElement> Nodes(JsonElement data, string connection) => [.. data.GetProperty(connection).GetProperty("nodes").EnumerateArray()];

    private static string Id(JsonElement node) => node.GetProperty("id").GetString()!;
}
