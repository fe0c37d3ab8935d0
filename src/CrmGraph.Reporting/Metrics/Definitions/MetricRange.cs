namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>Between which numbers a metric lies whatever happens; null for no end.</summary>
internal sealed record MetricRange(decimal? Least, decimal? Most)
{
    public static MetricRange Any { get; } = new(null, null);
    public static MetricRange FromZero { get; } = new(0, null);
    /// <summary>That of a share.</summary>
    public static MetricRange Share { get; } = new(0, 1);

    /// <summary>The number itself, or the end of the range that it is beyond.</summary>
    public double Nearest(double value)
    {
        if (Least is { } least && value < (double)least)
            return (double)least;
        return Most is { } most && value > (double)most ? (double)most : value;
    }

    /// <inheritdoc cref="Nearest(double)"/>
    public decimal Nearest(decimal value) => value < Least ? Least.Value : value > Most ? Most.Value : value;
}
