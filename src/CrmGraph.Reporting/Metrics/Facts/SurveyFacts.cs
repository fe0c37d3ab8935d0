using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record SurveyRow : FactRow
{
    public long NpsResponses { get; set; }
    public long Promoters { get; set; }
    public long Detractors { get; set; }
    public long CsatResponses { get; set; }
    public long CsatPositive { get; set; }
}

/// <summary>Responses to surveys.</summary>
internal sealed class SurveyFacts : FlowFacts<SurveyRow>
{
    internal static readonly FactKind Nps = new(db => Responses(db, SurveyKind.Nps), row => row is SurveyRow { NpsResponses: > 0 });
    private static readonly FactKind Csat = new(db => Responses(db, SurveyKind.Csat), row => row is SurveyRow { CsatResponses: > 0 });

    public static Measure NpsResponses { get; } = Measure.Of<SurveyRow>(r => r.NpsResponses, Nps);
    public static Measure Promoters { get; } = Measure.Of<SurveyRow>(r => r.Promoters, Nps);
    public static Measure Detractors { get; } = Measure.Of<SurveyRow>(r => r.Detractors, Nps);
    public static Measure CsatResponses { get; } = Measure.Of<SurveyRow>(r => r.CsatResponses, Csat);
    public static Measure CsatPositive { get; } = Measure.Of<SurveyRow>(r => r.CsatPositive, Csat);

    public static SurveyFacts Source { get; } = new();

    private SurveyFacts() : base([NpsResponses, Promoters, Detractors, CsatResponses, CsatPositive])
    {
    }

    public override FactSubject? Subject => FactSubject.SurveyResponse;

    public override IReadOnlyList<string> Tables { get; } = ["survey_answers"];

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
            Detractors = a.Kind == SurveyKind.Nps && a.Score <= 6 ? 1 : 0,
            CsatResponses = a.Kind == SurveyKind.Csat ? 1 : 0,
            // Mapped linearly to 1 to 5, positive is 4 and above: (score - 1) / (max - 1) >= 3/4.
            CsatPositive = a.Kind == SurveyKind.Csat && (a.Score - 1) * 4 >= (a.ScaleMaximum - 1) * 3 ? 1 : 0,
        });
    }

    private static readonly Expression<Func<SurveyResponse, FactAttributes>> Attributes =
        a => new FactAttributes { Channel = a.Channel, OwnerId = a.Customer!.OwnerId };

    private static IQueryable<FactRow> Responses(CrmDbContext db, SurveyKind kind) =>
        db.SurveyResponses.AsNoTracking().Where(a => a.Kind == kind).Select(a => new FactRow { CustomerId = a.CustomerId, Day = a.Day });
}
