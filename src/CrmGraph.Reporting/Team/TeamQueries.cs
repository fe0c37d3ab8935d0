using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;

namespace CrmGraph.Reporting.Team;

/// <summary>The caller who sends the request.</summary>
/// <param name="Name">The name of the key or person.</param>
/// <param name="Role">The role, which decides what the caller may see and change.</param>
public sealed record Viewer(string Name, Role Role, [property: GraphQLIgnore] Guid? TeamMemberId);

[QueryType]
public static class TeamQueries
{
    /// <summary>The caller who sends the request.</summary>
    public static Viewer GetViewer([GlobalState] Caller caller) => new(caller.Name, caller.Role, caller.TeamMemberId);

    /// <summary>The staff of the company, sorted by name.</summary>
    [UsePaging("Name"), UseFiltering, UseSorting]
    public static IQueryable<TeamMember> GetTeamMembers(ResolverContext context) => Rows.Of(context).TeamMembers;

    /// <summary>The teams of the company, sorted by name.</summary>
    [UsePaging("Name"), UseFiltering, UseSorting]
    public static IQueryable<SalesTeam> GetSalesTeams(ResolverContext context) => Rows.Of(context).SalesTeams;
}

[ObjectType<Viewer>]
public static class ViewerFields
{
    /// <summary>The team member that the caller is. Representatives and managers have one.</summary>
    [UseLookup(nameof(Viewer.TeamMemberId))]
    public static IQueryable<TeamMember> GetTeamMember(ResolverContext context) => Rows.Of(context).TeamMembers;
}

[ObjectType<TeamMember>]
public static class TeamMemberFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, TeamMember>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).TeamMembers, m => m.Id, context.CancellationToken);

    /// <summary>The manager of the team member; null if there is none.</summary>
    [UseLookup(nameof(TeamMember.ManagerId))]
    public static IQueryable<TeamMember> GetManager(ResolverContext context) => Rows.Of(context).TeamMembers;

    /// <summary>The team that the member belongs to; null if there is none.</summary>
    [UseLookup(nameof(TeamMember.TeamId))]
    public static IQueryable<SalesTeam> GetTeam(ResolverContext context) => Rows.Of(context).SalesTeams;

    /// <summary>The team members who report to this one.</summary>
    [UsePaging("Name", ConnectionName = "TeamMembers", Of = nameof(TeamMember.ManagerId)), UseFiltering, UseSorting]
    public static IQueryable<TeamMember> GetReports(ResolverContext context) => Rows.Of(context).TeamMembers.Where(m => m.ManagerId != null);

    /// <summary>The customers whom the team member looks after today.</summary>
    [UsePaging("-CreatedAt", Of = nameof(Customer.OwnerId)), UseFiltering, UseSorting]
    public static IQueryable<Customer> GetCustomers(ResolverContext context) => Rows.Of(context).Customers.Where(c => c.OwnerId != null);
}

[ObjectType<SalesTeam>]
public static class SalesTeamFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, SalesTeam>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).SalesTeams, t => t.Id, context.CancellationToken);

    /// <summary>The members of the team.</summary>
    [UsePaging("Name", ConnectionName = "TeamMembers", Of = nameof(TeamMember.TeamId)), UseFiltering, UseSorting]
    public static IQueryable<TeamMember> GetMembers(ResolverContext context) => Rows.Of(context).TeamMembers.Where(m => m.TeamId != null);
}
