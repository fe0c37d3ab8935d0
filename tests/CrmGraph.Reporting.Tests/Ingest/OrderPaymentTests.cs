using System.Text.Json;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Tests.Imports;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>Payments of orders: written with the order or from a file of their own, corrected by their reference, gone with the order.</summary>
public sealed class OrderPaymentTests
{
    private const string Read = "{ orders { nodes { paidAmount payments { paidAt amount method reference } } } }";
    private const string Payments = """
        [{paidAt: "2026-03-01T00:00:00Z", amount: 19.9, method: "Card", reference: "P1"}, {paidAt: "2026-03-02T00:00:00Z", amount: 5}, {paidAt: "2026-03-02T00:00:00Z", amount: 5},
         {paidAt: "2026-03-03T00:00:00Z", amount: -2.5, method: "card"}]
        """;
    private const string Map = """
        source: shop
        defaults: {currency: EUR}
        records:
          - order: {key: No, orderedAt: {const: 2026-03-01}}
          - payment: {order: No, when: Paid != '', paidAt: Paid, amount: Sum, method: How, reference: Ref}
        """;

    private const string Csv = "No,Paid,Sum,How,Ref\n1,2026-03-01,19.90,Card,P1\n1,2026-03-02,5,,\n1,2026-03-02,5,,\n1,2026-03-03,-2.5,card,\n1,,,,\n";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_three_doors_write_the_same_payments_and_writing_them_again_changes_nothing(DatabaseKind kind)
    {
        const string Order = $$"""{externalIds: [{source: "shop", key: "1"}], orderedAt: "2026-03-01T00:00:00Z", payments: {{Payments}}}""";
        var texts = new List<string>();
        foreach (var mutation in new[] { $"upsertOrder(input: {Order})", $"upsertOrders(input: {{orders: [{Order}]}})" })
        {
            await using var database = await TestDatabase.CreateAsync(kind);
            await using var writer = new GraphQLClient(database);
            for (var i = 0; i < 2; i++)
                Assert.DoesNotContain(
                    "message",
                    (await writer.DataAsync($$"""mutation { {{mutation}} { errors { ... on Error { message } } } }""")).GetRawText(),
                    StringComparison.Ordinal);
            texts.Add((await writer.DataAsync(Read)).GetRawText());
            Assert.Equal("0", $"{(await database.QueryAsync("select count(*) from history where \"table\" = 'order_payments'"))[0][0]}");
        }

        await using var crm = await WriterFixture.CreateAsync(kind);
        await using var client = new GraphQLClient(crm.Database);
        var first = await ImportRun.WriteAsync(crm, ImportMap.Parse(Map, "map.yaml"), ImportRun.File(Csv));
        var contents = await DatabaseContents.OfAsync(crm);
        var second = await ImportRun.WriteAsync(crm, ImportMap.Parse(Map, "map.yaml"), ImportRun.File(Csv));
        Assert.Equal((0L, 0L), (first.RowsRefused, second.RowsRefused));
        Assert.Equal(contents, await DatabaseContents.OfAsync(crm));
        texts.Add((await client.DataAsync(Read)).GetRawText());
        Assert.Single(texts.Distinct());
        Assert.Contains("\"paidAmount\":27.4", texts[0], StringComparison.Ordinal);
        Assert.Equal(4, JsonDocument.Parse(texts[0]).RootElement.GetProperty("orders").GetProperty("nodes")[0].GetProperty("payments").GetArrayLength());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_list_replaces_a_reference_corrects_and_payments_move_and_go_with_their_order(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await using var client = new GraphQLClient(crm.Database);
        await client.DataAsync("""mutation { upsertCustomers(input: {customers: [{externalIds: [{source: "s", key: "A"}], name: "A"},"""
            + """ {externalIds: [{source: "s", key: "B"}], name: "B"}]}) { errors { ... on Error { message } } } }""");
        async Task<string> WriteAsync(string fields)
        {
            var data = await client.DataAsync($$"""
                mutation { upsertOrder(input: {externalIds: [{source: "shop", key: "1"}], orderedAt: "2026-03-01T00:00:00Z" {{fields}}}) {
                  order { id customer { name } paidAmount payments { amount } } errors { ... on Error { message } }
                } }
                """);
            var payload = data.GetProperty("upsertOrder");
            return payload.GetProperty("order") is { ValueKind: JsonValueKind.Object } order
                ? $"{order.GetProperty("customer").GetProperty("name")} {order.GetProperty("paidAmount")} {order.GetProperty("payments").GetArrayLength()}"
                : payload.GetProperty("errors")[0].GetProperty("message").GetString()!;
        }

        Assert.Equal("A 27.4 4", await WriteAsync($$""", customer: {externalId: {source: "s", key: "A"} }, payments: {{Payments}}"""));
        Assert.Equal("A 27.4 4", await WriteAsync(", number: \"7\""));
        await ImportRun.WriteAsync(crm, ImportMap.Parse(Map, "map.yaml"), ImportRun.File("No,Paid,Sum,How,Ref\n1,2026-03-05,10,Card,P1\n1,2026-03-02,5,,\n"));
        Assert.Equal("B 17.5 4", await WriteAsync(""", customer: {externalId: {source: "s", key: "B"} }"""));
        Assert.Equal("B 1 1", await WriteAsync(""", payments: [{paidAt: "2026-03-01T00:00:00Z", amount: 1, method: "Überweisung"}]"""));
        Assert.Equal("1 0", await FoundAsync(client, "{some: {method: {contains: \"überw\"}}}", "{some: {amount: {lt: 0}}}"));
        Assert.StartsWith(
            "payments[0].amount is 200000000000",
            await WriteAsync(""", payments: [{paidAt: "2026-03-01T00:00:00Z", amount: -200000000000}]"""),
            StringComparison.Ordinal);
        await crm.Database.ExecuteAsync(
            "insert into order_payments (customer_id, order_id, paid_at, amount) select customer_id, id, ordered_at, 50000 from orders");
        Assert.Equal("B 6 2", await WriteAsync(""));
        Assert.Equal("B 0 0", await WriteAsync(", payments: []"));
        Assert.Equal("B 1 1", await WriteAsync(""", payments: [{paidAt: "2026-03-01T00:00:00Z", amount: 1}]"""));
        await crm.Database.ExecuteAsync("delete from orders");
        Assert.Empty(await crm.Database.QueryAsync("select 1 from order_payments"));
        Assert.NotEmpty(await crm.Database.QueryAsync("select 1 from history where \"table\" = 'order_payments' and operation = 'D'"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Payments_of_no_order_and_too_many_of_one_are_refused_with_their_row(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind, new CrmLimits { PaymentsPerOrder = 3 });
        var map = ImportMap.Parse(Map.Replace("  - order: {key: No, orderedAt: {const: 2026-03-01}}\n", "", StringComparison.Ordinal), "map.yaml");
        await crm.WriteAsync(b => b.Orders.Add(new() { Key = new("shop", "1"), OrderedAt = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc) }));
        var report = await ImportRun.WriteAsync(
            crm,
            map,
            ImportRun.File("No,Paid,Sum,How,Ref\n1,2026-03-01,1,,\n1,2026-03-01,1,,\n2,2026-03-01,1,,\n1,2026-03-01,1,,\n1,2026-03-01,1,,\n"));
        Assert.Equal([(RefusalCodes.NotFound, 4L), (RefusalCodes.OutOfRange, 6L)], report.Rejected.Select(r => (r.Rule, r.Line)).Order());
        Assert.Equal("30000", $"{(await crm.Database.QueryAsync("select sum(amount) from order_payments"))[0][0]}");
    }

    private static async Task<string> FoundAsync(GraphQLClient client, params string[] filters)
    {
        var found = await client.DataAsync($"{{ {string.Join(' ', filters.Select((f, i) => $"a{i}: orders(where: {{payments: {f}}}) {{ totalCount }}"))} }}");
        return string.Join(' ', found.EnumerateObject().Select(p => p.Value.GetProperty("totalCount").GetRawText()));
    }
}
