using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Ingest.Records;

// The records that go into the one write path, CrmWriter: from files, from mutations, from the simulator. Amounts, prices and quantities
// are decimals as people write them; moments are UTC (an unspecified kind is taken as UTC). The writer checks, rounds and converts.

public enum RecordKind
{
    SalesTeam, TeamMember, Product, Campaign, CampaignSpend, ExchangeRate, Customer, Order, OrderLine, Interaction, Ticket, SurveyResponse, Opportunity,
    Contract,
}

/// <summary>What to do about a row that is there, or is not.</summary>
public enum WriteMode
{
    /// <summary>Make the row, or set the given fields of the one that is there.</summary>
    Upsert,
    /// <summary>Make the row when it is not there; leave one that is there alone, with its lines.</summary>
    KeepExisting,
    /// <summary>Make the row, or fill only the fields that are still empty; an order that has lines keeps them. A moment of creation only moves to an earlier one.</summary>
    FillMissing,
    /// <summary>Set the given fields; refuse (NOT_FOUND) when there is no such row.</summary>
    UpdateOnly,
}

/// <summary>What every record has: whom it is about and where it came from.</summary>
public abstract class IngestRecord
{
    /// <summary>Line of the file or index of the input list; only reported back, never interpreted.</summary>
    public long Origin { get; set; }
    public WriteMode Mode { get; init; }
    /// <summary>Our id. The row must be there.</summary>
    public Guid? Id { get; init; }
    /// <summary>The outside id by which the row is found or made. With <see cref="Id"/> it is added to that row.</summary>
    public ExternalKey Key { get; init; }
    /// <summary>Further outside ids of the same row.</summary>
    public IReadOnlyList<ExternalKey>? MoreKeys { get; init; }
    public abstract RecordKind Kind { get; }
}

public sealed class SalesTeamRecord : IngestRecord
{
    public Optional<string?> Name { get; init; }
    public override RecordKind Kind => RecordKind.SalesTeam;
}

public sealed class TeamMemberRecord : IngestRecord
{
    public Optional<string?> Name { get; init; }
    public Optional<string?> Email { get; init; }
    public Optional<RowRef> Manager { get; init; }
    public Optional<RowRef> Team { get; init; }
    public Optional<bool> IsActive { get; init; }
    public override RecordKind Kind => RecordKind.TeamMember;
}

public sealed class ProductRecord : IngestRecord
{
    /// <summary>Defaults to the outside key.</summary>
    public Optional<string?> Sku { get; init; }
    /// <summary>Defaults to the SKU; a name equal to the SKU counts as missing.</summary>
    public Optional<string?> Name { get; init; }
    public Optional<string?> Category { get; init; }
    public Optional<decimal?> Price { get; init; }
    /// <summary>Defaults to the reporting currency.</summary>
    public Optional<string?> Currency { get; init; }
    public override RecordKind Kind => RecordKind.Product;
}

public sealed class CustomerRecord : IngestRecord
{
    public Optional<CustomerKind> CustomerKind { get; init; }
    /// <summary>Defaults to the outside key, and one equal to it counts as missing.</summary>
    public Optional<string?> Name { get; init; }
    public Optional<string?> Email { get; init; }
    public Optional<string?> Phone { get; init; }
    public Optional<Gender?> Gender { get; init; }
    public Optional<DateOnly?> BirthDate { get; init; }
    public Optional<string?> Occupation { get; init; }
    public Optional<string?> Industry { get; init; }
    public Optional<string?> Country { get; init; }
    public Optional<string?> Region { get; init; }
    public Optional<string?> City { get; init; }
    public Optional<string?> AcquisitionChannel { get; init; }
    public Optional<LifecycleStage> LifecycleStage { get; init; }
    /// <summary>Since when the given stage lasts; null is now, or the moment of creation for a new customer.</summary>
    public DateTime? LifecycleStageSince { get; init; }
    /// <summary>Replaces all tags.</summary>
    public Optional<IReadOnlyList<string>?> Tags { get; init; }
    public IReadOnlyList<string>? AddTags { get; init; }
    public IReadOnlyList<string>? RemoveTags { get; init; }
    public Optional<IReadOnlyList<string>?> Interests { get; init; }
    public Optional<RowRef> Owner { get; init; }
    /// <summary>When the customer became known. Defaults to now.</summary>
    public Optional<DateTime> CreatedAt { get; init; }
    /// <summary>Attributes to set; a null value removes the attribute, others stay.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>>? Attributes { get; init; }
    public override RecordKind Kind => RecordKind.Customer;
}

/// <summary>
/// An order with all, some or none of its lines. The same order may come several times, in one batch or in several: its lines add up, its totals
/// are computed from all of them. Needs <see cref="OrderedAt"/> and a currency when it is new.
/// </summary>
public sealed class OrderRecord : IngestRecord
{
    /// <summary>Who bought; <see cref="RowRef.None"/> or absent: a guest customer.</summary>
    public Optional<RowRef> Customer { get; init; }
    public Optional<string?> Number { get; init; }
    public Optional<DateTime> OrderedAt { get; init; }
    /// <summary>ISO 4217 code; defaults to the reporting currency.</summary>
    public Optional<string?> Currency { get; init; }
    /// <summary>Defaults to the customer's acquisition channel at the time of writing.</summary>
    public Optional<string?> Channel { get; init; }
    /// <summary>Defaults to the customer's owner at the time of writing.</summary>
    public Optional<RowRef> Owner { get; init; }
    /// <summary>The campaign that brought the order.</summary>
    public Optional<RowRef> Campaign { get; init; }
    public Optional<DateTime?> CancelledAt { get; init; }
    public Optional<string?> ShippingCountry { get; init; }
    public Optional<string?> ShippingRegion { get; init; }
    public Optional<string?> ShippingCity { get; init; }
    public Optional<string?> ShippingPostalCode { get; init; }
    /// <summary>Attributes to set; a null value removes the attribute, others stay.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>>? Attributes { get; init; }
    /// <summary>Kind of an order that has no lines yet; with lines it follows from them.</summary>
    public Optional<OrderKind> OrderKind { get; init; }
    public IReadOnlyList<LineRecord>? Lines { get; init; }
    /// <summary>True: lines of the order that are not among <see cref="Lines"/> are deleted.</summary>
    public bool LinesAreComplete { get; init; }
    /// <summary>True: a line without key that differs from those that are there is a further one. False: it corrects one of the same product.</summary>
    public bool AddsLines { get; init; }
    /// <summary>For sources without lines: what the order came to, kept as one line without product; negative is a return. Not together with lines.</summary>
    public decimal? Amount { get; init; }
    /// <summary>Payments to add, or to correct where they have a reference.</summary>
    public IReadOnlyList<PaymentEntry>? Payments { get; init; }
    /// <summary>True: payments of the order that are not among <see cref="Payments"/> are deleted.</summary>
    public bool PaymentsAreComplete { get; init; }
    public override RecordKind Kind => RecordKind.Order;
}

/// <summary>
/// A payment of an order, in its currency; what was paid back is negative. Without reference it is the payment that says the same, each meant once per
/// file (or call).
/// </summary>
public readonly record struct PaymentEntry(DateTime PaidAt, decimal Amount, string? Method, string? Reference);

/// <summary>
/// A line of an order. Without key and id it is the line of the order with the same content, else one of the same product and kind, which it then
/// corrects; each stored line is meant once per file (or call), so exact repeats stay lines of their own and writing them again changes nothing.
/// </summary>
public sealed class LineRecord : IngestRecord
{
    public RowRef Product { get; init; }
    /// <summary>SALE or RETURN; when absent a negative quantity or amount makes a return.</summary>
    public OrderKind? LineKind { get; init; }
    /// <summary>Defaults to 1.</summary>
    public decimal? Quantity { get; init; }
    /// <summary>Never negative. Absent: <see cref="Amount"/> is given instead.</summary>
    public decimal? UnitPrice { get; init; }
    /// <summary>Money off the whole line, never negative.</summary>
    public decimal? Discount { get; init; }
    /// <summary>The line's amount after discount, for sources that know no unit price; stored as given, the unit price follows from it.</summary>
    public decimal? Amount { get; init; }
    /// <summary>What the whole line cost the seller.</summary>
    public decimal? Cost { get; init; }
    public override RecordKind Kind => RecordKind.OrderLine;
}

public sealed class InteractionRecord : IngestRecord
{
    public Optional<RowRef> Customer { get; init; }
    public Optional<InteractionKind> InteractionKind { get; init; }
    public Optional<string?> Channel { get; init; }
    public Optional<string?> Subject { get; init; }
    public Optional<DateTime> OccurredAt { get; init; }
    public Optional<int?> DurationSeconds { get; init; }
    public Optional<RowRef> Owner { get; init; }
    public override RecordKind Kind => RecordKind.Interaction;
}

public sealed class TicketRecord : IngestRecord
{
    public Optional<RowRef> Customer { get; init; }
    public Optional<TicketKind> TicketKind { get; init; }
    public Optional<TicketPriority?> Priority { get; init; }
    public Optional<string?> Channel { get; init; }
    public Optional<string?> Topic { get; init; }
    public Optional<string?> Subject { get; init; }
    public Optional<DateTime> OpenedAt { get; init; }
    public Optional<DateTime?> FirstResponseAt { get; init; }
    public Optional<DateTime?> ResolvedAt { get; init; }
    /// <summary>The last reopening: a resolution before it no longer holds.</summary>
    public Optional<DateTime?> ReopenedAt { get; init; }
    /// <summary>Defaults to one more whenever <see cref="ReopenedAt"/> moves to a later moment.</summary>
    public Optional<int> ReopenCount { get; init; }
    public Optional<RowRef> Agent { get; init; }
    /// <summary>1 to 5.</summary>
    public Optional<int?> Csat { get; init; }
    /// <summary>Attributes to set; a null value removes the attribute, others stay.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>>? Attributes { get; init; }
    public override RecordKind Kind => RecordKind.Ticket;
}

public sealed class SurveyResponseRecord : IngestRecord
{
    public Optional<RowRef> Customer { get; init; }
    public Optional<SurveyKind> SurveyKind { get; init; }
    public Optional<string?> Question { get; init; }
    /// <summary>NPS: 0 to 10. CSAT: 1 to <see cref="ScaleMaximum"/>.</summary>
    public Optional<int> Score { get; init; }
    /// <summary>10 for NPS; 5 (the default), 7 or 10 for CSAT.</summary>
    public Optional<int> ScaleMaximum { get; init; }
    /// <summary>0 to 100,000; null counts as 1.</summary>
    public Optional<decimal?> Weight { get; init; }
    public Optional<string?> Comment { get; init; }
    public Optional<string?> Channel { get; init; }
    public Optional<DateTime> AnsweredAt { get; init; }
    public override RecordKind Kind => RecordKind.SurveyResponse;
}

public sealed class OpportunityRecord : IngestRecord
{
    public Optional<RowRef> Customer { get; init; }
    public Optional<string?> Name { get; init; }
    /// <summary>The current stage. A change adds an entry to the stage history, dated <see cref="StageSince"/>.</summary>
    public Optional<string> Stage { get; init; }
    /// <summary>Null is now, or the opening for a new opportunity.</summary>
    public DateTime? StageSince { get; init; }
    /// <summary>Known entries into stages; those not yet known are added.</summary>
    public IReadOnlyList<StageEntry>? Stages { get; init; }
    public Optional<OpportunityStatus> Status { get; init; }
    public Optional<decimal?> Amount { get; init; }
    /// <summary>ISO 4217 code; defaults to the reporting currency.</summary>
    public Optional<string?> Currency { get; init; }
    /// <summary>Percent, 0 to 100.</summary>
    public Optional<int?> Probability { get; init; }
    public Optional<string?> Channel { get; init; }
    public Optional<RowRef> Owner { get; init; }
    public Optional<RowRef> Product { get; init; }
    public Optional<DateTime> OpenedAt { get; init; }
    public Optional<DateOnly?> ExpectedCloseDay { get; init; }
    /// <summary>When won or lost; defaults to now when the status becomes so.</summary>
    public Optional<DateTime?> ClosedAt { get; init; }
    public Optional<string?> LossReason { get; init; }
    public override RecordKind Kind => RecordKind.Opportunity;
}

/// <summary>An opportunity's entry into a stage.</summary>
public readonly record struct StageEntry(string Stage, DateTime EnteredAt);

public sealed class ContractRecord : IngestRecord
{
    public Optional<RowRef> Customer { get; init; }
    public Optional<string?> Plan { get; init; }
    public Optional<DateOnly> StartDay { get; init; }
    /// <summary>The first day on which it no longer runs.</summary>
    public Optional<DateOnly?> EndDay { get; init; }
    public Optional<decimal?> MonthlyAmount { get; init; }
    /// <summary>ISO 4217 code; defaults to the reporting currency when there is an amount.</summary>
    public Optional<string?> Currency { get; init; }
    public override RecordKind Kind => RecordKind.Contract;
}

public sealed class CampaignRecord : IngestRecord
{
    public Optional<string?> Name { get; init; }
    public Optional<string?> Channel { get; init; }
    public Optional<DateOnly?> StartDay { get; init; }
    public Optional<DateOnly?> EndDay { get; init; }
    public override RecordKind Kind => RecordKind.Campaign;
}

/// <summary>The spend of a campaign on one day in one channel in one currency: (campaign, day, channel, currency) names it, the amount replaces the one that is there.</summary>
public sealed class CampaignSpendRecord : IngestRecord
{
    public RowRef Campaign { get; init; }
    public DateOnly Day { get; init; }
    /// <summary>Defaults to the campaign's channel.</summary>
    public string? Channel { get; init; }
    public decimal Amount { get; init; }
    /// <summary>ISO 4217 code; defaults to the reporting currency.</summary>
    public string? Currency { get; init; }
    public override RecordKind Kind => RecordKind.CampaignSpend;
}

/// <summary>The value of one unit of a currency in the reporting currency on a day; replaces the one that is there.</summary>
public sealed class ExchangeRateRecord : IngestRecord
{
    public required string Currency { get; init; }
    public DateOnly Day { get; init; }
    /// <summary>Positive; kept with 8 digits.</summary>
    public decimal Rate { get; init; }
    public override RecordKind Kind => RecordKind.ExchangeRate;
}
