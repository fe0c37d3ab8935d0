using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.TypeSystem;

/// <summary>
/// Type validation of section 3: whether a schema, however made, is valid. Errors point into the SDL when there is one.
/// </summary>
public sealed partial class SchemaChecker
{
    private readonly Schema _schema;
    private readonly ValidationContext _context;
    private readonly List<GraphQLError> _errors = [];

    private SchemaChecker(Schema schema)
    {
        _schema = schema;
        _context = new(schema, new DocumentNode([]), new(), true);
    }

    /// <returns>All errors; empty when the schema is valid.</returns>
    public static IReadOnlyList<GraphQLError> Check(Schema schema)
    {
        var checker = new SchemaChecker(schema);
        checker.Roots();
        foreach (var directive in schema.Directives)
            checker.Directive(directive);
        foreach (var type in schema.Types)
            checker.Type(type);
        checker.UniqueNames();
        InputCycles.Check(schema, checker.Report);
        return checker._errors;
    }

    private void Roots()
    {
        var roots = new List<(OperationKind Kind, ObjectType Type)>();
        foreach (var kind in Enum.GetValues<OperationKind>())
            if (_schema.RootType(kind) is { } root)
                roots.Add((kind, root));
            else if (RootName(kind) is { } name && Named(name) is { } other and not ObjectType)
                Report($"The {Printer.Word(kind)} type must be an object type; \"{other}\" is not.", RootNode(kind) ?? FirstNode(other));
            else if (kind == OperationKind.Query)
                Report("The schema needs a query type.", [.. _schema.Nodes.Where(static n => !n.IsExtension).Take(1)]);
        foreach (var same in roots.GroupBy(static r => r.Type).Where(static g => g.Skip(1).Any()))
            Report(
                $"The root types must differ; \"{same.Key}\" is used for {string.Join(" and ", same.Select(static r => Printer.Word(r.Kind)))}.",
                [.. same.Select(r => RootNode(r.Kind))]);
    }

    private string? RootName(OperationKind kind) => RootTypes.NameOf(_schema.Nodes, kind, n => _schema.Type(n) is not null);

    private NamedTypeNode? RootNode(OperationKind kind) => RootTypes.NodeOf(_schema.Nodes, kind);

    /// <summary>The type that a name in the text means: a built-in scalar also where no field has it, so that the schema does not (section 3.5).</summary>
    private NamedType? Named(string name) => _schema.Type(name) ?? Scalars.Specified.FirstOrDefault(s => s.Name == name);

    private static AstNode? FirstNode(NamedType type) => type.Nodes.Count == 0 ? null : type.Nodes[0];

    private void Directive(DirectiveDefinition directive)
    {
        Name(directive.Name, directive.Node);
        if (directive.Locations.Count == 0)
            Report($"Directive \"@{directive.Name}\" needs a location where it may stand.", directive.Node);
        foreach (var argument in directive.Arguments)
            Input($"@{directive.Name}({argument.Name}:)", argument, argument.Node);
        Unique($"Directive \"@{directive.Name}\"", "argument", directive.Arguments.Select(static a => a.Name), directive.Node);
    }

    private void Type(NamedType type)
    {
        Name(type.Name, FirstNode(type));
        switch (type)
        {
            case ScalarType:
                foreach (var node in type.Nodes)
                    Applied(SpecifiedDirectives.SpecifiedBy, node);
                break;
            case FieldsType fields:
                Fields(fields);
                Interfaces(fields);
                break;
            case UnionType union:
                Members(union);
                break;
            case EnumType { Values.Count: 0 }:
                Report($"Enum \"{type}\" needs a value.", [.. type.Nodes]);
                break;
            case EnumType enumType:
                foreach (var value in enumType.Values)
                    EnumValue(enumType, value);
                Unique($"Enum \"{type}\"", "value", enumType.Values.Select(static v => v.Name), null);
                break;
            case InputObjectType input:
                InputFields(input);
                break;
        }
    }

    private void EnumValue(EnumType type, EnumValueDefinition value)
    {
        Name(value.Name, value.Node);
        Applied(SpecifiedDirectives.Deprecated, value.Node);
        if (value.Name is "true" or "false" or "null")
            Report($"Enum \"{type}\" cannot have the value \"{value.Name}\".", value.Node);
    }

    private void Fields(FieldsType type)
    {
        if (type.Fields.Count == 0)
            Report($"Type \"{type}\" needs a field.", [.. type.Nodes]);
        Unique($"Type \"{type}\"", "field", type.Fields.Select(static f => f.Name), null);
        foreach (var field in type.Fields)
        {
            Name(field.Name, field.Node);
            Applied(SpecifiedDirectives.Deprecated, field.Node);
            if (!field.Type.IsOutput)
                Report($"Field \"{type}.{field.Name}\" must have an output type; \"{field.Type}\" is for input only.", field.Node?.Type);
            foreach (var argument in field.Arguments)
                Input($"{type}.{field.Name}({argument.Name}:)", argument, argument.Node?.Type);
            Unique($"Field \"{type}.{field.Name}\"", "argument", field.Arguments.Select(static a => a.Name), null);
        }
    }

    private void InputFields(InputObjectType type)
    {
        if (type.Fields.Count == 0)
            Report($"Input object \"{type}\" needs a field.", [.. type.Nodes]);
        foreach (var extension in type.Nodes.Where(static n => n.IsExtension))
            if (extension.Directives.FirstOrDefault(static d => d.Name.Value == "oneOf") is { } misplaced)
                Report($"Input object \"{type}\" cannot become one-of by an extension; @oneOf stands on its definition.", misplaced);
        Unique($"Input object \"{type}\"", "field", type.Fields.Select(static f => f.Name), null);
        foreach (var field in type.Fields)
        {
            Input($"{type}.{field.Name}", field, field.Node?.Type);
            if (type.IsOneOf && field.Type is NonNullType)
                Report($"Field \"{type}.{field.Name}\" of a one-of input object must be nullable.", field.Node?.Type);
            if (type.IsOneOf && field.DefaultValue is not null)
                Report($"Field \"{type}.{field.Name}\" of a one-of input object cannot have a default.", field.Node);
        }
    }

    /// <summary>An argument or input field.</summary>
    private void Input(string coordinate, InputValueDefinition input, AstNode? typeNode)
    {
        Name(input.Name, input.Node);
        Applied(SpecifiedDirectives.Deprecated, input.Node);
        if (!input.Type.IsInput)
            Report($"\"{coordinate}\" must have an input type; \"{input.Type}\" is for output only.", typeNode);
        if (input.IsRequired && input.DeprecationReason is not null)
            Report(
                $"\"{coordinate}\" is required and so cannot be deprecated; give it a default or a nullable type.",
                Deprecation(input.Node),
                input.Node?.Type);
        if (input.DefaultValue is { } value)
            InputLiterals.Check(
                value,
                input.Type,
                _context,
                (node, message) => Report($"The default of \"{coordinate}\" does not fit: {message}", input.Node is null ? null : node));
    }

    /// <summary>What these directives say becomes a part of the schema; by their definition in the specification, whatever the text says of them.</summary>
    private void Applied(DirectiveDefinition definition, TypeSystemDefinitionNode? node)
    {
        foreach (var directive in node?.Directives ?? [])
            if (directive.Name.Value == definition.Name)
                foreach (var argument in directive.Arguments)
                    if (definition.Arguments.FirstOrDefault(a => a.Name == argument.Name.Value) is { } input)
                        InputLiterals.Check(
                            argument.Value,
                            input.Type,
                            _context,
                            (value, message) => Report($"The value of \"@{definition.Name}({input.Name}:)\" does not fit: {message}", value));
    }

    private static DirectiveNode? Deprecation(TypeSystemDefinitionNode? node) => node?.Directives.FirstOrDefault(static d => d.Name.Value == "deprecated");

    private void Name(string name, AstNode? node)
    {
        if (name.StartsWith("__", StringComparison.Ordinal))
            Report($"The name \"{name}\" begins with \"__\", which is reserved for introspection.", node);
        else if (name.Length == 0 || !Lexer.IsNameStart(name[0]) || !name.All(Lexer.IsNameContinue))
            Report($"\"{name}\" is not a GraphQL name: letters, digits and \"_\", not beginning with a digit.", node);
    }

    /// <summary>Schemas made in code have no SDL rules before them.</summary>
    private void UniqueNames()
    {
        Unique("The schema", "type", _schema.Types.Select(static t => t.Name), null);
        Unique("The schema", "directive", _schema.Directives.Select(static d => d.Name), null);
    }

    private void Unique(string owner, string what, IEnumerable<string> names, AstNode? node)
    {
        foreach (var name in names.GroupBy(static n => n, StringComparer.Ordinal).Where(static g => g.Skip(1).Any()))
            Report($"{owner} has more than one {what} \"{name.Key}\".", node);
    }

    private void Report(string message, params ReadOnlySpan<AstNode?> nodes)
    {
        var locations = new List<SourceLocation>(nodes.Length);
        foreach (var node in nodes)
            if (node is not null)
                locations.Add(node.Location.LineAndColumn);
        _errors.Add(new GraphQLError(message) { Code = ErrorCodes.ValidationFailed, Locations = locations });
    }
}
