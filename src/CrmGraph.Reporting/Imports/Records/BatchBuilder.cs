using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Records;

/// <summary>Gathers the records of some rows for one transaction. Lines of an order that several rows bring are put together.</summary>
internal sealed class BatchBuilder
{
    private readonly Dictionary<string, List<LineRecord>> _linesByOrder = new(StringComparer.Ordinal);

    public IngestBatch Batch { get; } = new();

    /// <summary>The lines of an order that this batch already holds; null when it does not.</summary>
    public List<LineRecord>? LinesOf(string orderKey) => _linesByOrder.GetValueOrDefault(orderKey);

    public void Remember(string orderKey, List<LineRecord> lines) => _linesByOrder[orderKey] = lines;
}
