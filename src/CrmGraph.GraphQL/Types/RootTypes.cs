using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>The root types as a schema's text names them (section 3.3.1).</summary>
internal static class RootTypes
{
    /// <summary>Without a schema definition the types Query, Mutation and Subscription are the roots, whatever extensions name.</summary>
    public static string? NameOf(IReadOnlyList<SchemaDefinitionNode> nodes, OperationKind kind, Func<string, bool> isType) =>
        nodes.All(static n => n.IsExtension) && isType(kind.ToString()) ? kind.ToString() : NodeOf(nodes, kind)?.Name.Value;

    public static NamedTypeNode? NodeOf(IReadOnlyList<SchemaDefinitionNode> nodes, OperationKind kind) =>
        nodes.SelectMany(static n => n.OperationTypes).FirstOrDefault(o => o.Operation == kind)?.Type;
}
