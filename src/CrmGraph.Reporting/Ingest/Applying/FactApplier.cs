using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Applying;

/// <summary>Where a fact's record leads: the row that is there or will be made, and whose it is.</summary>
internal readonly record struct FactTarget<T>(Guid Id, Customer Customer, Tracked<T>? Existing) where T : class;

/// <summary>Records of facts: rows that belong to a customer, or to a guest.</summary>
internal abstract class FactApplier(BatchRun run) : RecordApplier(run)
{
    /// <summary>Null when the record was refused.</summary>
    protected FactTarget<T>? Locate<T>(
        IngestRecord record, ExternalEntity entity, RowSet<T> rows, Func<T, Guid> customerOf, Optional<RowRef> customer, Check check)
        where T : class
    {
        var known = Identify(record, entity, check, id => rows.Find(id) is { } row && Run.Customers.Find(customerOf(row.Row)) is { } owner && Sees(owner.Row));
        if (check.Failed)
            return null;
        var existing = known is { } id ? rows.Find(id) : null;
        if (existing is { IsDeleted: true })
            existing = null;
        if (existing is null && (record.Id is not null || record.Mode == WriteMode.UpdateOnly))
        {
            RefuseMissing(record, check);
            return null;
        }

        var owner = OwnerOf(record, existing is null ? null : customerOf(existing.Row), customer, check);
        if (owner is null && !check.Failed)
            return Guest(record, known, check) is { } guest ? new(guest.Id, guest.Customer, existing) : null;
        return owner is null ? null : new(known ?? Run.NewId(), owner, existing);
    }

    private Customer? OwnerOf(IngestRecord record, Guid? current, Optional<RowRef> reference, Check check)
    {
        var now = current is { } c ? Run.Customers.Find(c)?.Row : null;
        if (now is not null && !Sees(now))
        {
            RefuseMissing(record, check);
            return null;
        }

        // A fact that once had a customer keeps him when the source leaves him out.
        if (!reference.HasValue || reference.Value.IsNone || now is not null && record.Mode is WriteMode.KeepExisting or WriteMode.FillMissing && !now!.IsGuest)
            return now;
        var target = Resolve(reference.Value, ExternalEntity.Customer) is { } id ? Run.Customers.Find(id) : null;
        if (target is null || target.Row.IsGuest || !Sees(target.Row))
        {
            check.Refuse(RefusalCodes.ReferenceNotFound, $"There is no customer {reference.Value}; write the customer first.", "customer");
            return null;
        }

        return target.Row;
    }

    private (Guid Id, Customer Customer)? Guest(IngestRecord record, Guid? known, Check check)
    {
        if (!Run.Options.Caller.SeesAll)
        {
            check.Refuse(RefusalCodes.Required, "customer is needed: you see only your own customers, so you cannot write for an unknown one.", "customer");
            return null;
        }

        var id = known ?? Run.NewId();
        var guest = GuestCustomers.For(Run.KeysOf(record).FirstOrDefault(), id);
        if (Run.Customers.Find(guest) is not { } row)
        {
            var (day, _) = Run.Local.At(Run.Now);
            row = Run.Customers.Add(
                guest, new Customer { Id = guest, IsGuest = true, LifecycleStage = LifecycleStage.Customer, CreatedAt = Run.Now, Day = day });
        }

        return (id, row.Row);
    }

    /// <summary>The moment's day and hour in the reporting zone.</summary>
    protected (DateOnly Day, int Hour) LocalOf(DateTime moment) => Run.Local.At(moment);
}
