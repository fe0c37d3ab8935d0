using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record PredictedRow : FactRow
{
    public long OneYear { get; set; }
    public long TwoYears { get; set; }
    public long ThreeYears { get; set; }
    public long Predicted { get; set; }
}

/// <summary>What is expected of customers who had bought by the end of an interval, by their kept scores: those of today, whatever the interval.</summary>
internal sealed class PredictedFacts : IntervalFacts<PredictedRow>
{
    private static readonly FactKind Predictions = new(db =>
        db.CustomerScores.AsNoTracking().Where(s => s.PredictedValue != null).Select(s => new FactRow { CustomerId = s.CustomerId }));

    public static Measure OneYear { get; } = Measure.Of<PredictedRow>(r => r.OneYear, Predictions, MeasureUnit.Money);
    public static Measure TwoYears { get; } = Measure.Of<PredictedRow>(r => r.TwoYears, Predictions, MeasureUnit.Money);
    public static Measure ThreeYears { get; } = Measure.Of<PredictedRow>(r => r.ThreeYears, Predictions, MeasureUnit.Money);
    public static Measure Customers { get; } = Measure.Of<PredictedRow>(r => r.Predicted, Predictions);

    public static PredictedFacts Source { get; } = new();

    private PredictedFacts() : base([OneYear, TwoYears, ThreeYears, Customers])
    {
    }

    public override FactSubject? Subject => FactSubject.Customer;

    public override IReadOnlyList<string> Tables { get; } = ["customer_scores", "customer_figures"];

    public override bool Supports(MetricDimension dimension) => dimension != MetricDimension.Channel && base.Supports(dimension);

    public override bool Suits(FactFilter filter) => filter is { NeedsLines: false, UsesChannel: false, UsesOwner: false };

    public override double Price(Measure measure, bool byTime) => LifetimeFacts.Source.Price(measure, byTime);

    protected override IQueryable<PredictedRow> Rows(FactContext context, DayRange interval, IReadOnlySet<string> columns)
    {
        var (db, until) = (context.Database, interval.Until);
        var predictions =
            from s in db.CustomerScores.AsNoTracking()
            join f in db.CustomerFigures on s.CustomerId equals f.CustomerId
            from g in db.CustomerScoring
            where s.PredictedValue != null && f.FirstPurchaseDay < until
            select new Prediction
            {
                CustomerId = s.CustomerId, Currency = g.Currency, Day = g.ScoredDay!.Value, OneYear = s.PredictedValue ?? 0,
                TwoYears = s.PredictedValueTwoYears ?? 0, ThreeYears = s.PredictedValueThreeYears ?? 0,
            };
        return context.Rows(predictions, columns, p => p.CustomerId, p => new FactAttributes { Channel = null, OwnerId = null }, p => new PredictedRow
        {
            Fact = p.CustomerId,
            Day = p.Day,
            CustomerId = p.CustomerId,
            TransactionDay = p.Day,
            Currency = p.Currency,
            OneYear = p.OneYear,
            TwoYears = p.TwoYears,
            ThreeYears = p.ThreeYears,
            Predicted = 1,
        });
    }

    /// <summary>The scores of a customer, with of when they are.</summary>
    private sealed class Prediction
    {
        public Guid CustomerId { get; init; }
        public string? Currency { get; init; }
        public DateOnly Day { get; init; }
        public long OneYear { get; init; }
        public long TwoYears { get; init; }
        public long ThreeYears { get; init; }
    }
}
