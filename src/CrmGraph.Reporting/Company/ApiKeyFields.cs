using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Reporting.Company;

[QueryType]
public static class ApiKeyQueries
{
    /// <summary>The API keys of this server, newest first. Their secrets are not kept.</summary>
    [Authorize(Roles = [nameof(Role.Administrator)]), ListSize(AssumedSize = 100)]
    public static Task<IReadOnlyList<ApiKey>> GetApiKeysAsync([Service] ApiKeys keys, CancellationToken cancellationToken) => keys.ListAsync(cancellationToken);
}

[MutationType]
public static class ApiKeyMutations
{
    /// <summary>Creates an API key. Its secret is in this answer and nowhere else.</summary>
    /// <param name="name">What the key is for.</param>
    /// <param name="role">What the key may see and change.</param>
    /// <param name="teamMember">The ID of the team member whose customers a representative or manager sees; omit it for other roles.</param>
    /// <param name="expiresAt">When the key ends by itself; never if omitted.</param>
    [Authorize(Roles = [nameof(Role.Administrator)])]
    public static Task<NewApiKey> CreateApiKeyAsync(
        string name,
        Role role,
        [ID<TeamMember>] Guid? teamMember,
        DateTime? expiresAt,
        [Service] ApiKeys keys,
        CancellationToken cancellationToken) =>
        keys.CreateAsync(name, role, teamMember, expiresAt, cancellationToken);

    /// <summary>Ends an API key: new requests are refused at once, open streams within 5 seconds. Repeating the call changes nothing.</summary>
    /// <param name="id">The ID of the key.</param>
    [Authorize(Roles = [nameof(Role.Administrator)])]
    public static Task<ApiKey> RevokeApiKeyAsync([ID<ApiKey>] Guid id, [Service] ApiKeys keys, CancellationToken cancellationToken) =>
        keys.RevokeAsync(id.ToString(), cancellationToken);
}
