using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Reports;

/// <summary>A sample CRM with its graph, for tests of reports.</summary>
internal sealed class ReportBench(TestDatabase database, SampleCrm crm) : IAsyncDisposable
{
    private const string Errors = "errors { __typename ... on Error { message code } ... on ReportInvalidError { problems { part message line column } } }";

    public TestDatabase Database { get; } = database;
    public SampleCrm Crm { get; } = crm;
    public GraphQLClient Client { get; } = new(database);

    public static async Task<ReportBench> CreateAsync(DatabaseKind kind)
    {
        var database = await TestDatabase.CreateAsync(kind);
        return new(database, await SampleCrm.CreateAsync(database));
    }

    public static object Content(string operation, params object[] parameters) => new
    {
        purpose = "SALES_PROGRESS",
        audience = "sales",
        parameters,
        sections = new[] { new { heading = "Figures", text = "What they say.", operation, chart = "BAR" } },
    };

    public async Task<JsonElement> CreateAsync(string key, object content, Caller? caller = null) =>
        (await Client.DataAsync($"mutation ($key: String!, $content: ReportContentInput!) {{ createReportDefinition(input: {{ key: $key, title: \"Sales 销售\", "
            + $"content: $content }}) {{ reportDefinition {{ id key version content {{ audience sections {{ chart operation }} }} }} {Errors} }} }}",
            new { key, content }, caller)).GetProperty("createReportDefinition");

    /// <summary>The id of a new report; fails the test when it was refused.</summary>
    public async Task<string> IdOfNewAsync(string key, object content, Caller? caller = null)
    {
        var payload = await CreateAsync(key, content, caller);
        Assert.True(payload.GetProperty("errors").ValueKind == JsonValueKind.Null, payload.ToString());
        return payload.GetProperty("reportDefinition").GetProperty("id").GetString()!;
    }

    public async Task<JsonElement> UpdateAsync(string id, int? expectedVersion, string? title = null, object? content = null) =>
        (await Client.DataAsync($"mutation ($input: UpdateReportDefinitionInput!) {{ updateReportDefinition(input: $input) {{ reportDefinition {{ version "
            + $"title versions {{ version title savedBy content {{ audience }} }} }} {Errors} }} }}",
            new { input = new { id, expectedVersion, title, content } })).GetProperty("updateReportDefinition");

    public async Task<JsonElement> RunAsync(string id, object? parameters = null, Caller? caller = null, int? version = null)
    {
        const string run = "mutation ($id: ID!, $version: Int, $parameters: Any) { runReport(input: { id: $id, version: $version, parameters: $parameters }) "
            + "{ reportResult { id version asOf isKept parameters periods { from until } sections { heading text chart data errors } } errors { __typename "
            + "... on Error { message code } ... on ReportInvalidError { problems { part message } } } } }";
        return await Client.SendAsync(run, new { id, version, parameters }, caller);
    }

    /// <summary>The data of the first section of a run.</summary>
    public async Task<JsonElement> DataOfRunAsync(string id, object? parameters = null, Caller? caller = null)
    {
        var response = await RunAsync(id, parameters, caller);
        var result = response.GetProperty("data").GetProperty("runReport").GetProperty("reportResult");
        Assert.True(result.ValueKind == JsonValueKind.Object, response.ToString());
        return result.GetProperty("sections")[0].GetProperty("data");
    }

    /// <summary>The id of the kept result that is shown; null when there is none.</summary>
    public async Task<string?> KeptAsync(string id, Caller? caller = null, object? parameters = null)
    {
        var kept = (await Client.DataAsync(
            "query ($id: ID!, $p: Any) { reportDefinition(id: $id) { keptResult(parameters: $p) { id } } }",
            new { id, p = parameters },
            caller)).GetProperty("reportDefinition").GetProperty("keptResult");
        return kept.ValueKind == JsonValueKind.Null ? null : kept.GetProperty("id").GetString();
    }

    public Caller Representative(int n)
    {
        var owner = Crm.Customers.Where(c => c.OwnerId is not null && !c.IsGuest).Select(c => c.OwnerId!.Value).Distinct().Order().ElementAt(n);
        return new Caller($"representative {n}", Role.Representative, owner, [owner]);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Database.DisposeAsync();
    }
}
