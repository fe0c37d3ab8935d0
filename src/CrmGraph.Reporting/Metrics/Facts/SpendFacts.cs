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

    public static SpendFacts Source { get; } = new(Spend, 0);

    private readonly int _lag;

    private SpendFacts(Measure spend, int lag) : base([spend]) => _lag = lag;

    /// <summary>Spend that counts so many days after its own.</summary>
    public static Measure Later(int days)
    {
        var spend = Measure.Of<SpendRow>(r => r.Spend, Recorded, MeasureUnit.Money);
        spend.Made = new SpendFacts(spend, days);
        return spend;
    }

    public override string ToString() => $"{nameof(SpendFacts)} {_lag}";

    public override bool ReadsAllBefore => _lag > 0;

    public override IReadOnlyList<string> Tables { get; } = ["campaign_spend"];

    public override bool IsOfDays => true;

    public override bool IsOfCustomers => false;

    public override bool Supports(MetricDimension dimension) => dimension is MetricDimension.Channel or MetricDimension.AcquisitionChannel
        or MetricDimension.Campaign or MetricDimension.Currency or MetricDimension.Weekday or MetricDimension.MonthOfYear;

    public override bool Suits(FactFilter filter) => filter is { NeedsLines: false, UsesOwner: false, Customer: null, KnownCustomersOnly: false };

    protected override IQueryable<SpendRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var (lag, from, until) = (_lag, days.From.AddDays(-_lag), days.Until.AddDays(-_lag));
        var spend = context.Database.CampaignSpend.AsNoTracking().Where(s => s.Day >= from && s.Day < until);
        return FactQuery.Project(context.Filtered(spend, s => new FactAttributes { Channel = s.Channel, OwnerId = null }), columns, s => new SpendRow
        {
            Day = s.Day.AddDays(lag),
            TransactionDay = s.Day,
            Currency = s.Currency,
            Channel = s.Channel,
            AcquisitionChannel = s.Channel,
            Campaign = s.CampaignId,
            Spend = s.Amount,
        });
    }
}
