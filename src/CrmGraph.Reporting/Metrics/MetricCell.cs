namespace CrmGraph.Reporting.Metrics;

/// <summary>The base aggregates of one group in one bucket, or of a total. What nothing was read for is zero.</summary>
public sealed class MetricCell
{
    private readonly decimal[] _values = new decimal[Measures.Count];
    private readonly long[] _people = new long[Measures.Sources];
    private Dictionary<(Measure Measure, string Currency), decimal>? _foreign;

    /// <summary>The aggregate, or MIXED_CURRENCY when some of its money could not be converted.</summary>
    public Outcome this[Measure measure] => IsMixed(measure) ? Outcome.None(NoValueReason.MixedCurrency) : Outcome.Of(_values[(int)measure]);

    internal void Add(Measure measure, decimal value) => _values[(int)measure] += value;

    internal void Set(Measure measure, decimal value) => _values[(int)measure] = value;

    /// <summary>Money for which there is no exchange rate.</summary>
    internal void AddForeign(Measure measure, string currency, decimal amount)
    {
        _foreign ??= [];
        _foreign[(measure, currency)] = _foreign.GetValueOrDefault((measure, currency)) + amount;
    }

    /// <summary>Adds another cell's aggregate, converted or not.</summary>
    internal void Add(Measure measure, MetricCell other)
    {
        _values[(int)measure] += other._values[(int)measure];
        foreach (var ((m, currency), amount) in other._foreign ?? [])
            if (m == measure)
                AddForeign(measure, currency, amount);
    }

    internal decimal Raw(Measure measure) => _values[(int)measure];

    /// <summary>Distinct known customers behind the facts of a source.</summary>
    internal long People(FactSource source) => _people[(int)source];

    internal void SetPeople(FactSource source, long people) => _people[(int)source] = people;

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
