using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Applying;

internal sealed class CustomerApplier(BatchRun run) : RecordApplier(run)
{
    private readonly DateOnly _today = run.Local.At(run.Now).Day;
    private readonly LifecycleStages _stages = new(run);

    public void Apply(List<CustomerRecord> records)
    {
        foreach (var record in records)
            Apply(record);
    }

    private void Apply(CustomerRecord record)
    {
        var check = new Check(record, Run.Limits);
        var known = Identify(record, ExternalEntity.Customer, check, id => Run.Customers.Find(id) is { Row.IsGuest: false } there && Sees(there.Row));
        var row = known is { } id ? Run.Customers.Find(id) : null;
        CheckRow(record, row, check);
        var owner = Owner(record, check, row is null);
        CheckFields(record, check);
        var attributes = check.Attributes(record.Attributes);
        var since = check.Moment(record.LifecycleStageSince, "lifecycleStageSince");
        if (row is not null && !check.Failed)
            _stages.Check(row.Row, record, since, WasThere(row, row.Row.Id), check);
        if (check.Failed)
        {
            Refused(record, check);
            return;
        }

        var isNew = row is null;
        row ??= NewCustomer(known ?? Run.NewId(), record);
        var customer = row.Edit();
        var change = ChangeOf(record, row, customer.Id);
        var changed = _stages.Set(customer, record, since, isNew, ref change);
        SetFields(ref change, customer, record, owner);
        changed |= Run.Attributes.Set(customer.Id, customer.Id, attributes, WasThere(row, customer.Id) ? record.Mode : WriteMode.Upsert);
        changed |= Claim(record, ExternalEntity.Customer, customer.Id, customer.Id);
        Done(record, StatusOf(isNew, change.Any || changed), customer.Id, customer.Id);
    }

    private void CheckRow(CustomerRecord record, Tracked<Customer>? row, Check check)
    {
        if (row is null)
        {
            if (record.Id is not null || record.Mode == WriteMode.UpdateOnly)
                RefuseMissing(record, check);
            else if (record.Key.IsNone && string.IsNullOrWhiteSpace(record.Name.Value))
                check.Refuse(RefusalCodes.Required, "A new customer needs a name or an outside id.", "name");
        }
        else if (row.Row.IsGuest || !Sees(row.Row))
            RefuseMissing(record, check);
        else if (row.Row.ErasedAt is not null)
            check.Refuse(RefusalCodes.Erased, "This person was erased; the row keeps only the money and takes no personal data.", null);
    }

    /// <summary>A representative's or manager's new customer is his own; he may hand customers only to those whose customers he sees.</summary>
    private Optional<Guid?> Owner(CustomerRecord record, Check check, bool isNew)
    {
        var owner = Member(record.Owner, "owner", check);
        var caller = Run.Options.Caller;
        if (caller.Owners is not { } seen)
            return owner;
        if (!owner.HasValue)
            return isNew ? new Optional<Guid?>(caller.TeamMemberId) : owner;
        if (owner.Value is not { } id || !seen.Contains(id))
            check.Refuse(RefusalCodes.NotPermitted, "owner must be someone whose customers you see.", "owner");
        return owner;
    }

    private void CheckFields(CustomerRecord record, Check check)
    {
        check.Birth(record.BirthDate.Value, _today);
        check.Words(record.AddTags, "addTags");
        RecordFields.Customers.Check(record, check);
        check.Words(record.Tags.Value, "tags");
        check.Words(record.Interests.Value, "interests");
    }

    private Tracked<Customer> NewCustomer(Guid id, CustomerRecord record)
    {
        var createdAt = record.CreatedAt.HasValue ? Stored.Moment(record.CreatedAt.Value) : Run.Now;
        return Run.Customers.Add(id, new Customer
        {
            Id = id,
            Name = Stored.Text(record.Name.Value) ?? record.Key.Key,
            LifecycleStage = LifecycleStage.Customer,
            CreatedAt = createdAt,
            Day = Run.Local.At(createdAt).Day,
        });
    }

    private void SetFields(ref Change change, Customer customer, CustomerRecord record, Optional<Guid?> owner)
    {
        RecordFields.Customers.Set(record, customer, ref change);
        customer.OwnerId = change.Of(customer.OwnerId, owner);
        customer.Tags = change.OfWords(customer.Tags, TagsAfter(customer.Tags, record));
        if (record.Interests.HasValue)
            customer.Interests = change.OfWords(customer.Interests, Stored.Words(record.Interests.Value));
        customer.Day = Run.Local.At(customer.CreatedAt).Day;
    }

    private static List<string> TagsAfter(List<string> current, CustomerRecord record)
    {
        if (!record.Tags.HasValue && record.AddTags is null && record.RemoveTags is null)
            return current;
        var after = record.Tags.HasValue ? Stored.Words(record.Tags.Value) : [.. current];
        foreach (var tag in Stored.Words(record.AddTags))
            if (!after.Contains(tag))
                after.Add(tag);
        after.RemoveAll(t => record.RemoveTags?.Contains(t) == true);
        return after;
    }
}
