using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Contracts told anew for every interval, by one statement each: what they were at its start cannot be added up from what happened.</summary>
internal abstract class IntervalFacts(IReadOnlyList<Measure> measures) : FactSource<ContractRow>(measures)
{
    public override IReadOnlyList<string> Tables { get; } = ["contracts"];

    public override bool ReadsAllBefore => true;

    /// <summary>As many statements as days of years would be too many.</summary>
    public override bool Supports(TimeGrain grain) => grain is not (TimeGrain.Hour or TimeGrain.Day);

    public override bool Supports(MetricDimension dimension) => ContractFacts.Source.Supports(dimension);

    public override bool Suits(FactFilter filter) => ContractFacts.Source.Suits(filter);

    public override bool AddsUpOverTime(Measure measure) => false;

    public override double Price(Measure measure, bool byTime) => byTime ? 12 : 2;

    /// <summary>The rows of an interval that has come.</summary>
    protected abstract IQueryable<ContractRow> Rows(FactContext context, DayRange interval, IReadOnlySet<string> columns);

    public sealed override IEnumerable<FactStatement> Statements(FactQuestion question)
    {
        List<Measure> sums = [.. Measures.Where(question.Measures.Contains)];
        if (question.Past.Days == 0 || (sums.Count == 0 && !question.CountsPeople))
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
            var rows = new FactStatement(
                $"{interval.From:o} {interval.Until:o}", new(DateOnly.MinValue, interval.Until), columns => Rows(question.Context, interval, columns));
            if (sums.Count > 0)
                yield return rows with { Sums = sums, Adds = [.. sums.Select(m => (m, 1))] };
            if (question.CountsPeople)
                yield return rows with { Counts = [People], Sets = [People] };
        }
    }
}

/// <summary>Contracts open at the end that will end within so many days.</summary>
internal sealed class ExpiringFacts : IntervalFacts
{
    private readonly int _within;

    private ExpiringFacts(Measure expiring, int within) : base([expiring]) => _within = within;

    public static Measure Within(int days)
    {
        var expiring = Measure.Of<ContractRow>(r => r.Expiring, ContractFacts.Recorded);
        expiring.Made = new ExpiringFacts(expiring, days);
        return expiring;
    }

    public override string ToString() => $"{nameof(ExpiringFacts)} {_within}";

    protected override IQueryable<ContractRow> Rows(FactContext context, DayRange interval, IReadOnlySet<string> columns)
    {
        var last = interval.Until.AddDays(-1);
        var latest = last.AddDays(_within);
        var expiring = context.Database.Contracts.AsNoTracking().Where(ContractFacts.OpenAtEndOf(last)).Where(k => k.EndDay <= latest);
        return context.Rows(
            expiring, columns, k => k.CustomerId, k => new FactAttributes { Channel = null, OwnerId = null },
            k => new ContractRow { CustomerId = k.CustomerId, Expiring = 1 });
    }
}
