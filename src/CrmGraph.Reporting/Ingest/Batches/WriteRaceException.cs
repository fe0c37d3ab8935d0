namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>Another writer was faster; what was read is no longer so.</summary>
/// <param name="customers">Customers to lock as well when the batch is tried again.</param>
internal sealed class WriteRaceException(string what, IEnumerable<Guid>? customers = null) : Exception($"Another writer changed {what} at the same time.")
{
    public IEnumerable<Guid> Customers => customers ?? [];
}
