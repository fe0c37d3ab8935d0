using System.Linq.Expressions;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Facts that stand for a time: those at the start of a period, with those that came, without those that went, are those at its end.</summary>
internal abstract class StockFacts<T, TRow>(IReadOnlyList<Measure> measures) : FactSource<TRow>(measures) where T : class where TRow : FactRow, new()
{
    public sealed override bool ReadsAllBefore => true;

    /// <summary>Facts that stand at the end of the day.</summary>
    protected abstract Expression<Func<T, bool>> StandAtEndOf(DateOnly day);

    /// <summary>Facts that came on the days and outlived the day on which they did.</summary>
    protected abstract Expression<Func<T, bool>> Came(DayRange days);

    /// <summary>Facts that went on the days, of those that once came.</summary>
    protected abstract Expression<Func<T, bool>> Went(DayRange days);

    /// <summary>A fact as a row, on the day on which it came.</summary>
    protected abstract Expression<Func<T, TRow>> Coming { get; }

    /// <summary>The day on which it went.</summary>
    protected abstract Expression<Func<T, DateOnly>> Going { get; }

    /// <summary>Those that fulfil conditions on what such facts have.</summary>
    protected virtual IQueryable<T> Chosen(FactFilter filter, IQueryable<T> all) => all;

    protected abstract Expression<Func<T, Guid>> Customer { get; }
    protected abstract Expression<Func<T, FactAttributes>> Attributes { get; }

    /// <summary>The days of the question on which facts come and go: facts of days to come are not there.</summary>
    protected virtual DayRange DaysOf(FactQuestion question) => question.Days;

    public override IEnumerable<FactStatement> Statements(FactQuestion question)
    {
        var (context, days) = (question.Context, DaysOf(question));
        List<Measure> asked = [.. Measures.Where(question.Measures.Contains)];
        List<Measure> sums = [.. asked.Where(IsSum)];
        if (sums.Count > 0)
            foreach (var statement in Flows(question, sums))
                yield return statement with { Sums = sums };
        foreach (var ranked in asked.Where(m => m.Ranked is not null))
            foreach (var statement in Flows(question, [ranked]))
                yield return statement with { Ranks = ranked };
        if (!question.CountsPeople)
            yield break;
        // How many customers stand behind a stock cannot be added up from flows: one statement per bucket, and only where groups are suppressed.
        var buckets = question.Buckets ?? [];
        for (var b = 0; b < buckets.Count; b++)
            yield return Customers(buckets[b] < days.Until ? buckets[b] : days.Until) with { AtBucket = b };
        yield return Customers(days.Until);

        FactStatement Customers(DateOnly until) => Standing(context, until) with { Counts = [People], Sets = [People] };
    }

    public sealed override IEnumerable<FactStatement> Behind(FactQuestion question) => [Standing(question.Context, DaysOf(question).Until)];

    private FactStatement Standing(FactContext context, DateOnly until) =>
        Statement("standing", until, columns => Rows(context, StandAtEndOf(until.AddDays(-1)), columns, Coming));

    private IEnumerable<FactStatement> Flows(FactQuestion question, IReadOnlyList<Measure> measures)
    {
        var (context, days, byBucket) = (question.Context, DaysOf(question), question.ByBucket);
        IReadOnlyList<(Measure, int)> adds = [.. measures.Select(m => (m, 1))], takes = [.. measures.Select(m => (m, -1))];
        yield return Statement("opening", days.From, columns => Rows(context, StandAtEndOf(days.From.AddDays(-1)), columns, Coming)) with
        {
            Gives = FactRows.Opening,
            Adds = adds,
        };
        yield return Statement("came", days.Until, columns => Rows(context, Came(days), columns, Coming)) with { ByBucket = byBucket, Adds = adds };
        yield return Statement("went", days.Until, columns => Rows(context, Went(days), columns, Leaving())) with { ByBucket = byBucket, Adds = takes };
    }

    private static FactStatement Statement(string what, DateOnly until, Func<IReadOnlySet<string>, IQueryable<FactRow>> rows) =>
        new($"{what} {until:o}", new(DateOnly.MinValue, until), rows);

    private IQueryable<TRow> Rows(FactContext context, Expression<Func<T, bool>> which, IReadOnlySet<string> columns, Expression<Func<T, TRow>> own) =>
        context.Rows(Chosen(context.Filter, context.Database.Set<T>().AsNoTracking().Where(which)), columns, Customer, Attributes, own);

    /// <summary>The same row on the day on which the fact went.</summary>
    private Expression<Func<T, TRow>> Leaving()
    {
        var (row, fact) = ((MemberInitExpression)Coming.Body, Coming.Parameters[0]);
        var day = Conditions.Replace(Going.Body, Going.Parameters[0], fact);
        return Expression.Lambda<Func<T, TRow>>(
            row.Update(row.NewExpression, row.Bindings.Select(b => b.Member.Name == nameof(FactRow.Day) ? Expression.Bind(b.Member, day) : b)), fact);
    }
}
