using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;

namespace CrmGraph.Server.StartPage;

/// <summary>The page at <c>/</c>: what this is, and a plain query editor with the example operations of <c>schema/operations</c>. Nothing of it comes from outside.</summary>
public static class StartPageEndpoints
{
    private static readonly Dictionary<string, string> ContentTypes = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    /// <param name="explorer">Whether the page has the query editor and the examples; without it says only what this is and how to call it.</param>
    public static void MapStartPage(this IEndpointRouteBuilder endpoints, bool explorer)
    {
        var page = explorer ? "index.html" : "plain.html";
        Map(endpoints, "/", ContentTypes[".html"], () => Read("StartPage/" + page));
        foreach (var name in new[] { "page.css", "page.svg" })
            Map(endpoints, "/" + name, ContentTypes[Path.GetExtension(name)], () => Read("StartPage/" + name));
        if (!explorer)
            return;
        Map(endpoints, "/page.js", ContentTypes[".js"], () => Read("StartPage/page.js"));
        Map(endpoints, "/examples.json", "application/json; charset=utf-8", () => JsonSerializer.SerializeToUtf8Bytes(Examples(), JsonSerializerOptions.Web));
    }

    /// <summary>The first comment line of an operation's file is its title; a file NAME.json beside NAME.graphql holds its variables.</summary>
    public static IReadOnlyList<ExampleOperation> Examples() =>
        [.. from resource in typeof(StartPageEndpoints).Assembly.GetManifestResourceNames()
            where resource.StartsWith("operations/", StringComparison.Ordinal) && resource.EndsWith(".graphql", StringComparison.Ordinal)
            // The page opens with the first one.
            orderby !resource.EndsWith("/dashboard.graphql", StringComparison.Ordinal), resource
            let text = Text(resource)
            let variables = Path.ChangeExtension(resource, ".json")
            select new ExampleOperation(Path.GetFileNameWithoutExtension(resource), TitleOf(text, resource), text, Has(variables) ? Text(variables) : null)];

    private static void Map(IEndpointRouteBuilder endpoints, string path, string contentType, Func<byte[]> load)
    {
        var content = new Lazy<(byte[] Bytes, string ETag)>(() =>
        {
            var bytes = load();
            return (bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
        });
        endpoints.MapMethods(
            path,
            [HttpMethods.Get, HttpMethods.Head],
            (HttpContext context) => WriteAsync(context, contentType, content.Value.Bytes, content.Value.ETag));
    }

    private static async Task WriteAsync(HttpContext context, string contentType, byte[] bytes, string etag)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = etag;
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(etag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static string TitleOf(string text, string resource)
    {
        var first = text.AsSpan().TrimStart();
        return first is ['#', ..]
            ? first[1..(first.IndexOf('\n') is var end and >= 0 ? end : first.Length)].Trim().TrimEnd('.').ToString()
            : Path.GetFileNameWithoutExtension(resource);
    }

    private static bool Has(string resource) => typeof(StartPageEndpoints).Assembly.GetManifestResourceInfo(resource) is not null;

    private static string Text(string resource)
    {
        using var reader = new StreamReader(Open(resource));
        return reader.ReadToEnd();
    }

    private static byte[] Read(string resource)
    {
        using var stream = Open(resource);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static Stream Open(string resource)
        => Assembly.GetExecutingAssembly().GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"{resource} is not embedded.");
}

/// <param name="Variables">JSON text, or null when the operation needs none.</param>
public sealed record ExampleOperation(string Name, string Title, string Document, string? Variables);
