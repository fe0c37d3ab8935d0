using System.Security.Cryptography;
using System.Text;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Server.Endpoints;

/// <summary>The schema's text: <c>/graphql?sdl</c>.</summary>
public sealed class SchemaText(Schema schema)
{
    private readonly Lazy<(byte[] Text, string ETag)> _printed = new(() =>
    {
        var text = Encoding.UTF8.GetBytes(SchemaPrinter.Print(schema));
        return (text, $"\"{Convert.ToHexStringLower(SHA256.HashData(text))[..32]}\"");
    });

    public async Task WriteAsync(HttpContext context)
    {
        var (text, etag) = _printed.Value;
        var response = context.Response;
        response.Headers.ETag = etag;
        response.Headers.CacheControl = "private, max-age=0, must-revalidate";
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(etag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/graphql; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"schema.graphql\"";
        response.ContentLength = text.Length;
        await response.Body.WriteAsync(text, context.RequestAborted);
    }
}
