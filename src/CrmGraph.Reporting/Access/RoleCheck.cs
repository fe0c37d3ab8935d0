using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Access;

/// <summary>What <c>[Authorize]</c> means here: roles are named as in <see cref="Role"/>, in any case; none means any caller.</summary>
public static class RoleCheck
{
    public static ValueTask<AuthorizationResult> CheckAsync(RequestState state, IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        if (state.Get<Caller>() is not { } caller)
            return new(AuthorizationResult.NotAuthenticated);
        var allowed = roles.Count == 0 || roles.Any(role => role.Equals(caller.Role.ToString(), StringComparison.OrdinalIgnoreCase));
        return new(allowed ? AuthorizationResult.Allowed : AuthorizationResult.NotAuthorized);
    }
}
