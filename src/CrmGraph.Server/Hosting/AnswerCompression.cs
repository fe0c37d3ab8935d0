using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace CrmGraph.Server.Hosting;

/// <summary>
/// Answers of 1 KB or more go out in Brotli or gzip where the client accepts them. Streams of events do not: each has to leave at once.
/// Over HTTPS too: callers show a key or token that no other site can make a browser send, so nobody can measure secrets beside text of theirs (BREACH).
/// </summary>
internal sealed class AnswerCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    // Below it the packets are as many, and the headers of compression cost what it saves.
    private const int LeastBytes = 1024;

    private static readonly string[] _types =
    [
        "application/json", "application/graphql-response+json", "application/graphql", "application/x-ndjson", "text/csv", "text/html", "text/css",
        "text/javascript", "text/plain", "image/svg+xml",
    ];

    public static void Add(IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = _types;
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.AddSingleton<IResponseCompressionProvider, AnswerCompression>();
    }

    public override bool ShouldCompressResponse(HttpContext context)
    {
        var response = context.Response;
        if (response.ContentLength < LeastBytes || !base.ShouldCompressResponse(context))
            return false;
        // The same answer, but no longer byte by byte (RFC 9110, 8.8.1).
        if (response.Headers.ETag.ToString() is ['"', ..] strong)
            response.Headers.ETag = "W/" + strong;
        return true;
    }
}
