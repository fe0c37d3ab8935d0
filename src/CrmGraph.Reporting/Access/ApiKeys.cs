using System.Security.Cryptography;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Access;

/// <summary>A key that was just created.</summary>
/// <param name="Key">The key as it is listed.</param>
/// <param name="Secret">What programs send. It is shown here and nowhere else, because the database keeps only its hash.</param>
public sealed record NewApiKey(ApiKey Key, string Secret);

/// <summary>Makes, lists, finds and revokes API keys.</summary>
public sealed class ApiKeys(IDbContextFactory<CrmDbContext> contexts, TimeProvider time)
{
    private const int NameCharacters = 200;

    /// <summary>A key was revoked through this instance.</summary>
    public event Action? Revoked;

    /// <param name="teamMemberId">Needed for representative and manager, whose customers it decides; refused for the others, who see everything.</param>
    /// <param name="expiresAt">UTC; null never expires.</param>
    /// <exception cref="GraphQLException">INVALID_ARGUMENT with what would be right.</exception>
    public async Task<NewApiKey> CreateAsync(string name, Role role, Guid? teamMemberId, DateTime? expiresAt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        Require(!string.IsNullOrWhiteSpace(name) && name.Length <= NameCharacters, $"A key needs a name of 1 to {NameCharacters} characters.");
        Require(Enum.IsDefined(role), $"The role is one of {string.Join(", ", Enum.GetNames<Role>())}.");
        Require(expiresAt is null || expiresAt > now, "The end of a key's life must lie in the future.");
        if (role is Role.Representative or Role.Manager)
            Require(
                teamMemberId is not null && await db.TeamMembers.AnyAsync(m => m.Id == teamMemberId && m.IsActive, cancellationToken),
                $"A key with the role {role} needs an active team member.");
        else
            Require(teamMemberId is null, $"A key with the role {role} sees all customers and takes no team member.");

        var secret = KeySecret.Create();
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Name = name.Trim(),
            Prefix = KeySecret.PrefixOf(secret),
            Hash = KeySecret.Hash(secret),
            Role = role,
            TeamMemberId = teamMemberId,
            CreatedAt = Microseconds(now),
            ExpiresAt = expiresAt is null ? null : Microseconds(expiresAt.Value),
        };
        db.ApiKeys.Add(key);
        await db.SaveChangesAsync(cancellationToken);
        return new(key, secret);
    }

    /// <summary>All keys, newest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ApiKeys.AsNoTracking().OrderByDescending(k => k.CreatedAt).ThenByDescending(k => k.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Ends a key: new requests are refused at once, open streams within 5 seconds. Revoking again changes nothing.</summary>
    /// <param name="idOrPrefix">The key's id, or enough of the start of its secret to name one key.</param>
    /// <exception cref="GraphQLException">INVALID_ARGUMENT when no key, or more than one, is meant.</exception>
    public async Task<ApiKey> RevokeAsync(string idOrPrefix, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var keys = await db.ApiKeys.ToListAsync(cancellationToken);
        var meant = Guid.TryParse(idOrPrefix, out var id)
            ? keys.FindAll(k => k.Id == id)
            : keys.FindAll(k => idOrPrefix.Length > KeySecret.Mark.Length
                && (k.Prefix.StartsWith(idOrPrefix, StringComparison.Ordinal) || idOrPrefix.StartsWith(k.Prefix, StringComparison.Ordinal)));
        Require(meant.Count > 0, "There is no such key. `crmgraph keys list` shows ids and prefixes.");
        Require(meant.Count == 1, $"{meant.Count} keys begin so. Give more characters, or the id.");
        var key = meant[0];
        if (key.RevokedAt is null)
        {
            key.RevokedAt = Microseconds(time.GetUtcNow().UtcDateTime);
            await db.SaveChangesAsync(cancellationToken);
            Revoked?.Invoke();
        }

        return key;
    }

    /// <summary>The key of this secret, usable now. The index finds it by its hash, so the time tells nothing about the secret.</summary>
    /// <exception cref="AccessRefusedException">Malformed, unknown, revoked or expired.</exception>
    public async Task<ApiKey> AuthenticateAsync(string secret, CancellationToken cancellationToken)
    {
        if (!KeySecret.IsWellFormed(secret))
            throw new AccessRefusedException(RefusalReason.MalformedKey, $"This is not an API key: one is '{KeySecret.Mark}' and 43 letters and digits.");
        var hash = KeySecret.Hash(secret);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var key = await db.ApiKeys.AsNoTracking().FirstOrDefaultAsync(k => k.Hash == hash, cancellationToken);
        if (key is null || !CryptographicOperations.FixedTimeEquals(key.Hash, hash))
            throw new AccessRefusedException(RefusalReason.UnknownKey, "This API key is not known here. `crmgraph keys create` makes one.");
        Check(key);
        return key;
    }

    /// <exception cref="AccessRefusedException">Revoked, expired, or with a role that does not exist.</exception>
    public void Check(ApiKey key)
    {
        if (key.RevokedAt is not null)
            throw new AccessRefusedException(RefusalReason.RevokedKey, "This API key was revoked. Ask for a new one.");
        if (key.ExpiresAt <= time.GetUtcNow().UtcDateTime)
            throw new AccessRefusedException(RefusalReason.ExpiredKey, "This API key has expired. Ask for a new one.");
        if (!Enum.IsDefined(key.Role))
            throw new AccessRefusedException(
                RefusalReason.UnknownRole,
                $"This API key has a role that does not exist. Roles are {string.Join(", ", Enum.GetNames<Role>())}.");
    }

    // Both engines keep microseconds; what is returned equals what is read later.
    private static DateTime Microseconds(DateTime moment) => new(moment.Ticks - moment.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new GraphQLException(ErrorCodes.InvalidArgument, message);
    }
}
