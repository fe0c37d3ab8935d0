using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>Where a value stands in its table.</summary>
/// <param name="IsRanked">It has a place among its siblings.</param>
/// <param name="Series">Null outside the time axis.</param>
/// <param name="At">Its place on it.</param>
internal sealed record MetricPlace(MetricSiblings Siblings, bool IsRanked, BucketSeries? Series, int At);

/// <summary>The values of a metric that make up one total.</summary>
/// <param name="addsUp">They do, and not only in name.</param>
internal sealed class MetricSiblings(Outcome whole, bool addsUp)
{
    private readonly List<decimal> _values = [];
    private Lazy<decimal[]> Sorted => field ??= new(() => [.. _values.Order()]);

    public void Add(Outcome outcome)
    {
        if (outcome.Value is { } value)
            _values.Add(Outcome.Rounded(value, MetricValue.Digits)!.Value);
    }

    public decimal? ShareOf(decimal? value) => addsUp && whole.Value is > 0 and var total ? Outcome.Rounded(value / total, MetricValue.Digits) : null;

    public int? RankOf(decimal? value)
    {
        if (value is not { } v)
            return null;
        var (low, high) = (0, Sorted.Value.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Sorted.Value[middle] > v ? (low, middle) : (middle + 1, high);
        }

        return Sorted.Value.Length - low + 1;
    }
}
