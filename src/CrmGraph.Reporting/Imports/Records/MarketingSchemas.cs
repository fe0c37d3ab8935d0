using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Records;

internal sealed class CampaignSpendSchema : RecordSchema
{
    private readonly FieldDefinition _campaign, _day, _channel, _amount, _currency;

    public CampaignSpendSchema() : base("campaignSpend", RecordKind.CampaignSpend)
    {
        _campaign = AddReference("campaign", required: true);
        _day = Add("day", FieldType.Day, required: true);
        _channel = Add("channel", FieldType.Text);
        _amount = Add("amount", FieldType.Number, required: true);
        _currency = Add("currency", FieldType.Currency);
        Identity = [_campaign, _day, _channel, _currency];
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.CampaignSpend.Add(new CampaignSpendRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Campaign = values.Reference(_campaign),
        Day = values[_day].Day,
        Channel = values.TextOrNull(_channel),
        Amount = values[_amount].Number,
        Currency = values.TextOrNull(_currency),
    });
}
