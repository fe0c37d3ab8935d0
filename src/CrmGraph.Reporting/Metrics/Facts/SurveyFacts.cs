using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record SurveyRow : FactRow
{
    public long NpsResponses { get; set; }
    public long Promoters { get; set; }
    public long Passives { get; set; }
    public long Detractors { get; set; }
    public long NpsScore { get; set; }
    public long NpsScoreSquared { get; set; }
    public long CsatResponses { get; set; }
    public long CsatPositive { get; set; }
    public long CsatSteps { get; set; }
    public long CsatStepsSquared { get; set; }
    public long NpsWeights { get; set; }
    public long NpsWeightsSquared { get; set; }
    public long PromoterWeights { get; set; }
    public long PassiveWeights { get; set; }
    public long DetractorWeights { get; set; }
    public long NpsScoreWeights { get; set; }
    public long NpsScoreSquaredWeights { get; set; }
    public long CsatWeights { get; set; }
    public long CsatWeightsSquared { get; set; }
    public long CsatPositiveWeights { get; set; }
    public long CsatStepsWeights { get; set; }
    public long CsatStepsSquaredWeights { get; set; }
}

/// <summary>A number of responses, or a sum of what they say.</summary>
/// <param name="Plain">Each counts once.</param>
/// <param name="Weighted">Each counts as its weight says.</param>
internal sealed record Tally(Measure Plain, Measure Weighted);

/// <summary>The responses to one kind of survey.</summary>
/// <param name="WeightsSquared">The sum of the squares of their weights.</param>
internal sealed record SurveyKindFacts(Tally Responses, Measure WeightsSquared);

/// <summary>Responses to surveys.</summary>
internal sealed class SurveyFacts : FlowFacts<SurveyRow>
{
    /// <summary>Steps of equal size from the lowest to the highest score: each step of a scale that ends at 11 or below is a whole number of them.</summary>
    public const int StepsOfScale = 2_520;

    internal static readonly FactKind Nps = new(db => Responses(db, SurveyKind.Nps), row => row is SurveyRow { NpsResponses: > 0 });
    private static readonly FactKind Csat = new(db => Responses(db, SurveyKind.Csat), row => row is SurveyRow { CsatResponses: > 0 });

    public static SurveyKindFacts OfNps { get; } = new(Of(r => r.NpsResponses, r => r.NpsWeights, Nps), Squares(r => r.NpsWeightsSquared, Nps));
    public static Tally Promoters { get; } = Of(r => r.Promoters, r => r.PromoterWeights, Nps);
    public static Tally Passives { get; } = Of(r => r.Passives, r => r.PassiveWeights, Nps);
    public static Tally Detractors { get; } = Of(r => r.Detractors, r => r.DetractorWeights, Nps);
    public static Tally NpsScore { get; } = Of(r => r.NpsScore, r => r.NpsScoreWeights, Nps);
    public static Tally NpsScoreSquared { get; } = Of(r => r.NpsScoreSquared, r => r.NpsScoreSquaredWeights, Nps);
    public static SurveyKindFacts OfCsat { get; } = new(Of(r => r.CsatResponses, r => r.CsatWeights, Csat), Squares(r => r.CsatWeightsSquared, Csat));
    public static Tally CsatPositive { get; } = Of(r => r.CsatPositive, r => r.CsatPositiveWeights, Csat);
    public static Tally CsatSteps { get; } = Of(r => r.CsatSteps, r => r.CsatStepsWeights, Csat);
    public static Tally CsatStepsSquared { get; } = Of(r => r.CsatStepsSquared, r => r.CsatStepsSquaredWeights, Csat);

    public static SurveyFacts Source { get; } = new();

    private SurveyFacts() : base(
        [OfNps.WeightsSquared, OfCsat.WeightsSquared,
            .. Tallies.SelectMany(t => new[] { t.Plain, t.Weighted })])
    {
    }

    private static IEnumerable<Tally> Tallies =>
        [OfNps.Responses, Promoters, Passives, Detractors, NpsScore, NpsScoreSquared, OfCsat.Responses, CsatPositive, CsatSteps, CsatStepsSquared];

    public override FactSubject? Subject => FactSubject.SurveyResponse;

    public override IReadOnlyList<string> Tables { get; } = ["survey_answers"];

    public override bool IsOfDays => true;

    public override bool HasHours => true;

    public override bool Supports(MetricDimension dimension) => dimension == MetricDimension.SurveyQuestion || base.Supports(dimension);

    protected override IQueryable<SurveyRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        // R41: responses outside the scale are no responses.
        var responses = context.Database.SurveyResponses.AsNoTracking().Where(a => a.Day >= days.From && a.Day < days.Until
            && ((a.Kind == SurveyKind.Nps && a.Score >= 0 && a.Score <= 10)
                || (a.Kind == SurveyKind.Csat && a.Score >= 1 && a.Score <= a.ScaleMaximum && a.ScaleMaximum > 1)));
        return context.Rows(responses, columns, a => a.CustomerId, Attributes, a => new SurveyRow
        {
            Fact = a.Id,
            CustomerId = a.CustomerId,
            Day = a.Day,
            Hour = a.Hour,
            Channel = a.Channel,
            SurveyQuestion = a.Question,
            NpsResponses = a.Kind == SurveyKind.Nps ? 1 : 0,
            Promoters = a.Kind == SurveyKind.Nps && a.Score >= 9 ? 1 : 0,
            Passives = a.Kind == SurveyKind.Nps && (a.Score == 7 || a.Score == 8) ? 1 : 0,
            Detractors = a.Kind == SurveyKind.Nps && a.Score <= 6 ? 1 : 0,
            NpsScore = a.Kind == SurveyKind.Nps ? a.Score : 0,
            NpsScoreSquared = a.Kind == SurveyKind.Nps ? a.Score * a.Score : 0,
            CsatResponses = a.Kind == SurveyKind.Csat ? 1 : 0,
            // Mapped linearly to 1 to 5, positive is 4 and above: (score - 1) / (max - 1) >= 3/4.
            CsatPositive = a.Kind == SurveyKind.Csat && (a.Score - 1) * 4 >= (a.ScaleMaximum - 1) * 3 ? 1 : 0,
            CsatSteps = a.Kind == SurveyKind.Csat ? (a.Score - 1L) * StepsOfScale / (a.ScaleMaximum - 1) : 0,
            CsatStepsSquared = a.Kind == SurveyKind.Csat
                ? (a.Score - 1L) * StepsOfScale / (a.ScaleMaximum - 1) * ((a.Score - 1L) * StepsOfScale / (a.ScaleMaximum - 1)) : 0,
            NpsWeights = a.Kind == SurveyKind.Nps ? a.Weight ?? FixedPoint.MoneyUnit : 0,
            NpsWeightsSquared = a.Kind == SurveyKind.Nps ? (a.Weight ?? FixedPoint.MoneyUnit) * (a.Weight ?? FixedPoint.MoneyUnit) : 0,
            PromoterWeights = a.Kind == SurveyKind.Nps && a.Score >= 9 ? a.Weight ?? FixedPoint.MoneyUnit : 0,
            PassiveWeights = a.Kind == SurveyKind.Nps && (a.Score == 7 || a.Score == 8) ? a.Weight ?? FixedPoint.MoneyUnit : 0,
            DetractorWeights = a.Kind == SurveyKind.Nps && a.Score <= 6 ? a.Weight ?? FixedPoint.MoneyUnit : 0,
            NpsScoreWeights = a.Kind == SurveyKind.Nps ? a.Score * (a.Weight ?? FixedPoint.MoneyUnit) : 0,
            NpsScoreSquaredWeights = a.Kind == SurveyKind.Nps ? a.Score * a.Score * (a.Weight ?? FixedPoint.MoneyUnit) : 0,
            CsatWeights = a.Kind == SurveyKind.Csat ? a.Weight ?? FixedPoint.MoneyUnit : 0,
            CsatWeightsSquared = a.Kind == SurveyKind.Csat ? (a.Weight ?? FixedPoint.MoneyUnit) * (a.Weight ?? FixedPoint.MoneyUnit) : 0,
            CsatPositiveWeights = a.Kind == SurveyKind.Csat && (a.Score - 1) * 4 >= (a.ScaleMaximum - 1) * 3 ? a.Weight ?? FixedPoint.MoneyUnit : 0,
            CsatStepsWeights = a.Kind == SurveyKind.Csat ? (a.Score - 1L) * StepsOfScale / (a.ScaleMaximum - 1) * (a.Weight ?? FixedPoint.MoneyUnit) : 0,
            CsatStepsSquaredWeights = a.Kind == SurveyKind.Csat
                ? (a.Score - 1L) * StepsOfScale / (a.ScaleMaximum - 1) * ((a.Score - 1L) * StepsOfScale / (a.ScaleMaximum - 1))
                    * (a.Weight ?? FixedPoint.MoneyUnit)
                : 0,
        });
    }

    private static Tally Of(Expression<Func<SurveyRow, long>> plain, Expression<Func<SurveyRow, long>> weighted, FactKind kind) =>
        new(Measure.Of(plain, kind), Measure.Of(weighted, kind, MeasureUnit.Decimal));

    private static Measure Squares(Expression<Func<SurveyRow, long>> column, FactKind kind) => Measure.Of(column, kind, MeasureUnit.SquaredDecimal);

    private static readonly Expression<Func<SurveyResponse, FactAttributes>> Attributes =
        a => new FactAttributes { Channel = a.Channel, OwnerId = a.Customer!.OwnerId };

    private static IQueryable<FactRow> Responses(CrmDbContext db, SurveyKind kind) =>
        db.SurveyResponses.AsNoTracking().Where(a => a.Kind == kind).Select(a => new FactRow { CustomerId = a.CustomerId, Day = a.Day });
}
