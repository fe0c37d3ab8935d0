using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution;

/// <summary>Input values outside of a request: documents that were saved as JSON and are read again with the types of the schema.</summary>
public static class InputValues
{
    /// <summary>The coerced value, as an argument of this type would have it. Throws <see cref="GraphQLException"/> INVALID_ARGUMENT that names every mistake with its path.</summary>
    /// <param name="name">What the value is called in messages.</param>
    public static object? Coerce(GraphQLType type, JsonElement value, string name = "value")
    {
        var mistakes = new List<string>();
        var coercion = new JsonCoercion(name, (message, path, _) => mistakes.Add($"{path}: {message}"));
        return coercion.TryCoerce(type, value, out var coerced)
            ? coerced
            : throw new GraphQLException(ErrorCodes.InvalidArgument, string.Join(" ", mistakes));
    }

    /// <summary>Writes a coerced value as JSON that <see cref="Coerce"/> reads again: fields in the order of their type.</summary>
    public static void Write(Utf8JsonWriter writer, GraphQLType type, object? value)
    {
        switch (type.Nullable)
        {
            case var _ when value is null:
                writer.WriteNullValue();
                break;
            case ListType list:
                writer.WriteStartArray();
                foreach (var item in value is System.Collections.IEnumerable many and not string ? many : new[] { value })
                    Write(writer, list.OfType, item);
                writer.WriteEndArray();
                break;
            case InputObjectType input:
                WriteObject(writer, input, value);
                break;
            case EnumType e:
                writer.WriteStringValue(e.Values.FirstOrDefault(v => v.Value.Equals(value))?.Name
                    ?? throw new ArgumentException($"{value} is not a value of {e.Name}.", nameof(value)));
                break;
            case ScalarType scalar:
                scalar.Write(writer, value);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, InputObjectType type, object value)
    {
        writer.WriteStartObject();
        foreach (var field in type.Fields)
        {
            if (value is InputObject input ? !input.Fields.TryGetValue(field.Name, out var given) : !Bound(field, value, out given))
                continue;
            writer.WritePropertyName(field.Name);
            Write(writer, field.Type, given);
        }

        writer.WriteEndObject();
    }

    /// <summary>A field of an input class. What is null there was null or was left out, which mean the same to the class.</summary>
    private static bool Bound(InputValueDefinition field, object value, out object? given)
    {
        given = (field.Tag as System.Reflection.PropertyInfo)?.GetValue(value);
        return given is not null;
    }
}
