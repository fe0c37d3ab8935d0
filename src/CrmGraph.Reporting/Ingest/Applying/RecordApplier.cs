using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Applying;

/// <summary>What every kind of record needs: finding its row, resolving references, claiming outside ids, and who may write what.</summary>
internal abstract class RecordApplier(BatchRun run)
{
    protected BatchRun Run => run;

    protected void Done(IngestRecord record, WriteStatus status, Guid id, Guid customerId = default) =>
        run.Outcome.Add(record.Kind, new RecordResult(status, id, customerId, null));

    protected void Refused(IngestRecord record, Check check) =>
        run.Outcome.Add(record.Kind, new RecordResult(WriteStatus.Refused, Guid.Empty, Guid.Empty, check.Refusal));

    /// <summary>
    /// What is not there and what the caller may not see have one answer, which names the record as he did and nothing that he did not know.
    /// </summary>
    protected static void RefuseMissing(IngestRecord record, Check check)
    {
        var thing = SnakeCase.Upper(record.Kind.ToString()).Replace('_', ' ').ToLowerInvariant();
        var name = record.Id is not null || record.Key.IsNone ? "with this id" : record.Key.ToString();
        check.Refuse(RefusalCodes.NotFound, $"There is no {thing} {name} that you may change.", record.Id is null ? "key" : "id");
    }

    /// <summary>The id of the record's row by key or id; null when it names no known row. Checks the shape of keys and that they agree.</summary>
    /// <param name="isThere">Whether a row of that id is there for the caller: what else the record says of one that is not is nobody's business.</param>
    protected Guid? Identify(IngestRecord record, ExternalEntity entity, Check check, Func<Guid, bool>? isThere = null)
    {
        Guid? found = record.Id;
        if (record.Id is { } given && entity == ExternalEntity.Customer)
            found = run.Keys.MergedInto(given) ?? given;
        if (found is { } named && isThere?.Invoke(named) == false)
        {
            RefuseMissing(record, check);
            return null;
        }

        foreach (var key in run.KeysOf(record))
        {
            CheckKey(key, run.IsMade(record, key), check);
            if (run.Keys.Find(entity, key) is not { } row)
                continue;
            if (found is { } other && other != row.Id)
                check.Refuse(RefusalCodes.Conflict,
                    $"The outside id {key} belongs to another row than the rest of the record. "
                    + $"Leave one id out{(entity == ExternalEntity.Customer ? ", or merge the customers first" : "")}.", "key");
            found = row.Id;
        }

        return found;
    }

    private void CheckKey(ExternalKey key, bool isMade, Check check)
    {
        if (string.IsNullOrWhiteSpace(key.Key) || string.IsNullOrWhiteSpace(key.Source))
            check.Refuse(RefusalCodes.Required, "An outside id needs a source and a key.", "key");
        check.Text(key.Key, "key", run.Limits.KeyCharacters);
        check.Text(key.Source, "source", run.Limits.KeyCharacters);
        if (!isMade && key.Source?.StartsWith(ExternalSources.ReservedPrefix, StringComparison.OrdinalIgnoreCase) == true)
            check.Refuse(
                RefusalCodes.InvalidText,
                $"Sources that begin with '{ExternalSources.ReservedPrefix}' are the server's own; choose another name.",
                "source");
    }

    /// <summary>Makes the record's outside ids name the row. Returns whether any was new.</summary>
    protected bool Claim(IngestRecord record, ExternalEntity entity, Guid? customerId, Guid id)
    {
        var any = false;
        foreach (var key in run.KeysOf(record))
        {
            if (run.Keys.Find(entity, key) is not null)
                continue;
            run.Keys.Claim(entity, key, customerId, id);
            any = true;
        }

        return any;
    }

    /// <summary>Rows that belong to no customer are the administrator's.</summary>
    protected bool MayWriteReference(Check check)
    {
        if (run.Options.Caller.Role == Role.Administrator)
            return true;
        check.Refuse(RefusalCodes.NotPermitted, "Only an administrator may change teams, team members, products, campaigns, spend and exchange rates.");
        return false;
    }

    /// <summary>The row of a record that belongs to no customer. Refuses a record that may not be written, and one that makes none of a missing row.</summary>
    protected (Guid? Id, Tracked<T>? Row) Locate<T>(IngestRecord record, ExternalEntity entity, RowSet<T> rows, Check check) where T : class
    {
        var known = MayWriteReference(check) ? Identify(record, entity, check) : null;
        var row = known is { } id ? rows.Find(id) : null;
        if (row is null && !CanBeMade(record))
            RefuseMissing(record, check);
        return (known, row);
    }

    /// <summary>Whether the record makes a row where there is none.</summary>
    protected static bool CanBeMade(IngestRecord record) => record.Id is null && record.Mode != WriteMode.UpdateOnly;

    /// <summary>Whether the customer, or a guest's facts, may be seen by whoever writes.</summary>
    protected bool Sees(Customer customer) => run.Options.Caller.SeesFactsOf(customer);

    protected Optional<Guid?> Member(Optional<RowRef> reference, string field, Check check) =>
        Named(reference, ExternalEntity.TeamMember, run.Members, "team member", field, check);

    protected Optional<Guid?> Campaign(Optional<RowRef> reference, Check check) =>
        Named(reference, ExternalEntity.Campaign, run.Campaigns, "campaign", "campaign", check);

    protected Optional<Guid?> Product(Optional<RowRef> reference, Check check) =>
        Named(reference, ExternalEntity.Product, run.Products, "product", "product", check);

    /// <summary>The row that a record names: null when it names none. Refuses the record when there is no such row.</summary>
    private Optional<Guid?> Named<T>(Optional<RowRef> reference, ExternalEntity entity, RowSet<T> rows, string thing, string field, Check check)
        where T : class
    {
        if (!reference.HasValue || reference.Value.IsNone)
            return reference.HasValue ? new Optional<Guid?>(null) : default;
        var id = Resolve(reference.Value, entity);
        if (id is null || rows.Find(id.Value) is null)
            check.Refuse(RefusalCodes.ReferenceNotFound, $"There is no {thing} {reference.Value}; write the {thing} first.", field);
        return id;
    }

    protected Guid? Resolve(RowRef reference, ExternalEntity entity) =>
        reference.IsNone ? null
        : !reference.IsId ? run.Keys.Find(entity, reference.Key)?.Id
        : entity == ExternalEntity.Customer ? run.Keys.MergedInto(reference.Id) ?? reference.Id
        : reference.Id;

    /// <summary>Several records of one file may tell one row: what the file itself made is no row that was there.</summary>
    protected bool WasThere<T>(Tracked<T>? row, Guid? id) where T : class =>
        row is not null && !(run.Options.ContentIds is { } file && (row.IsNew || (id is { } known && file.HasMade(known))));

    protected Change ChangeOf<T>(IngestRecord record, Tracked<T>? row, Guid? id) where T : class => new(record.Mode, !WasThere(row, id));

    protected static WriteStatus StatusOf(bool isNew, bool changed) => isNew ? WriteStatus.Created : changed ? WriteStatus.Updated : WriteStatus.Unchanged;
}
