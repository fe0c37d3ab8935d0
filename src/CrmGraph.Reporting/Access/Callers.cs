using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Access;

/// <summary>Who a token of the configured issuer says he is. The signature is checked by the host.</summary>
/// <param name="Subject">The issuer's id of the person: an outside id of a team member under <paramref name="Source"/>, or the team member's own id.</param>
/// <param name="Source">The name under which outside ids of this issuer are kept.</param>
/// <param name="Email">Tried when the subject is not known. Compared without regard to case; one that two team members share names nobody.</param>
/// <param name="ExpiresAt">UTC.</param>
public sealed record TokenIdentity(string Name, Role Role, string? Subject, string Source, string? Email, DateTime? ExpiresAt);

/// <summary>Makes a <see cref="Caller"/> from a key or token, and tells later whether he still has the same rights.</summary>
public sealed class Callers(IDbContextFactory<CrmDbContext> contexts, ApiKeys keys, TimeProvider time)
{
    /// <exception cref="AccessRefusedException">The key makes no caller.</exception>
    public async Task<Caller> FromKeyAsync(string secret, CancellationToken cancellationToken)
        => await FromKeyAsync(await keys.AuthenticateAsync(secret, cancellationToken), cancellationToken);

    /// <exception cref="AccessRefusedException">The token names nobody of the team, where its role needs somebody.</exception>
    public async Task<Caller> FromTokenAsync(TokenIdentity token, CancellationToken cancellationToken)
    {
        var member = token.Role is Role.Representative or Role.Manager ? await FindMemberAsync(token, cancellationToken) : null;
        return await MakeAsync(
            new(token.Name, token.Role, member, null) { ExpiresAt = token.ExpiresAt, Subject = $"{token.Source} {token.Subject ?? token.Email}" },
            cancellationToken);
    }

    /// <summary>
    /// Looks again at callers of open streams. Answers, for each caller who may no longer go on as he is, why: his key is revoked or expired, his
    /// token is over, or what he may see has changed. Two statements, whatever the number of callers.
    /// </summary>
    public async Task<IReadOnlyDictionary<Caller, AccessRefusedException>> RecheckAsync(
        IReadOnlyCollection<Caller> callers, CancellationToken cancellationToken)
    {
        var refused = new Dictionary<Caller, AccessRefusedException>(ReferenceEqualityComparer.Instance);
        if (callers.Count == 0)
            return refused;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var ids = callers.Select(c => c.ApiKeyId).OfType<Guid>().Distinct().ToList();
        // A server has few keys beside its streams; reading all of them spares a long IN list.
        var known = ids.Count == 0 ? [] : await db.ApiKeys.AsNoTracking().ToDictionaryAsync(k => k.Id, cancellationToken);
        var team = callers.Any(c => c.TeamMemberId is not null) ? await TeamAsync(db, cancellationToken) : [];
        foreach (var caller in callers)
            if (Recheck(caller, known, team) is { } reason)
                refused[caller] = reason;
        return refused;
    }

    private AccessRefusedException? Recheck(Caller caller, Dictionary<Guid, ApiKey> known, List<TeamPlace> team)
    {
        try
        {
            var now = caller;
            if (caller.ApiKeyId is { } id)
            {
                if (!known.TryGetValue(id, out var key))
                    return new(RefusalReason.UnknownKey, "This API key is no longer known here.");
                keys.Check(key);
                now = OfKey(key);
            }
            else if (caller.ExpiresAt <= time.GetUtcNow().UtcDateTime)
            {
                return new(RefusalReason.ExpiredToken, "This token has expired. Connect again with a new one.");
            }

            now = WithOwners(now, team);
            return now.Role == caller.Role && now.Scope == caller.Scope
                ? null
                : new(RefusalReason.RightsChanged, "What this caller may see has changed. Connect again.");
        }
        catch (AccessRefusedException e)
        {
            return e;
        }
    }

    private async Task<Caller> FromKeyAsync(ApiKey key, CancellationToken cancellationToken) => await MakeAsync(OfKey(key), cancellationToken);

    private static Caller OfKey(ApiKey key) => new(key.Name, key.Role, key.TeamMemberId, null) { ApiKeyId = key.Id, ExpiresAt = key.ExpiresAt };

    private async Task<Caller> MakeAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (caller.Role is not (Role.Representative or Role.Manager))
            return caller;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var team = caller.Role == Role.Manager
            ? await TeamAsync(db, cancellationToken)
            : await Places(db.TeamMembers.Where(m => m.Id == caller.TeamMemberId)).ToListAsync(cancellationToken);
        return WithOwners(caller, team);
    }

    private static Caller WithOwners(Caller caller, List<TeamPlace> team)
    {
        if (caller.Role is not (Role.Representative or Role.Manager))
            return caller;
        var place = team.Find(m => m.Id == caller.TeamMemberId)
            ?? throw new AccessRefusedException(RefusalReason.NoTeamMember, $"The role {caller.Role} needs a team member, and this caller is none.");
        if (!place.IsActive)
            throw new AccessRefusedException(RefusalReason.InactiveTeamMember, "This team member has left.");
        return caller with { Owners = caller.Role == Role.Manager ? TeamTree.OwnersOfManager(place.Id, team) : TeamTree.OwnersOfRepresentative(place.Id) };
    }

    private async Task<Guid?> FindMemberAsync(TokenIdentity token, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (token.Subject is { Length: > 0 } subject && FoldedText.IsStorable(subject))
        {
            var known = await db.ExternalIds.Where(x => x.Entity == ExternalEntity.TeamMember && x.Source == token.Source && x.Key == subject)
                .Select(x => (Guid?)x.Id)
                .FirstOrDefaultAsync(cancellationToken);
            if (known is not null)
                return known;
            if (Guid.TryParse(subject, out var id) && await db.TeamMembers.AnyAsync(m => m.Id == id, cancellationToken))
                return id;
        }

        if (string.IsNullOrWhiteSpace(token.Email))
            return null;
        // The team is small, and comparing here spares two engines' ideas of case.
        var addresses = await db.TeamMembers.Where(m => m.Email != null).Select(m => new { m.Id, m.Email }).ToListAsync(cancellationToken);
        var found = addresses.FindAll(m => string.Equals(m.Email, token.Email.Trim(), StringComparison.OrdinalIgnoreCase));
        return found.Count == 1 ? found[0].Id : null;
    }

    private static Task<List<TeamPlace>> TeamAsync(CrmDbContext db, CancellationToken cancellationToken) =>
        Places(db.TeamMembers).ToListAsync(cancellationToken);

    private static IQueryable<TeamPlace> Places(IQueryable<TeamMember> members) => members.Select(m => new TeamPlace(m.Id, m.ManagerId, m.TeamId, m.IsActive));
}
