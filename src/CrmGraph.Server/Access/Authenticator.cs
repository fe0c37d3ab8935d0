using CrmGraph.Dashboard;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Running;
using CrmGraph.Reporting.Access;
using CrmGraph.Server.Errors;

namespace CrmGraph.Server.Access;

/// <summary>Makes a caller from what a request or a WebSocket's <c>connection_init</c> brings.</summary>
public sealed class Authenticator(ServerOptions options, Callers callers, CallerCache cache, TokenValidator? tokens, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    /// <summary>Whoever comes without a key on this machine itself, in Development.</summary>
    public static Caller LocalAdministrator { get; } = new("local administrator", Role.Administrator, null, null);

    /// <summary>A proxy on this machine makes every caller look local; these headers give it away.</summary>
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Real-IP", "Via"];

    /// <exception cref="AccessRefusedException">No key where one is needed, or one that makes no caller.</exception>
    public ValueTask<Caller> FromRequestAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count == 0 && CookieOf(context) is { } key)
            return FromCredentialAsync(key, cancellationToken);
        if (header.Count == 0)
            return MayComeWithoutKey(context) ? new(LocalAdministrator) : throw NoKeyOf(context);
        if (header.Count > 1 || !header[0]!.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new AccessRefusedException(RefusalReason.MalformedKey, "The Authorization header is to be 'Bearer ' and an API key or token.");
        return FromCredentialAsync(header[0]!, cancellationToken);
    }

    /// <param name="credential">An API key or a token of the configured issuer, with or without 'Bearer ' before it.</param>
    /// <exception cref="AccessRefusedException">It makes no caller.</exception>
    public ValueTask<Caller> FromCredentialAsync(string credential, CancellationToken cancellationToken) =>
        cache.FindAsync(credential, LookAsync, cancellationToken);

    private async Task<Caller> LookAsync(string credential, CancellationToken cancellationToken)
    {
        using var end = new EarlyEnd(TimeSpan.FromSeconds(options.GraphQL.RequestTimeoutSeconds), time, cancellationToken);
        try
        {
            return await LookUpAsync(credential, end.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DatabaseAwayException($"Who asks could not be looked up within {options.GraphQL.RequestTimeoutSeconds} seconds.", e);
        }
    }

    private async Task<Caller> LookUpAsync(string credential, CancellationToken cancellationToken)
    {
        if (credential.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            credential = credential[Scheme.Length..].Trim();
        if (tokens is not null && credential.Count(c => c == '.') == 2)
            return await callers.FromTokenAsync(await tokens.ValidateAsync(credential, cancellationToken), cancellationToken);
        return await callers.FromKeyAsync(credential, cancellationToken);
    }

    /// <summary>
    /// Only in Development, only from this machine, only under its own name. The Host header is what stops DNS rebinding: a page of evil.example
    /// whose name was pointed at 127.0.0.1 still says evil.example there.
    /// </summary>
    public bool MayComeWithoutKey(HttpContext context) =>
        options.IsDevelopment
        && Loopback.IsAddress(context.Connection.RemoteIpAddress) && Loopback.IsAddress(context.Connection.LocalIpAddress)
        && Loopback.IsName(context.Request.Host.Host)
        && context.Features.Get<RequestOrigin>() is { Verdict: OriginVerdict.Ours }
        && !context.Request.Headers.Keys.Any(IsProxyHeader);

    /// <summary>The key with which somebody signed in to the dashboard. It counts only from a page of our own: browsers add it to whatever a page asks for.</summary>
    private static string? CookieOf(HttpContext context) =>
        context.Request.Headers.Cookie.Count > 0 && context.Features.Get<RequestOrigin>() is { Verdict: OriginVerdict.Ours }
            ? SignIn.CredentialOf(context)
            : null;

    /// <summary>Says to a front end on another port of this machine why it is asked for a key where the server's own pages are not.</summary>
    private AccessRefusedException NoKeyOf(HttpContext context)
    {
        var why = !options.IsDevelopment ? null
            : context.Features.Get<RequestOrigin>() is { Verdict: OriginVerdict.Allowed } ? "this page comes from another origin"
            : context.Request.Headers.Keys.FirstOrDefault(IsProxyHeader) is { } header ? $"this request came through a proxy ({header})"
            : null;
        return why is null ? NoKey() : new(
            RefusalReason.NoKey,
            $"A key is needed: in Development only programs on this machine and the server's own pages come without one, and {why}. "
            + "Send 'Authorization: Bearer crm_...' (`crmgraph keys create --name NAME --role ANALYST` makes one), "
            + "or let the front end's development server pass on /graphql with that header.");
    }

    public static AccessRefusedException NoKey() =>
        new(
            RefusalReason.NoKey,
            "An API key is needed: send 'Authorization: Bearer crm_...', or authorization in the payload of connection_init. `crmgraph keys create` makes one.");

    public static Task RefuseAsync(HttpContext context, AccessRefusedException refusal)
    {
        context.Response.Headers.WWWAuthenticate = refusal.Reason == RefusalReason.NoKey
            ? "Bearer realm=\"crmgraph\""
            : "Bearer realm=\"crmgraph\", error=\"invalid_token\"";
        return ErrorAnswer.WriteAsync(context, StatusCodes.Status401Unauthorized, ErrorCodes.NotAuthenticated, refusal.Message, refusal.ReasonCode);
    }

    private static bool IsProxyHeader(string name)
        => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || ProxyHeaders.Contains(name, StringComparer.OrdinalIgnoreCase);
}
