using System.Globalization;

namespace CrmGraph.GraphQL.Transport;

/// <summary>Content negotiation (RFC 9110 section 12.5.1) among what a GraphQL server can answer.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string Response = "application/graphql-response+json";
    public const string EventStream = "text/event-stream";

    private const string JsonUtf8 = Json + "; charset=utf-8";
    private const string ResponseUtf8 = Response + "; charset=utf-8";

    private readonly record struct Range(string Type, double Quality, int Order);

    public static string WithCharset(string type) => type switch
    {
        Json => JsonUtf8,
        Response => ResponseUtf8,
        _ => type,
    };

    /// <summary>The best of the offered types for an Accept header; null when none is accepted. Without a header the first is taken.</summary>
    public static string? Best(string? accept, params ReadOnlySpan<string> offered)
    {
        if (string.IsNullOrWhiteSpace(accept))
            return offered[0];
        foreach (var type in offered)
            if (accept == type)
                return type;
        var ranges = Parse(accept);
        string? best = null;
        var bestRank = (Quality: 0.0, Specific: -1, Order: 0);
        foreach (var type in offered)
        {
            var (quality, specific, order) = Rank(ranges, type);
            if (quality <= 0)
                continue;
            // Equal quality: a named type before a wildcard, then the order of the header, then ours.
            if (best is null || quality > bestRank.Quality
                || (quality == bestRank.Quality && (specific, -order).CompareTo((bestRank.Specific, -bestRank.Order)) > 0))
                (best, bestRank) = (type, (quality, specific, order));
        }

        return best;
    }

    /// <summary>Whether a Content-Type names this type with UTF-8 or no charset.</summary>
    public static bool IsUtf8(string? contentType, string type)
    {
        if (contentType == type)
            return true;
        var parts = (contentType ?? "").Split(';', StringSplitOptions.TrimEntries);
        if (!parts[0].Equals(type, StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (var part in parts.AsSpan(1))
            if (part.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
                && !part["charset=".Length..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
                return false;
        return true;
    }

    private static (double Quality, int Specific, int Order) Rank(List<Range> ranges, string type)
    {
        var group = type[..type.IndexOf('/', StringComparison.Ordinal)] + "/*";
        (double Quality, int Specific, int Order) rank = (0, -1, 0);
        foreach (var range in ranges)
        {
            var specific = range.Type == type ? 2 : range.Type == group ? 1 : range.Type == "*/*" ? 0 : -1;
            if (specific > rank.Specific)
                rank = (range.Quality, specific, range.Order);
        }

        return rank;
    }

    private static List<Range> Parse(string accept)
    {
        var ranges = new List<Range>();
        foreach (var item in accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split(';', StringSplitOptions.TrimEntries);
            var quality = 1.0;
            foreach (var part in parts.AsSpan(1))
                if (part.StartsWith("q=", StringComparison.OrdinalIgnoreCase))
                    quality = double.TryParse(part.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q)
                        ? Math.Clamp(q, 0, 1)
                        : 0;
            ranges.Add(new Range(parts[0].ToLowerInvariant(), quality, ranges.Count));
        }

        return ranges;
    }
}
