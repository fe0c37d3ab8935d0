using MathNet.Numerics.Statistics;

namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>How unusual a value is among its like, in a way that a few outliers do not blunt.</summary>
/// <param name="Expected">The median of the others.</param>
/// <param name="Spread">1.4826 times the median of their distances from it (a standard deviation, were they normal), at least the floor.</param>
internal readonly record struct RobustScore(double Expected, double Spread, double Score)
{
    // For normal values the median distance is this part of the standard deviation.
    private const double Consistency = 1.4826;

    /// <param name="floor">The least spread, as a share of the median: where values hardly differ, not every difference is news.</param>
    public static RobustScore Of(double value, IReadOnlyCollection<double> others, double floor)
    {
        var median = others.Median();
        var spread = Math.Max(Consistency * others.Select(o => Math.Abs(o - median)).Median(), Math.Max(floor * Math.Abs(median), double.Epsilon));
        return new(median, spread, value == median ? 0 : Math.Clamp((value - median) / spread, -1e6, 1e6));
    }
}
