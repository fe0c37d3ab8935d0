using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The base aggregates of one group in one bucket, or of a total. What nothing was read for is zero.</summary>
public sealed class MetricCell
{
    private readonly CellLayout _layout;
    private readonly decimal[] _values;
    private readonly long[] _people;
    private Dictionary<(Measure Measure, string Currency), decimal>? _foreign;
    private Dictionary<Measure, RankedValues>? _ranked;

    internal MetricCell(CellLayout layout, DayRange days) =>
        (_layout, _values, _people, Days) = (layout, new decimal[layout.Measures], new long[layout.Sources], days);

    /// <summary>The days of the bucket that have come, today included.</summary>
    internal DayRange Days { get; }

    /// <summary>The aggregate, or MIXED_CURRENCY when some of its money could not be converted.</summary>
    public Outcome this[Measure measure] => IsMixed(measure) ? Outcome.None(NoValueReason.MixedCurrency)
        : measure.Unit == MeasureUnit.Whole ? Outcome.Count(Raw(measure)) : Outcome.Of(Raw(measure));

    /// <summary>The quantile of the values of a measure; NO_DATA where there are none.</summary>
    /// <param name="part">The part of the values that lies below: 0.5 for the median.</param>
    internal Outcome Quantile(Measure measure, decimal part) => IsMixed(measure)
        ? Outcome.None(NoValueReason.MixedCurrency)
        : _ranked?.GetValueOrDefault(measure)?.Quantile(part) ?? Outcome.None(NoValueReason.NoData);

    /// <summary>The share of the values of a measure that are no greater; NO_DATA where there are none.</summary>
    internal Outcome PartUpTo(Measure measure, decimal most) => _ranked?.GetValueOrDefault(measure)?.PartUpTo(most) ?? Outcome.None(NoValueReason.NoData);

    internal void Add(Measure measure, decimal value)
    {
        if (_layout.Of(measure) is >= 0 and var i)
            _values[i] += value;
    }

    internal void Set(Measure measure, decimal value)
    {
        if (_layout.Of(measure) is >= 0 and var i)
            _values[i] = value;
    }

    /// <summary>A value that so many facts have.</summary>
    internal void AddRanked(Measure measure, decimal value, long facts)
    {
        if (_layout.Of(measure) >= 0)
            RankedOf(measure).Add(value, facts);
    }

    internal void AddRanked(Measure measure, RankedBlock values)
    {
        if (_layout.Of(measure) >= 0)
            RankedOf(measure).Add(values);
    }

    /// <summary>Money for which there is no exchange rate.</summary>
    internal void AddForeign(Measure measure, string currency, decimal amount)
    {
        _foreign ??= [];
        _foreign[(measure, currency)] = _foreign.GetValueOrDefault((measure, currency)) + amount;
    }

    /// <summary>Adds another cell's aggregate, converted or not.</summary>
    internal void Add(Measure measure, MetricCell other)
    {
        Add(measure, other.Raw(measure));
        if (other._ranked?.GetValueOrDefault(measure) is { } values)
            RankedOf(measure).Add(values);
        foreach (var ((m, currency), amount) in other._foreign ?? [])
            if (m == measure)
                AddForeign(measure, currency, amount);
    }

    /// <summary>
    /// This span of time and the one after it together: what happened adds up, of what stands at the end the later one counts, of what stood at the start the
    /// earlier one.
    /// </summary>
    internal MetricCell Then(MetricCell next)
    {
        var both = new MetricCell(_layout, Days with { Until = next.Days.Until });
        foreach (var measure in _layout.List)
        {
            if (!measure.IsStock)
                both.Add(measure, this);
            if (measure.StartOf is null)
                both.Add(measure, next);
        }

        return both;
    }

    internal decimal Raw(Measure measure) => _layout.Of(measure) is >= 0 and var i ? _values[i] : 0;

    /// <summary>Distinct known customers behind the facts of a source.</summary>
    internal long People(FactSource source) => _layout.Of(source) is >= 0 and var i ? _people[i] : 0;

    internal void SetPeople(FactSource source, long people) => _people[_layout.Of(source)] = people;

    private RankedValues RankedOf(Measure measure)
    {
        _ranked ??= [];
        if (!_ranked.TryGetValue(measure, out var values))
            _ranked[measure] = values = new();
        return values;
    }

    private bool IsMixed(Measure measure)
    {
        if (_foreign is null)
            return false;
        foreach (var ((m, _), amount) in _foreign)
            if (m == measure && amount != 0)
                return true;
        return false;
    }
}
