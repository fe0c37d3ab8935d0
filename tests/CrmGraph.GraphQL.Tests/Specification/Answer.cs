using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Tests.Specification;

/// <summary>Runs a request on a schema of text whose fields are functions of the parent and the arguments; fields without one read dictionaries.</summary>
internal static class Answer
{
    public delegate object? Field(IReadOnlyDictionary<string, object?>? parent, IReadOnlyDictionary<string, object?> arguments);

    public static async Task<ExecutionResult> ToAsync(
        string sdl,
        Dictionary<string, Field> fields,
        string query,
        string? variables = null,
        string? operation = null)
    {
        var schema = SdlSchemaBuilder.Build(
            sdl,
            (type, field) => fields.TryGetValue($"{type}.{field.Name.Value}", out var code) ? new FieldCode(Resolver(code)) : null);
        var given = variables is null ? default : Execution.Run.Json(variables);
        return await new RequestExecutor(schema).ExecuteAsync(
            new GraphQLRequest(query) { Variables = given, OperationName = operation },
            new RequestState(),
            new Execution.Run.Services(),
            default);
    }

    /// <summary>The data as JSON text, and each error as its path.</summary>
    public static (string? Data, string[] Paths) Of(ExecutionResult result) => (
        result.HasData ? result.ToJson().GetProperty("data").GetRawText() : null,
        [.. result.Errors.Select(static e => e.Path is null ? "request" : string.Join('.', e.Path))]);

    private static FieldResolver Resolver(Field code) => context =>
    {
        var values = new object?[context.Parents.Count];
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = code(context.Parents[i] as IReadOnlyDictionary<string, object?>, context.Arguments);
            }
            catch (Exception e) when (e is InvalidOperationException or GraphQLException)
            {
                values[i] = e;
            }
        }

        return ValueTask.FromResult<IReadOnlyList<object?>>(values);
    };

    public static Dictionary<string, object?> Object(params (string Name, object? Value)[] fields)
        => fields.ToDictionary(static f => f.Name, static f => f.Value);
}
