using CrmGraph.Data.Model;
using CrmGraph.Server.Access;

namespace CrmGraph.Server;

/// <summary>The issuer whose tokens are taken, and how its claims become a caller.</summary>
public sealed record JwtOptions
{
    /// <summary><c>Jwt:Authority</c>: the issuer's address; its keys are read from its OpenID Connect discovery document.</summary>
    public string? Authority { get; init; }

    /// <summary><c>Jwt:KeySet</c>: a JSON Web Key Set, or the path of a file that holds one, instead of an authority.</summary>
    public string? KeySet { get; init; }

    /// <summary><c>Jwt:Issuer</c>: what a token's <c>iss</c> must be. With an authority, the discovery document says it unless this does.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>Jwt:Audience</c>: what a token's <c>aud</c> must hold. There is no default: a token for another service must not open this one.</summary>
    public required string Audience { get; init; }

    /// <summary><c>Jwt:RoleClaim</c>.</summary>
    public string RoleClaim { get; init; } = "role";

    /// <summary><c>Jwt:Roles:NAME=Role</c>: the issuer's names of roles. Our own five names need no row.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>();

    /// <summary><c>Jwt:SubjectClaim</c>: looked up among the team members' outside ids.</summary>
    public string SubjectClaim { get; init; } = "sub";

    /// <summary><c>Jwt:EmailClaim</c>: tried when the subject is not known. Not believed when the token says that it is not verified.</summary>
    public string EmailClaim { get; init; } = "email";

    /// <summary><c>Jwt:Source</c>: the source under which team members' outside ids of this issuer are kept.</summary>
    public string Source { get; init; } = "jwt";

    /// <summary><c>Jwt:ClientId</c>: the dashboard's client at the issuer; with it people sign in to the dashboard there.</summary>
    public string? ClientId { get; init; }

    /// <summary><c>Jwt:ClientSecret</c>: of a client that has one. PKCE is used with and without it.</summary>
    public string? ClientSecret { get; init; }

    /// <summary><c>Jwt:Scopes</c>: what the dashboard asks for at sign-in, separated by blanks.</summary>
    public string Scopes { get; init; } = "openid profile email";

    /// <summary><c>Jwt:PublicUrl</c>: where browsers find this server when a proxy stands before it. By default what their requests say.</summary>
    public string? PublicUrl { get; init; }

    internal static JwtOptions? From(IConfigurationSection section)
    {
        Settings.RefuseOthers(section, typeof(JwtOptions).GetProperties().Select(p => p.Name));
        var authority = IssuerAt(Settings.Text(section, "Authority"));
        var keys = Settings.Text(section, "KeySet");
        if (authority is null && keys is null)
            return section.Exists()
                ? throw new OptionsException("Jwt needs Jwt:Authority (an OpenID Connect issuer) or Jwt:KeySet (a JSON Web Key Set).")
                : null;
        if (keys is not null && Settings.Text(section, "Issuer") is null && authority is null)
            throw new OptionsException("Jwt:KeySet needs Jwt:Issuer: what the tokens' iss must be.");
        var client = Settings.Text(section, "ClientId");
        if (client is not null && authority is null)
            throw new OptionsException("Jwt:ClientId needs Jwt:Authority: the issuer where people sign in to the dashboard.");
        return new()
        {
            Authority = authority,
            KeySet = keys,
            Issuer = Settings.Text(section, "Issuer"),
            Audience = Settings.Text(section, "Audience") ?? throw new OptionsException("Jwt needs Jwt:Audience: what the tokens' aud must hold."),
            RoleClaim = Settings.Text(section, "RoleClaim") ?? "role",
            Roles = section.GetSection("Roles").GetChildren().ToDictionary(r => r.Key, RoleName, StringComparer.OrdinalIgnoreCase),
            SubjectClaim = Settings.Text(section, "SubjectClaim") ?? "sub",
            EmailClaim = Settings.Text(section, "EmailClaim") ?? "email",
            Source = Settings.Text(section, "Source") ?? "jwt",
            ClientId = client,
            ClientSecret = Settings.Text(section, "ClientSecret"),
            Scopes = ScopesOf(Settings.Text(section, "Scopes") ?? "openid profile email"),
            PublicUrl = PublicAt(Settings.Text(section, "PublicUrl")),
        };
    }

    // Keys that came over plain HTTP could be anybody's; on this machine itself nobody stands between.
    private static string? IssuerAt(string? authority) =>
        authority is null
            || (Uri.TryCreate(authority, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && Loopback.IsName(uri.Host))))
        ? authority
        : throw new OptionsException($"Jwt:Authority is '{authority}'; write the issuer's address as https://issuer.example.com.");

    // Without openid the issuer would answer no ID token.
    private static string ScopesOf(string scopes) =>
        scopes.Split(' ').Contains("openid") ? scopes : throw new OptionsException($"Jwt:Scopes is '{scopes}'; one of the scopes is 'openid'.");

    private static string? PublicAt(string? address) =>
        address is null || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.PathAndQuery == "/")
        ? address?.TrimEnd('/')
        : throw new OptionsException($"Jwt:PublicUrl is '{address}'; write the address of this server in browsers as https://crm.example.com.");

    private static string RoleName(IConfigurationSection role) => Enum.GetNames<Role>().Contains(role.Value, StringComparer.OrdinalIgnoreCase)
        ? role.Value!
        : throw new OptionsException($"{role.Path} is '{role.Value}', which is no role. Roles are {string.Join(", ", Enum.GetNames<Role>())}.");
}
