using CrmGraph.Data.Model;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Records;

internal sealed class TicketSchema : TableSchema<TicketRecord>
{
    public TicketSchema() : base("ticket", RecordKind.Ticket, RecordFields.Tickets.Fields, batch => batch.Tickets)
    {
        HasAttributes = true;
        Set(r => r.Attributes, values => values.AttributeList());
    }
}

internal sealed class SurveyResponseSchema : TableSchema<SurveyResponseRecord>
{
    private readonly FieldDefinition _kind, _score, _scaleMaximum;

    public SurveyResponseSchema() : base("surveyResponse", RecordKind.SurveyResponse, RecordFields.SurveyResponses.Fields, batch => batch.SurveyResponses)
        => (_kind, _score, _scaleMaximum) = (Find("kind"), Find("score"), Find("scaleMaximum"));

    public override IEnumerable<string> Contradictions(RecordPlan plan)
    {
        if (!plan.HasKey && !(plan.Has(_kind) && plan.Has(_score)))
            yield return "needs 'kind' and 'score', or the 'key' of a response that is there";
        if (plan.ConstantOf(_kind) is not { } kind || plan.ConstantOf(_scaleMaximum) is not { } maximum)
            yield break;
        if (kind.Number == (int)SurveyKind.Nps ? maximum.Number != 10 : maximum.Number is not (5 or 7 or 10))
            yield return "has a scaleMaximum that its kind never has: 10 for nps; 5, 7 or 10 for csat";
    }
}
