using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace CrmGraph.Dashboard;

/// <summary>Files for the browser, embedded. They are read, and made smaller, when somebody first asks for them.</summary>
internal static class PageFiles
{
    public const string Folder = "/dashboard/";
    private const int LeastCompressed = 1024, BrotliQuality = 7, BrotliWindow = 22;
    private static readonly ConcurrentDictionary<string, Lazy<Asset?>> _known = new(StringComparer.Ordinal);

    /// <summary>An address that changes with the content, so that browsers may keep what they have.</summary>
    public static string Url(string name) => $"{Folder}{name}?v={Find(name)!.Hash}";

    public static async Task WriteAsync(HttpContext context, string name)
    {
        var response = context.Response;
        if (Find(name) is not { } asset)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        response.Headers.ETag = $"\"{asset.Hash}\"";
        response.Headers.CacheControl = context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(asset.Hash, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var small = asset.Brotli is not null && context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (small)
            response.Headers.ContentEncoding = "br";
        var bytes = small ? asset.Brotli! : asset.Bytes;
        response.ContentType = TypeOf(name);
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static Asset? Find(string name) =>
        // Only names that exist are remembered: callers cannot fill the memory with others.
        typeof(PageFiles).Assembly.GetManifestResourceInfo("assets/" + name) is null ? null : _known.GetOrAdd(name, n => new(() => Load(n))).Value;

    private static Asset Load(string name)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream("assets/" + name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new(bytes, bytes.Length < LeastCompressed ? null : Compress(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    }

    private static byte[]? Compress(byte[] bytes)
    {
        var room = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, room, out var written, BrotliQuality, BrotliWindow) ? room[..written] : null;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".ttf" => "font/ttf",
        _ => "application/octet-stream",
    };

    private sealed record Asset(byte[] Bytes, byte[]? Brotli, string Hash);
}
