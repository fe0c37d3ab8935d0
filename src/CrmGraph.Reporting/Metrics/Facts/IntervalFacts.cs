using System.Linq.Expressions;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Facts told anew for every interval, by one statement each: what they say of it cannot be added up from what happened in its parts.</summary>
internal abstract class IntervalFacts<TRow>(
    IReadOnlyList<Measure> measures, params IEnumerable<(Measure Measure, Expression<Func<IEnumerable<TRow>, long>> Count)> counts)
    : FactSource<TRow>(measures, counts) where TRow : FactRow, new()
{
    public override bool ReadsAllBefore => true;

    /// <summary>As many statements as days of years would be too many.</summary>
    public override bool Supports(TimeGrain grain) => grain is not (TimeGrain.Hour or TimeGrain.Day);

    public override bool AddsUpOverTime(Measure measure) => false;

    /// <summary>The rows of an interval that has come.</summary>
    protected abstract IQueryable<TRow> Rows(FactContext context, DayRange interval, IReadOnlySet<string> columns);

    public sealed override IEnumerable<FactStatement> Statements(FactQuestion question)
    {
        List<Measure> sums = [.. Measures.Where(m => question.Measures.Contains(m) && IsSum(m))];
        List<Measure> counts = [.. Measures.Where(m => question.Measures.Contains(m) && IsDistinct(m))];
        if (question.CountsPeople)
            counts.Add(People);
        if (question.Past.Days == 0 || (sums.Count == 0 && counts.Count == 0))
            yield break;
        var from = question.Days.From;
        foreach (var (bucket, until) in (question.Buckets ?? []).Index())
        {
            foreach (var statement in Of(new(from, until < question.Past.Until ? until : question.Past.Until)))
                yield return statement with { AtBucket = bucket, IsOfItsCell = true };
            from = until;
        }

        foreach (var statement in Of(question.Past))
            yield return statement;

        IEnumerable<FactStatement> Of(DayRange interval)
        {
            if (interval.Days <= 0)
                yield break;
            var rows = In(question, interval);
            if (sums.Count > 0)
                yield return rows with { Sums = sums, Adds = [.. sums.Select(m => (m, 1))] };
            if (counts.Count > 0)
                yield return rows with { Counts = counts, Sets = counts };
        }
    }

    public sealed override IEnumerable<FactStatement> Behind(FactQuestion question) => question.Past.Days > 0 ? [In(question, question.Past)] : [];

    private FactStatement In(FactQuestion question, DayRange interval) => new(
        $"{interval.From:o} {interval.Until:o}", new(DateOnly.MinValue, interval.Until), columns => Rows(question.Context, interval, columns));
}

/// <summary>What became of contracts in an interval.</summary>
internal abstract class ContractIntervals(IReadOnlyList<Measure> measures) : IntervalFacts<ContractRow>(measures)
{
    public override IReadOnlyList<string> Tables { get; } = ["contracts"];

    public override bool Supports(MetricDimension dimension) => ContractFacts.Source.Supports(dimension);

    public override bool Suits(FactFilter filter) => ContractFacts.Source.Suits(filter);

    public override double Price(Measure measure, bool byTime) => byTime ? 12 : 2;
}
