using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record PipelineRow : FactRow
{
    public long OpenAmount { get; set; }
    public long OpenDeals { get; set; }
    public long EstimatedDeals { get; set; }
    public long WeightedDeals { get; set; }
    public long WholePercents { get; set; }
    public long RestOfPercents { get; set; }
    public long OpenedDay { get; set; }
}

/// <summary>Opportunities that are open at the end.</summary>
internal sealed class PipelineFacts : StockFacts<Opportunity, PipelineRow>
{
    /// <summary>Estimated money in opportunities open at the end.</summary>
    public static Measure OpenAmount { get; } = Measure.Of<PipelineRow>(r => r.OpenAmount, ClosedFacts.Recorded, MeasureUnit.Money, isStock: true);
    /// <summary>Opportunities open at the end, those without an estimate included.</summary>
    public static Measure OpenDeals { get; } = Measure.Of<PipelineRow>(r => r.OpenDeals, ClosedFacts.Recorded, isStock: true);
    /// <summary>Opportunities open at the end that have an estimate.</summary>
    public static Measure EstimatedDeals { get; } = Measure.Of<PipelineRow>(r => r.EstimatedDeals, ClosedFacts.Recorded, isStock: true);
    /// <summary>Opportunities open at the end that have an estimate and a probability.</summary>
    public static Measure WeightedDeals { get; } = Measure.Of<PipelineRow>(r => r.WeightedDeals, ClosedFacts.Recorded, isStock: true);
    /// <summary>Estimate x probability in two parts, of which neither outgrows 64 bits: this one whole, <see cref="RestOfPercents"/> a hundred times.</summary>
    public static Measure WholePercents { get; } = Measure.Of<PipelineRow>(r => r.WholePercents, ClosedFacts.Recorded, MeasureUnit.Money, isStock: true);
    public static Measure RestOfPercents { get; } = Measure.Of<PipelineRow>(r => r.RestOfPercents, ClosedFacts.Recorded, MeasureUnit.Money, isStock: true);
    /// <summary>The numbers of the days on which those open at the end were opened.</summary>
    public static Measure OpenedDays { get; } = Measure.OfValues<PipelineRow>(
        nameof(OpenedDays), r => r.OpenedDay, ClosedFacts.Recorded, MeasureUnit.Whole, isStock: true);

    public static PipelineFacts Source { get; } = new();

    private PipelineFacts() : base([OpenAmount, OpenDeals, EstimatedDeals, WeightedDeals, WholePercents, RestOfPercents, OpenedDays])
    {
    }

    public override FactSubject? Subject => FactSubject.Opportunity;

    public override IReadOnlyList<string> Tables => OpportunityRows.Tables;

    protected override Expression<Func<Opportunity, bool>> StandAtEndOf(DateOnly day) =>
        o => o.Day <= day && (o.Status == OpportunityStatus.Open || o.ClosedDay > day);

    public override bool Supports(MetricDimension dimension) => OpportunityRows.Tell(dimension) || base.Supports(dimension);

    public override bool Suits(FactFilter filter) => OpportunityRows.Suit(filter);

    protected override IQueryable<Opportunity> Chosen(FactFilter filter, IQueryable<Opportunity> all) => OpportunityRows.Chosen(filter, all);

    protected override Expression<Func<Opportunity, bool>> Came(DayRange days) =>
        o => o.Day >= days.From && o.Day < days.Until && (o.Status == OpportunityStatus.Open || o.ClosedDay > o.Day);

    protected override Expression<Func<Opportunity, bool>> Went(DayRange days) =>
        o => o.Status != OpportunityStatus.Open && o.ClosedDay >= days.From && o.ClosedDay < days.Until && o.ClosedDay > o.Day;

    protected override Expression<Func<Opportunity, PipelineRow>> Coming { get; } = OpportunityRows.Whole(o => new PipelineRow
    {
        Day = o.Day,
        TransactionDay = o.Day,
        OpenAmount = o.Amount ?? 0,
        OpenDeals = 1,
        EstimatedDeals = o.Amount != null ? 1 : 0,
        WeightedDeals = o.Amount != null && o.Probability != null ? 1 : 0,
        WholePercents = (o.Amount ?? 0) / 100 * (o.Probability ?? 0),
        RestOfPercents = (o.Amount ?? 0) % 100 * (o.Probability ?? 0),
        OpenedDay = o.Day.DayNumber,
    });

    protected override Expression<Func<Opportunity, DateOnly>> Going { get; } = o => o.ClosedDay!.Value;

    protected override Expression<Func<Opportunity, Guid>> Customer { get; } = o => o.CustomerId;

    protected override Expression<Func<Opportunity, FactAttributes>> Attributes => OpportunityRows.Attributes;
}
