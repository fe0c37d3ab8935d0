using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Access;

/// <summary>A caller is kept for a second, and never longer than anybody who revokes his key may expect.</summary>
public sealed class CallerCacheTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;
    private readonly ApiKeys _keys;
    private readonly CallerCache _cache;
    private int _looks;

    public CallerCacheTests()
    {
        _database = TestDatabase.Create(DatabaseKind.Sqlite);
        _services = _database.CreateServices();
        _keys = new(_services.GetRequiredService<IDbContextFactory<CrmDbContext>>(), _time);
        _cache = new(new CrmLimits { CallerCacheMilliseconds = 1_000, CachedCallers = 3 }, _time, _keys);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task One_look_serves_a_second_and_is_renewed_ahead_of_its_end()
    {
        var first = await FindAsync("a");
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Same(first, await FindAsync("a"));
        Assert.Equal(1, _looks);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Same(first, await FindAsync("a"));
        Assert.Equal(2, _looks);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.NotSame(first, await FindAsync("a"));
        Assert.Equal(2, _looks);

        _time.Advance(TimeSpan.FromMilliseconds(1_000));
        await FindAsync("a");
        Assert.Equal(3, _looks);
    }

    [Fact]
    public async Task A_refusal_is_not_kept_and_a_refused_renewal_ends_what_was()
    {
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await _cache.FindAsync("a", Refuse, default));
        await FindAsync("a");
        _time.Advance(TimeSpan.FromMilliseconds(600));
        await _cache.FindAsync("a", Refuse, default);

        await Assert.ThrowsAsync<AccessRefusedException>(async () => await _cache.FindAsync("a", Refuse, default));
    }

    [Fact]
    public async Task A_key_revoked_here_is_forgotten_at_once_even_by_a_look_that_had_begun()
    {
        var key = await _keys.CreateAsync("test", Role.Analyst, null, null, default);
        await FindAsync("a");
        var slow = new TaskCompletionSource<Caller>();
        var pending = _cache.FindAsync("b", (_, _) => slow.Task, default);

        await _keys.RevokeAsync(key.Key.Id.ToString(), default);
        slow.SetResult(Some());
        await pending;

        await FindAsync("a");
        await FindAsync("b");
        Assert.Equal(3, _looks);
    }

    [Fact]
    public async Task A_credential_that_ends_is_looked_up_when_it_has_ended()
    {
        var end = _time.GetUtcNow().UtcDateTime.AddMilliseconds(100);
        await _cache.FindAsync("a", (_, _) => Task.FromResult(Some() with { ExpiresAt = end }), default);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await FindAsync("a");
        Assert.Equal(1, _looks);
    }

    [Fact]
    public async Task No_more_callers_are_kept_than_allowed()
    {
        foreach (var credential in new[] { "a", "b", "c", "d" })
            await FindAsync(credential);
        await FindAsync("a");
        Assert.Equal(5, _looks);
    }

    private ValueTask<Caller> FindAsync(string credential) => _cache.FindAsync(credential, (_, _) =>
    {
        _looks++;
        return Task.FromResult(Some());
    }, default);

    private static Caller Some() => new("somebody", Role.Analyst, null, null);

    private static Task<Caller> Refuse(string credential, CancellationToken cancellationToken)
        => Task.FromException<Caller>(new AccessRefusedException(RefusalReason.RevokedKey, "revoked"));
}
