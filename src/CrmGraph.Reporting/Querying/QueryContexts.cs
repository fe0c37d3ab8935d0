using CrmGraph.GraphQL.Execution;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Querying;

/// <summary>What filters and orders need to know of a request.</summary>
public static class QueryContexts
{
    public static async ValueTask<FilterContext> FilterAsync(ResolverContext context)
    {
        var database = context.Services.GetRequiredService<CrmDbContext>();
        return new FilterContext
        {
            Moment = await MomentAsync(context).ConfigureAwait(false),
            Limits = context.Services.GetService<CrmLimits>() ?? new(),
            Database = database,
            Caller = context.State.Get<Caller>(),
        };
    }

    /// <summary>The same for one list, which reads the settings only when its filter or order refers to them.</summary>
    internal static async ValueTask<FilterContext> FilterAsync(ResolverContext context, InputObject? where, object? order)
    {
        var limits = context.HostServices.GetService<CrmLimits>() ?? new();
        if ((where is not null && FilterBuilder.ReadsMoment(where)) || SortBuilder.ReadsMoment(order))
        {
            var filter = await FilterAsync(context).ConfigureAwait(false);
            await SortBuilder.PrepareAsync(order, filter, context.CancellationToken).ConfigureAwait(false);
            return filter;
        }

        return new FilterContext { Limits = limits, OpenDatabase = () => context.Services.GetRequiredService<CrmDbContext>() };
    }

    /// <summary>The moment of the request in the reporting calendar: the same for all of its fields.</summary>
    public static async ValueTask<ReportingMoment> MomentAsync(ResolverContext context)
    {
        if (context.State.Get<ReportingMoment>() is { } known)
            return known;
        var settings = await SettingsAsync(context).ConfigureAwait(false);
        var moment = ReportingMoment.Of(settings, context.Services.GetRequiredService<TimeProvider>());
        if (context.Services.GetService<ScopedMoment>()?.Lease is { AsOf: var asOf })
            moment = moment with { Now = asOf };
        return context.State.GetOrAdd(() => moment);
    }

    /// <summary>The settings of the request, read once for all of its fields.</summary>
    public static async ValueTask<Settings> SettingsAsync(ResolverContext context)
    {
        if (context.State.Get<Settings>() is { } known)
            return known;
        var settings = await context.Services.GetRequiredService<CrmDbContext>().SettingsAsync(context.CancellationToken).ConfigureAwait(false);
        return context.State.GetOrAdd(() => settings);
    }

    /// <summary>The single row of the settings.</summary>
    public static async ValueTask<Settings> SettingsAsync(this CrmDbContext database, CancellationToken cancellationToken) =>
        await database.Settings.AsNoTracking().OrderBy(s => s.Id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) ?? new Settings();
}
