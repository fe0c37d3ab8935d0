using System.Globalization;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Ingest.Records;

/// <summary>The outside id made of a fact's content.</summary>
/// <param name="Former">What earlier versions made of it: of numbers and codes as they stood in the file. Rows that have only this one get the other.</param>
internal readonly record struct ContentKey(ExternalEntity Entity, ExternalKey Key, ExternalKey Former);

/// <summary>
/// Outside ids for facts of a file that has none: made of the customer's outside id, what tells facts of the kind apart, and how many equal ones
/// came before in the file. So they are found again like any other outside id. Every value has one form, however the file writes it.
/// </summary>
internal static class ContentKeys
{
    /// <summary>Null for records that are no facts.</summary>
    public static ContentKey? Of(IngestRecord record, ContentIds ids) => record switch
    {
        OrderRecord r => Make(ids, r, ExternalEntity.Order, r.Customer, r.OrderedAt.Value,
            [r.Number.Value, r.Currency.Value, r.Amount], [Text(r.Number.Value), Code(r.Currency.Value), Amount(r.Amount)]),
        InteractionRecord r => Make(ids, r, ExternalEntity.Interaction, r.Customer, r.OccurredAt.Value,
            [r.InteractionKind.Value, r.Channel.Value, r.Subject.Value], [Choice(r.InteractionKind), Text(r.Channel.Value), Text(r.Subject.Value)]),
        TicketRecord r => Make(ids, r, ExternalEntity.Ticket, r.Customer, r.OpenedAt.Value,
            [r.TicketKind.Value, r.Channel.Value, r.Subject.Value], [Choice(r.TicketKind), Text(r.Channel.Value), Text(r.Subject.Value)]),
        SurveyResponseRecord r => Make(ids, r, ExternalEntity.SurveyResponse, r.Customer, r.AnsweredAt.Value,
            [r.SurveyKind.Value, r.Score.Value, r.Comment.Value],
            // Of surveys of one question it is what it was before there were several.
            [Choice(r.SurveyKind), Choice(r.Score), Text(r.Comment.Value), .. r.Question.Value is { } question ? [Text(question)] : (string?[])[]]),
        OpportunityRecord r => Make(ids, r, ExternalEntity.Opportunity, r.Customer, r.OpenedAt.Value, [r.Name.Value], [Text(r.Name.Value)]),
        ContractRecord r => Make(ids, r, ExternalEntity.Contract, r.Customer, r.StartDay.Value.ToDateTime(default), [r.Plan.Value], [Text(r.Plan.Value)]),
        _ => null,
    };

    private static ContentKey Make(
        ContentIds ids,
        IngestRecord record,
        ExternalEntity entity,
        Optional<RowRef> customer,
        DateTime at,
        ReadOnlySpan<object?> former,
        ReadOnlySpan<string?> values)
    {
        var before = new StringBuilder(customer.Value.ToString()).Append('\n').Append(at.Ticks);
        foreach (var value in former)
            before.Append('\n').Append(Convert.ToString(value, CultureInfo.InvariantCulture));
        // The line in front keeps the two apart: each counts its own repeats.
        var now = new StringBuilder("canonical\n").Append(customer.Value).Append('\n').Append(Instants.ToStored(at).Ticks);
        foreach (var value in values)
            now.Append('\n').Append(value);
        return new ContentKey(entity, Key(ids, record.Kind, now), Key(ids, record.Kind, before));
    }

    private static ExternalKey Key(ContentIds ids, RecordKind kind, StringBuilder text) =>
        new(ExternalSources.Content, ids.Next(kind, Guid.Empty, Encoding.UTF8.GetBytes(text.ToString())).ToString("N"));

    /// <summary>Composed letters, and one blank where there are several or a line ends.</summary>
    private static string? Text(string? text) =>
        text is null || !FoldedText.IsStorable(text) ? text : string.Join(' ', text.Normalize().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string? Code(string? currency) => CurrencyCodes.Find(currency) ?? currency;

    /// <summary>As it will be stored: four decimals, none of them for show.</summary>
    private static string? Amount(decimal? amount)
        => amount is { } value ? decimal.Round(value, 4, MidpointRounding.ToEven).ToString("0.####", CultureInfo.InvariantCulture) : null;

    private static string? Choice<T>(Optional<T> given) => given.HasValue ? Convert.ToString(given.Value, CultureInfo.InvariantCulture) : null;
}
