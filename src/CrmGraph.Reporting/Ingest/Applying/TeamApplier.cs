using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Applying;

/// <summary>Teams and their members.</summary>
internal sealed class TeamApplier(BatchRun run) : RecordApplier(run)
{
    public void Apply(IngestBatch batch)
    {
        foreach (var record in batch.SalesTeams)
            Apply(record);
        ApplyMembers(batch.TeamMembers);
    }

    private void Apply(SalesTeamRecord record)
    {
        var check = new Check(record, Run.Limits);
        RecordFields.SalesTeams.Check(record, check);
        var (known, row) = Locate(record, ExternalEntity.Team, Run.Teams, check);
        if (check.Failed)
        {
            Refused(record, check);
            return;
        }

        var isNew = row is null;
        row ??= NewTeam(known ?? Run.NewId(), record);
        var team = row.Edit();
        var change = ChangeOf(record, row, team.Id);
        RecordFields.SalesTeams.Set(record, team, ref change);
        var claimed = Claim(record, ExternalEntity.Team, null, team.Id);
        Done(record, StatusOf(isNew, change.Any || claimed), team.Id);
    }

    private Tracked<SalesTeam> NewTeam(Guid id, SalesTeamRecord record) => Run.Teams.Add(id, new SalesTeam { Id = id, Name = record.Key.Key ?? "" });

    /// <summary>A member whose manager comes later in the list waits for him, so rows are made from the top down.</summary>
    private void ApplyMembers(List<TeamMemberRecord> records)
    {
        var results = new RecordResult[records.Count];
        var waiting = Enumerable.Range(0, records.Count).ToList();
        while (waiting.Count > 0)
        {
            var before = waiting.Count;
            var coming = waiting.SelectMany(i => Run.KeysOf(records[i])).ToHashSet();
            var still = new List<int>();
            foreach (var i in waiting)
            {
                var manager = records[i].Manager.Value;
                if (!manager.IsId && !manager.IsNone && Run.Keys.Find(ExternalEntity.TeamMember, manager.Key) is null && coming.Contains(manager.Key))
                    still.Add(i);
                else
                    results[i] = Apply(records[i]);
            }

            waiting = still;
            if (waiting.Count == before)
                break;
        }

        foreach (var i in waiting)
        {
            var check = new Check(records[i], Run.Limits);
            check.Refuse(RefusalCodes.Inconsistent, "The managers of these team members go in a circle.", "manager");
            results[i] = new RecordResult(WriteStatus.Refused, Guid.Empty, Guid.Empty, check.Refusal);
        }

        foreach (var result in results)
            Run.Outcome.Add(RecordKind.TeamMember, result);
    }

    private RecordResult Apply(TeamMemberRecord record)
    {
        var check = new Check(record, Run.Limits);
        RecordFields.TeamMembers.Check(record, check);
        var (known, row) = Locate(record, ExternalEntity.TeamMember, Run.Members, check);
        var manager = Member(record.Manager, "manager", check);
        var team = Team(record.Team, check);
        var change = ChangeOf(record, row, row?.Row.Id);
        if (row is not null && change.After(row.Row.ManagerId, manager) is { } above && IsBelow(above, row.Row.Id))
            check.Refuse(RefusalCodes.Inconsistent, "A team member cannot be managed by himself or by someone whom he manages.", "manager");
        if (check.Failed)
            return new RecordResult(WriteStatus.Refused, Guid.Empty, Guid.Empty, check.Refusal);
        var isNew = row is null;
        row ??= NewMember(known ?? Run.NewId(), record);
        var member = row.Edit();
        RecordFields.TeamMembers.Set(record, member, ref change);
        member.ManagerId = change.Of(member.ManagerId, manager);
        member.TeamId = change.Of(member.TeamId, team);
        var claimed = Claim(record, ExternalEntity.TeamMember, null, member.Id);
        return new RecordResult(StatusOf(isNew, change.Any || claimed), member.Id, Guid.Empty, null);
    }

    private Tracked<TeamMember> NewMember(Guid id, TeamMemberRecord record) => Run.Members.Add(id, new TeamMember { Id = id, Name = record.Key.Key ?? "" });

    private Optional<Guid?> Team(Optional<RowRef> reference, Check check)
    {
        if (!reference.HasValue || reference.Value.IsNone)
            return reference.HasValue ? new Optional<Guid?>(null) : default;
        var id = Resolve(reference.Value, ExternalEntity.Team);
        if (id is null || Run.Teams.Find(id.Value) is null)
            check.Refuse(RefusalCodes.ReferenceNotFound, $"There is no team {reference.Value}; write the team first.", "team");
        return id;
    }

    private bool IsBelow(Guid member, Guid manager)
    {
        for (Guid? at = member; at is { } id; at = Run.Members.Find(id)?.Row.ManagerId)
            if (id == manager)
                return true;
        return false;
    }
}
