using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace CrmGraph.Dashboard;

/// <summary>A document of the folder <c>Operations</c>, and the type of its data.</summary>
public sealed record Operation<T>(string Name)
{
    public string Text { get; } = Operations.TextOf(Name);
}

/// <summary>An operation that a page shows: its document and the variables it was sent with.</summary>
public sealed record Shown(string Document, string Variables)
{
    internal byte[] Body() => Encoding.UTF8.GetBytes($"{{\"query\":{JsonSerializer.Serialize(Document)},\"variables\":{Variables}}}");
}

/// <summary>The documents that pages send, and how their variables and results are written and read.</summary>
public static partial class Operations
{
    /// <summary>Strict both ways: a type that lacks what its document selects, or has what it does not, is found by the first answer.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) },
    };

    public static IEnumerable<string> Names => typeof(Operations).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith("operations/", StringComparison.Ordinal)).Select(n => Path.GetFileNameWithoutExtension(n));

    public static string TextOf(string name)
    {
        using var stream = typeof(Operations).Assembly.GetManifestResourceStream($"operations/{name}.graphql")
            ?? throw new InvalidOperationException($"There is no document Operations/{name}.graphql.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The subscription that sends the same as a query of metrics or of a report, and sends it again whenever it changes.</summary>
    public static string Live(string query) => LiveField().Replace(
        QueryWord().Replace(query, "subscription", 1),
        field => $"  {(field.Groups["name"] is { Success: true } name ? name : field.Groups["field"])}: {field.Groups["field"]}Updated(", 1);

    [GeneratedRegex(@"^query\b", RegexOptions.Multiline)]
    private static partial Regex QueryWord();

    [GeneratedRegex(@"^  ((?<name>\w+): )?(?<field>metrics|currentReportResult)\(", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex LiveField();
}
