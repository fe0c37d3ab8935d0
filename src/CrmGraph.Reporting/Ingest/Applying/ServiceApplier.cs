using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Applying;

/// <summary>Interactions, tickets and survey responses.</summary>
internal sealed class ServiceApplier(BatchRun run) : FactApplier(run)
{
    public void Apply(IngestBatch batch)
    {
        foreach (var record in batch.Interactions)
            Apply(record);
        foreach (var record in batch.Tickets)
            Apply(record);
        foreach (var record in batch.SurveyResponses)
            Apply(record);
    }

    private void Apply(InteractionRecord record)
    {
        var check = new Check(record, Run.Limits);
        RecordFields.Interactions.Check(record, check);
        var target = check.Failed ? null : Locate(record, ExternalEntity.Interaction, Run.Interactions, x => x.CustomerId, record.Customer, check);
        if (target is { Existing: null } && !record.OccurredAt.HasValue)
            check.Refuse(RefusalCodes.Required, "occurredAt is needed for a new interaction.", "occurredAt");
        var owner = Member(record.Owner, "owner", check);
        if (check.Failed)
        {
            Refused(record, check);
            return;
        }

        var (id, customer, existing) = target!.Value;
        var row = existing ?? Run.Interactions.Add(id, new Interaction
        {
            Id = id,
            CustomerId = customer.Id,
            Kind = InteractionKind.Other,
            Channel = customer.AcquisitionChannel,
            OwnerId = customer.OwnerId,
        });
        var x = row.Edit();
        var change = ChangeOf(record, existing, existing?.Row.Id);
        x.CustomerId = change.Of(x.CustomerId, customer.Id, isMissing: true);
        RecordFields.Interactions.Set(record, x, ref change);
        x.OwnerId = change.Of(x.OwnerId, owner);
        (x.Day, x.Hour) = LocalOf(x.OccurredAt);
        Finish(record, ExternalEntity.Interaction, existing is null, change.Any, x.Id, x.CustomerId);
    }

    private void Apply(TicketRecord record)
    {
        var check = new Check(record, Run.Limits);
        RecordFields.Tickets.Check(record, check);
        var resolution = Resolution.Checked(record, check);
        check.Range(record.Csat.Value, 1, 5, "csat");
        var target = check.Failed ? null : Locate(record, ExternalEntity.Ticket, Run.Tickets, x => x.CustomerId, record.Customer, check);
        var before = target?.Existing?.Row;
        var change = ChangeOf(record, target?.Existing, before?.Id);
        var opened = change.After(before?.OpenedAt ?? default, Stored.Moment(record.OpenedAt));
        if (target is not null && opened == default)
            check.Refuse(RefusalCodes.Required, "openedAt is needed for a new ticket.", "openedAt");
        if (change.After(before?.FirstResponseAt, Stored.Moment(record.FirstResponseAt)) < opened)
            check.Refuse(RefusalCodes.Inconsistent, "firstResponseAt lies before openedAt.", "firstResponseAt");
        var attributes = check.Attributes(record.Attributes);
        var ending = resolution.After(before, opened, change, check);
        var agent = Member(record.Agent, "agent", check);
        if (check.Failed)
        {
            Refused(record, check);
            return;
        }

        var (id, customer, existing) = target!.Value;
        var row = existing ?? Run.Tickets.Add(id, new Ticket { Id = id, CustomerId = customer.Id, Channel = customer.AcquisitionChannel });
        var x = row.Edit();
        x.CustomerId = change.Of(x.CustomerId, customer.Id, isMissing: true);
        RecordFields.Tickets.Set(record, x, ref change);
        ending.WriteTo(x, ref change);
        x.AgentId = change.Of(x.AgentId, agent);
        (x.Day, x.Hour) = LocalOf(x.OpenedAt);
        x.FirstResponseDay = x.FirstResponseAt is { } answered ? LocalOf(answered).Day : null;
        x.ResolvedDay = x.ResolvedAt is { } resolved ? LocalOf(resolved).Day : null;
        Run.TicketAttributes.MoveTo(id, x.CustomerId);
        var changed = Run.TicketAttributes.Set(id, x.CustomerId, attributes, WasThere(existing, id) ? record.Mode : WriteMode.Upsert);
        Finish(record, ExternalEntity.Ticket, existing is null, change.Any || changed, x.Id, x.CustomerId);
    }

    private void Apply(SurveyResponseRecord record)
    {
        var check = new Check(record, Run.Limits);
        RecordFields.SurveyResponses.Check(record, check);
        var target = check.Failed ? null : Locate(record, ExternalEntity.SurveyResponse, Run.SurveyResponses, x => x.CustomerId, record.Customer, check);
        var before = target?.Existing?.Row;
        if (target is not null && before is null && !(record.SurveyKind.HasValue && record.Score.HasValue && record.AnsweredAt.HasValue))
            check.Refuse(
                RefusalCodes.Required,
                "A new response needs kind, score and answeredAt.",
                !record.AnsweredAt.HasValue ? "answeredAt" : !record.Score.HasValue ? "score" : "kind");
        var change = ChangeOf(record, target?.Existing, before?.Id);
        var kind = change.After(before?.Kind ?? SurveyKind.Nps, record.SurveyKind);
        var maximum = change.After(before is { } b && b.Kind == kind ? b.ScaleMaximum : kind == SurveyKind.Nps ? 10 : 5, record.ScaleMaximum);
        CheckScore(check, kind, maximum, change.After(before?.Score ?? 0, record.Score));
        if (check.Failed)
        {
            Refused(record, check);
            return;
        }

        var (id, customer, existing) = target!.Value;
        var row = existing ?? Run.SurveyResponses.Add(id, new SurveyResponse
        {
            Id = id, CustomerId = customer.Id, Channel = customer.AcquisitionChannel, Kind = kind, Score = record.Score.Value, ScaleMaximum = maximum,
        });
        var x = row.Edit();
        x.CustomerId = change.Of(x.CustomerId, customer.Id, isMissing: true);
        RecordFields.SurveyResponses.Set(record, x, ref change);
        x.ScaleMaximum = change.Of(x.ScaleMaximum, maximum);
        (x.Day, x.Hour) = LocalOf(x.AnsweredAt);
        Finish(record, ExternalEntity.SurveyResponse, existing is null, change.Any, x.Id, x.CustomerId);
    }

    private static void CheckScore(Check check, SurveyKind kind, int maximum, int score)
    {
        if (kind == SurveyKind.Nps && maximum != 10)
            check.Refuse(RefusalCodes.OutOfRange, $"scaleMaximum is {maximum}; an NPS response is on the scale 0 to 10.", "scaleMaximum");
        else if (kind == SurveyKind.Csat && maximum is not (5 or 7 or 10))
            check.Refuse(RefusalCodes.OutOfRange, $"scaleMaximum is {maximum}; a CSAT scale ends at 5, 7 or 10.", "scaleMaximum");
        check.Range(score, kind == SurveyKind.Nps ? 0 : 1, maximum, "score");
    }

    private void Finish(IngestRecord record, ExternalEntity entity, bool isNew, bool changed, Guid id, Guid customer)
    {
        changed |= Claim(record, entity, customer, id);
        Done(record, StatusOf(isNew, changed), id, customer);
    }
}
