using CrmGraph.Data.Model;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest;

namespace CrmGraph.Reporting.Imports.Records;

internal sealed class InteractionSchema : RecordSchema
{
    private readonly FieldDefinition _customer, _kind, _channel, _subject, _occurredAt, _durationSeconds, _owner;

    public InteractionSchema() : base("interaction", RecordKind.Interaction)
    {
        IsFact = true;
        AddKey();
        _customer = AddCustomer();
        _kind = Add("kind", FieldType.Choice<InteractionKind>());
        _channel = Add("channel", FieldType.Text, clearable: true);
        _subject = Add("subject", FieldType.Text, clearable: true);
        _occurredAt = Add("occurredAt", FieldType.Moment);
        _durationSeconds = Add("durationSeconds", FieldType.Integer, clearable: true);
        _owner = AddReference("owner", clearable: true);
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.Interactions.Add(new InteractionRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Key = values.Key,
        MoreKeys = values.MoreKeys,
        Customer = values.OptionalReference(_customer),
        InteractionKind = values.Choice<InteractionKind>(_kind),
        Channel = values.Text(_channel),
        Subject = values.Text(_subject),
        OccurredAt = values.Moment(_occurredAt),
        DurationSeconds = values.Integer(_durationSeconds),
        Owner = values.OptionalReference(_owner),
    });
}

internal sealed class TicketSchema : RecordSchema
{
    private readonly FieldDefinition _customer, _kind, _channel, _subject, _openedAt, _firstResponseAt, _resolvedAt, _agent, _csat, _priority,
        _reopenedAt, _reopenCount;

    public TicketSchema() : base("ticket", RecordKind.Ticket)
    {
        IsFact = true;
        HasAttributes = true;
        AddKey();
        _customer = AddCustomer();
        _kind = Add("kind", FieldType.Choice<TicketKind>());
        _channel = Add("channel", FieldType.Text, clearable: true);
        _subject = Add("subject", FieldType.Text, clearable: true);
        _openedAt = Add("openedAt", FieldType.Moment);
        _firstResponseAt = Add("firstResponseAt", FieldType.Moment, clearable: true);
        _resolvedAt = Add("resolvedAt", FieldType.Moment, clearable: true);
        _agent = AddReference("agent", clearable: true);
        _csat = Add("csat", FieldType.Integer, clearable: true);
        _priority = Add("priority", FieldType.Choice<TicketPriority>(), clearable: true);
        _reopenedAt = Add("reopenedAt", FieldType.Moment, clearable: true);
        _reopenCount = Add("reopenCount", FieldType.Integer);
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.Tickets.Add(new TicketRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Key = values.Key,
        MoreKeys = values.MoreKeys,
        Customer = values.OptionalReference(_customer),
        TicketKind = values.Choice<TicketKind>(_kind),
        Channel = values.Text(_channel),
        Subject = values.Text(_subject),
        OpenedAt = values.Moment(_openedAt),
        FirstResponseAt = values.OptionalMoment(_firstResponseAt),
        ResolvedAt = values.OptionalMoment(_resolvedAt),
        Agent = values.OptionalReference(_agent),
        Csat = values.Integer(_csat),
        Priority = values.OptionalChoice<TicketPriority>(_priority),
        ReopenedAt = values.OptionalMoment(_reopenedAt),
        ReopenCount = values.RequiredInteger(_reopenCount),
        Attributes = values.AttributeList(),
    });
}

internal sealed class SurveyAnswerSchema : RecordSchema
{
    private readonly FieldDefinition _customer, _kind, _score, _scaleMaximum, _comment, _channel, _answeredAt;

    public SurveyAnswerSchema() : base("surveyAnswer", RecordKind.SurveyAnswer)
    {
        IsFact = true;
        AddKey();
        _customer = AddCustomer();
        _kind = Add("kind", FieldType.Choice<SurveyKind>());
        _score = Add("score", FieldType.Integer);
        _scaleMaximum = Add("scaleMaximum", FieldType.Integer);
        _comment = Add("comment", FieldType.Text, clearable: true);
        _channel = Add("channel", FieldType.Text, clearable: true);
        _answeredAt = Add("answeredAt", FieldType.Moment);
    }

    public override IEnumerable<string> Contradictions(RecordPlan plan)
    {
        if (!plan.HasKey && !(plan.Has(_kind) && plan.Has(_score)))
            yield return "needs 'kind' and 'score', or the 'key' of an answer that is there";
        if (plan.ConstantOf(_kind) is not { } kind || plan.ConstantOf(_scaleMaximum) is not { } maximum)
            yield break;
        if (kind.Number == (int)SurveyKind.Nps ? maximum.Number != 10 : maximum.Number is not (5 or 7 or 10))
            yield return "has a scaleMaximum that its kind never has: 10 for nps; 5, 7 or 10 for csat";
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.SurveyAnswers.Add(new SurveyAnswerRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Key = values.Key,
        MoreKeys = values.MoreKeys,
        Customer = values.OptionalReference(_customer),
        SurveyKind = values.Choice<SurveyKind>(_kind),
        Score = values.RequiredInteger(_score),
        ScaleMaximum = values.RequiredInteger(_scaleMaximum),
        Comment = values.Text(_comment),
        Channel = values.Text(_channel),
        AnsweredAt = values.Moment(_answeredAt),
    });
}
