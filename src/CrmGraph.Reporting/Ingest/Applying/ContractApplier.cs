using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Applying;

internal sealed class ContractApplier(BatchRun run) : FactApplier(run)
{
    public void Apply(List<ContractRecord> records)
    {
        foreach (var record in records)
            Apply(record);
    }

    private void Apply(ContractRecord record)
    {
        var check = new Check(record, Run.Limits);
        RecordFields.Contracts.Check(record, check);
        check.Day(record.StartDay.HasValue ? record.StartDay.Value : null, "startDay");
        check.Day(record.EndDay.Value, "endDay");
        var target = check.Failed ? null : Locate(record, ExternalEntity.Contract, Run.Contracts, x => x.CustomerId, record.Customer, check);
        var before = target?.Existing?.Row;
        if (target is not null && before is null && !record.StartDay.HasValue)
            check.Refuse(RefusalCodes.Required, "startDay is needed for a new contract.", "startDay");
        var change = ChangeOf(record, target?.Existing, before?.Id);
        if (change.After(before?.EndDay, record.EndDay) < change.After(before?.StartDay ?? default, record.StartDay))
            check.Refuse(RefusalCodes.Inconsistent, "endDay lies before startDay.", "endDay");
        if (check.Failed)
            Refused(record, check);
        else
            Write(record, target!.Value, change);
    }

    private void Write(ContractRecord record, FactTarget<Contract> target, Change change)
    {
        var (id, customer, existing) = target;
        var row = existing ?? Run.Contracts.Add(id, new Contract { Id = id, CustomerId = customer.Id });
        var x = row.Edit();
        x.CustomerId = change.Of(x.CustomerId, customer.Id, isMissing: true);
        // The currency of an amount comes with it.
        x.Currency = change.Of(x.Currency, Stored.Currency(record.Currency), isMissing: x.MonthlyAmount is null);
        RecordFields.Contracts.Set(record, x, ref change);
        if (x.MonthlyAmount is not null && x.Currency is null)
            x.Currency = change.Of(x.Currency, Run.Settings.Currency);
        var claimed = Claim(record, ExternalEntity.Contract, x.CustomerId, x.Id);
        Done(record, StatusOf(existing is null, change.Any || claimed), x.Id, x.CustomerId);
    }
}
