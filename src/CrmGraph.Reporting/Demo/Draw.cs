namespace CrmGraph.Reporting.Demo;

/// <summary>Random draws from one seed: the same seed draws the same company on every machine.</summary>
internal sealed class Draw(int seed)
{
    // When people buy, by the hour of their own day.
    private static readonly double[] Hours = [1, 0.5, 0.3, 0.2, 0.2, 0.4, 1, 2, 4, 6, 7, 7, 6, 5, 6, 6, 6, 6, 6, 7, 9, 9, 6, 3];

    private readonly Random random = new(seed);

    public double Uniform() => random.NextDouble();

    public int Below(int bound) => random.Next(bound);

    public int Between(int first, int last) => random.Next(first, last + 1);

    public bool Chance(double probability) => random.NextDouble() < probability;

    public T One<T>(T[] from) => from[random.Next(from.Length)];

    /// <summary>An index with a chance in proportion to its weight.</summary>
    public int Weighted(ReadOnlySpan<double> weights)
    {
        var sum = 0d;
        foreach (var weight in weights)
            sum += weight;
        var at = random.NextDouble() * sum;
        for (var i = 0; i < weights.Length - 1; i++)
            if ((at -= weights[i]) < 0)
                return i;
        return weights.Length - 1;
    }

    public double Exponential(double rate) => -Math.Log(1 - random.NextDouble()) / rate;

    public double Normal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    /// <summary>Gamma with shape and scale 1, after Marsaglia and Tsang (2000); shapes below 1 by their boost.</summary>
    public double Gamma(double shape)
    {
        if (shape < 1)
            return Gamma(shape + 1) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        var d = shape - 1 / 3d;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return d * v;
        }
    }

    public double Beta(double a, double b)
    {
        var x = Gamma(a);
        return x / (x + Gamma(b));
    }

    /// <summary>A time of the company's day at which people of the place are up.</summary>
    public TimeSpan TimeOfDay(Place place) => new((Weighted(Hours) + 24 - place.HoursAhead) % 24, 0, Below(3_600));

    public void Fill(Span<byte> bytes) => random.NextBytes(bytes);
}
