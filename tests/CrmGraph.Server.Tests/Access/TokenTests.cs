using System.Security.Cryptography;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Server.Access;
using CrmGraph.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace CrmGraph.Server.Tests.Access;

/// <summary>Tokens of a configured issuer (RFC 7519) and what RFC 8725 says to refuse.</summary>
public sealed class TokenTests
{
    private static readonly RsaSecurityKey OtherKey = new(RSA.Create(2048)) { KeyId = TestIssuer.Key.KeyId };
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task A_good_token_names_role_subject_email_and_end()
    {
        var identity = await Validator().ValidateAsync(Token(), CancellationToken.None);

        Assert.Equal((Role.Representative, "person-7", "ada@example.com"), (identity.Role, identity.Subject, identity.Email));
        Assert.Equal(_clock.GetUtcNow().UtcDateTime.AddMinutes(5), identity.ExpiresAt);
    }

    [Fact]
    public async Task A_token_need_not_say_when_it_begins() =>
        Assert.Equal(Role.Representative, (await Validator().ValidateAsync(Token(d => d.NotBefore = null), CancellationToken.None)).Role);

    [Fact]
    public async Task The_issuers_names_of_roles_are_mapped_and_the_widest_of_several_counts()
    {
        var options = Options() with { Roles = new Dictionary<string, string> { ["crm-boss"] = "Manager" } };
        var token = Token(claims: c => c["role"] = new[] { "something", "VIEWER", "crm-boss" });

        Assert.Equal(Role.Manager, (await new TokenValidator(options, _clock, NullLogger.Instance).ValidateAsync(token, CancellationToken.None)).Role);
    }

    [Theory]
    [InlineData(false)]
    [InlineData("false")]
    [InlineData(0)]
    public async Task An_email_that_the_issuer_did_not_verify_is_not_believed(object said) =>
        Assert.Null((await Validator().ValidateAsync(Token(claims: c => c["email_verified"] = said), CancellationToken.None)).Email);

    [Theory]
    [InlineData(true)]
    [InlineData("true")]
    public async Task An_email_that_the_issuer_verified_is_believed(object said) =>
        Assert.Equal("ada@example.com", (await Validator().ValidateAsync(Token(claims: c => c["email_verified"] = said), CancellationToken.None)).Email);

    [Fact]
    public async Task An_issuer_that_cannot_be_reached_is_told_apart_from_a_bad_token()
    {
        var options = Options() with { KeySet = null, Authority = "http://127.0.0.1:1" };
        var refused = await Assert.ThrowsAsync<AccessRefusedException>(
            () => new TokenValidator(options, _clock, NullLogger.Instance).ValidateAsync(Token(), CancellationToken.None));
        Assert.Contains("cannot be read at present", refused.Message);
    }

    public static TheoryData<string, RefusalReason> Bad => new()
    {
        { "expired", RefusalReason.ExpiredToken },
        { "not yet", RefusalReason.ExpiredToken },
        { "endless", RefusalReason.InvalidToken },
        { "audience", RefusalReason.InvalidToken },
        { "issuer", RefusalReason.InvalidToken },
        { "other key", RefusalReason.InvalidToken },
        { "none", RefusalReason.InvalidToken },
        { "public key as secret", RefusalReason.InvalidToken },
        { "tampered", RefusalReason.InvalidToken },
        { "garbage", RefusalReason.InvalidToken },
        { "critical extension", RefusalReason.InvalidToken },
        { "no role", RefusalReason.UnknownRole },
        { "unknown role", RefusalReason.UnknownRole },
        { "number as role", RefusalReason.UnknownRole },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task What_is_not_to_be_believed_is_refused_for_its_reason(string kind, RefusalReason reason)
    {
        var refused = await Assert.ThrowsAsync<AccessRefusedException>(() => Validator().ValidateAsync(BadToken(kind), CancellationToken.None));
        Assert.Equal(reason, refused.Reason);
    }

    private string BadToken(string kind) => kind switch
    {
        "expired" => Token(d => d.Expires = _clock.GetUtcNow().UtcDateTime),
        "not yet" => Token(d => d.NotBefore = _clock.GetUtcNow().UtcDateTime.AddMinutes(3)),
        "endless" => Token(d => d.Expires = null),
        "audience" => Token(d => d.Audience = "another-service"),
        "issuer" => Token(d => d.Issuer = "https://evil.example"),
        "other key" => Token(d => d.SigningCredentials = new(OtherKey, "RS256")),
        "none" => Token(d => d.SigningCredentials = null),
        "public key as secret" => Token(
            d => d.SigningCredentials = new(new SymmetricSecurityKey(TestIssuer.Key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = TestIssuer.Key.KeyId },
                "HS256")),
        "tampered" => Tampered(),
        "garbage" => "a.b.c",
        "critical extension" => Token(d => d.AdditionalHeaderClaims = new Dictionary<string, object> { ["crit"] = new[] { "exp" } }),
        "no role" => Token(claims: c => c.Remove("role")),
        "unknown role" => Token(claims: c => c["role"] = "emperor"),
        "number as role" => Token(claims: c => c["role"] = "4"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private string Tampered()
    {
        var parts = Token().Split('.');
        parts[1] = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("REPRESENTATIVE", "ADMINISTRATOR"));
        return string.Join('.', parts);
    }

    private string Token(Action<SecurityTokenDescriptor>? change = null, Action<Dictionary<string, object>>? claims = null)
    {
        var content = new Dictionary<string, object> { ["sub"] = "person-7", ["email"] = "ada@example.com", ["role"] = "REPRESENTATIVE" };
        claims?.Invoke(content);
        return TestIssuer.Token(_clock.GetUtcNow(), content, change);
    }

    private TokenValidator Validator() => new(Options(), _clock, NullLogger.Instance);

    private static JwtOptions Options() => new() { Audience = TestIssuer.Audience, Issuer = TestIssuer.Name, KeySet = TestIssuer.PublicKeySet() };
}
