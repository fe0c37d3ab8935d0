using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record SurveyRow : FactRow
{
    public long NpsAnswers { get; set; }
    public long Promoters { get; set; }
    public long Detractors { get; set; }
    public long CsatAnswers { get; set; }
    public long CsatPositive { get; set; }
}

/// <summary>Answers to surveys.</summary>
internal sealed class SurveyFacts : FlowFacts<SurveyRow>
{
    internal static readonly FactKind Nps = new(db => Answers(db, SurveyKind.Nps), row => row is SurveyRow { NpsAnswers: > 0 });
    private static readonly FactKind Csat = new(db => Answers(db, SurveyKind.Csat), row => row is SurveyRow { CsatAnswers: > 0 });

    public static Measure NpsAnswers { get; } = Measure.Of<SurveyRow>(r => r.NpsAnswers, Nps);
    public static Measure Promoters { get; } = Measure.Of<SurveyRow>(r => r.Promoters, Nps);
    public static Measure Detractors { get; } = Measure.Of<SurveyRow>(r => r.Detractors, Nps);
    public static Measure CsatAnswers { get; } = Measure.Of<SurveyRow>(r => r.CsatAnswers, Csat);
    public static Measure CsatPositive { get; } = Measure.Of<SurveyRow>(r => r.CsatPositive, Csat);

    public static SurveyFacts Source { get; } = new();

    private SurveyFacts() : base([NpsAnswers, Promoters, Detractors, CsatAnswers, CsatPositive])
    {
    }

    public override FactSubject? Subject => FactSubject.SurveyAnswer;

    public override IReadOnlyList<string> Tables { get; } = ["survey_answers"];

    public override bool HasHours => true;

    protected override IQueryable<SurveyRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        // R41: answers outside the scale are not answers.
        var answers = context.Database.SurveyAnswers.AsNoTracking().Where(a => a.Day >= days.From && a.Day < days.Until
            && ((a.Kind == SurveyKind.Nps && a.Score >= 0 && a.Score <= 10)
                || (a.Kind == SurveyKind.Csat && a.Score >= 1 && a.Score <= a.ScaleMaximum && a.ScaleMaximum > 1)));
        return context.Rows(answers, columns, a => a.CustomerId, Attributes, a => new SurveyRow
        {
            Fact = a.Id,
            CustomerId = a.CustomerId,
            Day = a.Day,
            Hour = a.Hour,
            Channel = a.Channel,
            NpsAnswers = a.Kind == SurveyKind.Nps ? 1 : 0,
            Promoters = a.Kind == SurveyKind.Nps && a.Score >= 9 ? 1 : 0,
            Detractors = a.Kind == SurveyKind.Nps && a.Score <= 6 ? 1 : 0,
            CsatAnswers = a.Kind == SurveyKind.Csat ? 1 : 0,
            // Mapped linearly to 1 to 5, positive is 4 and above: (score - 1) / (max - 1) >= 3/4.
            CsatPositive = a.Kind == SurveyKind.Csat && (a.Score - 1) * 4 >= (a.ScaleMaximum - 1) * 3 ? 1 : 0,
        });
    }

    private static readonly Expression<Func<SurveyAnswer, FactAttributes>> Attributes =
        a => new FactAttributes { Channel = a.Channel, OwnerId = a.Customer!.OwnerId };

    private static IQueryable<FactRow> Answers(CrmDbContext db, SurveyKind kind) =>
        db.SurveyAnswers.AsNoTracking().Where(a => a.Kind == kind).Select(a => new FactRow { CustomerId = a.CustomerId, Day = a.Day });
}
