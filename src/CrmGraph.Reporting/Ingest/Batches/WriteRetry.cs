using System.Data.Common;
using CrmGraph.Data.Database;

namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>What earlier attempts at a batch have taught.</summary>
internal sealed class WriteRetry
{
    /// <summary>Whether nothing was taught yet.</summary>
    public bool IsFirst { get; private set; } = true;

    /// <summary>Customers to lock beside those that the batch names.</summary>
    public HashSet<Guid> AlsoLocked { get; } = [];

    /// <summary>Some customer's money did not fit: the orders are to be told apart by it. Reading it costs a statement that others are spared.</summary>
    public bool ChecksTotals { get; private set; }

    /// <summary>Whether another attempt may succeed: after lost races, what the database calls transient (deadlock, failed serialisation, lost connection), and once for totals.</summary>
    public bool Learns(Exception failure)
    {
        IsFirst = false;
        AlsoLocked.UnionWith((failure as WriteRaceException)?.Customers ?? []);
        if (failure is WriteRaceException || (failure as DbException ?? failure.InnerException as DbException) is { IsTransient: true })
            return true;
        if (ChecksTotals || !DatabaseEngine.IsTotalTooLarge(failure))
            return false;
        return ChecksTotals = true;
    }
}
