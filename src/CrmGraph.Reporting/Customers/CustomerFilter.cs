using System.Buffers;
using System.Linq.Expressions;
using System.Text;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting.Customers;

/// <summary>A <c>CustomerFilterInput</c> as JSON text, as coerced input, and as a condition: what segments keep and run.</summary>
public static class CustomerFilter
{
    private const string TypeName = "CustomerFilterInput";

    /// <summary>Reads a saved filter. Throws INVALID_ARGUMENT when it is no JSON or does not fit the schema (any more).</summary>
    public static InputObject Parse(Schema schema, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return (InputObject?)InputValues.Coerce(TypeOf(schema), document.RootElement, "definition")
                ?? throw new GraphQLException(ErrorCodes.InvalidArgument, "A customer filter must be an object, not null.");
        }
        catch (JsonException e)
        {
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"A customer filter must be a JSON object: {e.Message}");
        }
    }

    /// <summary>The text of a filter, the same for equal filters: fields in the order of the schema.</summary>
    public static string Write(InputObject filter)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            InputValues.Write(writer, filter.Type, filter);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The customers that fulfil a filter. The caller's row rules are applied apart.</summary>
    public static ValueTask<Expression<Func<Customer, bool>>> BuildAsync(InputObject filter, FilterContext context, CancellationToken cancellationToken) =>
        FilterBuilder.BuildAsync<Customer>(filter, context, cancellationToken);

    private static InputObjectType TypeOf(Schema schema) => (InputObjectType)schema.Type(TypeName)!;
}
