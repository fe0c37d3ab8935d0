using System.Collections.Concurrent;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Documents;

/// <summary>A document that was parsed and validated, with the plans of its operations.</summary>
internal sealed class PreparedDocument(string text, Schema schema, DocumentNode document)
{
    private readonly ConcurrentDictionary<string, PreparedOperation> _operations = new(StringComparer.Ordinal);

    public string Text { get; } = text;
    /// <summary>Under which the cache keeps it beside its text; the cache's own, under its lock.</summary>
    public List<byte[]> JsonNames { get; } = [];
    public string? Hash { get; set; }

    /// <summary>GetOperation (section 6.1).</summary>
    public PreparedOperation Operation(string? name)
    {
        if (_operations.TryGetValue(name ?? "", out var known))
            return known;
        var operations = document.Definitions.OfType<OperationDefinitionNode>().ToList();
        var found = string.IsNullOrEmpty(name) ? operations.Count == 1 ? operations[0] : null : operations.Find(o => o.Name?.Value == name);
        if (found is null)
        {
            return new PreparedOperation([new GraphQLError(operations.Count == 0 ? "Must provide an operation."
                : string.IsNullOrEmpty(name) ? "Must provide operation name if query contains multiple operations." : $"Unknown operation named \"{name}\".")
            {
                Code = ErrorCodes.OperationNotFound,
            }]);
        }

        if (schema.RootType(found.Operation) is null)
        {
            return new PreparedOperation([new GraphQLError($"Schema is not configured to execute {found.Operation.ToString().ToLowerInvariant()} operation.")
            {
                Code = ErrorCodes.ValidationFailed,
                Locations = [found.Location.LineAndColumn],
            }]);
        }

        return _operations.GetOrAdd(name ?? "", new PreparedOperation(new OperationPlan(schema, document, found), Text));
    }
}
