using System.Text;
using System.Text.Json;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>Ids of facts stay whoever their customer is, and a merged customer's id leads on wherever one is taken.</summary>
public sealed class StableIdTests
{
    private static readonly (string Mutation, string Field, string Fields)[] Kinds =
    [
        ("upsertOrder", "order", "orderedAt: \"2026-03-01T00:00:00Z\", lines: [{unitPrice: 1}]"),
        ("upsertInteraction", "interaction", "occurredAt: \"2026-03-01T00:00:00Z\""),
        ("upsertTicket", "ticket", "openedAt: \"2026-03-01T00:00:00Z\""),
        ("upsertSurveyResponse", "surveyResponse", "answeredAt: \"2026-03-01T00:00:00Z\", kind: NPS, score: 9"),
        ("upsertOpportunity", "opportunity", "openedAt: \"2026-03-01T00:00:00Z\", name: \"D\", stage: \"S\""),
        ("upsertContract", "contract", "startDay: \"2026-03-01\""),
    ];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public Task Random_moves_and_merges_keep_the_ids_of_facts(DatabaseKind kind) => Fuzz.RunAsync(1, async random =>
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        var customers = new List<string>();
        for (var i = 0; i < 5; i++)
            customers.Add(await CustomerAsync(client, "C" + i));
        var ids = new List<string>();
        foreach (var (mutation, field, _) in Kinds)
            ids.Add((await WriteAsync(client, mutation, customers[0])).GetProperty(field).GetProperty("id").GetString()!);
        ids.Add((await client.DataAsync("{ orders { nodes { lines { nodes { id } } } } }")).GetProperty("orders").GetProperty("nodes")[0].GetProperty("lines")
            .GetProperty("nodes")[0]
            .GetProperty("id")
            .GetString()!);
        for (var step = 0; step < 12; step++)
        {
            if (random.Next(4) == 0)
                await client.DataAsync("mutation($k: ID!, $l: ID!) { mergeCustomers(input: {keep: $k, lose: $l}) { errors { ... on Error { code } } } }",
                    new { k = customers[random.Next(5)], l = customers[random.Next(5)] });
            else
                await WriteAsync(client, Kinds[random.Next(Kinds.Length)].Mutation, customers[random.Next(5)]);
            var nodes = (await client.DataAsync("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids })).GetProperty("nodes");
            Assert.Equal(ids, nodes.EnumerateArray().Select(n => n.ValueKind == JsonValueKind.Null ? null : n.GetProperty("id").GetString()));
        }
    });

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_merged_customers_id_leads_on_everywhere(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        var (a, b, c) = (await CustomerAsync(client, "A"), await CustomerAsync(client, "B"), await CustomerAsync(client, "C"));
        var segment = (await client.DataAsync("mutation { createSegment(input: {key: \"s\", name: \"S\"}) { segment { id } } }")).GetProperty("createSegment")
            .GetProperty("segment")
            .GetProperty("id")
            .GetString();
        const string Merge
            = "mutation($k: ID!, $l: ID!) { mergeCustomers(input: {keep: $k, lose: $l}) { customer { name } errors { ... on Error { code } } } }";
        await client.DataAsync(Merge, new { k = b, l = a });
        await WriteAsync(client, "upsertOrder", a);
        Assert.DoesNotContain("code", (await client.DataAsync(
            "mutation($a: ID!, $s: ID!) { addSegmentMembers(input: {id: $s, customers: [$a]}) { errors { ... on Error { code } } } }",
            new { a, s = segment })).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("code", (await client.DataAsync(
            "mutation($a: ID!) { addCustomerTags(input: {id: $a, tags: [\"x\"]}) { errors { ... on Error { code } } } }",
            new { a })).GetRawText(), StringComparison.Ordinal);
        var read = await client.DataAsync("""
            query($a: ID!, $s: ID!) {
              customer(id: $a) { name tags } node(id: $a) { id } segment(id: $s) { hasMembers(customers: [$a]) }
              in: customers(where: {id: {in: [$a]}}) { totalCount } eq: customers(where: {or: [{id: {eq: $a}}]}) { totalCount }
              others: customers(where: {id: {nin: [$a]}}) { totalCount } not: customers(where: {not: {id: {eq: $a}}}) { totalCount }
              orders(where: {customer: {id: {eq: $a}}}) { totalCount }
            }
            """, new { a, s = segment });
        Assert.Equal($$$"""{"customer":{"name":"B","tags":["x"]},"node":{"id":"{{{b}}}"},"segment":{"hasMembers":[true]},"in":{"totalCount":1},"eq":"""
            + $$$"""{"totalCount":1},"others":{"totalCount":1},"not":{"totalCount":1},"orders":{"totalCount":1}}""", read.GetRawText());
        Assert.Equal(
            "B",
            (await client.DataAsync(Merge, new { k = b, l = a })).GetProperty("mergeCustomers").GetProperty("customer").GetProperty("name").GetString());
        Assert.Equal(
            "C",
            (await client.DataAsync(Merge, new { k = c, l = a })).GetProperty("mergeCustomers").GetProperty("customer").GetProperty("name").GetString());
        Assert.Equal(c, (await client.DataAsync("mutation($a: ID!) { eraseCustomer(input: {id: $a}) { customer { id } } }", new { a })).GetProperty(
            "eraseCustomer").GetProperty("customer").GetProperty("id").GetString());
    }

    [Fact]
    public async Task An_id_of_an_earlier_release_which_held_the_customer_is_still_read()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var client = new GraphQLClient(database);
        var customer = await CustomerAsync(client, "A");
        var id = (await WriteAsync(client, "upsertOrder", customer)).GetProperty("order").GetProperty("id").GetString()!;
        var old = Convert.ToBase64String(
            [.. Encoding.ASCII.GetBytes("Order:"), .. Convert.FromBase64String(customer)[^16..], .. Convert.FromBase64String(id)[^16..]]);
        Assert.Equal(
            id,
            (await client.DataAsync("query($id: ID!) { node(id: $id) { id } }", new { id = old })).GetProperty("node").GetProperty("id").GetString());
        Assert.Equal(1, (await client.DataAsync("query($id: ID!) { orders(where: {id: {eq: $id}}) { totalCount } }", new { id = old })).GetProperty("orders")
            .GetProperty("totalCount")
            .GetInt32());
    }

    private static async Task<string> CustomerAsync(GraphQLClient client, string name) =>
        (await client.DataAsync(
            "mutation($k: String!) { upsertCustomer(input: {externalIds: [{source: \"shop\", key: $k}], name: $k}) { customer { id } } }",
            new { k = name }))
            .GetProperty("upsertCustomer").GetProperty("customer").GetProperty("id").GetString()!;

    private static async Task<JsonElement> WriteAsync(GraphQLClient client, string mutation, string customer)
    {
        var (_, field, fields) = Kinds.Single(k => k.Mutation == mutation);
        return (await client.DataAsync($$"""
            mutation($c: ID!) { {{mutation}}(input: {externalIds: [{source: "shop", key: "F"}], customer: {id: $c}, {{fields}}}) { {{field}} { id } errors { ... on Error { code message } } } }
            """, new { c = customer })).GetProperty(mutation);
    }
}
