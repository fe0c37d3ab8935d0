using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CrmGraph.GraphQL.Documents;
using CrmGraph.Server.Pages;

namespace CrmGraph.Server;

/// <summary>The documents that clients may name instead of sending them.</summary>
public sealed record DocumentOptions
{
    /// <summary>
    /// <c>Documents:Folder</c>: files NAME.graphql, known as NAME and by the SHA-256 of their text, and manifests of code generators, NAME.json with
    /// <c>{"id": "document"}</c> or with <c>{"operations": [{"id", "body"}]}</c>. Without it, the example operations of this server.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary><c>Documents:Only=true</c>: nothing but these documents is executed.</summary>
    public bool Only { get; init; }

    /// <summary><c>Documents:MaxAgeSeconds</c>: how long a client may use an answer to GET without asking again.</summary>
    [Range(0, int.MaxValue)]
    public int MaxAgeSeconds { get; init; }

    /// <exception cref="OptionsException">The folder or a file of it cannot be used.</exception>
    public TrustedDocuments Load()
    {
        try
        {
            return new(Folder is null ? ExampleOperations.All().Select(e => (e.Name, e.Document)) : FromFolder(Folder), Only);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionsException($"Documents:Folder '{Folder}' cannot be read: {e.Message}");
        }
    }

    private static List<(string Id, string Text)> FromFolder(string folder)
    {
        var documents = Directory.EnumerateFiles(folder, "*.graphql").Order(StringComparer.Ordinal)
            .Select(f => (Path.GetFileNameWithoutExtension(f), File.ReadAllText(f)))
            .ToList();
        foreach (var manifest in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            // Beside an operation stand its example variables.
            if (File.Exists(Path.ChangeExtension(manifest, ".graphql")))
                continue;
            try
            {
                using var json = JsonDocument.Parse(File.ReadAllText(manifest));
                documents.AddRange(FromManifest(json.RootElement));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                throw new OptionsException($"Documents:Folder holds '{Path.GetFileName(manifest)}', which is neither {{\"id\": \"document\"}} nor "
                    + $"{{\"operations\": [{{\"id\", \"body\"}}]}}.");
            }
        }

        return documents;
    }

    private static List<(string, string)> FromManifest(JsonElement root) =>
        root.TryGetProperty("operations", out var operations) && operations.ValueKind == JsonValueKind.Array
            ? [.. operations.EnumerateArray().Select(o => (o.GetProperty("id").GetString()!, o.GetProperty("body").GetString()!))]
            : [.. root.EnumerateObject().Select(m => (m.Name, m.Value.GetString() ?? throw new JsonException()))];
}
