using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;

namespace CrmGraph.Reporting.Team;

/// <summary>Who asks.</summary>
public sealed record Viewer(string Name, Role Role, [property: GraphQLIgnore] Guid? TeamMemberId);

[QueryType]
public static class TeamQueries
{
    /// <summary>The caller as the server knows him.</summary>
    public static Viewer GetViewer([GlobalState] Caller caller) => new(caller.Name, caller.Role, caller.TeamMemberId);

    /// <summary>The people of the company, by name.</summary>
    [UsePaging("Name"), UseFiltering, UseSorting]
    public static IQueryable<TeamMember> GetTeamMembers(ResolverContext context) => Rows.Of(context).TeamMembers;

    /// <summary>Teams, by name.</summary>
    [UsePaging("Name"), UseFiltering, UseSorting]
    public static IQueryable<SalesTeam> GetSalesTeams(ResolverContext context) => Rows.Of(context).SalesTeams;
}

[ObjectType<Viewer>]
public static class ViewerFields
{
    /// <summary>The team member behind the caller; representatives and managers have one.</summary>
    [UseLookup(nameof(Viewer.TeamMemberId))]
    public static IQueryable<TeamMember> GetTeamMember(ResolverContext context) => Rows.Of(context).TeamMembers;
}

[ObjectType<TeamMember>]
public static class TeamMemberFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, TeamMember>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).TeamMembers, m => m.Id, context.CancellationToken);

    [UseLookup(nameof(TeamMember.ManagerId))]
    public static IQueryable<TeamMember> GetManager(ResolverContext context) => Rows.Of(context).TeamMembers;

    [UseLookup(nameof(TeamMember.TeamId))]
    public static IQueryable<SalesTeam> GetTeam(ResolverContext context) => Rows.Of(context).SalesTeams;

    /// <summary>Those whom the team member manages.</summary>
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

    [UsePaging("Name", ConnectionName = "TeamMembers", Of = nameof(TeamMember.TeamId)), UseFiltering, UseSorting]
    public static IQueryable<TeamMember> GetMembers(ResolverContext context) => Rows.Of(context).TeamMembers.Where(m => m.TeamId != null);
}
