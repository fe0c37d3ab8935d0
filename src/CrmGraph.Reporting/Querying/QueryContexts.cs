using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Querying;

/// <summary>The settings, and of what there is anything at all: one statement, because each would be a round trip of its own.</summary>
public sealed record CompanyState(Settings Settings, bool HasRates, bool HasContracts);

/// <summary>What filters and orders need to know of a request.</summary>
public static class QueryContexts
{
    public static async ValueTask<FilterContext> FilterAsync(ResolverContext context)
    {
        var database = context.Services.GetRequiredService<CrmDbContext>();
        return new FilterContext
        {
            Moment = await MomentAsync(context),
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
            var filter = await FilterAsync(context);
            await SortBuilder.PrepareAsync(order, filter, context.CancellationToken);
            return filter;
        }

        return new FilterContext { Limits = limits, OpenDatabase = () => context.Services.GetRequiredService<CrmDbContext>() };
    }

    /// <summary>The moment of the request in the reporting calendar: the same for all of its fields.</summary>
    public static async ValueTask<ReportingMoment> MomentAsync(ResolverContext context)
    {
        if (context.State.Get<ReportingMoment>() is { } known)
            return known;
        var settings = await SettingsAsync(context);
        var moment = ReportingMoment.Of(settings, context.Services.GetRequiredService<TimeProvider>());
        if (context.Services.GetService<ScopedMoment>()?.Lease is { AsOf: var asOf })
            moment = moment with { Now = asOf };
        return context.State.GetOrAdd(() => moment);
    }

    /// <summary>The settings of the request.</summary>
    public static async ValueTask<Settings> SettingsAsync(ResolverContext context) => (await CompanyAsync(context)).Settings;

    /// <summary>Read once for all fields of the request, which may ask at the same time.</summary>
    public static Task<CompanyState> CompanyAsync(ResolverContext context) =>
        context.State.GetOrAdd(
            () => new Lazy<Task<CompanyState>>(() => ReadCompanyAsync(context.Services.GetRequiredService<CrmDbContext>(), context.CancellationToken))).Value;

    private static async Task<CompanyState> ReadCompanyAsync(CrmDbContext database, CancellationToken cancellationToken)
    {
        // Joined: EF would run subqueries that hang on nothing as statements of their own.
        var read = await database.Settings.AsNoTracking().OrderBy(s => s.Id).Take(1).DefaultIfEmpty()
            .SelectMany(
                s => database.ExchangeRates.OrderBy(r => r.Currency).ThenBy(r => r.Day).Take(1).DefaultIfEmpty(),
                (s, r) => new { Settings = s, Rate = r!.Currency })
            .SelectMany(
                s => database.Contracts.OrderBy(c => c.CustomerId).ThenBy(c => c.Id).Take(1).DefaultIfEmpty(),
                (s, c) => new { s.Settings, s.Rate, Contract = (Guid?)c!.Id })
            .SingleAsync(cancellationToken);
        return new CompanyState(read.Settings ?? new(), read.Rate is not null, read.Contract is not null);
    }

    /// <summary>The single row of the settings.</summary>
    public static async ValueTask<Settings> SettingsAsync(this CrmDbContext database, CancellationToken cancellationToken) =>
        await database.Settings.AsNoTracking().OrderBy(s => s.Id).FirstOrDefaultAsync(cancellationToken) ?? new Settings();
}
