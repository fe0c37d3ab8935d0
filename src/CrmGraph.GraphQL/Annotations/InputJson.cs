using System.Collections;
using System.Reflection;
using System.Text.Json;
using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>Input values kept as JSON: for what is saved today and run tomorrow by the same coercion as a variable.</summary>
public static class InputJson
{
    /// <summary>The type that a document names; null when the schema has none of that name.</summary>
    public static GraphQLType? TypeOf(Schema schema, TypeNode type) => Values.TypeOf(schema, type);

    /// <exception cref="GraphQLException">INVALID_ARGUMENT: the value does not fit the type; the message names every mistake with its path.</exception>
    public static object? Read(GraphQLType type, JsonElement value)
    {
        var mistakes = new List<string>();
        var coercion = new JsonCoercion("value", (message, path, _) => mistakes.Add($"At \"{path}\": {message}"));
        return coercion.TryCoerce(type, value, out var coerced) ? coerced : throw new GraphQLException(ErrorCodes.InvalidArgument, string.Join(" ", mistakes));
    }

    /// <summary>Writes a coerced value so that <see cref="Read"/> makes an equal one of it.</summary>
    public static void Write(Utf8JsonWriter json, GraphQLType type, object? value)
    {
        switch (type.Nullable)
        {
            case var _ when value is null:
                json.WriteNullValue();
                break;
            case ListType list:
                json.WriteStartArray();
                foreach (var item in (IEnumerable)value)
                    Write(json, list.OfType, item);
                json.WriteEndArray();
                break;
            case InputObjectType input:
                Object(json, input, value);
                break;
            case EnumType e:
                json.WriteStringValue(e.Values.First(v => Equals(v.Value, value)).Name);
                break;
            case ScalarType scalar:
                scalar.Write(json, value);
                break;
        }
    }

    private static void Object(Utf8JsonWriter json, InputObjectType type, object value)
    {
        json.WriteStartObject();
        foreach (var field in type.Fields)
        {
            if (!TryGet(field, value, out var item))
                continue;
            json.WritePropertyName(field.Name);
            Write(json, field.Type, item);
        }

        json.WriteEndObject();
    }

    /// <summary>A field of a bound class counts as given when it has a value: what is null there was null or was left out, which mean the same to the class.</summary>
    private static bool TryGet(InputValueDefinition field, object value, out object? item)
    {
        if (value is InputObject input)
            return input.Fields.TryGetValue(field.Name, out item);
        item = (field.Tag as PropertyInfo)?.GetValue(value);
        if (item is not IOptional optional)
            return item is not null;
        item = optional.Given;
        return optional.HasValue;
    }
}
