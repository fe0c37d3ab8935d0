using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>Mutations through the whole schema.</summary>
public sealed class MutationTests : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _open = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var disposable in Enumerable.Reverse(_open))
            await disposable.DisposeAsync();
    }

    private async Task<Func<string, Caller, Task<JsonElement>>> OpenAsync(DatabaseKind kind, CrmLimits? limits = null)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var client = new GraphQLClient(database, limits);
        _open.Add(database);
        _open.Add(client);
        return async (query, caller) =>
        {
            var response = await client.SendAsync(query, null, caller);
            Assert.True(response.TryGetProperty("data", out _), response.ToString());
            return response;
        };
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_customer_and_an_order_are_written_changed_and_cancelled(DatabaseKind kind)
    {
        var run = await OpenAsync(kind);
        const string Customer = """mutation { upsertCustomer(input: { externalIds: [{ source: "shop", key: "1" }], name: "Ada", email: "ada@example.com" }) """
            + """{ customer { id name email } errors { ... on Error { code } } } }""";
        var first = (await run(Customer, Caller.System)).GetProperty("data").GetProperty("upsertCustomer").GetProperty("customer");
        var again = (await run(Customer, Caller.System)).GetProperty("data").GetProperty("upsertCustomer").GetProperty("customer");
        Assert.Equal(first.GetRawText(), again.GetRawText());
        var order = (await run("""
            mutation { upsertOrder(input: { externalIds: [{ source: "shop", key: "O1" }], customer: { externalId: { source: "shop", key: "1" } }, orderedAt: "2026-03-04T12:00:00Z",
              currency: "EUR", lines: [{ quantity: 2, unitPrice: 1.25 }] }) { order { id grossAmount kind } errors { ... on Error { code message } } } }
            """, Caller.System)).GetProperty("data").GetProperty("upsertOrder");
        Assert.Equal(2.5m, order.GetProperty("order").GetProperty("grossAmount").GetDecimal());
        var id = order.GetProperty("order").GetProperty("id").GetString();
        var cancelled = await run(
            $$"""mutation { cancelOrder(input: { id: "{{id}}" }) { order { cancelledAt } errors { ... on Error { code } } } }""",
            Caller.System);
        Assert.NotNull(cancelled.GetProperty("data").GetProperty("cancelOrder").GetProperty("order").GetProperty("cancelledAt").GetString());
        var deleted = await run($$"""mutation { deleteOrder(input: { id: "{{id}}" }) { id } }""", Caller.System);
        Assert.Equal(id, deleted.GetProperty("data").GetProperty("deleteOrder").GetProperty("id").GetString());
        var gone = await run($$"""mutation { deleteOrder(input: { id: "{{id}}" }) { id errors { __typename ... on Error { code } } } }""", Caller.System);
        Assert.Equal("NotFoundError", gone.GetProperty("data").GetProperty("deleteOrder").GetProperty("errors")[0].GetProperty("__typename").GetString());
    }

    [Fact]
    public async Task Viewers_and_analysts_are_refused()
    {
        var run = await OpenAsync(DatabaseKind.Sqlite);
        foreach (var role in new[] { Role.Viewer, Role.Analyst })
        {
            var refused = await run("""mutation { upsertCustomer(input: { name: "Ada" }) { customer { id } } }""", new Caller("x", role, null, null));
            Assert.Equal("AUTH_NOT_AUTHORIZED", refused.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_order_with_too_many_lines_is_refused_whole_however_they_are_brought(DatabaseKind kind)
    {
        var run = await OpenAsync(kind, new CrmLimits { LinesPerOrder = 3 });
        async Task<string> WriteAsync(bool add, params int[] prices)
        {
            var lines = string.Join(", ", prices.Select(p => $"{{ externalId: {{ source: \"shop\", key: \"{p}\" }}, unitPrice: {p} }}"));
            var answer = (await run($$"""
                mutation { upsertOrder(input: { externalIds: [{ source: "shop", key: "O1" }], orderedAt: "2026-01-02T03:04:05Z",
                    addLines: {{(add ? "true" : "false")}}, lines: [{{lines}}] })
                { order { grossAmount } errors { __typename ... on ValidationError { code field } } } }
                """, Caller.System)).GetProperty("data").GetProperty("upsertOrder");
            return answer.GetProperty("order") is { ValueKind: JsonValueKind.Object } order
                ? order.GetProperty("grossAmount").GetRawText().Trim('"')
                : string.Join(' ', answer.GetProperty("errors")[0].EnumerateObject().Select(e => e.Value.GetString()));
        }

        Assert.Equal("ValidationError TOO_MANY_LINES lines[3]", await WriteAsync(add: false, 1, 2, 3, 4));
        Assert.Equal("3", await WriteAsync(add: false, 1, 2));
        Assert.Equal("7", await WriteAsync(add: true, 4));
        Assert.Equal("ValidationError TOO_MANY_LINES lines[1]", await WriteAsync(add: true, 4, 5));
        Assert.Equal("7", await WriteAsync(add: true, 1, 2, 4));
        Assert.Equal("15", await WriteAsync(add: false, 4, 5, 6));
    }

    [Fact]
    public async Task A_bulk_mutation_tells_each_entrys_end_and_writes_nothing_when_asked_for_all_or_nothing()
    {
        var run = await OpenAsync(DatabaseKind.Sqlite);
        string Bulk(bool all) => $$"""
            mutation { upsertCustomers(input: { allOrNothing: {{(all ? "true" : "false")}}, customers: [{ name: "A" }, { name: "B", email: "x" }] }) {
              outcome { written created refused rows { index status id code field } }
            } }
            """;
        var none = (await run(Bulk(true), Caller.System)).GetProperty("data").GetProperty("upsertCustomers").GetProperty("outcome");
        Assert.False(none.GetProperty("written").GetBoolean());
        var some = (await run(Bulk(false), Caller.System)).GetProperty("data").GetProperty("upsertCustomers").GetProperty("outcome");
        Assert.Equal((true, 1, 1), (some.GetProperty("written").GetBoolean(), some.GetProperty("created").GetInt32(), some.GetProperty("refused").GetInt32()));
        Assert.Equal("INVALID_EMAIL", some.GetProperty("rows")[1].GetProperty("code").GetString());
        var count = await run("{ customers { totalCount } }", Caller.System);
        Assert.Equal(1, count.GetProperty("data").GetProperty("customers").GetProperty("totalCount").GetInt32());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_old_id_of_a_merged_customer_leads_to_whoever_has_its_facts_now(DatabaseKind kind)
    {
        var run = await OpenAsync(kind);
        async Task<string> MakeAsync(string name) =>
            (await run($$"""mutation { upsertCustomer(input: { name: "{{name}}" }) { customer { id } } }""", Caller.System)).GetProperty("data")
                .GetProperty("upsertCustomer")
                .GetProperty("customer")
                .GetProperty("id")
                .GetString()!;
        var (first, second, third) = (await MakeAsync("First"), await MakeAsync("Second"), await MakeAsync("Third"));
        await run($$"""mutation { mergeCustomers(input: { keep: "{{second}}", lose: "{{first}}" }) { customer { id } } }""", Caller.System);
        await run($$"""mutation { mergeCustomers(input: { keep: "{{third}}", lose: "{{second}}" }) { customer { id } } }""", Caller.System);
        var query
            = $$"""{ customer(id: "{{first}}") { id } node(id: "{{second}}") { id } nodes(ids: ["{{third}}", "{{first}}"]) { id ... on Customer { name } } }""";

        var found = (await run(query, Caller.System)).GetProperty("data");
        var stranger = (await run(query, new Caller("rep", Role.Representative, Guid.CreateVersion7(), [Guid.CreateVersion7()]))).GetProperty("data");

        Assert.Equal(third, found.GetProperty("customer").GetProperty("id").GetString());
        Assert.Equal(third, found.GetProperty("node").GetProperty("id").GetString());
        Assert.All(
            found.GetProperty("nodes").EnumerateArray(),
            n => Assert.Equal((third, "Third"), (n.GetProperty("id").GetString(), n.GetProperty("name").GetString())));
        Assert.Equal("""{"customer":null,"node":null,"nodes":[null,null]}""", stranger.GetRawText().Replace(" ", ""));
    }

    [Fact]
    public async Task A_mutation_on_a_full_disk_says_so_and_writes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var client = new GraphQLClient(database);
        var rows = string.Join(' ', Enumerable.Range(0, 300).Select(i => $$"""{ name: "Customer {{i}} of a name that takes its room" }"""));
        var upsert = $$"""mutation { upsertCustomers(input: { allOrNothing: true, customers: [{{rows}}] }) { outcome { created } } }""";
        await database.ForbidToGrowAsync(2);

        var full = await client.SendAsync(upsert, null, Caller.System);
        var kept = await client.DataAsync("{ customers { totalCount } }");
        await database.ForbidToGrowAsync(1_000);
        var again = await client.DataAsync(upsert, null, Caller.System);

        Assert.Equal("STORAGE_FULL", full.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal(0, kept.GetProperty("customers").GetProperty("totalCount").GetInt32());
        Assert.Empty(client.Errors);
        Assert.Equal(300, again.GetProperty("upsertCustomers").GetProperty("outcome").GetProperty("created").GetInt32());
    }
}
