using CrmGraph.Data.Changes;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>What the metrics of an operation were read from, for whoever computes it again when that changes. Travels in the request state.</summary>
internal sealed class WatchedReads
{
    private readonly List<MetricReads> _reads = [];

    public void Add(MetricReads reads)
    {
        // Fields run at the same time. The end of a relative period moves with the clock; its beginning only leaves days behind.
        lock (_reads)
            _reads.Add(reads with { Until = DateOnly.MaxValue });
    }

    public bool AreTouchedBy(CommitNotice notice)
    {
        lock (_reads)
            return _reads.Exists(r => r.IsTouchedBy(notice)) || MetricReads.Formulas.IsTouchedBy(notice) || MetricReads.Settings.IsTouchedBy(notice);
    }
}
