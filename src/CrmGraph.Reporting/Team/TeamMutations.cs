using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Team;

/// <summary>A team to make or change.</summary>
public sealed class UpsertSalesTeamInput
{
    [ID<SalesTeam>] public Guid? Id { get; set; }
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    public Optional<string?> Name { get; set; }
}

/// <summary>A team member to make or change. Fields left out keep their values.</summary>
public sealed class UpsertTeamMemberInput
{
    [ID<TeamMember>] public Guid? Id { get; set; }
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    public Optional<string?> Name { get; set; }
    public Optional<string?> Email { get; set; }
    public Optional<TeamMemberRefInput?> Manager { get; set; }
    public Optional<SalesTeamRefInput?> Team { get; set; }
    public Optional<bool?> IsActive { get; set; }
}

[MutationType]
[Error<NotFoundException>, Error<ConflictException>, Error<ValidationException>, Error<NotPermittedException>]
public static class TeamMutations
{
    /// <summary>Makes a team or changes the one that is there.</summary>
    public static async Task<SalesTeam> UpsertSalesTeamAsync(UpsertSalesTeamInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.SalesTeams, input);
        return await Rows.Of(context).SalesTeams.SingleAsync(t => t.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Makes a team member or changes the one that is there.</summary>
    public static async Task<TeamMember> UpsertTeamMemberAsync(UpsertTeamMemberInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.TeamMembers, input);
        return await Rows.Of(context).TeamMembers.SingleAsync(m => m.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Makes or changes up to 1,000 team members in one transaction; managers may stand anywhere in the list.</summary>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertTeamMembersAsync(IReadOnlyList<UpsertTeamMemberInput> members, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.TeamMember, nameof(TeamMember), b => b.TeamMembers, members, allOrNothing);
}
