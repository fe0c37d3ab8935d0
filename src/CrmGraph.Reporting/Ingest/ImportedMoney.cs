using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest;

/// <summary>The currencies of a file's money beside the reporting currency.</summary>
internal static class ImportedMoney
{
    /// <summary>
    /// A database without money takes the currency of the first that is imported, unless somebody has set the settings. Money in another currency
    /// has no order and no sum until there are rates, and no file says that the currency was never chosen.
    /// </summary>
    public static async Task<bool> AdoptAsync(CrmDbContext context, IngestBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        if (!await WouldAdoptAsync(context, batch, settings, cancellationToken))
            return false;
        settings.Currency = Currencies(batch).Single();
        await context.Settings.ExecuteUpdateAsync(x => x.SetProperty(s => s.Currency, settings.Currency), cancellationToken);
        return true;
    }

    public static async Task<bool> WouldAdoptAsync(CrmDbContext context, IngestBatch batch, Settings settings, CancellationToken cancellationToken) =>
        batch.ExchangeRates.Count == 0 && Currencies(batch) is { Count: 1 } currencies && !currencies.Contains(settings.Currency)
            && await IsUntouchedAsync(context, settings.Currency, cancellationToken);

    /// <summary>Other currencies of the batch that have no rate: their money stands beside the reporting currency's, and is never added to it.</summary>
    public static async Task<IReadOnlyList<string>> UnratedAsync(
        CrmDbContext context,
        IngestBatch batch,
        Settings settings,
        CancellationToken cancellationToken)
    {
        var foreign = Currencies(batch).Where(currency => currency != settings.Currency).ToList();
        if (foreign.Count == 0)
            return [];
        var rated = await context.ExchangeRates.Where(rate => foreign.Contains(rate.Currency)).Select(rate => rate.Currency).Distinct()
            .ToListAsync(cancellationToken);
        return [.. foreign.Except(rated)];
    }

    private static HashSet<string> Currencies(IngestBatch batch) =>
        [.. batch.Orders.Select(x => x.Currency.Value).Concat(batch.Opportunities.Select(x => x.Currency.Value))
            .Concat(batch.CampaignSpend.Select(x => x.Currency))
            .Concat(batch.Contracts.Where(x => x.MonthlyAmount.Value is not null).Select(x => x.Currency.Value))
            .Select(CurrencyCodes.Find)
            .OfType<string>()];

    /// <summary>No money and no rate is stored, and the currency was never changed: each change of the settings leaves its row in the history.</summary>
    private static async Task<bool> IsUntouchedAsync(CrmDbContext context, string currency, CancellationToken cancellationToken)
    {
        if (await context.Orders.AnyAsync(cancellationToken) || await context.Opportunities.AnyAsync(cancellationToken)
            || await context.CampaignSpend.AnyAsync(cancellationToken)
            || await context.Contracts.AnyAsync(cancellationToken)
            || await context.ExchangeRates.AnyAsync(cancellationToken))
            return false;
        var former = await context.Database.SqlQueryRaw<string>("select cast(\"row\" as text) as \"Value\" from history where \"table\" = 'settings'")
            .ToListAsync(cancellationToken);
        return former.TrueForAll(row => JsonDocument.Parse(row).RootElement.GetProperty("currency").GetString() == currency);
    }
}
