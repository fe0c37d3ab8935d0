using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CrmGraph.Server.Access;

/// <summary>Checks a JWT of the configured issuer (RFC 7519, and RFC 8725 for what to refuse) and reads who it names.</summary>
public sealed class TokenValidator
{
    private const int TokenCharacters = 16_384;
    private static readonly TimeSpan NotBeforeTolerance = TimeSpan.FromSeconds(60);
    private static readonly string[] Asymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
    private static readonly string[] Symmetric = ["HS256", "HS384", "HS512"];
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = TokenCharacters, MapInboundClaims = false };
    private readonly TokenValidationParameters _parameters;
    private readonly JwtOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public TokenValidator(JwtOptions options, TimeProvider time, ILogger log)
    {
        _options = options;
        _time = time;
        _log = log;
        _parameters = new()
        {
            // An ID token is for the client at which somebody signed in.
            ValidAudiences = options.ClientId is { } client ? [options.Audience, client] : [options.Audience],
            ValidIssuer = options.Issuer,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ValidAlgorithms = Asymmetric,
            // Many issuers give no nbf; an end there must be.
            LifetimeValidator = (from, until, _, _) => !(from > Now + NotBeforeTolerance) && until > Now,
        };
        if (options.KeySet is not null)
            UseKeys(options.KeySet);
        else
            _parameters.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
                options.Authority!.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever
                {
                    RequireHttps = !Loopback.IsName(new Uri(options.Authority).Host)
                });
    }

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    /// <exception cref="AccessRefusedException">The token is not to be believed, or carries no role.</exception>
    public async Task<TokenIdentity> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        await ReadIssuerAsync(cancellationToken);
        var result = await _handler.ValidateTokenAsync(token, _parameters).WaitAsync(cancellationToken);
        if (!result.IsValid)
            throw Refusal(result.Exception);
        var claims = (JsonWebToken)result.SecurityToken;
        // RFC 7515, section 4.1.11: whoever does not understand all that it names refuses the token, and we understand none.
        if (claims.TryGetHeaderValue<object>("crit", out _))
            throw new AccessRefusedException(RefusalReason.InvalidToken, "The token's header has 'crit': it asks for extensions that are not known here.");
        var subject = Claim(claims, _options.SubjectClaim);
        var verified = !claims.TryGetPayloadValue<string>("email_verified", out var said) || (bool.TryParse(said, out var isTrue) && isTrue);
        var email = verified ? Claim(claims, _options.EmailClaim) : null;
        return new(email ?? subject ?? "token", RoleOf(claims), subject, _options.Source, email, claims.ValidTo);
    }

    /// <summary>The validator would only say that it knows no such issuer.</summary>
    private async Task ReadIssuerAsync(CancellationToken cancellationToken)
    {
        if (_parameters.ConfigurationManager is not { } issuer)
            return;
        try
        {
            await issuer.GetBaseConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            _log.LogWarning("The keys of the issuer {Authority} cannot be read: {Reason}", _options.Authority, e.GetBaseException().Message);
            throw new AccessRefusedException(RefusalReason.InvalidToken, "The issuer's keys cannot be read at present; ask again in a moment.");
        }
    }

    private Role RoleOf(JsonWebToken token)
    {
        // A role claim is one text or a list of them; of several known roles the widest counts.
        var names = token.Claims.Where(c => c.Type == _options.RoleClaim).Select(c => c.Value).ToList();
        var roles = names.Select(n => _options.Roles.GetValueOrDefault(n, n)).Where(n => n.All(char.IsLetter) && Enum.TryParse<Role>(n, true, out _))
            .Select(n => Enum.Parse<Role>(n, true))
            .ToList();
        return roles.Count > 0
            ? roles.Max()
            : throw new AccessRefusedException(RefusalReason.UnknownRole,
                $"The token's claim '{_options.RoleClaim}' names no role that is known here. Roles are {string.Join(", ", Enum.GetNames<Role>())}; "
                + "Jwt:Roles maps other names to them.");
    }

    private static AccessRefusedException Refusal(Exception? cause) => cause switch
    {
        SecurityTokenInvalidLifetimeException { Expires: null } => new(
            RefusalReason.InvalidToken,
            "The token never ends (it has no exp); such tokens are not taken."),
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException => new(
            RefusalReason.ExpiredToken,
            "The token has expired, or is not valid yet."),
        SecurityTokenInvalidAudienceException => new(RefusalReason.InvalidToken, "The token is for another audience."),
        SecurityTokenInvalidIssuerException => new(RefusalReason.InvalidToken, "The token is of another issuer."),
        SecurityTokenMalformedException or ArgumentException => new(RefusalReason.InvalidToken, "This is not a JSON Web Token."),
        _ => new(RefusalReason.InvalidToken, "The token's signature cannot be believed."),
    };

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) && value.Length > 0 ? value : null;

    private void UseKeys(string given)
    {
        try
        {
            var keys = new JsonWebKeySet(given.TrimStart().StartsWith('{') ? given : File.ReadAllText(given));
            _parameters.IssuerSigningKeys = keys.GetSigningKeys();
            // A shared secret signs only where the operator put one; with public keys, HS256 would turn the public key into the secret.
            if (keys.Keys.Count > 0 && keys.Keys.All(k => k.Kty == JsonWebAlgorithmsKeyTypes.Octet))
                _parameters.ValidAlgorithms = Symmetric;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OptionsException("Jwt:KeySet is neither a JSON Web Key Set nor the path of a readable file with one.");
        }

        if (!_parameters.IssuerSigningKeys.Any())
            throw new OptionsException("Jwt:KeySet holds no signing key.");
    }
}
