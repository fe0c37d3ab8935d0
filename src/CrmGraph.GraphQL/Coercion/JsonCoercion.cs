using System.Globalization;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Coercion;

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
            return value.ValueKind == JsonValueKind.Null
                ? Mistake($"Expected non-nullable type \"{type}\" not to be null.", value)
                : Coerce(required.OfType, value);
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
