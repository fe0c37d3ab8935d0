using System.Linq.Expressions;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Facts that happen on a day: their numbers are sums over days, and distinct counts.</summary>
internal abstract class FlowFacts<TRow>(
    IReadOnlyList<Measure> measures, params IEnumerable<(Measure Measure, Expression<Func<IEnumerable<TRow>, long>> Count)> counts)
    : FactSource<TRow>(measures, counts) where TRow : FactRow, new()
{
    /// <summary>The facts of the days that count.</summary>
    protected abstract IQueryable<TRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns);

    /// <summary>By what the rows are told apart, each combination once; null where there is a row for each fact.</summary>
    protected virtual IReadOnlySet<string>? ToldBy(FactContext context, IReadOnlySet<string> columns) => null;

    /// <summary>The days of the question that count.</summary>
    protected virtual DayRange DaysOf(FactQuestion question) => question.Days;

    public override bool Supports(MetricDimension dimension) => base.Supports(dimension)
        || dimension is MetricDimension.Weekday or MetricDimension.MonthOfYear || (HasHours && dimension == MetricDimension.HourOfDay);

    public sealed override IEnumerable<FactStatement> Statements(FactQuestion question)
    {
        List<Measure> own = [.. Measures.Where(m => question.Measures.Contains(m) && IsSum(m))];
        List<Measure> sums = own.Count == 0 ? own : [.. Measures.Where(m => question.Together.Contains(m) && IsSum(m))];
        List<Measure> counts = [.. Measures.Where(m => question.Measures.Contains(m) && IsDistinct(m) && !OfEach.ContainsKey(m))];
        if (question.CountsPeople && IsOfCustomers)
            counts.Add(People);
        var all = DaysOf(question);
        var parts = question.Parts(all);
        var isMoney = sums.Exists(m => m.IsMoney);
        // Distinct counts come with the sums, in one pass, where every group has one row of sums: always without money, and with money when it
        // turns out to be all in one currency. With exchange rates each day can have its own row: then it is not tried.
        var together = sums.Count > 0 && counts.Count > 0 && (!isMoney || !question.HasRates) && parts.Count == 1;
        var whole = On(question, all) with { Counts = counts, Sets = counts };
        var apart = whole with { ByBucket = question.ByBucket };
        if (sums.Count > 0)
            foreach (var part in parts)
            {
                var summed = On(question, part) with { Sums = sums, Adds = [.. own.Select(m => (m, 1))], ByBucket = question.ByBucket };
                yield return together ? summed with { Counts = counts, Sets = counts, Apart = isMoney ? apart : null } : summed;
            }

        foreach (var ranked in Measures.Where(m => m.Ranked is not null && question.Measures.Contains(m)))
            foreach (var part in parts)
                yield return On(question, part) with { Ranks = ranked, Adds = [(ranked, 1)], ByBucket = question.ByBucket };
        foreach (var each in Measures.Where(m => OfEach.ContainsKey(m) && question.Measures.Contains(m)))
            foreach (var byBucket in question.Levels)
                yield return On(question, all) with { OfEach = each, Sets = [each], ByBucket = byBucket };
        if (counts.Count > 0)
            foreach (var byBucket in question.Levels.Skip(together ? 1 : 0))
                yield return whole with { ByBucket = byBucket };
    }

    public sealed override IEnumerable<FactStatement> Behind(FactQuestion question) => [On(question, DaysOf(question))];

    private FactStatement On(FactQuestion question, DayRange days) =>
        new($"{days.From:o} {days.Until:o}", days, columns => Rows(question.Context, days, columns))
        {
            Of = some => columns => Rows(question.Context, some, columns),
            Told = columns => ToldBy(question.Context, columns),
        };
}
