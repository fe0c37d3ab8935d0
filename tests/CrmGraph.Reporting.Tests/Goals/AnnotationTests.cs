using System.Text.Json;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Goals;

public sealed class AnnotationTests
{
    private const string Create = """
        mutation ($annotation: AnnotationInput!) { createAnnotation(input: {annotation: $annotation}) {
          annotation { id text startDay endDay dimension dimensionKey } errors { ... on Error { message code } } } }
        """;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task They_stand_beside_the_buckets_and_values_that_they_are_about(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        await client.DataAsync("""
            mutation { upsertOrders(input: {orders: [
              {orderedAt: "2024-01-10T00:00:00Z", currency: "EUR", amount: 1, channel: "WEB"}, {orderedAt: "2024-02-10T00:00:00Z", currency: "EUR", amount: 2, channel: "SHOP"}]}) { errors { ... on Error { message } } } }
            """);
        await SaveAsync(client, new { text = "Strike", startDay = "2024-01-30", endDay = "2024-02-02" });
        await SaveAsync(client, new { text = "New shop", startDay = "2024-02-05", dimension = "CHANNEL", dimensionKey = "SHOP" });
        await SaveAsync(client, new { text = "Before", startDay = "2023-12-31" });
        const string Ask = """
            { metrics(period: {range: {from: "2024-01-01", before: "2024-03-01"}}, grain: MONTH, groupBy: [CHANNEL]) {
                rows { channel bucket { label } orders { value } annotations { text } } bucketTotals { annotations { text } } totals { annotations { text } }
                annotations { text endDay } }
              annotations(period: {month: "2023-12"}) { text startDay endDay } }
            """;
        var data = await client.DataAsync(Ask);
        var table = data.GetProperty("metrics");
        Assert.Equal(
            ["SHOP 0: Strike", "SHOP 1: Strike, New shop", "WEB 0: Strike", "WEB 1: Strike"],
            table.GetProperty("rows").EnumerateArray().Select((r, i) => $"{r.GetProperty("channel")} {i % 2}: {Texts(r)}").Order(StringComparer.Ordinal));
        Assert.Equal(["Strike", "Strike, New shop"], table.GetProperty("bucketTotals").EnumerateArray().Select(Texts));
        Assert.Equal(("", "Strike, New shop"), (Texts(table.GetProperty("totals")), Texts(table)));
        Assert.Equal("2023-12-31", data.GetProperty("annotations")[0].GetProperty("endDay").GetString());
    }

    [Theory]
    [InlineData("""{"text":"","startDay":"2024-01-01"}""", "needs a text")]
    [InlineData("""{"text":"x","startDay":"2024-01-02","endDay":"2024-01-01"}""", "The last day is the first one or a later one")]
    [InlineData("""{"text":"x","startDay":"2024-01-02","dimension":"CHANNEL"}""", "go together")]
    [InlineData("""{"text":"x","startDay":"2024-01-02","dimension":"WEEKDAY","dimensionKey":"77"}""", "WEEKDAY has no value \"77\"")]
    [InlineData("""{"text":"x","startDay":"2024-01-02","dimension":"AGE_BAND","dimensionKey":"young"}""", "AGE_BAND has no value \"young\"")]
    [InlineData("""{"text":"x","startDay":"2024-01-02","dimension":"SEGMENT","dimensionKey":"x"}""", "Give the id of a segment in `segment`")]
    public async Task What_cannot_be_an_annotation_is_refused(string annotation, string message)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var client = new GraphQLClient(database);
        var written = await client.DataAsync(Create, new { annotation = JsonSerializer.Deserialize<JsonElement>(annotation) });
        var payload = written.GetProperty("createAnnotation");
        Assert.Equal("ANNOTATION_INVALID", payload.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Contains(message, payload.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_is_written_anew_and_deleted_and_they_have_a_limit()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var client = new GraphQLClient(database, new() { Annotations = 1 });
        var id = (await SaveAsync(client, new { text = "x", startDay = "2024-01-01" })).GetProperty("id").GetString();
        var second = (await client.DataAsync(Create, new { annotation = new { text = "y", startDay = "2024-01-01" } })).GetProperty("createAnnotation");
        Assert.Equal("GOALS_TOO_MANY", second.GetProperty("errors")[0].GetProperty("code").GetString());
        var changed = await client.DataAsync("""
            mutation ($id: ID!) { updateAnnotation(input: {id: $id, annotation: {text: "z", startDay: "2024-03-01"}}) {
              annotation { text endDay } errors { __typename } } }
            """, new { id });
        var annotation = changed.GetProperty("updateAnnotation").GetProperty("annotation");
        Assert.Equal("z 2024-03-01", $"{annotation.GetProperty("text")} {annotation.GetProperty("endDay")}");
        await client.DataAsync("mutation ($id: ID!) { deleteAnnotation(input: {id: $id}) { annotation { text } errors { __typename } } }", new { id });
        Assert.Equal(0, (await client.DataAsync("{ annotations(period: {year: 2024}) { text } }")).GetProperty("annotations").GetArrayLength());
    }

    private static async Task<JsonElement> SaveAsync(GraphQLClient client, object annotation)
    {
        var payload = (await client.DataAsync(Create, new { annotation })).GetProperty("createAnnotation");
        Assert.Equal(JsonValueKind.Null, payload.GetProperty("errors").ValueKind);
        return payload.GetProperty("annotation");
    }

    private static string Texts(JsonElement of) =>
        string.Join(", ", of.GetProperty("annotations").EnumerateArray().Select(a => a.GetProperty("text").GetString()));
}
