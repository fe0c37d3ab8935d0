using System.Globalization;
using System.Text;
using CrmGraph.Reporting.Customers;

namespace CrmGraph.Reporting.Ingest;

/// <summary>
/// Outside ids for facts of a file that has none: made of the customer's outside id, what tells facts of the kind apart, and how many equal ones
/// came before in the file. So they are found again like any other outside id.
/// </summary>
internal static class ContentKeys
{
    public static ExternalKey Of(IngestRecord record, ContentIds ids) => record switch
    {
        OrderRecord r => Key(ids, r, r.Customer, r.OrderedAt.Value, r.Number.Value, r.Currency.Value, r.Amount),
        InteractionRecord r => Key(ids, r, r.Customer, r.OccurredAt.Value, r.InteractionKind.Value, r.Channel.Value, r.Subject.Value),
        TicketRecord r => Key(ids, r, r.Customer, r.OpenedAt.Value, r.TicketKind.Value, r.Channel.Value, r.Subject.Value),
        SurveyAnswerRecord r => Key(ids, r, r.Customer, r.AnsweredAt.Value, r.SurveyKind.Value, r.Score.Value, r.Comment.Value),
        OpportunityRecord r => Key(ids, r, r.Customer, r.OpenedAt.Value, r.Name.Value),
        ContractRecord r => Key(ids, r, r.Customer, r.StartDay.Value.ToDateTime(default), r.Plan.Value),
        _ => default,
    };

    private static ExternalKey Key(ContentIds ids, IngestRecord record, Given<RowRef> customer, DateTime at, params ReadOnlySpan<object?> values)
    {
        var text = new StringBuilder(customer.Value.ToString()).Append('\n').Append(at.Ticks);
        foreach (var value in values)
            text.Append('\n').Append(Convert.ToString(value, CultureInfo.InvariantCulture));
        var id = ids.Next(record.Kind, Guid.Empty, Encoding.UTF8.GetBytes(text.ToString()));
        return new ExternalKey(ExternalSources.Content, id.ToString("N"));
    }
}
