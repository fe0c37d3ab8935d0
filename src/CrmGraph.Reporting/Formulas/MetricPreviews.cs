using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Goals;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Reports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Formulas;

/// <summary>What a formula would come to.</summary>
/// <param name="Definition">What follows from it: unit, dimensions, how values add up.</param>
/// <param name="Period">The last complete month.</param>
/// <param name="Value">The value of that month; null if there is a `reason`.</param>
/// <param name="Reason">Why there is no value; null if there is one.</param>
/// <param name="Previous">The value of that month by the formula that is saved; null without a key, and if there is none.</param>
/// <param name="Uses">What names the metric, with its values before and after the change: at most 50, other metrics first.</param>
/// <param name="UseCount">How many name it in all.</param>
public sealed record MetricPreview(
    MetricDefinition Definition, MetricPeriod Period, decimal? Value, NoValueReason? Reason, decimal? Previous,
    [property: ListSize(AssumedSize = 10)] IReadOnlyList<MetricMove> Uses, int UseCount);

/// <summary>What a change of a metric moves in something that names it.</summary>
/// <param name="Use">What names the metric.</param>
/// <param name="Start">
/// The first day of the period of its last value: of a goal, its own; of a report, that of its last stored result, if there is one; else of the last complete
/// month.
/// </param>
/// <param name="Through">The last day.</param>
/// <param name="Before">The total of the period by the saved formula; null if there is none.</param>
/// <param name="After">The total by the new formula; null if there is none.</param>
public sealed record MetricMove(MetricUse Use, DateOnly Start, DateOnly Through, decimal? Before, decimal? After)
{
    /// <summary>The new total less the old one; null if one of them is missing.</summary>
    public decimal? Change => After - Before;
}

/// <summary>Computes both formulas side by side, with the rights of whoever asks.</summary>
internal sealed class MetricPreviews
{
    private const int MostUses = 50;

    private readonly ResolverContext _context;
    private readonly CrmDbContext _database;
    private readonly ReportingMoment _moment;
    private readonly CustomCatalog _before, _after;
    private readonly string _key;

    private MetricPreviews(
        ResolverContext context, CrmDbContext database, ReportingMoment moment, (CustomCatalog Before, CustomCatalog After) catalogs, string key)
    {
        (_context, _database, _moment, _key) = (context, database, moment, key);
        (_before, _after) = catalogs;
    }

    public static async Task<MetricPreview> OfAsync(ResolverContext context, string formula, InputObject? where, string? key)
    {
        var (services, cancellationToken) = (context.Services, context.CancellationToken);
        var (database, metrics) = (services.GetRequiredService<CrmDbContext>(), services.GetRequiredService<CustomMetrics>());
        var rows = await database.CustomMetrics.AsNoTracking().OrderBy(m => m.Key).ToListAsync(cancellationToken);
        var saved = rows.Find(m => m.Key == key);
        if (key is not null && saved is null)
            throw new GraphQLException(
                MetricErrorCodes.UnknownMetric, $"There is no metric of the company's own with the key \"{key}\"; `customMetrics` lists them.");
        var row = new CustomMetric
        {
            Id = saved?.Id ?? Guid.Empty, Key = key ?? "", Label = saved?.Label ?? "", LabelZh = saved?.LabelZh, Formula = formula,
            Version = saved?.Version ?? 1, Favourable = saved?.Favourable ?? nameof(FavourableDirection.Neither),
            Condition = where is null ? null : FilterJson.Write(where),
        };
        MetricDefinition definition;
        try
        {
            definition = CustomMetricStore.Bound(metrics, row, rows);
        }
        catch (FormulaInvalidException e)
        {
            throw new GraphQLException(FormulaCodes.Invalid, e.Message);
        }

        var after = metrics.With([.. rows.Where(r => r.Key != row.Key), row]);
        var preview = new MetricPreviews(
            context, database, await RequestSettings.MomentAsync(context), (metrics.With(rows), after), row.Key);
        return await preview.OfAsync(definition, saved is null ? [] : await MetricUses.OfAsync(row.Key, database, metrics, cancellationToken));
    }

    private async Task<MetricPreview> OfAsync(MetricDefinition definition, IReadOnlyList<MetricUse> uses)
    {
        var month = _moment.Last(1, CalendarUnit.Month, complete: true);
        var value = await ValueAsync(definition, month);
        var moves = new List<MetricMove>();
        foreach (var use in uses.Take(MostUses))
            moves.Add(await MoveAsync(use, month));
        return new(
            definition, new(month.From, month.Until, false), value.Value, value.Reason,
            _before.Find(_key) is { } saved ? (await ValueAsync(saved, month)).Value : null, moves, uses.Count);
    }

    private async Task<MetricMove> MoveAsync(MetricUse use, DayRange month)
    {
        if (use.Of is Goal goal)
        {
            var until = goal.Deadline < _moment.Today ? goal.Deadline : _moment.Today;
            return goal.StartDay > _moment.Today
                ? new(use, goal.StartDay, goal.Deadline, null, null)
                : new(use, goal.StartDay, until, await GoalAsync(_before), await GoalAsync(_after));
        }

        var key = use.Of is CustomMetric other ? other.Key : _key;
        var days = use.Of is ReportDefinition report ? await DaysOfAsync(report) ?? month : month;
        return new(use, days.From, days.Until.AddDays(-1), await OfAsync(_before, key, days), await OfAsync(_after, key, days));

        async Task<decimal?> GoalAsync(CustomCatalog catalog) =>
            catalog.Find(_key) is { } metric ? (await GoalProgress.ValueAsync(goal, metric, _moment.Today, _context)).Value : null;
    }

    /// <summary>The first period of the newest kept result that the caller may see.</summary>
    private async Task<DayRange?> DaysOfAsync(ReportDefinition report)
    {
        var dates = await Rows.Of(_context).ReportResults.Where(r => r.ReportId == report.Id).OrderByDescending(r => r.AsOf).Select(r => r.Dates)
            .FirstOrDefaultAsync(_context.CancellationToken);
        return dates is not null && ReportDates.FromJson(dates).Periods is [var first, ..] ? new DayRange(first.From, first.Until) : null;
    }

    private async Task<decimal?> OfAsync(CustomCatalog catalog, string key, DayRange days) =>
        catalog.Find(key) is { } metric ? (await ValueAsync(metric, days)).Value : null;

    private async Task<MetricValue> ValueAsync(MetricDefinition metric, DayRange days)
    {
        var table = await _context.Services.GetRequiredService<MetricEngine>().ComputeAsync(
            _database, new() { Period = new() { Range = new() { From = days.From, Through = days.Until.AddDays(-1) } } },
            new([metric], Rows: false, GroupTotals: false, BucketTotals: false, Places: false), _context.State.Require<Caller>(), _context.CancellationToken,
            _moment, await RequestSettings.CompanyAsync(_context));
        return table.Totals.Values[metric.Asked];
    }
}
