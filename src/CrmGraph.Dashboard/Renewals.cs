using System.Diagnostics.CodeAnalysis;

namespace CrmGraph.Dashboard;

/// <summary>What the issuer renews a sign-in for, and for whom alone.</summary>
internal sealed record Renewal(string RefreshToken, string Subject);

/// <summary>
/// The refresh tokens of those who signed in at the issuer, by their sign-in: they stay here and are never in a browser. After a restart, and on another server,
/// people go through the issuer instead.
/// </summary>
internal sealed class Renewals
{
    /// <summary>Of more sign-ins, the oldest go through the issuer.</summary>
    internal const int AtMost = 10_000;

    private readonly Lock _lock = new();
    // By their age: a sign-in that is kept again is the youngest.
    private readonly OrderedDictionary<string, Renewal> _bySession = new(StringComparer.Ordinal);

    public void Keep(string session, Renewal renewal)
    {
        lock (_lock)
        {
            _bySession.Remove(session);
            _bySession.Add(session, renewal);
            if (_bySession.Count > AtMost)
                _bySession.RemoveAt(0);
        }
    }

    /// <summary>A refresh token is good once: whoever comes second goes through the issuer.</summary>
    public bool TryTake(string? session, [NotNullWhen(true)] out Renewal? renewal)
    {
        lock (_lock)
        {
            renewal = null;
            return session is not null && _bySession.Remove(session, out renewal);
        }
    }
}
