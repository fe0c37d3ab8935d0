using System.Globalization;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution;

/// <summary>Input coercion of JSON values (section 3.5 to 3.12, "Input Coercion"). Every mistake is reported with its path.</summary>
/// <param name="report">Gets the message, the path from the variable and the value that is wrong.</param>
internal sealed class JsonCoercion(string root, Action<string, string, JsonElement> report)
{
    private const int MaximumMistakes = 50;
    private readonly List<object> _path = [];
    private int _mistakes;

    public bool TryCoerce(GraphQLType type, JsonElement value, out object? coerced)
    {
        coerced = Coerce(type, value);
        return _mistakes == 0;
    }

    private object? Coerce(GraphQLType type, JsonElement value)
    {
        if (type is NonNullType required)
            return value.ValueKind == JsonValueKind.Null ? Mistake($"Expected non-nullable type \"{type}\" not to be null.", value) : Coerce(required.OfType, value);
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        return type switch
        {
            ListType list => List(list, value),
            InputObjectType input => Object(input, value),
            EnumType e => Enum(e, value),
            ScalarType scalar => Scalar(scalar, value),
            _ => Mistake($"\"{type}\" is not an input type.", value),
        };
    }

    private List<object?> List(ListType type, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return [Coerce(type.OfType, value)];
        var list = new List<object?>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (_mistakes >= MaximumMistakes)
                break;
            _path.Add(list.Count);
            list.Add(Coerce(type.OfType, item));
            _path.RemoveAt(_path.Count - 1);
        }

        return list;
    }

    private object? Object(InputObjectType type, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return Mistake($"Expected type \"{type}\" to be an object.", value);
        var before = _mistakes;
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var field in type.Fields)
        {
            if (value.TryGetProperty(field.Name, out var given))
            {
                _path.Add(field.Name);
                fields[field.Name] = Coerce(field.Type, given);
                _path.RemoveAt(_path.Count - 1);
            }
            else if (field.DefaultValue is { } fallback)
                fields[field.Name] = LiteralCoercion.Coerce(field.Type, fallback, null);
            else if (field.Type is NonNullType)
                Mistake($"Field \"{field.Name}\" of required type \"{field.Type}\" was not provided.", value);
        }

        foreach (var property in value.EnumerateObject())
            if (type.Field(property.Name) is null && _mistakes < MaximumMistakes)
                Mistake($"Field \"{property.Name}\" is not defined by type \"{type}\".", value);
        if (type.IsOneOf)
            OneOf(type, value);
        if (_mistakes > before)
            return null;
        try
        {
            return InputObjects.Bind(type, fields);
        }
        catch (Exception e) when (e is FormatException or GraphQLException)
        {
            return Mistake(e.Message, value);
        }
    }

    /// <summary>Judged by what was given: a mistake inside the one field is not also a mistake of its object.</summary>
    private void OneOf(InputObjectType type, JsonElement value)
    {
        var given = value.EnumerateObject().Where(p => type.Field(p.Name) is not null).DistinctBy(static p => p.Name, StringComparer.Ordinal).ToList();
        if (given.Count != 1)
            Mistake(InputObjects.NotOne(type), value);
        if (given is [{ Value.ValueKind: JsonValueKind.Null }, ..])
            Mistake($"Field \"{given[0].Name}\" must be non-null.", value);
    }

    private object? Enum(EnumType type, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return Mistake($"Enum \"{type}\" cannot represent non-string value: {value.GetRawText()}.", value);
        var name = value.GetString()!;
        return type.Value(name) is { } found ? found.Value : Mistake($"Value \"{name}\" does not exist in \"{type}\" enum.", value);
    }

    private object? Scalar(ScalarType type, JsonElement value)
    {
        try
        {
            return type.ParseValue(value);
        }
        catch (Exception e) when (e is FormatException or GraphQLException)
        {
            return Mistake(e.Message, value);
        }
    }

    private object? Mistake(string message, JsonElement at)
    {
        if (_mistakes++ < MaximumMistakes)
            report(message, Path(), at);
        return null;
    }

    private string Path()
    {
        var text = new System.Text.StringBuilder(root);
        foreach (var step in _path)
            _ = step is int index ? text.Append(CultureInfo.InvariantCulture, $"[{index}]") : text.Append('.').Append(step);
        return text.ToString();
    }
}

/// <summary>What literals and JSON have in common for input objects (section 3.10).</summary>
internal static class InputObjects
{
    public static object Bind(InputObjectType type, Dictionary<string, object?> fields)
    {
        var made = new InputObject(type, fields);
        return type.Bind is { } bind ? bind(made) : made;
    }

    public static string NotOne(InputObjectType type) => $"Exactly one key must be specified for OneOf type \"{type}\".";

    public static string? OneOfMistake(InputObjectType type, Dictionary<string, object?> fields)
    {
        if (fields.Count != 1)
            return NotOne(type);
        var (name, value) = fields.First();
        return value is null ? $"Field \"{name}\" must be non-null." : null;
    }
}

/// <summary>A literal that does not fit, because of what its variables hold, and where in the literal.</summary>
internal sealed class LiteralException(string message, AstNode at) : FormatException(message)
{
    public AstNode At { get; } = at;
}

/// <summary>Input coercion of literals, with variables in them. Throws <see cref="LiteralException"/>, <see cref="FormatException"/> of a scalar, or what a binding throws.</summary>
internal static class LiteralCoercion
{
    /// <param name="variables">Null where variables cannot stand.</param>
    public static object? Coerce(GraphQLType type, ValueNode node, IReadOnlyDictionary<string, object?>? variables)
    {
        if (node is VariableNode variable)
        {
            var value = variables is not null && variables.TryGetValue(variable.Name.Value, out var given) ? given : null;
            return value is null && type is NonNullType ? throw new LiteralException($"Expected a value of type \"{type}\", but ${variable.Name.Value} has none.", node) : value;
        }

        if (type is NonNullType required)
            return node is NullValueNode ? throw new LiteralException($"Expected value of type \"{type}\", found null.", node) : Coerce(required.OfType, node, variables);
        if (node is NullValueNode)
            return null;
        return type switch
        {
            ListType list => node is ListValueNode items ? items.Values.Select(i => Coerce(list.OfType, i, variables)).ToList() : new List<object?> { Coerce(list.OfType, node, variables) },
            InputObjectType input => Object(input, node, variables),
            EnumType e => node is EnumValueNode name && e.Value(name.Value) is { } found ? found.Value : throw new LiteralException($"Value {Printer.Print(node)} does not exist in \"{type}\" enum.", node),
            ScalarType scalar => scalar.ParseLiteral(variables is null ? node : WithoutVariables(node, variables)),
            _ => throw new LiteralException($"\"{type}\" is not an input type.", node),
        };
    }

    private static object Object(InputObjectType type, ValueNode node, IReadOnlyDictionary<string, object?>? variables)
    {
        if (node is not ObjectValueNode value)
            throw new LiteralException($"Expected value of type \"{type}\", found {Printer.Print(node)}.", node);
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var field in type.Fields)
        {
            var given = Find(value.Fields, field.Name);
            // A variable without a value leaves the field out (section 3.10, input coercion).
            if (given is VariableNode v && variables?.ContainsKey(v.Name.Value) != true)
                given = null;
            if (given is not null)
                fields[field.Name] = Coerce(field.Type, given, variables);
            else if (field.DefaultValue is { } fallback)
                fields[field.Name] = Coerce(field.Type, fallback, null);
            else if (field.Type is NonNullType)
                throw new LiteralException($"Field \"{type}.{field.Name}\" of required type \"{field.Type}\" was not provided.", node);
        }

        foreach (var given in value.Fields)
            if (type.Field(given.Name.Value) is null)
                throw new LiteralException($"Field \"{given.Name.Value}\" is not defined by type \"{type}\".", node);
        if (type.IsOneOf && (value.Fields.Count != 1 ? InputObjects.NotOne(type) : InputObjects.OneOfMistake(type, fields)) is { } mistake)
            throw new LiteralException(mistake, node);
        return InputObjects.Bind(type, fields);
    }

    // Types of filters have dozens of fields, of which few are given.
    private static ValueNode? Find(IReadOnlyList<ObjectFieldNode> fields, string name)
    {
        for (var i = 0; i < fields.Count; i++)
            if (fields[i].Name.Value == name)
                return fields[i].Value;
        return null;
    }

    private static ValueNode WithoutVariables(ValueNode node, IReadOnlyDictionary<string, object?> variables) => node switch
    {
        VariableNode v => Literal(variables.GetValueOrDefault(v.Name.Value)),
        ListValueNode l => new ListValueNode([.. l.Values.Select(i => WithoutVariables(i, variables))]) { Location = l.Location },
        ObjectValueNode o => new ObjectValueNode([.. o.Fields.Where(f => f.Value is not VariableNode v || variables.ContainsKey(v.Name.Value))
            .Select(f => new ObjectFieldNode(f.Name, WithoutVariables(f.Value, variables)))])
        { Location = o.Location },
        _ => node,
    };

    // A variable inside a literal of a scalar that takes lists and objects.
    private static ValueNode Literal(object? value) => value switch
    {
        null => new NullValueNode(),
        bool b => new BooleanValueNode(b),
        string s => new StringValueNode(s),
        sbyte or byte or short or ushort or int or uint or long => new IntValueNode(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        double or float or decimal => new FloatValueNode(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        IReadOnlyDictionary<string, object?> map => new ObjectValueNode([.. map.Select(p => new ObjectFieldNode(new NameNode(p.Key), Literal(p.Value)))]),
        InputObject input => Literal(input.Fields),
        IEnumerable<object?> list => new ListValueNode([.. list.Select(Literal)]),
        IFormattable f => new StringValueNode(f.ToString(null, CultureInfo.InvariantCulture)),
        _ => new StringValueNode(value.ToString() ?? ""),
    };
}
