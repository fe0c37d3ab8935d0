using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Ingest;

internal sealed class CustomerRecords(BatchRun run) : RecordRows(run)
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
        var check = new Check(record.Kind, record.Origin);
        var known = Identify(record, ExternalEntity.Customer, check, id => Run.Customers.Find(id) is { Row.IsGuest: false } there && Sees(there.Row));
        var row = known is { } id ? Run.Customers.Find(id) : null;
        CheckRow(record, row, check);
        var owner = Owner(record, check, row is null);
        var values = Checked(record, check);
        var since = check.Moment(record.LifecycleStageSince, "lifecycleStageSince");
        if (row is not null && !check.Failed)
            _stages.Check(row.Row, record, since, WasThere(row, row.Row.Id), check);
        if (check.Failed)
        {
            Refused(record, check);
            return;
        }

        var isNew = row is null;
        row ??= NewCustomer(known ?? Run.NewId(), record, values);
        var customer = row.Edit();
        var change = ChangeOf(record, row, customer.Id);
        var changed = _stages.Set(customer, record, since, isNew, ref change);
        SetFields(ref change, customer, record, values, owner);
        changed |= Run.Attributes.Set(customer.Id, customer.Id, values.Attributes, WasThere(row, customer.Id) ? record.Mode : WriteMode.Upsert);
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

    private sealed record Values
    {
        public Optional<string?> Name { get; init; }
        public Optional<string?> Email { get; init; }
        public Optional<string?> Phone { get; init; }
        public Optional<string?> Occupation { get; init; }
        public Optional<string?> Industry { get; init; }
        public Optional<string?> Country { get; init; }
        public Optional<string?> Region { get; init; }
        public Optional<string?> City { get; init; }
        public Optional<string?> Channel { get; init; }
        public Optional<DateTime> CreatedAt { get; init; }
        public IReadOnlyList<string>? Tags { get; init; }
        public IReadOnlyList<string>? Interests { get; init; }
        public IReadOnlyList<KeyValuePair<string, string?>> Attributes { get; init; } = [];
    }

    private Values Checked(CustomerRecord record, Check check)
    {
        var names = Run.Limits.NameCharacters;
        check.Birth(record.BirthDate, _today);
        Words(record.AddTags, "addTags", check);
        return new Values
        {
            Name = check.Required(record.Name, "name", names, record.Mode),
            Email = check.Email(record.Email, "email", names),
            Phone = check.Text(record.Phone, "phone", names),
            Occupation = check.Text(record.Occupation, "occupation", names),
            Industry = check.Text(record.Industry, "industry", names),
            Country = check.Text(record.Country, "country", names),
            Region = check.Text(record.Region, "region", names),
            City = check.Text(record.City, "city", names),
            Channel = check.Text(record.AcquisitionChannel, "acquisitionChannel", names),
            CreatedAt = check.Moment(record.CreatedAt, "createdAt"),
            Tags = record.Tags.HasValue ? Words(record.Tags.Value, "tags", check) : null,
            Interests = record.Interests.HasValue ? Words(record.Interests.Value, "interests", check) : null,
            Attributes = check.Attributes(record.Attributes, Run.Limits),
        };
    }

    private IReadOnlyList<string> Words(IReadOnlyList<string>? words, string field, Check check)
        => check.Words(words ?? [], field, Run.Limits.WordsPerRow, Run.Limits.KeyCharacters);

    private Tracked<Customer> NewCustomer(Guid id, CustomerRecord record, Values values)
    {
        var createdAt = values.CreatedAt.OrDefault(Run.Now);
        return Run.Customers.Add(id, new Customer
        {
            Id = id,
            Name = values.Name.Value ?? record.Key.Key,
            LifecycleStage = LifecycleStage.Customer,
            CreatedAt = createdAt,
            Day = Run.Local.At(createdAt).Day,
        });
    }

    private void SetFields(ref Change change, Customer customer, CustomerRecord record, Values values, Optional<Guid?> owner)
    {
        customer.Kind = change.Of(customer.Kind, record.CustomerKind);
        customer.Name = change.OfText(customer.Name, values.Name, customer.Name == record.Key.Key);
        customer.Email = change.Of(customer.Email, values.Email);
        customer.Phone = change.Of(customer.Phone, values.Phone);
        customer.Gender = change.Of(customer.Gender, record.Gender);
        customer.BirthDate = change.Of(customer.BirthDate, record.BirthDate);
        customer.Occupation = change.Of(customer.Occupation, values.Occupation);
        customer.Industry = change.Of(customer.Industry, values.Industry);
        customer.Country = change.Of(customer.Country, values.Country);
        customer.Region = change.Of(customer.Region, values.Region);
        customer.City = change.Of(customer.City, values.City);
        customer.AcquisitionChannel = change.Of(customer.AcquisitionChannel, values.Channel);
        customer.OwnerId = change.Of(customer.OwnerId, owner);
        customer.Tags = change.OfWords(customer.Tags, TagsAfter(customer.Tags, record, values.Tags));
        if (values.Interests is { } interests)
            customer.Interests = change.OfWords(customer.Interests, interests);
        customer.CreatedAt = change.Of(customer.CreatedAt, values.CreatedAt, isMissing: values.CreatedAt.Value < customer.CreatedAt);
        customer.Day = Run.Local.At(customer.CreatedAt).Day;
    }

    private static List<string> TagsAfter(List<string> current, CustomerRecord record, IReadOnlyList<string>? tags)
    {
        if (tags is null && record.AddTags is null && record.RemoveTags is null)
            return current;
        var after = new List<string>(tags ?? current);
        foreach (var tag in record.AddTags ?? [])
            if (!string.IsNullOrWhiteSpace(tag) && !after.Contains(tag.Trim()))
                after.Add(tag.Trim());
        after.RemoveAll(t => record.RemoveTags?.Contains(t) == true);
        return after;
    }
}
