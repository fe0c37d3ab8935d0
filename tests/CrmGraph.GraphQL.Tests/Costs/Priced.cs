using System.Text.Json;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Tests.Costs;

/// <summary>Prices operations on schemas written in SDL; nothing is executed.</summary>
internal static class Priced
{
    public const string Directives = """
        directive @cost(weight: String!) on SCALAR | OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | ENUM | INPUT_FIELD_DEFINITION
        directive @listSize(assumedSize: Int, slicingArguments: [String!], slicingArgumentDefaultValue: Int, sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION

        """;

    public static CostPolicy Unlimited => new() { FieldCost = double.MaxValue, TypeCost = double.MaxValue, Mode = CostMode.Validate };

    public static RequestExecutor On(string sdl) => new(SdlSchemaBuilder.Build(Directives + sdl));

    public static OperationCost Price(this RequestExecutor executor, string query, string? variables = null) => executor.Run(query, variables).Cost!.Cost;

    public static ExecutionResult Run(this RequestExecutor executor, string query, string? variables = null, CostPolicy? policy = null)
    {
        var request = new GraphQLRequest(query) { Variables = variables is null ? default : JsonDocument.Parse(variables).RootElement };
        var done = executor.ExecuteAsync(request, new RequestState().Set(policy ?? Unlimited), new Execution.Run.Services(), CancellationToken.None);
        var result = done.AsTask().GetAwaiter().GetResult();
        return result.Cost is not null || policy is not null ? result : throw new InvalidOperationException(result.ToString());
    }
}
