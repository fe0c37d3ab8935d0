using System.Runtime.InteropServices;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Coercion;

/// <summary>Coercion of variables and arguments (section 6.1.2 and 6.4.1).</summary>
internal static class Values
{
    private static readonly Dictionary<string, object?> None = [];

    /// <summary>CoerceVariableValues: the values of those variables that were given or have a default; errors go to <paramref name="errors"/>.</summary>
    public static Dictionary<string, object?> CoerceVariableValues(
        Schema schema,
        IReadOnlyList<VariableDefinitionNode> definitions,
        JsonElement given,
        int maximumErrors,
        List<GraphQLError> errors)
    {
        if (definitions.Count == 0)
            return None;
        // Halves of surrogate pairs (\ud800 alone) are JSON, but no name or text that could be read.
        if (given.ValueKind == JsonValueKind.Object && !JsonUnicode.IsValid(JsonMarshal.GetRawUtf8Value(given)))
        {
            errors.Add(
                new GraphQLError("The variables are not valid Unicode: a string or name holds half of a surrogate pair.")
                {
                    Code = ErrorCodes.InvalidVariable
                });
            return None;
        }

        var values = new Dictionary<string, object?>(definitions.Count, StringComparer.Ordinal);
        foreach (var definition in definitions)
        {
            if (errors.Count >= maximumErrors)
                break;
            Coerce(schema, definition, given, values, errors);
        }

        return values;
    }

    private static void Coerce(
        Schema schema,
        VariableDefinitionNode definition,
        JsonElement given,
        Dictionary<string, object?> values,
        List<GraphQLError> errors)
    {
        var name = definition.Variable.Name.Value;
        if (TypeOf(schema, definition.Type) is not { IsInput: true } type)
        {
            errors.Add(
                Invalid(
                    definition,
                    $"Variable \"${name}\" expected value of type \"{Printer.Print(definition.Type)}\" which cannot be used as an input type."));
            return;
        }

        if (given.ValueKind != JsonValueKind.Object || !given.TryGetProperty(name, out var value))
        {
            if (definition.DefaultValue is { } fallback)
                Default(definition, type, fallback, values, errors);
            else if (type is NonNullType)
                errors.Add(Missing(definition, $"Variable \"${name}\" of required type \"{type}\" was not provided."));
            return;
        }

        if (value.ValueKind == JsonValueKind.Null && type is NonNullType)
        {
            errors.Add(Missing(definition, $"Variable \"${name}\" of non-null type \"{type}\" must not be null."));
            return;
        }

        var coercion = new JsonCoercion(name, (message, path, at) => errors.Add(Invalid(definition,
            $"Variable \"${name}\" got invalid value {Shown(at)}{(path.Length > name.Length ? $" at \"{path}\"" : "")}; {message}")));
        if (coercion.TryCoerce(type, value, out var coerced))
            values[name] = coerced;
    }

    private static void Default(
        VariableDefinitionNode definition,
        GraphQLType type,
        ValueNode fallback,
        Dictionary<string, object?> values,
        List<GraphQLError> errors)
    {
        try
        {
            values[definition.Variable.Name.Value] = LiteralCoercion.Coerce(type, fallback, null);
        }
        catch (Exception e) when (e is FormatException or GraphQLException)
        {
            errors.Add(Invalid(definition, $"Variable \"${definition.Variable.Name.Value}\" has an invalid default; {e.Message}"));
        }
    }

    /// <summary>CoerceArgumentValues: the arguments that were given or have a default. Throws <see cref="GraphQLException"/>.</summary>
    public static IReadOnlyDictionary<string, object?> CoerceArgumentValues(
        IReadOnlyList<InputValueDefinition> definitions,
        IReadOnlyList<ArgumentNode> arguments,
        IReadOnlyDictionary<string, object?>? variables)
    {
        if (definitions.Count == 0)
            return None;
        var values = new Dictionary<string, object?>(definitions.Count, StringComparer.Ordinal);
        foreach (var definition in definitions)
            if (Argument(definition, Find(arguments, definition.Name), variables, out var value))
                values[definition.Name] = value;
        return values;
    }

    private static bool Argument(InputValueDefinition definition, ArgumentNode? node, IReadOnlyDictionary<string, object?>? variables, out object? value)
    {
        value = null;
        var variable = (node?.Value as VariableNode)?.Name.Value;
        if (node is null || (variable is not null && variables?.ContainsKey(variable) != true))
        {
            if (definition.DefaultValue is { } fallback)
            {
                value = LiteralCoercion.Coerce(definition.Type, fallback, null);
                return true;
            }

            if (definition.Type is not NonNullType)
                return false;
            throw Wrong(node?.Value, variable is null
                ? $"Argument \"{definition.Name}\" of required type \"{definition.Type}\" was not provided."
                : $"Argument \"{definition.Name}\" of required type \"{definition.Type}\" was provided the variable \"${variable}\" which was not provided a "
                    + "runtime value.");
        }

        value = variable is not null ? variables![variable] : Literal(definition, node, variables);
        if (value is null && definition.Type is NonNullType)
            throw Wrong(node!.Value, $"Argument \"{definition.Name}\" of non-null type \"{definition.Type}\" must not be null.");
        return true;
    }

    private static object? Literal(InputValueDefinition definition, ArgumentNode node, IReadOnlyDictionary<string, object?>? variables)
    {
        if (node.Value is NullValueNode)
            return null;
        try
        {
            return LiteralCoercion.Coerce(definition.Type, node.Value, variables);
        }
        catch (FormatException e)
        {
            throw Wrong(
                (e as LiteralException)?.At ?? node.Value,
                $"Argument \"{definition.Name}\" has invalid value {Cut(Printer.Print(node.Value))}; {e.Message}");
        }
    }

    /// <summary>The type that a type reference names; null when there is none.</summary>
    public static GraphQLType? TypeOf(Schema schema, TypeNode node) => node switch
    {
        NonNullTypeNode n => TypeOf(schema, n.Type) is { } inner ? new NonNullType(inner) : null,
        ListTypeNode l => TypeOf(schema, l.Type) is { } inner ? new ListType(inner) : null,
        NamedTypeNode n => schema.Type(n.Name.Value) ?? (NamedType?)Scalars.Specified.FirstOrDefault(s => s.Name == n.Name.Value),
        _ => null,
    };

    private static ArgumentNode? Find(IReadOnlyList<ArgumentNode> arguments, string name)
    {
        for (var i = 0; i < arguments.Count; i++)
            if (arguments[i].Name.Value == name)
                return arguments[i];
        return null;
    }

    private static GraphQLException Wrong(AstNode? at, string message) => new(new GraphQLError(message)
    {
        Code = ErrorCodes.InvalidArgument,
        Locations = at is null ? [] : [at.Location.LineAndColumn],
    });

    private static GraphQLError Invalid(VariableDefinitionNode definition, string message) => new(message)
    {
        Code = ErrorCodes.InvalidVariable,
        Locations = [definition.Location.LineAndColumn],
        Extensions = new Dictionary<string, object?> { ["variable"] = definition.Variable.Name.Value },
    };

    private static GraphQLError Missing(VariableDefinitionNode definition, string message)
        => Invalid(definition, message) with { Code = ErrorCodes.NonNullViolation };

    private static string Shown(JsonElement value) => Cut(value.GetRawText());

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "...";
}
