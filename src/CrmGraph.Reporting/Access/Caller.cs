using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Access;

/// <summary>Who asks: one instance per request or connection, made by the host from a key or token, travelling in the request state.</summary>
/// <param name="Name">For logs, versions and audits: the key's or team member's name.</param>
/// <param name="TeamMemberId">Needed for representative and manager.</param>
/// <param name="Owners">The owners whose customers the caller may see; null when all. Sorted.</param>
public sealed record Caller(string Name, Role Role, Guid? TeamMemberId, IReadOnlyList<Guid>? Owners)
{
    /// <summary>Queries that are bound to the caller read <see cref="Owners"/> through it.</summary>
    internal static System.Reflection.PropertyInfo OwnersProperty { get; } = typeof(Caller).GetProperty(nameof(Owners))!;
    /// <inheritdoc cref="OwnersProperty"/>
    internal static System.Reflection.PropertyInfo TeamMemberProperty { get; } = typeof(Caller).GetProperty(nameof(TeamMemberId))!;

    /// <summary>The API key behind the caller, so that a revoked key can end its streams.</summary>
    public Guid? ApiKeyId { get; init; }
    public DateTime? ExpiresAt { get; init; }
    /// <summary>Issuer and subject of the token, for callers who came with one.</summary>
    public string? Subject { get; init; }

    public static Caller System { get; } = new("system", Role.Administrator, null, null);

    public bool SeesAll => Owners is null;

    /// <summary>Who it is: equal for all requests with one key or token.</summary>
    public object Identity => (object?)ApiKeyId ?? Subject ?? Name;

    /// <summary>Equal for callers who see the same rows: the key of shared computations and kept results.</summary>
    public string Scope => Owners is null ? "all" : "owners:" + string.Join(',', Owners);
}
