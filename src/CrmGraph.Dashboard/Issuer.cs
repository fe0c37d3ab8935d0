using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace CrmGraph.Dashboard;

/// <summary>The dashboard as a client of an OpenID Connect issuer.</summary>
/// <param name="Name">What the issuer calls itself, where its discovery document is not believed.</param>
/// <param name="PublicUrl">Where browsers find this server; null where their requests say it.</param>
public sealed record IssuerClient(Uri Authority, string ClientId, string? Secret, IReadOnlyList<string> Scopes, string? Name, string? PublicUrl);

/// <summary>
/// Signing in where the company's people have their accounts: OpenID Connect, authorization code flow with PKCE. What comes of it is the ID token,
/// which then is
/// what an API key is: the same cookie, and the same server that finds out whom it names.
/// </summary>
internal static class Issuer
{
    public const string Start = "/dashboard/issuer", Return = "/dashboard/signed-in";
    /// <summary>Why nobody came in: the sign-in page has words for each.</summary>
    public const string Unreachable = "issuer", Unknown = "account", Unfinished = "unfinished", Ended = "ended";
    private const string Scheme = "issuer", Nowhere = "nowhere", IdToken = "id_token", RefreshToken = "refresh_token";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10), _longestSignIn = TimeSpan.FromMinutes(15);

    public static void Add(IServiceCollection services, IssuerClient? client)
    {
        if (client is not null)
            services.AddAuthentication().AddOpenIdConnect(Scheme, options => Configure(options, client));
    }

    public static void Map(IEndpointRouteBuilder endpoints, IssuerClient? client)
    {
        if (client is null)
            return;
        endpoints.MapGet(Start, StartAsync);
        endpoints.MapGet(Return, ReturnAsync);
    }

    private static void Configure(OpenIdConnectOptions options, IssuerClient client)
    {
        options.Authority = client.Authority.ToString();
        options.RequireHttpsMetadata = client.Authority.Scheme == Uri.UriSchemeHttps;
        (options.ClientId, options.ClientSecret) = (client.ClientId, client.Secret);
        // A code in the address, of no use without what this browser's cookie and this server hold. A posted form would come from another site.
        (options.ResponseType, options.ResponseMode, options.UsePkce) = ("code", "query", true);
        (options.CallbackPath, options.RemoteAuthenticationTimeout, options.BackchannelTimeout) = (Return, _longestSignIn, _patience);
        (options.SaveTokens, options.MapInboundClaims, options.SignInScheme) = (true, false, Nowhere);
        options.Scope.Clear();
        foreach (var scope in client.Scopes)
            options.Scope.Add(scope);
        if (client.Name is not null)
            options.TokenValidationParameters.ValidIssuer = client.Name;
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            // The way back from the issuer is a link of another site.
            (cookie.SameSite, cookie.Path) = (SameSiteMode.Lax, Return);
            cookie.SecurePolicy = client.PublicUrl?.StartsWith("https:", StringComparison.Ordinal) == true
                ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        }

        options.Events.OnRedirectToIdentityProvider = leaving =>
        {
            if (client.PublicUrl is not null)
                leaving.ProtocolMessage.RedirectUri = client.PublicUrl + Return;
            return Task.CompletedTask;
        };
        options.Events.OnTicketReceived = EnterAsync;
        options.Events.OnRemoteFailure = failed =>
        {
            Log(failed.HttpContext).LogWarning("A sign-in at the issuer failed: {Reason}", failed.Failure?.GetBaseException().Message);
            failed.Response.Redirect(SignIn.For(failed.Properties?.RedirectUri ?? Routes.Overview, Unfinished));
            failed.HandleResponse();
            return Task.CompletedTask;
        };
    }

    private static async Task StartAsync(HttpContext context, DashboardHost host)
    {
        var back = Routes.Local(context.Request.Query["back"]);
        try
        {
            var session = SignIn.SessionOf(context.Request);
            if (!context.RequestServices.GetRequiredService<Renewals>().TryTake(session, out var renewal))
                await context.ChallengeAsync(Scheme, new() { RedirectUri = back });
            else if (await RenewAsync(context, host, session!, renewal))
                context.Response.Redirect(back);
            else
                context.Response.Redirect(SignIn.For(back, Ended));
        }
        catch (Exception e) when (!context.Response.HasStarted && e is InvalidOperationException or HttpRequestException or OperationCanceledException
            && !context.RequestAborted.IsCancellationRequested)
        {
            Log(context).LogWarning("The issuer {Authority} cannot be reached: {Reason}", host.Issuer!.Authority, e.GetBaseException().Message);
            context.Response.Redirect(SignIn.For(back, Unreachable));
        }
    }

    /// <summary>
    /// A new ID token for the refresh token (OpenID Connect Core, section 12). False when the issuer ends the sign-in, or gives a token of somebody else; what
    /// only keeps it from answering leaves the refresh token for the next try.
    /// </summary>
    private static async Task<bool> RenewAsync(HttpContext context, DashboardHost host, string session, Renewal renewal)
    {
        try
        {
            var given = await AskAsync(context, renewal.RefreshToken);
            if (given?.IdToken is not { Length: > 0 } token || SubjectOf(token) != renewal.Subject)
            {
                Log(context).LogInformation("The issuer did not renew the sign-in of {Subject}", renewal.Subject);
                return false;
            }

            // An issuer that gives no other refresh token goes on with the same.
            renewal = renewal with { RefreshToken = given.RefreshToken ?? renewal.RefreshToken };
            // Signature, issuer, audience and time are looked at as those of every token.
            return await SignIn.TryAsync(context, host, token, renewal);
        }
        catch
        {
            context.RequestServices.GetRequiredService<Renewals>().Keep(session, renewal);
            throw;
        }
    }

    /// <returns>What the issuer gives for a refresh token; null when it refuses it.</returns>
    private static async Task<OpenIdConnectMessage?> AskAsync(HttpContext context, string refreshToken)
    {
        var options = context.RequestServices.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(Scheme);
        var issuer = await options.ConfigurationManager!.GetConfigurationAsync(context.RequestAborted);
        var form = new Dictionary<string, string> { ["grant_type"] = RefreshToken, [RefreshToken] = refreshToken, ["client_id"] = options.ClientId! };
        if (options.ClientSecret is { } secret)
            form["client_secret"] = secret;
        using var content = new FormUrlEncodedContent(form);
        using var answer = await options.Backchannel.PostAsync(new Uri(issuer.TokenEndpoint), content, context.RequestAborted);
        // RFC 6749, section 5.2: these two alone are its word. Others are of a gateway before it, or of an issuer that has too much to do.
        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized)
            return null;
        answer.EnsureSuccessStatusCode();
        try
        {
            return new(await answer.Content.ReadAsStringAsync(context.RequestAborted));
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            throw new HttpRequestException("The answer to the refresh token is no JSON.", e);
        }
    }

    private static string? SubjectOf(string token)
    {
        try
        {
            return new JsonWebToken(token).Subject;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static async Task ReturnAsync(HttpContext context, IAuthenticationHandlerProvider handlers)
    {
        if (await handlers.GetHandlerAsync(context, Scheme) is IAuthenticationRequestHandler handler && !await handler.HandleRequestAsync())
            context.Response.Redirect(SignIn.For(Routes.Overview, Unfinished));
    }

    // The handler believes the token: signature, issuer, audience, time, state and nonce. Who of us it names, the server says.
    private static async Task EnterAsync(TicketReceivedContext ticket)
    {
        ticket.HandleResponse();
        var (context, back) = (ticket.HttpContext, Routes.Local(ticket.ReturnUri));
        var host = context.RequestServices.GetRequiredService<DashboardHost>();
        var token = ticket.Properties?.GetTokenValue(IdToken) ?? "";
        var renewal = ticket.Properties?.GetTokenValue(RefreshToken) is { Length: > 0 } refresh && SubjectOf(token) is { Length: > 0 } subject
            ? new Renewal(refresh, subject)
            : null;
        if (!await SignIn.TryAsync(context, host, token, renewal))
        {
            Log(context).LogWarning("The issuer signed in {Subject}, who is nobody here: see docs/access.md", ticket.Principal?.FindFirst("sub")?.Value);
            context.Response.Redirect(SignIn.For(back, Unknown));
            return;
        }

        // The browser is still on its way from another site, and would not send the cookie with a redirect. From a page of our own it does.
        var address = HtmlEncoder.Default.Encode(back);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(
            $"""
            <!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url={address}"><title>CrmGraph</title>
            <a href="{address}">→</a>
            """);
    }

    private static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Issuer));
}
