using System.Text.Json;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>What a row says of its group is what the next question takes.</summary>
public sealed class MetricKeyTests
{
    private const string Period = "period: { last: { count: 300, unit: DAY } }";

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "OWNER", "owner { id }"), InlineData(DatabaseKind.Postgres, "OWNER", "owner { id }")]
    [InlineData(DatabaseKind.Sqlite, "CUSTOMER", "customer { id }"), InlineData(DatabaseKind.Postgres, "CUSTOMER", "customer { id }")]
    [InlineData(DatabaseKind.Sqlite, "PRODUCT", "product { id }"), InlineData(DatabaseKind.Postgres, "PRODUCT", "product { id }")]
    [InlineData(DatabaseKind.Sqlite, "SALES_TEAM", "salesTeam { id }"), InlineData(DatabaseKind.Postgres, "SALES_TEAM", "salesTeam { id }")]
    public async Task The_key_of_a_dimension_is_the_id_of_its_object(DatabaseKind kind, string dimension, string field)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await SampleCrm.CreateAsync(database);
        await using var client = new GraphQLClient(database);
        var rows = Rows(await client.DataAsync($$"""
            { metrics({{Period}}, groupBy: [{{dimension}}], first: 20) { rows { key dimensions { key kind } orders { value } object: {{field}} } } }
            """));
        var known = rows.Where(r => r.GetProperty("dimensions")[0].GetProperty("kind").GetString() == "VALUE").ToList();
        Assert.NotEmpty(known);
        foreach (var row in known)
        {
            var key = row.GetProperty("dimensions")[0].GetProperty("key").GetString()!;
            Assert.Equal(row.GetProperty("object").GetProperty("id").GetString(), key);
            var found = await client.DataAsync("query($id: ID!) { node(id: $id) { id } }", new { id = key });
            Assert.NotEqual(JsonValueKind.Null, found.GetProperty("node").ValueKind);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Keys_of_rows_are_read_by_people_and_differ_whatever_the_values_are(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var crm = await SampleCrm.CreateAsync(database);
        await using var client = new GraphQLClient(database);
        string[] channels = ["all", "others", "?", "%", "a/b", "a|b", "a%2Fb", "[\"x\"]", "Web"];
        foreach (var (i, channel) in channels.Index())
            await client.DataAsync("""
                mutation($at: DateTime!, $channel: String!, $key: String!) { upsertOrder(input: { externalIds: [{ source: "keys", key: $key }], orderedAt: $at
                  channel: $channel, amount: 1, currency: "EUR" }) { errors { ... on Error { message } } } }
                """, new { at = crm.Now, channel, key = $"{i}" });
        var rows = Rows(await client.DataAsync($$"""
            { metrics({{Period}}, groupBy: [CHANNEL, COUNTRY], grain: YEAR, subtotals: true) { rows { key orders { value } } } }
            """)).Concat(Rows(await client.DataAsync($$"""{ metrics({{Period}}, groupBy: [CHANNEL], subtotals: true) { rows { key orders { value } } } }""")))
            .Select(r => r.GetProperty("key").GetString()!).ToList();
        Assert.Equal(rows.Distinct(), rows);
        Assert.Contains("Web", rows);
        Assert.Contains("a%2Fb", rows);
        Assert.Contains("a%252Fb", rows);
        Assert.Contains("%61ll", rows);
        Assert.Contains("all", rows);
        Assert.Contains(rows, r => r.StartsWith("Web/?|", StringComparison.Ordinal));
        var whole = await client.DataAsync($$"""{ metrics({{Period}}) { totals { key } } }""");
        Assert.Equal("all", whole.GetProperty("metrics").GetProperty("totals").GetProperty("key").GetString());
    }

    private static List<JsonElement> Rows(JsonElement data) => [.. data.GetProperty("metrics").GetProperty("rows").EnumerateArray()];
}
