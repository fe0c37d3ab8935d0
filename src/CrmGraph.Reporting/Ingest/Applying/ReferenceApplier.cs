using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Applying;

/// <summary>Products, campaigns, their spend, and exchange rates: rows that belong to no customer.</summary>
internal sealed class ReferenceApplier(BatchRun run) : RecordApplier(run)
{
    public void Apply(IngestBatch batch)
    {
        foreach (var record in batch.Products)
            Apply(record);
        foreach (var record in batch.Campaigns)
            Apply(record);
        foreach (var record in batch.CampaignSpend)
            Apply(record);
        foreach (var record in batch.ExchangeRates)
            Apply(record);
    }

    private void Apply(ProductRecord record)
    {
        var check = new Check(record, Run.Limits);
        RecordFields.Products.Check(record, check);
        var (known, row) = Locate(record, ExternalEntity.Product, Run.Products, check);
        if (row is null && CanBeMade(record) && record.Key.IsNone && Stored.Text(record.Sku.Value) is null)
            check.Refuse(RefusalCodes.Required, "A new product needs a sku or an outside id.", "sku");
        if (check.Failed)
        {
            Refused(record, check);
            return;
        }

        var isNew = row is null;
        row ??= NewProduct(known ?? Run.NewId(), Stored.Text(record.Sku.Value) ?? record.Key.Key);
        var product = row.Edit();
        var change = ChangeOf(record, row, product.Id);
        var hadPrice = product.Price is not null;
        RecordFields.Products.Set(record, product, ref change);
        SetCurrency(product, record, hadPrice, ref change);
        var claimed = Claim(record, ExternalEntity.Product, null, product.Id);
        Done(record, StatusOf(isNew, change.Any || claimed), product.Id);
    }

    /// <summary>The currency of a price comes and goes with it.</summary>
    private void SetCurrency(Product product, ProductRecord record, bool hadPrice, ref Change change)
    {
        product.Currency = product.Price is null
            ? null
            : change.Of(product.Currency, Stored.Currency(record.Currency, Run.Settings.Currency), isMissing: !hadPrice) ?? Run.Settings.Currency;
    }

    private Tracked<Product> NewProduct(Guid id, string sku) => Run.Products.Add(id, new Product { Id = id, Sku = sku, Name = sku });

    private void Apply(CampaignRecord record)
    {
        var check = new Check(record, Run.Limits);
        RecordFields.Campaigns.Check(record, check);
        var (known, row) = Locate(record, ExternalEntity.Campaign, Run.Campaigns, check);
        if (row is null && CanBeMade(record) && record.Key.IsNone && Stored.Text(record.Name.Value) is null)
            check.Refuse(RefusalCodes.Required, "A new campaign needs a name.", "name");
        var change = ChangeOf(record, row, row?.Row.Id);
        if (change.After(row?.Row.EndDay, record.EndDay) < change.After(row?.Row.StartDay, record.StartDay))
            check.Refuse(RefusalCodes.Inconsistent, "endDay lies before startDay.", "endDay");
        if (check.Failed)
        {
            Refused(record, check);
            return;
        }

        var isNew = row is null;
        row ??= NewCampaign(known ?? Run.NewId(), record);
        var campaign = row.Edit();
        RecordFields.Campaigns.Set(record, campaign, ref change);
        var claimed = Claim(record, ExternalEntity.Campaign, null, campaign.Id);
        Done(record, StatusOf(isNew, change.Any || claimed), campaign.Id);
    }

    private Tracked<Campaign> NewCampaign(Guid id, CampaignRecord record) => Run.Campaigns.Add(id, new Campaign { Id = id, Name = record.Key.Key ?? "" });

    private void Apply(CampaignSpendRecord record)
    {
        var check = new Check(record, Run.Limits);
        MayWriteReference(check);
        check.Day(record.Day, "day");
        var amount = check.Amount(record.Amount, "amount");
        var currency = check.Currency(record.Currency ?? Run.Settings.Currency, "currency");
        var campaign = Resolve(record.Campaign, ExternalEntity.Campaign) is { } id ? Run.Campaigns.Find(id) : null;
        if (campaign is null)
            check.Refuse(RefusalCodes.ReferenceNotFound, $"There is no campaign {record.Campaign}; write the campaign first.", "campaign");
        var channel = check.Text(record.Channel, "channel", Run.Limits.NameCharacters) ?? campaign?.Row.Channel;
        if (channel is null)
            check.Refuse(RefusalCodes.Required, "channel is needed: the campaign has none.", "channel");
        if (check.Failed)
        {
            Refused(record, check);
            return;
        }

        var key = (campaign!.Row.Id, record.Day, channel!, currency!);
        var isNew = !Run.Spend.TryGetValue(key, out var row);
        if (isNew && record.Mode == WriteMode.UpdateOnly)
        {
            check.Refuse(RefusalCodes.NotFound, "There is no spend of this campaign on this day; mode upsert makes one.", "day");
            Refused(record, check);
            return;
        }

        if (isNew)
            Run.Spend.Add(key, row = new(new CampaignSpend { CampaignId = key.Item1, Day = key.Day, Channel = channel!, Currency = currency! }, isNew: true));
        var change = new Change(record.Mode, isNew);
        row!.Edit().Amount = change.Of(row.Row.Amount, amount);
        Done(record, StatusOf(isNew, change.Any), key.Item1);
    }

    private void Apply(ExchangeRateRecord record)
    {
        var check = new Check(record, Run.Limits);
        MayWriteReference(check);
        check.Day(record.Day, "day");
        var currency = check.Currency(record.Currency, "currency");
        if (currency == Run.Settings.Currency)
            check.Refuse(
                RefusalCodes.Inconsistent,
                $"currency {currency} is the reporting currency, in which rates are quoted; give rates of other currencies.",
                "currency");
        if (record.Rate is <= 0 or > 1_000_000_000)
            check.Refuse(RefusalCodes.OutOfRange, $"rate is {record.Rate}; it must be positive and at most 1000000000.", "rate");
        var rate = check.Failed ? 0 : FixedPoint.FromDecimal(record.Rate, 8);
        if (rate == 0)
            check.Refuse(RefusalCodes.OutOfRange, $"rate is {record.Rate}; the smallest rate that is kept is 0.00000001.", "rate");
        if (check.Failed)
        {
            Refused(record, check);
            return;
        }

        var key = (currency!, record.Day);
        var isNew = !Run.Rates.TryGetValue(key, out var row);
        if (isNew && record.Mode == WriteMode.UpdateOnly)
        {
            check.Refuse(RefusalCodes.NotFound, "There is no rate of this currency on this day; mode upsert makes one.", "day");
            Refused(record, check);
            return;
        }

        if (isNew)
            Run.Rates.Add(key, row = new(new ExchangeRate { Currency = currency!, Day = record.Day }, isNew: true));
        // A rate that was quoted in an earlier reporting currency is none.
        var isOutdated = row!.Row.QuotedIn is not null;
        var change = new Change(record.Mode, isNew || isOutdated);
        var edited = row.Edit();
        (edited.Rate, edited.QuotedIn) = (change.Of(edited.Rate, rate), null);
        Done(record, StatusOf(isNew, change.Any || isOutdated), Guid.Empty);
    }
}
