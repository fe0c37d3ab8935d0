using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>From where a cumulative value counts, at the earliest from the start of the period.</summary>
public enum ToDate
{
    /// <summary>The start of the period.</summary>
    Period,
    /// <summary>The calendar year in which the bucket begins.</summary>
    Year,
    /// <summary>The fiscal year in which the bucket begins.</summary>
    FiscalYear,
}

/// <summary>A metric of one group along the time axis: what cumulative and moving values are made of.</summary>
internal sealed class BucketSeries
{
    private readonly List<(TimeBucket Bucket, Outcome Outcome, MetricCell? Cell)> _buckets = [];
    private readonly Func<int, ToDate, Outcome> _cumulated;
    private readonly Lazy<Sums[]> _sums;

    /// <param name="addsUp">What a longer time comes to follows from the buckets.</param>
    public BucketSeries(MetricDefinition metric, bool addsUp, int fiscalYearStartMonth)
    {
        var each = Enum.GetValues<ToDate>().ToDictionary(t => t, t => new Lazy<Outcome[]>(() => Cumulate(metric, day => Span(t, day, fiscalYearStartMonth))));
        _cumulated = (at, toDate) => addsUp ? each[toDate].Value[at] : Outcome.None(NoValueReason.NoData);
        _sums = new(SumUp);
    }

    /// <param name="cumulated">Made of other metrics.</param>
    public BucketSeries(Func<int, ToDate, Outcome> cumulated) => (_cumulated, _sums) = (cumulated, new(SumUp));

    /// <summary>Appends a bucket.</summary>
    /// <returns>Its place.</returns>
    public int Add(TimeBucket bucket, Outcome outcome, MetricCell? cell)
    {
        _buckets.Add((bucket, outcome, cell));
        return _buckets.Count - 1;
    }

    /// <summary>Null where a value on the way is hidden: the difference of two would show it.</summary>
    public decimal? Cumulative(int at, ToDate toDate) => Cumulated(at, toDate).Round(MetricValue.Digits).Value;

    /// <summary>The same, not rounded.</summary>
    public Outcome Cumulated(int at, ToDate toDate) => _cumulated(at, toDate);

    /// <summary>Of quotients all numerators over all denominators, of everything else the mean of the values; null while there are fewer buckets.</summary>
    public decimal? Moving(int at, int count)
    {
        if (count > at + 1)
            return null;
        var (last, before) = (_sums.Value[at + 1], _sums.Value[at + 1 - count]);
        var denominator = last.Denominator - before.Denominator;
        if (last.Quotients - before.Quotients == count)
            return denominator == 0
                ? null
                : Outcome.Rounded((last.Numerator - before.Numerator) / denominator * _buckets[at].Outcome.Scale, MetricValue.Digits);
        return last.Values - before.Values == count ? Outcome.Rounded((last.Value - before.Value) / count, MetricValue.Digits) : null;
    }

    /// <summary>The same of the buckets that begin within so many units before the end of this one.</summary>
    public decimal? Moving(int at, int count, CalendarUnit unit)
    {
        // No unit is shorter than a day.
        if (count > _buckets[at].Bucket.Until.DayNumber - _buckets[0].Bucket.Start.DayNumber)
            return null;
        var from = ReportingMoment.AddUnits(_buckets[at].Bucket.Until, unit, -count);
        return _buckets[0].Bucket.Start > from ? null : Moving(at, at + 1 - _buckets.FindIndex(b => b.Bucket.Start >= from));
    }

    private static int Span(ToDate toDate, DateOnly day, int fiscalYearStartMonth) => toDate switch
    {
        ToDate.Year => day.Year,
        ToDate.FiscalYear => day.AddMonths(1 - fiscalYearStartMonth).Year,
        _ => 0,
    };

    private Outcome[] Cumulate(MetricDefinition metric, Func<DateOnly, int> spanOf)
    {
        var values = new Outcome[_buckets.Count];
        var (span, hidden) = (int.MinValue, false);
        MetricCell? sum = null;
        for (var i = 0; i < values.Length; i++)
        {
            var (bucket, outcome, cell) = _buckets[i];
            if (spanOf(bucket.Start) != span)
                (span, hidden, sum) = (spanOf(bucket.Start), false, null);
            hidden |= outcome.Reason == NoValueReason.SuppressedSmallGroup;
            sum = sum is null ? cell! : sum.Then(cell!);
            values[i] = hidden ? Outcome.None(NoValueReason.SuppressedSmallGroup)
                : outcome.Reason == NoValueReason.IncompletePeriod ? outcome : metric.Compute(sum);
        }

        return values;
    }

    /// <summary>The sums of all buckets before each, and of all.</summary>
    private Sums[] SumUp()
    {
        var sums = new Sums[_buckets.Count + 1];
        for (var i = 0; i < _buckets.Count; i++)
        {
            var (before, outcome) = (sums[i], _buckets[i].Outcome);
            sums[i + 1] = new(
                before.Value + (outcome.Value ?? 0), before.Numerator + (outcome.Numerator ?? 0), before.Denominator + (outcome.Denominator ?? 0),
                before.Values + (outcome.Value is null ? 0 : 1), before.Quotients + (outcome.Denominator is null ? 0 : 1));
        }

        return sums;
    }

    /// <param name="Values">Buckets with a value.</param>
    /// <param name="Quotients">Buckets with numerator and denominator.</param>
    private readonly record struct Sums(decimal Value, decimal Numerator, decimal Denominator, int Values, int Quotients);
}
