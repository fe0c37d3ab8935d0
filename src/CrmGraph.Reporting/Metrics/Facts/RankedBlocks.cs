namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Values of facts as stored, one for each, in no order.</summary>
/// <param name="Unit">What they are in. Values of equal units are told from the stored ones by the same function.</param>
/// <param name="ValueOf">In proportion to what is stored.</param>
internal sealed record RankedBlock(long[] Stored, (string? Currency, DateOnly? Day) Unit, Func<long, decimal> ValueOf);

/// <summary>Finds values of blocks by their place among all, exactly, without converting or sorting them all.</summary>
internal sealed class RankedBlocks(IReadOnlyList<RankedBlock> blocks)
{
    /// <summary>Binary fractions are nearer to a value than this part of it.</summary>
    private const double Precision = 1e-11;

    /// <summary>By what a stored number is converted to see what comes of one.</summary>
    private const long Sample = 1_000_000;

    private readonly int _count = blocks.Sum(b => b.Stored.Length);
    private long[]? _stored;
    private double[]? _near;

    /// <param name="place">From 0, the least.</param>
    public decimal At(long place) =>
        blocks.All(b => b.Unit == blocks[0].Unit) ? blocks[0].ValueOf(OrderStatistic.Select<long>(_stored ??= Stored(), (int)place)) : Near((int)place);

    /// <summary>Of several units the place is found by binary fractions, and only what is near it is converted.</summary>
    private decimal Near(int place)
    {
        var near = OrderStatistic.Select<double>(_near ??= Fractions(), place);
        var (least, most, before) = (near - (Math.Abs(near) * Precision), near + (Math.Abs(near) * Precision), 0);
        var values = new Dictionary<decimal, int>();
        foreach (var block in blocks)
        {
            var (factor, seen) = (Factor(block), new Dictionary<long, int>());
            foreach (var stored in block.Stored)
            {
                var fraction = stored * factor;
                if (fraction < least)
                    before++;
                else if (fraction <= most)
                    seen[stored] = seen.GetValueOrDefault(stored) + 1;
            }

            foreach (var (stored, facts) in seen)
                values[block.ValueOf(stored)] = values.GetValueOrDefault(block.ValueOf(stored)) + facts;
        }

        foreach (var (value, facts) in values.OrderBy(v => v.Key))
            if ((before += facts) > place)
                return value;
        throw new InvalidOperationException($"Nothing is at place {place} of {_count} values.");
    }

    private static double Factor(RankedBlock block) => (double)block.ValueOf(Sample) / Sample;

    private long[] Stored()
    {
        var (all, next) = (new long[_count], 0);
        foreach (var block in blocks)
        {
            block.Stored.CopyTo(all, next);
            next += block.Stored.Length;
        }

        return all;
    }

    private double[] Fractions()
    {
        var (all, next) = (new double[_count], 0);
        foreach (var block in blocks)
        {
            var factor = Factor(block);
            foreach (var stored in block.Stored)
                all[next++] = stored * factor;
        }

        return all;
    }
}
