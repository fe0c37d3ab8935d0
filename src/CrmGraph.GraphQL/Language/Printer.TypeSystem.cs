using System.Diagnostics;

namespace CrmGraph.GraphQL.Language;

/// <summary>Type system definitions.</summary>
public static partial class Printer
{
    private static string TypeSystem(AstNode node) => node switch
    {
        SchemaDefinitionNode n => Joined(Head(n, n.IsExtension, "schema", null), Block(n.OperationTypes)),
        OperationTypeDefinitionNode n => $"{Word(n.Operation)}: {n.Type.Name.Value}",
        ScalarTypeDefinitionNode n => Head(n, n.IsExtension, "scalar", n.Name),
        ObjectTypeDefinitionNode n => Joined(Head(n, n.IsExtension, "type", n.Name, n.Interfaces), Block(n.Fields)),
        InterfaceTypeDefinitionNode n => Joined(Head(n, n.IsExtension, "interface", n.Name, n.Interfaces), Block(n.Fields)),
        UnionTypeDefinitionNode n => Joined(
            Head(n, n.IsExtension, "union", n.Name),
            n.Types.Count == 0 ? "" : "= " + string.Join(" | ", n.Types.Select(Print))),
        EnumTypeDefinitionNode n => Joined(Head(n, n.IsExtension, "enum", n.Name), Block(n.Values)),
        InputObjectTypeDefinitionNode n => Joined(Head(n, n.IsExtension, "input", n.Name), Block(n.Fields)),
        FieldDefinitionNode n => $"{Described(n.Description)}{n.Name.Value}{Arguments(n.Arguments)}: {Print(n.Type)}{Applied(n.Directives)}",
        InputValueDefinitionNode n => $"{Described(n.Description)}{n.Name.Value}: {Print(n.Type)}{Default(n.DefaultValue)}{Applied(n.Directives)}",
        EnumValueDefinitionNode n => Described(n.Description) + n.Name.Value + Applied(n.Directives),
        DirectiveDefinitionNode n =>
            $"{Described(n.Description)}directive @{n.Name.Value}{Arguments(n.Arguments)}{(n.Repeatable ? " repeatable" : "")} on {string.Join(" | ", n.Locations.Select(Print))}",
        _ => throw new UnreachableException(node.GetType().Name),
    };

    private static string Head(TypeSystemDefinitionNode n, bool extension, string keyword, NameNode? name, IReadOnlyList<NamedTypeNode>? interfaces = null)
    {
        var head = Described(n.Description) + (extension ? "extend " : "") + keyword + (name is null ? "" : " " + name.Value);
        if (interfaces is { Count: > 0 })
            head += " implements " + string.Join(" & ", interfaces.Select(Print));
        return head + Applied(n.Directives);
    }

    private static string Joined(string head, string body) => body.Length == 0 ? head : $"{head} {body}";

    private static string Arguments(IReadOnlyList<InputValueDefinitionNode> arguments)
    {
        if (arguments.Count == 0)
            return "";
        var printed = arguments.Select(Print).ToList();
        return printed.Exists(static a => a.Contains('\n')) ? $"(\n{Indent(string.Join('\n', printed))}\n)" : $"({string.Join(", ", printed)})";
    }
}
