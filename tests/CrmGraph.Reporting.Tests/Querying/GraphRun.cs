using System.Text.Json;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>The product's graph on one test's database.</summary>
internal sealed class GraphRun : IAsyncDisposable
{
    private static readonly RequestExecutor Executor = new(CrmSchema.Builder().Build());
    private readonly ServiceProvider _services;

    public GraphRun(TestDatabase database) => _services = database.CreateServices(s => s.AddCrm(new CrmLimits()));

    /// <summary>The whole response.</summary>
    public async Task<JsonElement> AnswerAsync(string query, Caller? caller = null, object? variables = null)
    {
        var state = new RequestState().Set(caller ?? Caller.System);
        var request = new GraphQLRequest(query) { Variables = JsonSerializer.SerializeToElement(variables ?? new { }) };
        var result = await Executor.ExecuteAsync(request, state, _services, default);
        return result.ToJson();
    }

    /// <summary>The data of a response that must have no errors.</summary>
    public async Task<JsonElement> DataAsync(string query, Caller? caller = null, object? variables = null)
    {
        var answer = await AnswerAsync(query, caller, variables);
        return answer.TryGetProperty("errors", out var errors) ? throw new InvalidOperationException(errors.GetRawText()) : answer.GetProperty("data");
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
