using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying.Filters;

/// <summary>Filters as the text in which they are kept.</summary>
public static class FilterJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="GraphQLException">The text does not fit today's type.</exception>
    public static InputObject Read(string json, InputObjectType type)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return (InputObject)InputJson.Read(new NonNullType(type), document.RootElement)!;
        }
        catch (JsonException)
        {
            throw new GraphQLException(ErrorCodes.InvalidArgument, "The kept filter is not JSON.");
        }
    }

    public static string Write(InputObject filter)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
            InputJson.Write(json, filter.Type, filter);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
