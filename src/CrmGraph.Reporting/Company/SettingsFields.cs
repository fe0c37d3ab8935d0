using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Company;

[QueryType]
public static class SettingsQueries
{
    /// <summary>The settings that all servers of this database share: time zone, calendar, currency and activity window.</summary>
    public static async Task<Settings> GetSettingsAsync(ResolverContext context) =>
        await context.Services.GetRequiredService<CrmDbContext>().SettingsAsync(context.CancellationToken);
}

[MutationType]
[Error<ValidationException>]
public static class SettingsMutations
{
    /// <summary>Changes settings and everything derived from them, all or nothing. Live metrics are computed again.</summary>
    [Authorize(Roles = [nameof(Role.Administrator)])]
    public static async Task<Settings> UpdateSettingsAsync(UpdateSettingsInput input, [Service] SettingsStore store, CancellationToken cancellationToken) =>
        (await store.ApplyAsync(input, cancellationToken)).Settings;
}
