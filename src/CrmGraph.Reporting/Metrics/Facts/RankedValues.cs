namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Values with how many facts have each. What stands at an end is added and what went is taken away again.</summary>
internal sealed class RankedValues
{
    private readonly Dictionary<decimal, long> _facts = [];
    private readonly List<RankedBlock> _blocks = [];

    public void Add(decimal value, long facts) => _facts[value] = _facts.GetValueOrDefault(value) + facts;

    public void Add(RankedBlock block) => _blocks.Add(block);

    public void Add(RankedValues others)
    {
        foreach (var (value, facts) in others._facts)
            Add(value, facts);
        _blocks.AddRange(others._blocks);
    }

    /// <summary>
    /// The value below which a part of all lies: between two neighbours as far as their places say, so that the median of an even number of values is the
    /// mean of the two in the middle. As <c>percentile_cont</c> of SQL and type 7 of R.
    /// </summary>
    public Outcome Quantile(decimal part)
    {
        if (_facts.Count == 0 && _blocks.Count > 0)
            return Between(_blocks.Sum(b => b.Stored.LongLength), part, new RankedBlocks(_blocks).At);
        var (values, facts) = Sorted();
        return Between(facts.Sum(), part, place => At(values, facts, place));
    }

    /// <summary>Of all values the share of those that are no greater; NO_DATA where there are none.</summary>
    public Outcome PartUpTo(decimal most)
    {
        var (values, facts) = Sorted();
        return Outcome.Ratio(Outcome.Count(facts.Where((_, i) => values[i] <= most).Sum()), Outcome.Count(facts.Sum()), NoValueReason.NoData);
    }

    private static Outcome Between(long count, decimal part, Func<long, decimal> at)
    {
        var place = (count - 1) * part;
        if (place < 0)
            return Outcome.None(NoValueReason.NoData);
        var low = at((long)place);
        return Outcome.Of(low + ((place - (long)place) * (at((long)decimal.Ceiling(place)) - low)));
    }

    private (decimal[] Values, long[] Facts) Sorted()
    {
        var some = _facts.Where(f => f.Value > 0).ToList();
        decimal[] values = [.. some.Select(f => f.Key), .. _blocks.SelectMany(b => b.Stored.Select(b.ValueOf))];
        var facts = new long[values.Length];
        Array.Fill(facts, 1);
        for (var i = 0; i < some.Count; i++)
            facts[i] = some[i].Value;
        Array.Sort(values, facts);
        return (values, facts);
    }

    private static decimal At(decimal[] values, long[] facts, long place)
    {
        var i = 0;
        for (var before = facts[0]; before <= place; before += facts[i])
            i++;
        return values[i];
    }
}
