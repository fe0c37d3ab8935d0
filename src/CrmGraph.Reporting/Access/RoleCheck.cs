using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Execution;

namespace CrmGraph.Reporting.Access;

/// <summary>What [Authorize] asks: roles are the names of <see cref="Role"/>.</summary>
public static class RoleCheck
{
    public static ValueTask<AuthorizationResult> CheckAsync(RequestState state, IReadOnlyList<string> roles, CancellationToken cancellationToken) => new(
        state.Get<Caller>() is not { } caller ? AuthorizationResult.NotAuthenticated
        : roles.Count == 0 || roles.Contains(caller.Role.ToString()) ? AuthorizationResult.Allowed
        : AuthorizationResult.NotAuthorized);
}
