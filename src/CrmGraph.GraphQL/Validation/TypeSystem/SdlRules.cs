using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.TypeSystem;

/// <summary>The rules of section 3 for a schema document by itself, before a schema is made of it. Rule names are graphql-js's without "Rule".</summary>
internal sealed class SdlRules
{
    private readonly IReadOnlyList<DefinitionNode> _definitions;
    private readonly List<GraphQLError> _errors = [];

    private SdlRules(IReadOnlyList<DefinitionNode> definitions) => _definitions = definitions;

    public static IReadOnlyList<GraphQLError> Check(DocumentNode document)
    {
        var rules = new SdlRules(document.Definitions);
        rules.SchemaDefinitions();
        rules.TypeNames();
        rules.Members();
        rules.ArgumentNames();
        rules.DirectiveNames();
        rules.Extensions();
        var empty = new Schema(null, null, null, [], []);
        return [.. rules._errors, .. Validator.Validate(
            new ValidationContext(empty, document, GraphQLLimits.ForOwnDocuments(), true),
            SpecifiedRules.TypeSystem)];
    }

    /// <summary>One schema definition, each operation type once, in it and its extensions.</summary>
    private void SchemaDefinitions()
    {
        foreach (var extra in _definitions.OfType<SchemaDefinitionNode>().Where(static d => !d.IsExtension).Skip(1))
            Report("LoneSchemaDefinition", "There can be only one schema definition.", extra);
        Unique(
            "UniqueOperationTypes",
            _definitions.OfType<SchemaDefinitionNode>().SelectMany(static d => d.OperationTypes),
            static o => Printer.Word(o.Operation),
            static o => o,
            static name => $"The schema has more than one {name} type.");
    }

    /// <summary>Built-in scalars are there already (section 3.5); a scalar definition that repeats one is read over.</summary>
    private void TypeNames()
    {
        var types = _definitions.OfType<TypeDefinitionNode>().Where(static d => !d.IsExtension).ToList();
        Unique("UniqueTypeNames", types, static d => d.Name.Value, static d => d.Name, static name => $"There is more than one type named \"{name}\".");
        foreach (var type in types)
            if (Scalars.IsSpecified(type.Name.Value) && type is not ScalarTypeDefinitionNode)
                Report("UniqueTypeNames", $"\"{type.Name.Value}\" is the name of a built-in scalar.", type.Name);
    }

    private void DirectiveNames() => Unique(
        "UniqueDirectiveNames",
        _definitions.OfType<DirectiveDefinitionNode>(),
        static d => d.Name.Value,
        static d => d.Name,
        static name => $"There is more than one directive named \"@{name}\".");

    /// <summary>Fields and enum values are unique in a type with its extensions.</summary>
    private void Members()
    {
        foreach (var type in _definitions.OfType<TypeDefinitionNode>().GroupBy(static d => d.Name.Value, StringComparer.Ordinal))
        {
            Unique("UniqueEnumValueNames", type.OfType<EnumTypeDefinitionNode>().SelectMany(static d => d.Values), static v => v.Name.Value, static v => v.Name,
                name => $"Enum \"{type.Key}\" has more than one value \"{name}\".");
            Unique(
                "UniqueFieldDefinitionNames",
                type.SelectMany(FieldNames),
                static n => n.Value,
                static n => n,
                name => $"Type \"{type.Key}\" has more than one field \"{name}\".");
        }
    }

    private static IEnumerable<NameNode> FieldNames(TypeDefinitionNode type) => type switch
    {
        InputObjectTypeDefinitionNode input => input.Fields.Select(static f => f.Name),
        _ => Fields(type).Select(static f => f.Name),
    };

    private static IReadOnlyList<FieldDefinitionNode> Fields(TypeDefinitionNode type) => type switch
    {
        ObjectTypeDefinitionNode o => o.Fields,
        InterfaceTypeDefinitionNode i => i.Fields,
        _ => [],
    };

    private void ArgumentNames()
    {
        foreach (var definition in _definitions)
            if (definition is DirectiveDefinitionNode directive)
                ArgumentNames($"@{directive.Name.Value}", directive.Arguments);
            else if (definition is TypeDefinitionNode type)
                foreach (var field in Fields(type))
                    ArgumentNames($"{type.Name.Value}.{field.Name.Value}", field.Arguments);
    }

    private void ArgumentNames(string owner, IReadOnlyList<InputValueDefinitionNode> arguments)
    {
        foreach (var same in arguments.GroupBy(static a => a.Name.Value, StringComparer.Ordinal))
            if (same.Skip(1).Any())
                Report("UniqueArgumentDefinitionNames", $"\"{owner}\" has more than one argument \"{same.Key}\".", [.. same.Select(static a => a.Name)]);
    }

    /// <summary>Extensions extend types of this document, of their own kind.</summary>
    private void Extensions()
    {
        var defined = new Dictionary<string, TypeDefinitionNode>(StringComparer.Ordinal);
        foreach (var definition in _definitions)
            if (definition is TypeDefinitionNode { IsExtension: false } type)
                defined[type.Name.Value] = type;
        foreach (var extension in _definitions.OfType<TypeDefinitionNode>().Where(static d => d.IsExtension))
        {
            var name = extension.Name.Value;
            if (!defined.TryGetValue(name, out var type))
                Report(
                    "PossibleTypeExtensions",
                    $"Type \"{name}\" cannot be extended because it is not defined.{Suggestions.DidYouMean(Suggestions.Nearest(name, defined.Keys))}",
                    extension.Name);
            else if (type.GetType() != extension.GetType())
                Report("PossibleTypeExtensions", $"Type \"{name}\" cannot be extended as something else than it is.", type, extension);
        }
    }

    private void Unique<T>(string rule, IEnumerable<T> items, Func<T, string> nameOf, Func<T, AstNode> at, Func<string, string> message)
    {
        var known = new Dictionary<string, AstNode>(StringComparer.Ordinal);
        foreach (var item in items)
            if (!known.TryAdd(nameOf(item), at(item)))
                Report(rule, message(nameOf(item)), known[nameOf(item)], at(item));
    }

    private void Report(string rule, string message, params ReadOnlySpan<AstNode> nodes)
    {
        var locations = new SourceLocation[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
            locations[i] = nodes[i].Location.LineAndColumn;
        _errors.Add(new GraphQLError(message) { Code = ErrorCodes.ValidationFailed, Locations = locations, Rule = rule });
    }
}
