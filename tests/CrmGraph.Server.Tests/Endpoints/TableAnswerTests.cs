using System.Net.Http.Json;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Server.Tests.Endpoints;

public sealed class TableAnswerTests
{
    private const string Metrics =
        "{ metrics(period: {last: {count: 24, unit: MONTH}}, grain: MONTH, groupBy: [CHANNEL]) { rows { channel bucket { start } dimensions { key } revenue "
        + "{ value reason } orders { value } } } }";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_rows_of_metrics_are_a_table_with_the_values_of_the_json(DatabaseKind kind)
    {
        await using var server = await RunningServer.StartAsync("Development", kind: kind);
        await SampleCrm.CreateAsync(server.Database);

        using var json = await AskAsync(server, Metrics, "application/json");
        using var csv = await AskAsync(server, Metrics, "text/csv");
        using var ndjson = await AskAsync(server, Metrics, "application/x-ndjson");

        var rows = (await json.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty("metrics").GetProperty("rows").EnumerateArray()
            .ToList();
        Assert.NotEmpty(rows);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("channel,bucket.start,dimensions.0.key,revenue.value,revenue.reason,orders.value", lines[0]);
        Assert.Equal(rows.Count, lines.Length - 2);
        var objects = (await ndjson.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n').Select(l => JsonSerializer.Deserialize<JsonElement>(l)).ToList();
        Assert.Equal(rows.Count, objects[^1].GetProperty("rows").GetInt32());
        foreach (var (row, line) in rows.Zip(objects))
        {
            Assert.Equal(row.GetProperty("channel").ToString(), line.GetProperty("channel").ToString());
            Assert.Equal(Number(row.GetProperty("revenue").GetProperty("value")), Number(line.GetProperty("revenue.value")));
        }
    }

    [Theory]
    [InlineData("{ viewer { __typename } }", 400, "INVALID_ARGUMENT")]
    [InlineData("{ nothing }", 400, "VALIDATION_FAILED")]
    [InlineData("{ metrics(period: {last: {count: 1, unit: MONTH}}, currency: \"XXX\") { rows { revenue { value } } } }", 422, null)]
    public async Task What_is_no_table_is_json_with_a_code_and_no_success(string query, int status, string? code)
    {
        await using var server = await RunningServer.StartAsync("Development");

        using var answer = await AskAsync(server, query, "text/csv");

        Assert.Equal(status, (int)answer.StatusCode);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0];
        Assert.True(code is null || error.GetProperty("extensions").GetProperty("code").GetString() == code, error.ToString());
    }

    [Fact]
    public async Task A_table_is_asked_for_under_the_callers_own_rights()
    {
        await using var server = await RunningServer.StartAsync("Production");
        var crm = await SampleCrm.CreateAsync(server.Database);
        var owner = crm.Customers.First(c => c.OwnerId is not null && !c.IsGuest).OwnerId!.Value;
        var key = await server.CreateKeyAsync(Role.Representative, owner);

        using var refused = await AskAsync(server, "{ customers { nodes { name } } }", "text/csv");
        using var own = await AskAsync(server, "{ customers(first: 1000) { totalCount nodes { name tags } } }", "text/csv, */*", key.Secret);

        Assert.Equal(401, (int)refused.StatusCode);
        Assert.Equal(crm.Customers.Count(c => c.OwnerId == owner && !c.IsGuest), (await own.Content.ReadAsStringAsync()).Split("\r\n").Length - 2);
    }

    private static string Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? "" : value.ToString();

    private static async Task<HttpResponseMessage> AskAsync(RunningServer server, string query, string accept, string? secret = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query }) };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (secret is not null)
            request.Headers.Authorization = new("Bearer", secret);
        return await server.Client.SendAsync(request);
    }
}
