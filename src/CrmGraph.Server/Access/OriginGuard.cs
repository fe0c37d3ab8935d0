using System.Collections.Concurrent;
using System.Net;
using CrmGraph.Dashboard;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Server.Errors;
using Microsoft.Net.Http.Headers;

namespace CrmGraph.Server.Access;

/// <summary>Where a request comes from, as far as a browser tells.</summary>
public enum OriginVerdict
{
    /// <summary>Our own page, or no browser at all.</summary>
    Ours,
    /// <summary>A front end of <c>Cors:Origins</c>, or in Development one on loopback: may call with a key.</summary>
    Allowed,
    /// <summary>Any other page: refused, whatever key it brings.</summary>
    Refused,
}

/// <summary>
/// Refuses what another site's page sends, before anything else looks at it: browsers attach the user's network position (loopback, intranet) to any
/// page's requests, and WebSocket handshakes are not bound by CORS at all. Answers preflights and marks answers for the origins that may read them.
/// </summary>
public sealed class OriginGuard(RequestDelegate next, ServerOptions options, ILogger<OriginGuard> log)
{
    // As many different ones are told in the log: browsers hide the answer from the page that sent the request.
    private const int ToldOrigins = 20;
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private const int PreflightSeconds = 600;
    private static readonly string[] Sites = ["none", "same-origin", "same-site", "cross-site"];

    public Task InvokeAsync(HttpContext context)
    {
        var verdict = Judge(context.Request);
        if (verdict == OriginVerdict.Refused)
            return ErrorAnswer.WriteAsync(
                context,
                StatusCodes.Status403Forbidden,
                ErrorCodes.OriginNotAllowed,
                Refusal(context.Request));

        // Only there may somebody come without a key or with one in a cookie; see Authenticator.
        if (options.IsDevelopment || context.Request.Headers.Cookie.Count > 0)
            context.Features.Set(new RequestOrigin(verdict));
        if (verdict == OriginVerdict.Allowed && context.Request.Headers.Origin.Count == 1)
            MarkReadable(context);
        if (HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        return next(context);
    }

    public OriginVerdict Judge(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        // A browser says one of four words, once.
        if (site.Length > 0 && !Sites.Contains(site, StringComparer.OrdinalIgnoreCase))
            return OriginVerdict.Refused;
        var crossSite = site.Equals("cross-site", StringComparison.OrdinalIgnoreCase);
        var origins = request.Headers.Origin;
        if (origins.Count == 0)
        {
            // A link to a page is followed from anywhere; what comes with it shows no data.
            if (crossSite)
                return IsVisit(request) ? OriginVerdict.Allowed : OriginVerdict.Refused;
            return site.Equals("same-site", StringComparison.OrdinalIgnoreCase) ? OriginVerdict.Allowed : OriginVerdict.Ours;
        }

        if (origins.Count > 1 || !Uri.TryCreate(origins[0], UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https"))
            return OriginVerdict.Refused;
        if (IsOwn(origin, request))
            return crossSite ? OriginVerdict.Refused : OriginVerdict.Ours;
        if (options.CorsOrigins.Contains(origin.GetLeftPart(UriPartial.Authority).ToLowerInvariant()))
            return OriginVerdict.Allowed;
        return options.IsDevelopment && Loopback.IsName(origin.Host) ? OriginVerdict.Allowed : OriginVerdict.Refused;
    }

    /// <summary>Says what would let the page call, in the log too, where whoever develops it may look.</summary>
    private string Refusal(HttpRequest request)
    {
        if (request.Headers.Origin.Count != 1 || !Uri.TryCreate(request.Headers.Origin[0], UriKind.Absolute, out var origin)
            || origin.Scheme is not ("http" or "https") || IsOwn(origin, request))
            return "This origin may not call. Cors:Origins lists the front ends that may.";
        var name = origin.GetLeftPart(UriPartial.Authority);
        var message = $"The origin {name} may not call. To allow it, start the server with --Cors:Origins {name}";
        if (_told.Count < ToldOrigins && _told.TryAdd(name, true))
            log.LogWarning("{Refusal}", message);
        return message;
    }

    // Behind a proxy that ends TLS the page is https while we see http: the same host and port is still our own page.
    private static bool IsOwn(Uri origin, HttpRequest request) =>
        (origin.Scheme == request.Scheme || origin.Scheme == "https")
        && Uri.TryCreate($"{origin.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own)
        && origin.Host.Equals(own.Host, StringComparison.OrdinalIgnoreCase) && origin.Port == own.Port;

    private static bool IsVisit(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && DashboardPipeline.Has(request.Path) && request.Headers["Sec-Fetch-Mode"] == "navigate"
            && request.Headers["Sec-Fetch-Dest"] == "document";

    private static void MarkReadable(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        headers.AccessControlExposeHeaders = "ETag, Content-Disposition, WWW-Authenticate, Retry-After, RateLimit, RateLimit-Policy";
        if (!HttpMethods.IsOptions(context.Request.Method))
            return;
        headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
        headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = PreflightSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>The verdict on this request's origin, for those who come after the guard.</summary>
public sealed record RequestOrigin(OriginVerdict Verdict);

/// <summary>What is this machine itself.</summary>
public static class Loopback
{
    /// <summary>A host name or address literal of the loopback: <c>localhost</c>, 127.0.0.0/8, <c>[::1]</c>. Names that merely resolve to it are not.</summary>
    public static bool IsName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IsAddress(address));

    public static bool IsAddress(IPAddress? address) => address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
