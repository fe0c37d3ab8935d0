using System.Text.Encodings.Web;
using System.Text.Json;

namespace CrmGraph.GraphQL.TestKit;

/// <summary>A request and its answer as one text for a snapshot. It is compared letter by letter, where JSON alone would be read first: 2.5 is not 2.50.</summary>
public static class Transcript
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public static string Of(string query, JsonElement answer) => $"{query}\n\n{JsonSerializer.Serialize(answer, Readable)}\n";
}
