using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Types;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Querying.Calendar;

/// <summary>The settings of the company and the moment in them: the same for all fields of a request.</summary>
public static class RequestSettings
{
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
            () => new Lazy<Task<CompanyState>>(() => CompanyState.ReadAsync(
                context.Services.GetRequiredService<CrmDbContext>(), context.Services.GetService<StatementCache>(), context.CancellationToken))).Value;

    /// <summary>For several operations on one state of the data: what each of them would read of the company is read once.</summary>
    internal static async Task ReadAheadAsync(
        RequestState state, CrmDbContext database, StatementCache? statements, DateTime asOf, TimeProvider time, CancellationToken cancellationToken)
    {
        var company = await CompanyState.ReadAsync(database, statements, cancellationToken);
        state.GetOrAdd(() => new Lazy<Task<CompanyState>>(Task.FromResult(company)));
        state.GetOrAdd(() => ReportingMoment.Of(company.Settings, time) with { Now = asOf });
    }

    /// <summary>The single row of the settings.</summary>
    public static async ValueTask<Settings> SettingsAsync(this CrmDbContext database, CancellationToken cancellationToken) =>
        await database.Settings.AsNoTracking().OrderBy(s => s.Id).FirstOrDefaultAsync(cancellationToken) ?? new Settings();
}
