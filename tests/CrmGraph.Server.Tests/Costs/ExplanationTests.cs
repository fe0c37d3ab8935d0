using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Server.Tests.Costs;

/// <summary>Statements and plans of an operation, for administrators who ask by a header.</summary>
public sealed partial class ExplanationTests
{
    private const string Query = """
        { customers(where: {region: {eq: "Hidden value"}}, first: 3) { totalCount nodes { name orders(first: 2) { nodes { number } } } }
          metrics(period: {last: {count: 3, unit: MONTH}}) { totals { revenue { value } } } }
        """;

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task An_administrator_sees_every_statement_with_its_plan_and_without_values(DatabaseKind kind)
    {
        await using var server = await RunningServer.StartAsync(kind: kind);
        using var first = await AskAsync(server, "1");
        var explained = await StatementsAsync(first);
        // Prepared by now: the statements go another way.
        using var second = await AskAsync(server, "1");
        Assert.Equal(
            explained.Where(s => s.Table == "customers").Select(s => s.Plan),
            (await StatementsAsync(second)).Where(s => s.Table == "customers").Select(s => s.Plan));

        Assert.Contains(explained, s => s.Table == "customers");
        Assert.Contains(explained, s => s.Table is "orders" or "sales_days");
        Assert.All(explained, s => Assert.NotEmpty(s.Plan));
        Assert.All(explained, s => Assert.DoesNotContain("Hidden value", s.Sql, StringComparison.Ordinal));
        Assert.Contains("no-store", first.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var plain = await AskAsync(server, null);
        Assert.False((await plain.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("extensions", out _));
    }

    [Fact]
    public async Task A_report_that_is_run_keeps_no_explanation()
    {
        await using var server = await RunningServer.StartAsync();
        const string create = """
            mutation { createReportDefinition(input: {key: "explained", title: "Explained", content: {purpose: OTHER, audience: "all", summary: "Orders", sections: [
              {heading: "Orders", text: "", chart: TABLE, operation: "{ metrics(period: {toDate: YEAR}) { totals { orders { value } } } }"}]}}) { reportDefinition { id } errors { __typename } } }
            """;
        using var created = await AskAsync(server, null, query: create);
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty("createReportDefinition")
            .GetProperty("reportDefinition").GetProperty("id").GetString();
        using var run = await AskAsync(server, "1", query: $$"""mutation { runReport(input: {id: "{{id}}"}) { reportResult { id } errors { __typename } } }""");
        var answer = await run.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.GetProperty("extensions").TryGetProperty("explain", out _), answer.ToString());
        var kept = (string)(await server.Database.QueryAsync("select document from report_results"))[0][0]!;
        Assert.DoesNotContain("explain", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Others_and_other_words_are_refused()
    {
        await using var server = await RunningServer.StartAsync();
        using var other = await AskAsync(server, "1", (await server.CreateKeyAsync(Role.Analyst)).Secret);
        Assert.Equal((HttpStatusCode.Forbidden, "AUTH_NOT_AUTHORIZED"), (other.StatusCode, await CodeAsync(other)));
        using var word = await AskAsync(server, "yes");
        Assert.Equal((HttpStatusCode.BadRequest, "HC0009"), (word.StatusCode, await CodeAsync(word)));
    }

    private static async Task<HttpResponseMessage> AskAsync(RunningServer server, string? header, string? key = null, string query = Query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query }) };
        if (header is not null)
            request.Headers.Add("GraphQL-Explain", header);
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        return await server.Client.SendAsync(request);
    }

    private static async Task<List<(string Sql, string Table, List<string> Plan)>> StatementsAsync(HttpResponseMessage answer)
    {
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(json.TryGetProperty("errors", out var errors), errors.ToString());
        return
        [
            .. json.GetProperty("extensions").GetProperty("explain").GetProperty("statements").EnumerateArray().Select(s => (
                s.GetProperty("sql").GetString()!,
                First().Match(s.GetProperty("sql").GetString()!).Groups[1].Value,
                Lines(s))),
        ];
    }

    private static List<string> Lines(JsonElement statement)
    {
        Assert.True(statement.GetProperty("plan").ValueKind == JsonValueKind.Array, statement.ToString());
        return [.. statement.GetProperty("plan").EnumerateArray().Select(line => line.GetString()!)];
    }

    private static async Task<string> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()!;

    [GeneratedRegex("FROM \"?(\\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex First();
}
