using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Company;

[QueryType]
public static class SettingsQueries
{
    /// <summary>What every server on this database agrees on: zone, weeks, fiscal year, currency, activity window.</summary>
    public static async Task<Settings> GetSettingsAsync(ResolverContext context) =>
        await context.Services.GetRequiredService<CrmDbContext>().SettingsAsync(context.CancellationToken);
}

[MutationType]
[Error<ValidationException>]
public static class SettingsMutations
{
    /// <summary>Changes settings, and what is derived from them, all at once or not at all. Figures that are being watched are computed anew.</summary>
    [Authorize(Roles = [nameof(Role.Administrator)])]
    public static async Task<Settings> UpdateSettingsAsync(UpdateSettingsInput input, [Service] SettingsStore store, CancellationToken cancellationToken) =>
        (await store.ApplyAsync(input, cancellationToken)).Settings;
}
