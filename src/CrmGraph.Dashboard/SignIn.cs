using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Dashboard;

/// <summary>
/// Signing in with an API key, or with the ID token that an <see cref="Issuer"/> gave. It lies in a cookie that scripts cannot read and that no other site's
/// request carries; the server takes it only from its own pages, in place of the Authorization header.
/// </summary>
public static class SignIn
{
    public const string Cookie = "crmgraph_key";
    internal const string Path = Routes.SignIn, Enter = "/dashboard/enter", Leave = "/dashboard/leave";
    /// <summary>The sign-in for whoever has just signed out.</summary>
    internal const string Left = Path + "?refused=left";
    private const string SessionCookie = "crmgraph_session";
    private const int LongestCredential = 8_192, SessionBytes = 16;
    // A token with many roles does not fit into what browsers take as one cookie.
    private static readonly ChunkingCookieManager _cookies = new();

    /// <summary>The key or token with which the sender's browser signed in.</summary>
    public static string? CredentialOf(HttpContext context) => _cookies.GetRequestCookie(context, Cookie);

    /// <summary>The sign-in itself: what ends when whoever signed in signs out, and not what others have open with the same key.</summary>
    public static string? SessionOf(HttpRequest request) => request.Headers.Cookie.Count > 0 ? request.Cookies[SessionCookie] : null;

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(Enter, EnterAsync).DisableAntiforgery();
        endpoints.MapPost(Leave, LeaveNow).DisableAntiforgery();
    }

    /// <summary>Whether this makes a visitor, who is then signed in.</summary>
    /// <param name="renewal">By what the issuer goes on with the sign-in when its time is over.</param>
    internal static async Task<bool> TryAsync(HttpContext context, DashboardHost host, string credential, Renewal? renewal = null)
    {
        if (credential.Length is 0 or > LongestCredential || await host.FindByKey(credential, context, context.RequestAborted) is null)
            return false;
        if (Taken(context) is { } before)
            host.EndSession(before);
        var options = Options(context, host);
        _cookies.AppendResponseCookie(context, Cookie, credential, options);
        var session = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SessionBytes));
        context.Response.Cookies.Append(SessionCookie, session, options);
        if (renewal is not null)
            context.RequestServices.GetRequiredService<Renewals>().Keep(session, renewal);
        return true;
    }

    /// <summary>The address of the sign-in, which leads back.</summary>
    internal static string For(string back, string? refused = null) =>
        $"{Path}?back={Uri.EscapeDataString(Routes.Local(back))}{(refused is null ? "" : "&refused=" + refused)}";

    // Another site's post does not come here: the server's guard refuses it by its origin.
    private static async Task EnterAsync(HttpContext context, DashboardHost host)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var back = Routes.Local(form["back"]);
        context.Response.Redirect(await TryAsync(context, host, form["key"].ToString().Trim()) ? back : For(back, "key"));
    }

    private static void LeaveNow(HttpContext context, DashboardHost host)
    {
        if (Taken(context) is { } session)
        {
            // Its pages are told when the browser has the answer: one that left by itself before would keep the cookie.
            context.Response.OnCompleted(() =>
            {
                host.EndSession(session);
                return Task.CompletedTask;
            });
        }

        var options = Options(context, host);
        _cookies.DeleteCookie(context, Cookie, options);
        context.Response.Cookies.Delete(SessionCookie, options);
        context.Response.Redirect(Left);
    }

    /// <summary>The sign-in of the sender, which does not go on by itself any more; null when there is none.</summary>
    private static string? Taken(HttpContext context)
    {
        if (SessionOf(context.Request) is not { Length: > 0 } session)
            return null;
        context.RequestServices.GetRequiredService<Renewals>().TryTake(session, out _);
        return session;
    }

    private static CookieOptions Options(HttpContext context, DashboardHost host) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps || context.Request.Headers.Origin.ToString().StartsWith("https:", StringComparison.Ordinal)
            || host.Issuer?.PublicUrl?.StartsWith("https:", StringComparison.Ordinal) == true,
        Path = "/",
    };
}
