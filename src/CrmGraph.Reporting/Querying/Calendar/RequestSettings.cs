using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Querying.Calendar;

/// <summary>
/// The settings, of what there is anything at all, the marked days, and the stamps of what is kept in memory: one statement, because each would be a round
/// trip of its own.
/// </summary>
/// <param name="RollupMarks">See <see cref="RollupMark"/>: the days of the marks.</param>
/// <param name="RatesStamp">See <see cref="DataStamp.Rates"/>.</param>
/// <param name="RollupsStamp">See <see cref="DataStamp.Rollups"/>.</param>
public sealed record CompanyState(
    Settings Settings, bool HasRates, bool HasContracts, IReadOnlyList<DateOnly?> RollupMarks, long RatesStamp, long RollupsStamp);

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
            () => new Lazy<Task<CompanyState>>(() => ReadCompanyAsync(context.Services.GetRequiredService<CrmDbContext>(), context.CancellationToken))).Value;

    /// <summary>For several operations on one state of the data: what each of them would read of the company is read once.</summary>
    public static async Task ReadAheadAsync(RequestState state, CrmDbContext database, DateTime asOf, TimeProvider time, CancellationToken cancellationToken)
    {
        var company = await ReadCompanyAsync(database, cancellationToken);
        state.GetOrAdd(() => new Lazy<Task<CompanyState>>(Task.FromResult(company)));
        state.GetOrAdd(() => ReportingMoment.Of(company.Settings, time) with { Now = asOf });
    }

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
            .SelectMany(
                s => database.RollupMarks.GroupBy(m => m.Day).Select(g => new { Day = g.Key, First = g.Min(m => m.Sequence) })
                    .Take(RollupMark.MostDays + 1).DefaultIfEmpty(),
                (s, m) => new { s.Settings, s.Rate, s.Contract, m!.Day, Mark = (long?)m.First })
            .SelectMany(
                s => database.DataStamps.Where(x => x.Name == DataStamp.Rates).Take(1).DefaultIfEmpty(),
                (s, x) => new { s.Settings, s.Rate, s.Contract, s.Day, s.Mark, Rates = (long?)x!.Stamp })
            .SelectMany(
                s => database.DataStamps.Where(x => x.Name == DataStamp.Rollups).Take(1).DefaultIfEmpty(),
                (s, x) => new { s.Settings, s.Rate, s.Contract, s.Day, s.Mark, s.Rates, Rollups = (long?)x!.Stamp })
            .ToListAsync(cancellationToken);
        var company = read[0];
        return new CompanyState(
            company.Settings ?? new(), company.Rate is not null, company.Contract is not null, [.. read.Where(r => r.Mark is not null).Select(r => r.Day)],
            company.Rates ?? 0, company.Rollups ?? 0);
    }

    /// <summary>The single row of the settings.</summary>
    public static async ValueTask<Settings> SettingsAsync(this CrmDbContext database, CancellationToken cancellationToken) =>
        await database.Settings.AsNoTracking().OrderBy(s => s.Id).FirstOrDefaultAsync(cancellationToken) ?? new Settings();
}
