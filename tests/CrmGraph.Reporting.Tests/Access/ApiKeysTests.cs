using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Access;

public sealed class ApiKeysTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static IEnumerable<object[]> Both => Databases.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_new_key_opens_the_door_and_its_secret_is_nowhere_in_the_database(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var services = Services(database);
        var keys = services.GetRequiredService<ApiKeys>();

        var made = await keys.CreateAsync("dashboard", Role.Analyst, null, null, None);
        var caller = await services.GetRequiredService<Callers>().FromKeyAsync(made.Secret, None);

        Assert.Matches("^crm_[0-9A-Za-z]{43}$", made.Secret);
        Assert.Equal((Role.Analyst, "dashboard", made.Key.Id, true), (caller.Role, caller.Name, caller.ApiKeyId, caller.SeesAll));
        var row = (await database.QueryAsync("select * from api_keys")).Single();
        Assert.DoesNotContain(row, cell => cell is string text && text.Contains(made.Secret[12..], StringComparison.Ordinal));
        Assert.Contains(row, cell => cell is byte[] { Length: 32 });
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_revoked_an_expired_an_unknown_and_a_malformed_key_are_refused_each_for_its_reason(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var services = Services(database);
        var keys = services.GetRequiredService<ApiKeys>();
        var revoked = await keys.CreateAsync("a", Role.Viewer, null, null, None);
        await keys.RevokeAsync(revoked.Key.Id.ToString(), None);
        var expired = await keys.CreateAsync("b", Role.Viewer, null, database.Clock.GetUtcNow().UtcDateTime.AddHours(1), None);

        Assert.Equal(RefusalReason.RevokedKey, await ReasonAsync(services, revoked.Secret));
        Assert.Null(await ReasonAsync(services, expired.Secret));
        database.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RefusalReason.ExpiredKey, await ReasonAsync(services, expired.Secret));
        Assert.Equal(RefusalReason.UnknownKey, await ReasonAsync(services, KeySecret.Create()));
        foreach (var bad in new[] {
            "",
            "crm_",
            "crm_short",
            revoked.Secret + "x",
            revoked.Secret[..^1] + "-",
            "' or 1=1 --",
            revoked.Secret.ToUpperInvariant() })
            Assert.Equal(RefusalReason.MalformedKey, await ReasonAsync(services, bad));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_key_is_revoked_by_its_prefix_and_revoking_again_keeps_the_first_moment(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var services = Services(database);
        var keys = services.GetRequiredService<ApiKeys>();
        var made = await keys.CreateAsync("a", Role.Viewer, null, null, None);

        var first = await keys.RevokeAsync(made.Key.Prefix, None);
        database.Clock.Advance(TimeSpan.FromMinutes(5));
        var second = await keys.RevokeAsync(made.Key.Id.ToString(), None);

        Assert.NotNull(first.RevokedAt);
        Assert.Equal(first.RevokedAt, second.RevokedAt);
        await Assert.ThrowsAsync<GraphQLException>(() => keys.RevokeAsync("crm_nothing", None));
        await Assert.ThrowsAsync<GraphQLException>(() => keys.RevokeAsync(Guid.NewGuid().ToString(), None));
    }

    [Theory]
    [InlineData(Role.Representative, false)]
    [InlineData(Role.Manager, false)]
    [InlineData(Role.Analyst, true)]
    [InlineData(Role.Viewer, true)]
    [InlineData(Role.Administrator, true)]
    [InlineData((Role)99, false)]
    public async Task A_key_has_a_team_member_exactly_when_its_role_needs_one(Role role, bool withMember)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var services = Services(database);
        var member = new TeamMember { Id = Guid.CreateVersion7(), Name = "Ada" };
        await database.SaveAsync(member);

        var refused = await Assert.ThrowsAsync<GraphQLException>(
            () => services.GetRequiredService<ApiKeys>().CreateAsync("x", role, withMember ? member.Id : null, null, None));

        Assert.Equal(ErrorCodes.InvalidArgument, refused.Error.Code);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Rechecking_finds_revoked_keys_moved_reports_and_those_who_left(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var services = Services(database);
        var (boss, report, leaver) = (Member("Boss"), Member("Report"), Member("Leaver"));
        await database.SaveAsync(boss, report, leaver);
        var keys = services.GetRequiredService<ApiKeys>();
        var callers = services.GetRequiredService<Callers>();
        async Task<Caller> CallerOf(Role role, Guid? member)
            => await callers.FromKeyAsync((await keys.CreateAsync(role.ToString(), role, member, null, None)).Secret, None);
        var (analyst, revoked, manager, gone) = (await CallerOf(Role.Analyst, null), await CallerOf(Role.Analyst, null), await CallerOf(
            Role.Manager,
            boss.Id), await CallerOf(Role.Representative, leaver.Id));
        var token = await callers.FromTokenAsync(new("t", Role.Viewer, null, "jwt", null, database.Clock.GetUtcNow().UtcDateTime.AddMinutes(1)), None);
        Caller[] all = [analyst, revoked, manager, gone, token];
        Assert.Empty(await callers.RecheckAsync(all, None));

        await keys.RevokeAsync(revoked.ApiKeyId.ToString()!, None);
        await using (var db = await services.GetRequiredService<IDbContextFactory<CrmDbContext>>().CreateDbContextAsync())
        {
            (await db.TeamMembers.SingleAsync(m => m.Id == report.Id)).ManagerId = boss.Id;
            (await db.TeamMembers.SingleAsync(m => m.Id == leaver.Id)).IsActive = false;
            await db.SaveChangesAsync();
        }

        database.Clock.Advance(TimeSpan.FromMinutes(1));
        var refused = await callers.RecheckAsync(all, None);

        Assert.Equal(4, refused.Count);
        Assert.Equal(RefusalReason.RevokedKey, refused[revoked].Reason);
        Assert.Equal(RefusalReason.RightsChanged, refused[manager].Reason);
        Assert.Equal(RefusalReason.InactiveTeamMember, refused[gone].Reason);
        Assert.Equal(RefusalReason.ExpiredToken, refused[token].Reason);
    }

    private static TeamMember Member(string name) => new() { Id = Guid.CreateVersion7(), Name = name };

    private static ServiceProvider Services(TestDatabase database) => database.CreateServices(s => s.AddCrm(new CrmLimits()));

    private static async Task<RefusalReason?> ReasonAsync(ServiceProvider services, string secret)
    {
        try
        {
            await services.GetRequiredService<Callers>().FromKeyAsync(secret, None);
            return null;
        }
        catch (AccessRefusedException e)
        {
            return e.Reason;
        }
    }
}
