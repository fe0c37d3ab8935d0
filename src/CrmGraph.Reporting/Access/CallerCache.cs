using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CrmGraph.Reporting.Access;

/// <summary>
/// Callers whose credential was found good a moment ago, so that a program that asks a hundred times a second is not looked up a hundred times.
/// Kept for <see cref="CrmLimits.CallerCacheMilliseconds"/>; forgotten at once when this server revokes a key or learns of a change in the team.
/// Whoever revokes from another process waits as long, so that a key is dead everywhere once the revocation has returned. Credentials that were
/// refused are not kept, and of the good ones only a hash.
/// </summary>
public sealed class CallerCache
{
    private readonly CrmLimits _limits;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Credential, Entry> _entries = new();
    // Kestrel gives all requests of a connection the same string while its header stays the same, so that few texts are hashed twice. A string that is gone is forgotten.
    private readonly ConditionalWeakTable<string, Hashed> _hashes = [];
    private int _generation;

    public CallerCache(CrmLimits limits, TimeProvider time, ApiKeys keys)
    {
        (_limits, _time) = (limits, time);
        keys.Revoked += Clear;
    }

    private readonly record struct Credential(UInt128 Low, UInt128 High);

    private sealed record Hashed(Credential Credential);

    private sealed class Entry(Caller caller, long lookedUpAt)
    {
        private int _renewing;
        public Caller Caller { get; } = caller;
        public long LookedUpAt { get; } = lookedUpAt;
        /// <summary>True for the first who asks.</summary>
        public bool TryRenew() => Interlocked.Exchange(ref _renewing, 1) == 0;
    }

    /// <summary>The caller of this credential: the one kept, or the one that <paramref name="look"/> finds.</summary>
    /// <exception cref="AccessRefusedException"><paramref name="look"/> refuses.</exception>
    public ValueTask<Caller> FindAsync(string text, Func<string, CancellationToken, Task<Caller>> look, CancellationToken cancellationToken)
    {
        var isHashed = _hashes.TryGetValue(text, out var hashed);
        var credential = hashed?.Credential ?? Hash(text);
        if (!_entries.TryGetValue(credential, out var entry) || entry.Caller.ExpiresAt <= _time.GetUtcNow().UtcDateTime)
            return new(LookAsync(credential, text, look, cancellationToken));
        // Only of good ones: whoever tries keys makes many strings.
        if (!isHashed)
            _hashes.AddOrUpdate(text, new(credential));
        var age = _time.GetElapsedTime(entry.LookedUpAt).TotalMilliseconds;
        if (age >= _limits.CallerCacheMilliseconds)
            return new(LookAsync(credential, text, look, cancellationToken));
        // Looked up again beside the requests and ahead of time: otherwise all that are under way would wait at the same moment.
        if (age >= _limits.CallerCacheMilliseconds / 2.0 && entry.TryRenew())
            _ = RenewAsync(credential, text, look);
        return new(entry.Caller);
    }

    public void Clear()
    {
        Interlocked.Increment(ref _generation);
        _entries.Clear();
    }

    private async Task RenewAsync(Credential credential, string text, Func<string, CancellationToken, Task<Caller>> look)
    {
        try
        {
            await LookAsync(credential, text, look, CancellationToken.None);
        }
        catch (AccessRefusedException)
        {
            _entries.TryRemove(credential, out _);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or IOException or TimeoutException or InvalidOperationException
            or ObjectDisposedException)
        {
            // The database is away: whoever asks when the time is over finds that out and says so.
        }
    }

    private async Task<Caller> LookAsync(
        Credential credential, string text, Func<string, CancellationToken, Task<Caller>> look, CancellationToken cancellationToken)
    {
        // Both before the look: what it finds may be older than its end.
        var (generation, at) = (Volatile.Read(ref _generation), _time.GetTimestamp());
        var caller = await look(text, cancellationToken);
        if (_entries.Count >= _limits.CachedCallers)
            _entries.Clear();
        _entries[credential] = new(caller, at);
        if (generation != Volatile.Read(ref _generation))
            _entries.TryRemove(credential, out _);
        return caller;
    }

    private static Credential Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return MemoryMarshal.Read<Credential>(hash);
    }
}
