using System.Text.Json;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>The product's graph on one test's database, the caller before the variables.</summary>
internal sealed class GraphRun(TestDatabase database) : IAsyncDisposable
{
    private readonly GraphQLClient _client = new(database);

    /// <summary>The whole response.</summary>
    public Task<JsonElement> AnswerAsync(string query, Caller? caller = null, object? variables = null) => _client.SendAsync(query, variables, caller);

    /// <summary>The data of a response that must have no errors.</summary>
    public Task<JsonElement> DataAsync(string query, Caller? caller = null, object? variables = null) => _client.DataAsync(query, variables, caller);

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
