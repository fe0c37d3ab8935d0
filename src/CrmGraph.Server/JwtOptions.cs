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
        };
    }

    // Keys that came over plain HTTP could be anybody's; on this machine itself nobody stands between.
    private static string? IssuerAt(string? authority) =>
        authority is null
            || (Uri.TryCreate(authority, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && Loopback.IsName(uri.Host))))
        ? authority
        : throw new OptionsException($"Jwt:Authority is '{authority}'; write the issuer's address as https://issuer.example.com.");

    private static string RoleName(IConfigurationSection role) => Enum.GetNames<Role>().Contains(role.Value, StringComparer.OrdinalIgnoreCase)
        ? role.Value!
        : throw new OptionsException($"{role.Path} is '{role.Value}', which is no role. Roles are {string.Join(", ", Enum.GetNames<Role>())}.");
}
