using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Ingest;

internal sealed class ContractRecords(BatchRun run) : FactRows(run)
{
    public void Apply(List<ContractRecord> records)
    {
        foreach (var record in records)
            Apply(record);
    }

    private void Apply(ContractRecord record)
    {
        var check = new Check(record.Kind, record.Origin);
        var plan = check.Text(record.Plan, "plan", Run.Limits.NameCharacters);
        var amount = check.Amount(record.MonthlyAmount, "monthlyAmount");
        var currency = record.Currency.HasValue ? new Optional<string?>(check.Currency(record.Currency.Value, "currency")) : default;
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
            Write(record, target!.Value, change, plan, amount, currency);
    }

    private void Write(
        ContractRecord record,
        FactTarget<Contract> target,
        Change change,
        Optional<string?> plan,
        Optional<long?> amount,
        Optional<string?> currency)
    {
        var (id, customer, existing) = target;
        var row = existing ?? Run.Contracts.Add(id, new Contract { Id = id, CustomerId = customer.Id, StartDay = record.StartDay.Value });
        var x = row.Edit();
        x.CustomerId = change.Of(x.CustomerId, customer.Id, isMissing: true);
        x.Plan = change.Of(x.Plan, plan);
        x.StartDay = change.Of(x.StartDay, record.StartDay);
        x.EndDay = change.Of(x.EndDay, record.EndDay);
        // The currency of an amount comes with it.
        x.Currency = change.Of(x.Currency, currency, isMissing: x.MonthlyAmount is null);
        x.MonthlyAmount = change.Of(x.MonthlyAmount, amount);
        if (x.MonthlyAmount is not null && x.Currency is null)
            x.Currency = change.Of(x.Currency, Run.Settings.Currency);
        var claimed = Claim(record, ExternalEntity.Contract, x.CustomerId, x.Id);
        Done(record, StatusOf(existing is null, change.Any || claimed), x.Id, x.CustomerId);
    }
}
