using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Applying;

/// <summary>
/// The history of customers' stages: entries that follow each other without gaps, the last one open. A stage follows the present one; the present one
/// may begin at another moment, as long as it follows the one before.
/// </summary>
internal sealed class LifecycleStages(BatchRun run)
{
    /// <summary>Refuses a moment that would take away what is known of earlier stages.</summary>
    public void Check(Customer customer, CustomerRecord record, DateTime? since, bool wasThere, Check check)
    {
        if (since is not { } at || (wasThere && record.Mode is (WriteMode.KeepExisting or WriteMode.FillMissing)) || Open(customer) is not { } open)
            return;
        var changes = record.LifecycleStage.OrDefault(customer.LifecycleStage) != customer.LifecycleStage;
        var previous = changes ? open : Before(customer, open);
        // The first entry begins with the customer's row when nobody said otherwise: that moment gives way.
        if (previous == open && Before(customer, open) is null && open.Row.From == customer.CreatedAt)
            return;
        if (previous?.Row.From is { } limit && (at < limit || at == limit && !changes))
            check.Refuse(RefusalCodes.Inconsistent,
                $"lifecycleStageSince is {at:yyyy-MM-dd HH:mm:ss}; the stage before began on {limit:yyyy-MM-dd HH:mm:ss}, and this one can only follow it. "
                    + "Give a later moment.", "lifecycleStageSince");
    }

    /// <returns>Whether the history changed.</returns>
    public bool Set(Customer customer, CustomerRecord record, DateTime? since, bool isNew, ref Change change)
    {
        var before = customer.LifecycleStage;
        customer.LifecycleStage = change.Of(before, record.LifecycleStage);
        if (isNew || Open(customer) is not { } open)
            return Begin(customer, since ?? (isNew ? customer.CreatedAt : run.Now));
        if (customer.LifecycleStage != before)
            return Follow(customer, open, since ?? (run.Now > open.Row.From ? run.Now : open.Row.From));
        return since is { } at && at != open.Row.From && record.Mode is WriteMode.Upsert or WriteMode.UpdateOnly && Move(customer, open, at);
    }

    private bool Follow(Customer customer, Tracked<CustomerStage> open, DateTime at)
    {
        if (at == open.Row.From)
        {
            open.Edit().Stage = customer.LifecycleStage;
            return true;
        }

        if (at < open.Row.From)
            return Move(customer, open, at);
        open.Edit().To = at;
        return Begin(customer, at);
    }

    private bool Move(Customer customer, Tracked<CustomerStage> open, DateTime at)
    {
        if (Before(customer, open) is { } previous)
            previous.Edit().To = at;
        // The moment is part of the key.
        open.Edit();
        open.IsDeleted = true;
        return Begin(customer, at);
    }

    private bool Begin(Customer customer, DateTime at)
    {
        run.StagesOf(customer.Id).Add(new(new CustomerStage { CustomerId = customer.Id, Stage = customer.LifecycleStage, From = at }, isNew: true));
        return true;
    }

    private IEnumerable<Tracked<CustomerStage>> Known(Customer customer) => run.StagesOf(customer.Id).Where(s => !s.IsDeleted);
    private Tracked<CustomerStage>? Open(Customer customer) => Known(customer).FirstOrDefault(s => s.Row.To is null);
    private Tracked<CustomerStage>? Before(Customer customer, Tracked<CustomerStage> open)
        => Known(customer).Where(s => s.Row.From < open.Row.From).MaxBy(s => s.Row.From);
}
