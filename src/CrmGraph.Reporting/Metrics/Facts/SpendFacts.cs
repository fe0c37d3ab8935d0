using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record SpendRow : FactRow
{
    public long Spend { get; set; }
}

/// <summary>
/// What campaigns cost. It belongs to no customer: all that is known of it is the channel, and what others' customers cost must not be seen through it.
/// </summary>
internal sealed class SpendFacts : FlowFacts<SpendRow>
{
    private static readonly FactKind Recorded = new(db => db.CampaignSpend.AsNoTracking().Select(s => new FactRow { Day = s.Day }));

    public static Measure Spend { get; } = Measure.Of<SpendRow>(r => r.Spend, Recorded, MeasureUnit.Money);

    public static SpendFacts Source { get; } = new();

    private SpendFacts() : base([Spend])
    {
    }

    public override IReadOnlyList<string> Tables { get; } = ["campaign_spend"];

    public override bool IsOfCustomers => false;

    public override bool Supports(MetricDimension dimension) => dimension is MetricDimension.Channel or MetricDimension.AcquisitionChannel
        or MetricDimension.Campaign or MetricDimension.Currency or MetricDimension.Weekday or MetricDimension.MonthOfYear;

    public override bool Suits(FactFilter filter) => filter is { NeedsLines: false, UsesOwner: false, Customer: null, KnownCustomersOnly: false };

    protected override IQueryable<SpendRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var spend = context.Database.CampaignSpend.AsNoTracking().Where(s => s.Day >= days.From && s.Day < days.Until);
        return FactQuery.Project(context.Filtered(spend, s => new FactAttributes { Channel = s.Channel, OwnerId = null }), columns, s => new SpendRow
        {
            Day = s.Day,
            TransactionDay = s.Day,
            Currency = s.Currency,
            Channel = s.Channel,
            AcquisitionChannel = s.Channel,
            Campaign = s.CampaignId,
            Spend = s.Amount,
        });
    }
}
