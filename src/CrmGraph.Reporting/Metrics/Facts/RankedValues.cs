namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Values with how many facts have each. What stands at an end is added and what went is taken away again.</summary>
internal sealed class RankedValues
{
    private readonly Dictionary<decimal, long> _facts = [];

    public void Add(decimal value, long facts) => _facts[value] = _facts.GetValueOrDefault(value) + facts;

    public void Add(RankedValues others)
    {
        foreach (var (value, facts) in others._facts)
            Add(value, facts);
    }

    /// <summary>
    /// The value below which a part of all lies: between two neighbours as far as their places say, so that the median of an even number of values is the
    /// mean of the two in the middle. As <c>percentile_cont</c> of SQL and type 7 of R.
    /// </summary>
    public Outcome Quantile(decimal part)
    {
        var sorted = _facts.Where(f => f.Value > 0).OrderBy(f => f.Key).ToList();
        var place = (sorted.Sum(f => f.Value) - 1) * part;
        if (place < 0)
            return Outcome.None(NoValueReason.NoData);
        var low = At(sorted, (long)place);
        return Outcome.Of(low + ((place - (long)place) * (At(sorted, (long)decimal.Ceiling(place)) - low)));
    }

    /// <summary>Of all values the share of those that are no greater; NO_DATA where there are none.</summary>
    public Outcome PartUpTo(decimal most) => Outcome.Ratio(
        Outcome.Count(_facts.Where(f => f.Value > 0 && f.Key <= most).Sum(f => f.Value)), Outcome.Count(_facts.Values.Where(n => n > 0).Sum()),
        NoValueReason.NoData);

    private static decimal At(List<KeyValuePair<decimal, long>> sorted, long place)
    {
        var i = 0;
        for (var before = sorted[0].Value; before <= place; before += sorted[i].Value)
            i++;
        return sorted[i].Key;
    }
}
