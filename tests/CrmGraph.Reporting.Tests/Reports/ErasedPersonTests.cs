using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Customers;
using CrmGraph.Reporting.Reports;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Reports;

public sealed class ErasedPersonTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task No_row_of_any_table_tells_of_a_person_who_was_erased(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var id = (await bench.Client.DataAsync("mutation { upsertCustomer(input: { name: \"Adelheid Quint\", email: \"quint@example.org\", "
            + "phone: \"+49 171 5550\", city: \"Zwiesel\", externalIds: [{ source: \"shop\", key: \"Quint-77\" }] }) { customer { id } } }"))
            .GetProperty("upsertCustomer").GetProperty("customer").GetProperty("id").GetString();
        await bench.Client.DataAsync("mutation { createSegment(input: { key: \"vip\", name: \"Like Adelheid Quint\", description: \"quint@example.org "
            + "first\", definition: { or: [{ email: { eq: \"QUINT@example.org\" } }, { name: { contains: \"adelheid quint\" } }, "
            + "{ externalIds: { some: { key: { eq: \"Quint-77\" } } } }] } }) { segment { id } errors { ... on Error { message } } } }");
        foreach (var save in new[]
        {
            "createGoal(input: { goal: { name: \"More of Adelheid Quint\", description: \"call +49 171 5550\", metric: \"revenue\", target: 9, "
                + "startDay: \"2026-01-01\", deadline: \"2026-12-31\", where: { customer: { email: { eq: \"quint@example.org\" } } } } }) { goal { id } ",
            "createAnnotation(input: { annotation: { text: \"Adelheid Quint left\", startDay: \"2026-01-01\", dimension: CHANNEL, "
                + "dimensionKey: \"by Adelheid Quint\" } }) { annotation { id } ",
        })
        {
            var saved = await bench.Client.DataAsync($"mutation {{ saved: {save} errors {{ ... on Error {{ message }} }} }} }}");
            Assert.Equal(JsonValueKind.Null, saved.GetProperty("saved").GetProperty("errors").ValueKind);
        }

        var rows = await bench.IdOfNewAsync(
            "rows",
            Content("# for Adelheid Quint\n{ customers(where: { name: { eq: \"Adelheid Quint\" } }) { nodes { name city } } }"));
        var figures = await bench.IdOfNewAsync("figures", ReportBench.Content("{ metrics(period: { toDate: YEAR }) { totals { orders { value } } } }"));
        Assert.Contains("Zwiesel", (await bench.DataOfRunAsync(rows)).GetRawText(), StringComparison.Ordinal);
        await bench.DataOfRunAsync(figures);
        await bench.Client.DataAsync(
            "mutation ($id: ID!) { updateReportFindings(input: { id: $id, findings: \"Adelheid Quint buys less\" }) { reportResult { id } } }",
            new { id = await bench.KeptAsync(figures) });
        await bench.UpdateAsync(rows, 1, "About Adelheid Quint, again");
        await bench.DataOfRunAsync(rows);

        await bench.Client.DataAsync("mutation ($id: ID!) { eraseCustomer(input: { id: $id }) { customer { id } } }", new { id });

        var all = new List<string>();
        foreach (var table in Tables.All)
            all.AddRange((await bench.Database.QueryAsync($"select * from {table.Name}")).Select(r => string.Join('|', r)));
        foreach (var word in new[] { "Adelheid", "Quint-77", "quint@", "171 5550", "Zwiesel" })
            Assert.DoesNotContain(all, row => row.Contains(word, StringComparison.OrdinalIgnoreCase));
        Assert.Null(await bench.KeptAsync(rows));
        Assert.NotNull(await bench.KeptAsync(figures));
        // What was saved still runs, and finds nobody.
        Assert.Empty((await bench.DataOfRunAsync(rows)).GetProperty("customers").GetProperty("nodes").EnumerateArray());
        Assert.Equal(
            0,
            (await bench.Client.DataAsync("{ segmentByKey(key: \"vip\") { memberCount } }")).GetProperty("segmentByKey").GetProperty("memberCount").GetInt32());
    }

    [Theory]
    [InlineData("Li", "{ a(list: \"Li of Linz\") { Li } }", "{ a(list: \"(erased) of Linz\") { Li } }")]
    [InlineData("王小明", "\"王小明的订单\"", "\"(erased)的订单\"")]
    [InlineData(
        "A \"Ace\" B",
        "x(a: \"A \\\"Ace\\\" B\", b: \"\"\"of A \"Ace\" B\"\"\") # A \"ace\" b!",
        "x(a: \"(erased)\", b: \"\"\"of (erased)\"\"\") # (erased)!")]
    public void In_an_operation_only_texts_and_comments_lose_a_name(string name, string operation, string without)
    {
        var document = JsonSerializer.Serialize(new { operation, chart = name }, ReportJson.Options);

        var changed = JsonSerializer.Deserialize<JsonElement>(new SavedCopies(null!, new([name], [])).Document(document)!);

        Assert.Equal((without, name), (changed.GetProperty("operation").GetString(), changed.GetProperty("chart").GetString()));
    }

    private static object Content(string operation) => new
    {
        purpose = "OTHER",
        audience = "those who know Adelheid Quint",
        summary = "quint@example.org called from +49 171 5550.",
        sections = new[] { new { heading = "Adelheid Quint's orders", text = "ADELHEID QUINT", operation, chart = "TABLE" } },
    };
}
