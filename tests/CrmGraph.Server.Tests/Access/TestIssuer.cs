using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CrmGraph.Server.Tests.Access;

/// <summary>An issuer of tokens with one RSA key, its public half as a JSON Web Key Set, and tokens that are good unless they are changed.</summary>
internal static class TestIssuer
{
    public const string Name = "https://issuer.example";
    public const string Audience = "crm";

    public static RsaSecurityKey Key { get; } = new(RSA.Create(2048)) { KeyId = "k1" };

    /// <summary>What the server is told of it, as on its command line.</summary>
    public static string[] Settings => ["--Jwt:KeySet", PublicKeySet(), "--Jwt:Issuer", Name, "--Jwt:Audience", Audience];

    /// <summary>Good for five minutes from <paramref name="now"/>.</summary>
    public static string Token(DateTimeOffset now, Dictionary<string, object> claims, Action<SecurityTokenDescriptor>? change = null)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Name,
            Audience = Audience,
            Claims = claims,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.UtcDateTime.AddMinutes(5),
            SigningCredentials = new(Key, "RS256"),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    public static string PublicKeySet()
    {
        var rsa = Key.Rsa.ExportParameters(false);
        return JsonSerializer.Serialize(new
        {
            keys = new[] {
            new { kty = "RSA", use = "sig", kid = Key.KeyId, n = Base64UrlEncoder.Encode(rsa.Modulus), e = Base64UrlEncoder.Encode(rsa.Exponent) } }
        });
    }
}
