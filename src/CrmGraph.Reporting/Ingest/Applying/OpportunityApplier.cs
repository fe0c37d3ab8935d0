using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Applying;

/// <summary>Opportunities with the history of their stages.</summary>
internal sealed class OpportunityApplier(BatchRun run) : FactApplier(run)
{
    private readonly Dictionary<Guid, List<Tracked<OpportunityStage>>> _stages = run.OpportunityStages.Rows.GroupBy(s => s.Row.OpportunityId)
        .ToDictionary(g => g.Key, g => g.ToList());
    private readonly Dictionary<Guid, DateTime> _lastEntry = run.OpportunityStages.Rows.GroupBy(s => s.Row.OpportunityId)
        .ToDictionary(g => g.Key, g => g.Max(s => s.Row.EnteredAt));

    public void Apply(List<OpportunityRecord> records)
    {
        foreach (var record in records)
            Apply(record);
    }

    /// <summary>What a record says of stages, as it is stored.</summary>
    private readonly record struct Stages(Optional<string?> Now, DateTime? Since, List<StageEntry> Entries);

    private void Apply(OpportunityRecord record)
    {
        var check = new Check(record, Run.Limits);
        var stages = CheckedFields(record, check);
        var target = check.Failed ? null : Locate(record, ExternalEntity.Opportunity, Run.Opportunities, x => x.CustomerId, record.Customer, check);
        var before = target?.Existing?.Row;
        if (target is not null && before is null)
            CheckNew(record, stages, check);
        var change = ChangeOf(record, target?.Existing, before?.Id);
        var openedAt = change.After(before?.OpenedAt ?? default, Stored.Moment(record.OpenedAt));
        var status = change.After(before?.Status ?? OpportunityStatus.Open, record.Status);
        var closedAt = ClosedAt(change, record, before, status, openedAt);
        if (status == OpportunityStatus.Open && change.After(null, record.ClosedAt) is not null)
            check.Refuse(RefusalCodes.Inconsistent, "closedAt is given but the status is OPEN; give status WON or LOST, or use expectedCloseDay.", "closedAt");
        if (target is not null && !check.Failed && closedAt is { } closed && LocalOf(closed).Day < LocalOf(openedAt).Day)
            check.Refuse(RefusalCodes.Inconsistent, "closedAt lies before openedAt.", "closedAt");
        var (owner, product) = (Member(record.Owner, "owner", check), Product(record.Product, check));
        if (check.Failed)
            Refused(record, check);
        else
            Write(record, target!.Value, change, stages, (owner, product), closedAt);
    }

    private Stages CheckedFields(OpportunityRecord record, Check check)
    {
        var entries = new List<StageEntry>();
        foreach (var entry in record.Stages ?? [])
            if (check.Text(entry.Stage, "stages", Run.Limits.NameCharacters) is { } stage)
                entries.Add(new StageEntry(stage, check.Moment(entry.EnteredAt, "stages")));
        if (entries.Count > Run.Limits.WordsPerRow)
            check.Refuse(RefusalCodes.OutOfRange, $"stages has {entries.Count} entries; at most {Run.Limits.WordsPerRow} are taken.", "stages");
        entries.Sort((a, b) => a.EnteredAt.CompareTo(b.EnteredAt));
        check.Required(record.Stage.HasValue ? record.Stage.Value : default(Optional<string?>), "stage", Run.Limits.NameCharacters);
        check.Range(record.Probability.Value, 0, 100, "probability");
        check.Day(record.ExpectedCloseDay.Value, "expectedCloseDay");
        RecordFields.Opportunities.Check(record, check);
        check.Moment(record.ClosedAt.Value, "closedAt");
        var since = check.Moment(record.StageSince, "stageSince");
        var now = record.Stage.HasValue ? Stored.Text(record.Stage.Value) : entries.Count > 0 ? entries[^1].Stage : default(Optional<string?>);
        return new(now, since, entries);
    }

    private static void CheckNew(OpportunityRecord record, Stages stages, Check check)
    {
        if (!record.OpenedAt.HasValue)
            check.Refuse(RefusalCodes.Required, "openedAt is needed for a new opportunity.", "openedAt");
        if (stages.Now.Value is null)
            check.Refuse(RefusalCodes.Required, "stage is needed for a new opportunity.", "stage");
        if (Stored.Text(record.Name.Value) is null && record.Key.IsNone)
            check.Refuse(RefusalCodes.Required, "A new opportunity needs a name.", "name");
    }

    private DateTime? ClosedAt(Change change, OpportunityRecord record, Opportunity? before, OpportunityStatus status, DateTime openedAt)
    {
        if (status == OpportunityStatus.Open)
            return null;
        var told = Stored.Moment(record.ClosedAt);
        var given = before?.Status == status ? change.After(before.ClosedAt, told) : told.Value;
        return given ?? (openedAt > Run.Now ? openedAt : Run.Now);
    }

    private void Write(
        OpportunityRecord record, FactTarget<Opportunity> target, Change change, Stages stages, (Optional<Guid?> Owner, Optional<Guid?> Product) named,
        DateTime? closedAt)
    {
        var (id, customer, existing) = target;
        var isNew = existing is null;
        var row = existing ?? Run.Opportunities.Add(id, new Opportunity
        {
            Id = id,
            CustomerId = customer.Id,
            Name = record.Key.Key ?? "",
            Currency = Run.Settings.Currency,
            Channel = customer.AcquisitionChannel,
            OwnerId = customer.OwnerId,
        });
        var x = row.Edit();
        x.CustomerId = change.Of(x.CustomerId, customer.Id, isMissing: true);
        // Before the amount that it belongs to.
        x.Currency = change.OfText(x.Currency, Stored.Currency(record.Currency), isMissing: x.Amount is null);
        RecordFields.Opportunities.Set(record, x, ref change);
        x.OwnerId = change.Of(x.OwnerId, named.Owner);
        x.ProductId = change.Of(x.ProductId, named.Product);
        x.ClosedAt = change.Of(x.ClosedAt, closedAt, isMissing: x.Status == OpportunityStatus.Open);
        (x.Day, x.Hour) = LocalOf(x.OpenedAt);
        x.ClosedDay = x.ClosedAt is { } closed ? LocalOf(closed).Day : null;
        var changed = SetStage(x, record, stages, isNew, ref change);
        changed |= Claim(record, ExternalEntity.Opportunity, x.CustomerId, x.Id);
        Done(record, StatusOf(isNew, change.Any || changed), x.Id, x.CustomerId);
    }

    private bool SetStage(Opportunity x, OpportunityRecord record, Stages stages, bool isNew, ref Change change)
    {
        foreach (var known in StagesOf(x.Id))
            if (known.Row.CustomerId != x.CustomerId)
                known.Edit().CustomerId = x.CustomerId;
        if (record.Mode == WriteMode.KeepExisting && WasThere(Run.Opportunities.Find(x.Id), x.Id))
            return false;
        var before = x.Stage;
        var stage = record.Stage.HasValue || isNew ? stages.Now : default;
        var any = false;
        foreach (var entry in stages.Entries)
        {
            // Where no stage is given, a new entry is the current stage when none is known after it: files of stage changes come in any order.
            var isLast = !_lastEntry.TryGetValue(x.Id, out var last) || entry.EnteredAt >= last;
            if (!AddStage(x, entry.Stage, entry.EnteredAt))
                continue;
            any = true;
            if (isLast && !record.Stage.HasValue)
                stage = entry.Stage;
        }

        x.Stage = change.OfText(x.Stage, stage);
        if (x.Stage != before && (stages.Since is not null || !stages.Entries.Exists(e => e.Stage == x.Stage)))
            any |= AddStage(x, x.Stage, stages.Since ?? (isNew ? x.ClosedAt ?? x.OpenedAt : Run.Now));
        return any;
    }

    /// <summary>The id follows from opportunity, stage and moment, so an entry that comes again is the same row.</summary>
    private bool AddStage(Opportunity x, string stage, DateTime enteredAt)
    {
        var id = ContentIds.Of($"stage\n{x.Id:D}\n{stage}\n{enteredAt.Ticks}");
        if (Run.OpportunityStages.Find(id) is not null)
            return false;
        _lastEntry[x.Id] = _lastEntry.TryGetValue(x.Id, out var last) && last > enteredAt ? last : enteredAt;
        StagesOf(x.Id).Add(Run.OpportunityStages.Add(
            id, new OpportunityStage { Id = id, CustomerId = x.CustomerId, OpportunityId = x.Id, Stage = stage, EnteredAt = enteredAt }));
        return true;
    }

    private List<Tracked<OpportunityStage>> StagesOf(Guid opportunity)
    {
        if (!_stages.TryGetValue(opportunity, out var stages))
            _stages.Add(opportunity, stages = []);
        return stages;
    }
}
