using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Tests.Annotations;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Tests.Execution;

/// <summary>Runs requests and gives the response text.</summary>
internal static class Run
{
    public sealed class Services(params object[] services) : IServiceProvider
    {
        public object? GetService(Type serviceType) => services.FirstOrDefault(serviceType.IsInstanceOfType);
    }

    private static readonly Schema PetsSchema = PetSchema.Build();

    public static RequestExecutor Pets(GraphQLLimits? limits = null, Action<UnexpectedError>? report = null) =>
        new(PetsSchema, new RequestExecutorOptions { Limits = limits ?? new(), OnUnexpectedError = report });

    public static async Task<string> PetsAsync(string query, string? variables = null, string? role = null, PetShop? shop = null) =>
        (await ExecuteAsync(Pets(), query, variables, role, shop)).ToString();

    public static async Task<ExecutionResult> ExecuteAsync(
        RequestExecutor executor,
        string query,
        string? variables = null,
        string? role = null,
        PetShop? shop = null,
        CancellationToken cancellationToken = default)
    {
        var state = new RequestState();
        if (role is not null)
            state.Set(new PetCaller(role));
        var request = new GraphQLRequest(query) { Variables = variables is null ? default : Json(variables) };
        return await executor.ExecuteAsync(request, state, new Services(shop ?? new PetShop()), cancellationToken);
    }

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
