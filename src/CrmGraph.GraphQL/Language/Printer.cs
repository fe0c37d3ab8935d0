using System.Globalization;
using System.Text;

namespace CrmGraph.GraphQL.Language;

/// <summary>Prints any node as canonical GraphQL: two spaces of indent, lines of arguments and values up to 80 columns.</summary>
public static partial class Printer
{
    private const int LineLength = 80;

    public static string Print(AstNode node) => node switch
    {
        DocumentNode n => string.Join("\n\n", n.Definitions.Select((d, i) =>
            i > 0 && LacksBody(n.Definitions[i - 1]) && d is OperationDefinitionNode o ? Operation(o, shorten: false) : Print(d))),
        OperationDefinitionNode n => Operation(n),
        FragmentDefinitionNode n =>
            $"{Described(n.Description)}fragment {n.Name.Value} on {n.TypeCondition.Name.Value}{Applied(n.Directives)} {Print(n.SelectionSet)}",
        VariableDefinitionNode n => $"{Described(n.Description)}${n.Variable.Name.Value}: {Print(n.Type)}{Default(n.DefaultValue)}{Applied(n.Directives)}",
        SelectionSetNode n => Block(n.Selections),
        FieldNode n => Field(n),
        FragmentSpreadNode n => $"...{n.Name.Value}{Applied(n.Directives)}",
        InlineFragmentNode n => $"...{(n.TypeCondition is { } t ? " on " + t.Name.Value : "")}{Applied(n.Directives)} {Print(n.SelectionSet)}",
        ArgumentNode n => $"{n.Name.Value}: {Print(n.Value)}",
        DirectiveNode n => n.Arguments.Count == 0 ? $"@{n.Name.Value}" : $"@{n.Name.Value}({string.Join(", ", n.Arguments.Select(Print))})",
        NameNode n => n.Value,
        ValueNode n => Value(n),
        ObjectFieldNode n => $"{n.Name.Value}: {Print(n.Value)}",
        NamedTypeNode n => n.Name.Value,
        ListTypeNode n => $"[{Print(n.Type)}]",
        NonNullTypeNode n => Print(n.Type) + "!",
        _ => TypeSystem(node),
    };

    /// <summary>Whether braces that follow would be read as the definition's body.</summary>
    private static bool LacksBody(DefinitionNode node) => node switch
    {
        SchemaDefinitionNode n => n.OperationTypes.Count == 0,
        ObjectTypeDefinitionNode n => n.Fields.Count == 0,
        InterfaceTypeDefinitionNode n => n.Fields.Count == 0,
        EnumTypeDefinitionNode n => n.Values.Count == 0,
        InputObjectTypeDefinitionNode n => n.Fields.Count == 0,
        _ => false,
    };

    private static string Operation(OperationDefinitionNode n, bool shorten = true)
    {
        var variables = n.VariableDefinitions.Select(Print).ToList();
        var separator = variables.Exists(static v => v.Contains('\n')) ? "\n" : ", ";
        var list = variables.Count == 0 ? "" : separator == "\n" ? $"(\n{string.Join('\n', variables)}\n)" : $"({string.Join(separator, variables)})";
        var name = n.Name is null && list.Length == 0 ? "" : " " + n.Name?.Value + list;
        var prefix = $"{Described(n.Description)}{Word(n.Operation)}{name}{Applied(n.Directives)}";
        return prefix == "query" && shorten ? Print(n.SelectionSet) : $"{prefix} {Print(n.SelectionSet)}";
    }

    public static string Word(OperationKind kind) => kind switch
    {
        OperationKind.Query => "query",
        OperationKind.Mutation => "mutation",
        _ => "subscription",
    };

    private static string Field(FieldNode n)
    {
        var prefix = n.Alias is null ? n.Name.Value : $"{n.Alias.Value}: {n.Name.Value}";
        if (n.Arguments.Count > 0)
        {
            var arguments = n.Arguments.Select(Print).ToList();
            var line = $"{prefix}({string.Join(", ", arguments)})";
            prefix = line.Length > LineLength ? $"{prefix}(\n{Indent(string.Join('\n', arguments))}\n)" : line;
        }

        return prefix + Applied(n.Directives) + (n.SelectionSet is null ? "" : " " + Print(n.SelectionSet));
    }

    private static string Value(ValueNode node)
    {
        switch (node)
        {
            case VariableNode n: return "$" + n.Name.Value;
            case IntValueNode n: return n.Value;
            case FloatValueNode n: return n.Value;
            case StringValueNode n: return n.Block ? BlockString.Print(n.Value) : String(n.Value);
            case BooleanValueNode n: return n.Value ? "true" : "false";
            case EnumValueNode n: return n.Value;
            case ListValueNode n:
                var values = n.Values.Select(Print).ToList();
                var line = $"[{string.Join(", ", values)}]";
                return line.Length > LineLength ? $"[\n{Indent(string.Join('\n', values))}\n]" : line;
            case ObjectValueNode n:
                var fields = $"{{ {string.Join(", ", n.Fields.Select(Print))} }}";
                return fields.Length > LineLength ? Block(n.Fields) : fields;
            default: return "null";
        }
    }

    /// <summary>A string literal with the escapes that the language needs.</summary>
    public static string String(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or (>= '\x7F' and <= '\x9F') => text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        return text.Append('"').ToString();
    }

    private static string Described(StringValueNode? description) => description is null ? "" : Value(description) + "\n";

    private static string Default(ValueNode? value) => value is null ? "" : " = " + Value(value);

    private static string Applied(IReadOnlyList<DirectiveNode> directives) => directives.Count == 0 ? "" : " " + string.Join(' ', directives.Select(Print));

    private static string Block<T>(IReadOnlyList<T> items)
        where T : AstNode => items.Count == 0 ? "" : $"{{\n{Indent(string.Join('\n', items.Select(Print)))}\n}}";

    private static string Indent(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);
}
