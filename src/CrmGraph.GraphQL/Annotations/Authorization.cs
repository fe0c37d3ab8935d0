using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

public enum AuthorizationResult { Allowed, NotAuthenticated, NotAuthorized }

/// <summary>The host's answer to <see cref="AuthorizeAttribute"/>: may the caller in this state use the field? No roles means any authenticated caller.</summary>
public delegate ValueTask<AuthorizationResult> AuthorizationCheck(RequestState state, IReadOnlyList<string> roles, CancellationToken cancellationToken);

internal static class Authorization
{
    public static FieldResolver Wrap(FieldResolver inner, AuthorizationCheck check, string[] roles) => async context =>
    {
        await RequireAsync(context, check, roles);
        return await inner(context);
    };

    public static SubscribeResolver Wrap(SubscribeResolver inner, AuthorizationCheck check, string[] roles) => async context =>
    {
        await RequireAsync(context, check, roles);
        return await inner(context);
    };

    private static async ValueTask RequireAsync(ResolverContext context, AuthorizationCheck check, string[] roles)
    {
        switch (await check(context.State, roles, context.CancellationToken))
        {
            case AuthorizationResult.NotAuthenticated:
                throw new GraphQLException(ErrorCodes.NotAuthenticated, "Sign in to use this field: send a key or token.");
            case AuthorizationResult.NotAuthorized:
                throw new GraphQLException(ErrorCodes.NotAuthorized, roles.Length == 0
                    ? "The caller may not use this field."
                    : $"The caller may not use this field; it needs the role {string.Join(" or ", roles)}.");
        }
    }
}
