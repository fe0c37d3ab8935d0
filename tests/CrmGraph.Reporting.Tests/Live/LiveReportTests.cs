using System.Text.Json;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Live;

/// <summary>A report that is watched: all of its sections on one state of the data.</summary>
public sealed class LiveReportTests
{
    private const string Orders = "query($p: PeriodInput!) { metrics(period: $p) { totals { orders { value } } } }";

    [Fact]
    public async Task A_commit_by_whomever_brings_all_sections_anew_to_those_who_may_see_it()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Sqlite);
        var id = await CreateAsync(bench, Orders, Orders);
        await using var all = await bench.WatchAsync(Watch(id));
        await using var own = await bench.WatchAsync(Watch(id), LiveBench.Representative(bench.Ann));

        Assert.Equal("null,null", await NextAsync(all));
        Assert.Equal("null,null", await NextAsync(own));
        await bench.OrderAsync(bench.CustomerOfBob, 10);
        Assert.Equal("1,1", await NextAsync(all));
        // Nothing of hers: her stream says nothing.
        await bench.OrderElsewhereAsync(bench.CustomerOfAnn, 20);
        Assert.Equal("2,2", await NextAsync(all));
        Assert.Equal("1,1", await NextAsync(own));
    }

    [Fact]
    public async Task What_cannot_be_computed_is_said_and_a_report_that_is_not_there_is_null()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Sqlite);
        var id = await CreateAsync(bench, Orders);
        await using var wrong = await bench.WatchAsync(Watch(id).Replace("{p: ", "{q: ", StringComparison.Ordinal));
        await using var none = await bench.WatchAsync(Watch(id).Replace("(id:", "(version: 7, id:", StringComparison.Ordinal));

        Assert.Equal("REPORT_INVALID_PARAMETER", (await wrong.NextAsync()).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Null, (await none.NextAsync()).GetProperty("data").GetProperty("currentReportResultUpdated").ValueKind);
    }

    private static string Watch(string id) =>
        "subscription { currentReportResultUpdated(id: \"" + id + "\", parameters: {p: {range: {from: \"2020-01-01\", until: \"2100-01-01\"}}}) "
        + "{ sections { data errors } } }";

    private static async Task<string> CreateAsync(LiveBench bench, params IEnumerable<string> operations)
    {
        var sections = string.Join(' ', operations.Select(o => "{heading: \"H\", operation: " + JsonSerializer.Serialize(o) + "}"));
        var made = await bench.SendAsync(
            "mutation { createReportDefinition(input: {key: \"watched\", title: \"Watched\", content: {purpose: OTHER, audience: \"all\", "
            + "parameters: [{name: \"p\", type: \"PeriodInput!\"}], sections: [" + sections + "]}}) { reportDefinition { id } } }");
        return made.GetProperty("data").GetProperty("createReportDefinition").GetProperty("reportDefinition").GetProperty("id").GetString()!;
    }

    private static async Task<string> NextAsync(LiveStream stream)
    {
        var answer = await stream.NextAsync();
        Assert.False(answer.TryGetProperty("errors", out var errors), errors.ToString());
        return string.Join(',', answer.GetProperty("data").GetProperty("currentReportResultUpdated").GetProperty("sections").EnumerateArray()
            .Select(s => s.GetProperty("data").GetProperty("metrics").GetProperty("totals").GetProperty("orders").GetProperty("value").GetRawText()));
    }
}
