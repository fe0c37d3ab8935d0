using System.Text.Json;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.TestKit;

/// <summary>The product's schema over a test database, without a host: operations in, JSON out.</summary>
public sealed class GraphQLClient : IAsyncDisposable
{
    private static readonly Lazy<Schema> Shared = new(() => CrmSchema.Builder().Build());

    public GraphQLClient(TestDatabase database, CrmLimits? limits = null, Action<IServiceCollection>? add = null)
    {
        Errors = [];
        Services = database.CreateServices(services =>
        {
            services.AddLogging();
            services.AddCrm(limits ?? new());
            services.AddSingleton(new GraphQLLimits());
            services.AddSingleton(Shared.Value);
            services.AddSingleton(s => new RequestExecutor(s.GetRequiredService<Schema>(), new()
            {
                TimeProvider = s.GetRequiredService<TimeProvider>(),
                Explain = CrmErrors.Explain,
                OnUnexpectedError = e => Errors.Add(e),
            }));
            add?.Invoke(services);
        });
        Executor = Services.GetRequiredService<RequestExecutor>();
    }

    public ServiceProvider Services { get; }
    public RequestExecutor Executor { get; }
    /// <summary>What was masked.</summary>
    public List<UnexpectedError> Errors { get; }

    /// <summary>The whole response.</summary>
    public async Task<JsonElement> SendAsync(string query, object? variables = null, Caller? caller = null)
    {
        var request = new GraphQLRequest(query) { Variables = variables is null ? default : JsonSerializer.SerializeToElement(variables) };
        var result = await Executor.ExecuteAsync(request, new RequestState().Set(caller ?? Caller.System), Services, CancellationToken.None);
        return result.ToJson();
    }

    /// <summary>The data; fails the test when there are errors.</summary>
    public async Task<JsonElement> DataAsync(string query, object? variables = null, Caller? caller = null)
    {
        var response = await SendAsync(query, variables, caller);
        if (response.TryGetProperty("errors", out var errors))
            Assert.Fail($"{errors} {string.Join(Environment.NewLine, Errors.Select(e => e.Exception))}");
        return response.GetProperty("data");
    }

    /// <summary>The code of the first error; fails the test when there is none.</summary>
    public async Task<string?> CodeAsync(string query, object? variables = null, Caller? caller = null)
    {
        var response = await SendAsync(query, variables, caller);
        return response.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString();
    }

    public ValueTask DisposeAsync() => Services.DisposeAsync();
}
