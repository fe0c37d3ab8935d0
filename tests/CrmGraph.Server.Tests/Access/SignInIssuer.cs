using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace CrmGraph.Server.Tests.Access;

/// <summary>
/// A small OpenID Connect issuer that knows everybody at once: discovery, keys, authorization code and token, with the check of PKCE (RFC 7636). It lives under
/// another site's name than the server.
/// </summary>
internal sealed class SignInIssuer : IAsyncDisposable
{
    public const string Client = "dashboard", Secret = "shared secret";
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, IQueryCollection> _codes = new();

    private SignInIssuer(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";
    public Dictionary<string, object> Claims { get; private set; } = [];
    public TimeSpan Lifetime { get; set; }
    public Func<string, string> StateSent { get; set; } = null!;
    public Func<string, string> NonceSigned { get; set; } = null!;
    public string? Denial { get; set; }
    /// <summary>Whether a refresh token is given, and taken.</summary>
    public bool Renews { get; set; }
    /// <summary>How often a sign-in was renewed.</summary>
    public int Renewed { get; private set; }
    /// <summary>What stands between it and whoever comes with a refresh token: nothing if null, and with -1 the connection breaks.</summary>
    public int? Between { get; set; }
    private string? _refresh;
    /// <summary>How often somebody was sent here.</summary>
    public int Asked { get; private set; }

    public string[] Settings => ["--Jwt:Authority", Address, "--Jwt:Audience", "api", "--Jwt:ClientId", Client, "--Jwt:ClientSecret", Secret];

    /// <summary>As issuers do, until a test wants it otherwise.</summary>
    public void Behave()
    {
        Claims = new() { ["sub"] = "person-1", ["role"] = "ANALYST" };
        (Lifetime, StateSent, NonceSigned, Denial, Asked) = (TimeSpan.FromMinutes(5), state => state, nonce => nonce, null, 0);
        (Renews, Renewed, Between, _refresh) = (false, 0, null, null);
    }

    public static async Task<SignInIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var issuer = new SignInIssuer(builder.Build());
        issuer.Map();
        await issuer._app.StartAsync();
        issuer.Address = $"http://localhost:{new Uri(issuer._app.Urls.Single()).Port}";
        return issuer;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = Address,
            ["jwks_uri"] = Address + "/keys",
            ["authorization_endpoint"] = Address + "/authorize",
            ["token_endpoint"] = Address + "/token",
            ["response_types_supported"] = new[] { "code" },
            ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
        });
        _app.MapGet("/keys", () => Results.Text(TestIssuer.PublicKeySet(), "application/json"));
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", TokenAsync);
    }

    private IResult Authorize(HttpRequest request)
    {
        Asked++;
        var query = request.Query;
        if (query["client_id"] != Client || query["response_type"] != "code" || query["code_challenge_method"] != "S256"
            || !query["scope"].ToString().Split(' ').Contains("openid"))
            return Results.BadRequest("Not a request of this client with PKCE.");
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        _codes[code] = query;
        var answer = new Dictionary<string, string?> { ["state"] = StateSent(query["state"].ToString()) };
        answer[Denial is null ? "code" : "error"] = Denial ?? code;
        return Results.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"].ToString(), answer));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (form["grant_type"] == "refresh_token")
        {
            if (Between == -1)
                request.HttpContext.Abort();
            if (Between is { } status)
                return Results.Content("<html>Not now</html>", "text/html", statusCode: status);
            if (!Renews || form["refresh_token"] != _refresh || form["client_id"] != Client || form["client_secret"] != Secret)
                return Results.BadRequest(new { error = "invalid_grant" });
            Renewed++;
            return Give(new(Claims));
        }

        if (!_codes.TryRemove(form["code"].ToString(), out var asked)
            || Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != asked["code_challenge"]
            || form["redirect_uri"] != asked["redirect_uri"] || form["client_id"] != Client || form["client_secret"] != Secret)
            return Results.BadRequest(new { error = "invalid_grant" });
        return Give(new(Claims) { ["nonce"] = NonceSigned(asked["nonce"].ToString()) });
    }

    /// <summary>A refresh token is good once: each answer has another one.</summary>
    private IResult Give(Dictionary<string, object> claims)
    {
        var now = TimeProvider.System.GetUtcNow();
        var token = TestIssuer.Token(now, claims, d =>
        {
            (d.Issuer, d.Audience) = (Address, Client);
            d.Expires = now.UtcDateTime + Lifetime;
        });
        _refresh = Renews ? Convert.ToHexString(RandomNumberGenerator.GetBytes(8)) : null;
        return Results.Json(new { access_token = "of no use here", token_type = "Bearer", id_token = token, refresh_token = _refresh });
    }
}
