using System.Globalization;
using System.Security.Cryptography;
using CrmGraph.GraphQL.Transport;

namespace CrmGraph.Server.Endpoints;

/// <summary>
/// Answers to GET with a named document: the client may keep them, nobody between may, since another caller sees other rows. The tag is a hash
/// of the answer, so that asking again costs the work but not the bytes.
/// </summary>
internal static class KeptAnswers
{
    private const int TagBytes = 16;

    /// <summary>Sets the headers. Whether the client has the answer already; then the status is 304 and nothing is to be sent.</summary>
    public static bool IsKnown(HttpContext context, AnswerBuffer answer, int maxAgeSeconds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var piece in answer.Pieces)
            hash.AppendData(piece.Span);
        var tag = $"\"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, TagBytes))}\"";
        var headers = context.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = maxAgeSeconds > 0 ? $"private, max-age={maxAgeSeconds.ToString(CultureInfo.InvariantCulture)}" : "private, no-cache";
        headers.Append("Vary", "Authorization, Accept, Accept-Language");
        if (!context.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
            return false;
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        context.Response.ContentType = null;
        return true;
    }
}
