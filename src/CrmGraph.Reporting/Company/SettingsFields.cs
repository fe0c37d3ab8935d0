using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Database;
using CrmGraph.Reporting.Querying;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Company;

[QueryType]
public static class SettingsQueries
{
    /// <summary>What every server on this database agrees on: zone, weeks, fiscal year, currency, activity window.</summary>
    public static async Task<Settings> GetSettingsAsync(ResolverContext context) =>
        await context.Services.GetRequiredService<CrmDbContext>().SettingsAsync(context.CancellationToken);
}

/// <summary>Settings to change. Fields left out, or null, keep their values.</summary>
public sealed class UpdateSettingsInput
{
    /// <summary>IANA name of the zone in which days begin: `Europe/Berlin`. Day and hour of every fact are rewritten in it, which takes a while in a large database.</summary>
    public string? ReportingZone { get; set; }
    public DayOfWeek? WeekStart { get; set; }
    /// <summary>1 to 12.</summary>
    public int? FiscalYearStartMonth { get; set; }
    /// <summary>1 to 3650.</summary>
    public int? ActivityDays { get; set; }
    /// <summary>ISO 4217 code of the reporting currency.</summary>
    public string? Currency { get; set; }
    /// <summary>0 to 1000; 0 switches suppression off.</summary>
    public int? SmallGroupMinimum { get; set; }
}

[MutationType]
[Error<ValidationException>]
public static class SettingsMutations
{
    /// <summary>Changes settings, and what is derived from them, all at once or not at all. Figures that are being watched are computed anew.</summary>
    [Authorize(Roles = [nameof(Role.Administrator)])]
    public static async Task<Settings> UpdateSettingsAsync(UpdateSettingsInput input, [Service] SettingsStore store, CancellationToken cancellationToken)
    {
        var outcome = await store.ApplyAsync(new SettingsChange
        {
            ReportingZone = input.ReportingZone,
            WeekStart = input.WeekStart,
            FiscalYearStartMonth = input.FiscalYearStartMonth,
            ActivityDays = input.ActivityDays,
            Currency = input.Currency,
            SmallGroupMinimum = input.SmallGroupMinimum,
        }, cancellationToken);
        return outcome.Settings;
    }
}
