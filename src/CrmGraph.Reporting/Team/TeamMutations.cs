using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Team;

/// <summary>A team to create or update. Omitted fields keep their values.</summary>
public sealed class UpsertSalesTeamInput
{
    /// <summary>The team to change. If omitted, `externalIds` decide; without those, a team is created.</summary>
    [ID<SalesTeam>] public Guid? Id { get; set; }
    /// <summary>The external IDs by which the team is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>The name of the team.</summary>
    public Optional<string?> Name { get; set; }
}

/// <summary>A team member to create or update. Omitted fields keep their values.</summary>
public sealed class UpsertTeamMemberInput
{
    /// <summary>The team member to change. If omitted, `externalIds` decide; without those, a team member is created.</summary>
    [ID<TeamMember>] public Guid? Id { get; set; }
    /// <summary>The external IDs by which the team member is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>The name of the team member.</summary>
    public Optional<string?> Name { get; set; }
    /// <summary>The email address.</summary>
    public Optional<string?> Email { get; set; }
    /// <summary>The manager; null for none.</summary>
    public Optional<TeamMemberRefInput?> Manager { get; set; }
    /// <summary>The team; null for none.</summary>
    public Optional<SalesTeamRefInput?> Team { get; set; }
    /// <summary>Whether the team member works for the company.</summary>
    public Optional<bool?> IsActive { get; set; }
}

[MutationType]
[Error<NotFoundException>, Error<ConflictException>, Error<ValidationException>, Error<NotPermittedException>]
public static class TeamMutations
{
    /// <summary>Creates or updates a team.</summary>
    public static async Task<SalesTeam> UpsertSalesTeamAsync(UpsertSalesTeamInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.SalesTeams, input);
        return await Rows.Of(context).SalesTeams.SingleAsync(t => t.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Creates or updates a team member.</summary>
    public static async Task<TeamMember> UpsertTeamMemberAsync(UpsertTeamMemberInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.TeamMembers, input);
        return await Rows.Of(context).TeamMembers.SingleAsync(m => m.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Creates or updates up to 1,000 team members in one transaction. Managers may appear anywhere in the list.</summary>
    /// <param name="members">The team members to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertTeamMembersAsync(IReadOnlyList<UpsertTeamMemberInput> members, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.TeamMember, nameof(TeamMember), b => b.TeamMembers, members, allOrNothing);
}
