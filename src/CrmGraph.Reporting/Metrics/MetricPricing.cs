using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics;

/// <summary>
/// What a table of metrics costs: its metrics by what they read and how long the period is, twice when compared, more for every way in which they are split;
/// and as many rows as the groups and buckets may make. The directives say the price of one metric of a short period, unsplit.
/// </summary>
internal static class MetricPricing
{
    /// <summary>Another grouping or a grain reads the same facts but keeps more sums.</summary>
    private const double SplitShare = 0.5;

    /// <summary>What each month of the period that has begun adds to a metric, and beyond how many months there are hardly any facts.</summary>
    private const double MonthShare = 0.25, DaysOfMonth = 31, MonthsAtMost = 120;

    /// <summary>With <c>first</c> the groups are read once to be chosen and once more for the table.</summary>
    private const double ChoiceTimes = 2;

    /// <summary>The groups that a dimension is taken to have; what it really has is known only to the database.</summary>
    private const double GroupsOfDimension = 20;

    /// <summary>Those of customers and products.</summary>
    private const double NumerousGroups = 1_000;

    private static readonly string[] RowFields = ["rows", "groupTotals", "bucketTotals"];

    /// <summary>What the schema says of a field that returns a table.</summary>
    public static ListSize Size { get; } = new(new CrmLimits().MetricRows, [], null, RowFields, RequireOne: false);

    public static FieldPrice Of(PricedSelection selection)
    {
        var query = MetricArguments.Read(selection.Arguments);
        var byLine = query.GroupBy.Any(d => d.IsOfLines());
        // One of the company's own costs what it is made of, as far as this server has read it.
        var own = (selection.Services.GetService(typeof(CustomMetrics)) as CustomMetrics)?.Last;
        var asked = MetricArguments.Selection(selection.Selections).Metrics
            .SelectMany(m => m.IsUnresolved && own?.Find(m.Key) is { } known
                ? m.Conditions.Aggregate(known, (metric, where) => metric.Under(where, MetricWhere.Canonical)).Leaves
                : [m])
            .DistinctBy(m => m.Asked).ToList();
        var metrics = Math.Max(
            1, asked.Sum(m => m.IsUnresolved ? 1 : m.Reads.Max(r => FactSources.Of(r, byLine).Price(r, query.Grain is not null))));
        var conditions = asked.SelectMany(m => m.Conditions).DistinctBy(MetricWhere.Canonical).Sum(w => QueryCosts.Filter + ConditionPrice.Of(w));
        var times = (query.CompareTo is null ? 1 : 2) * (query.First is null ? 1 : ChoiceTimes);
        // Each number of the first dimensions is read by itself.
        if (query.Subtotals)
            times *= Math.Max(1, query.GroupBy.Count);
        var splits = query.GroupBy.Count + (query.Grain is null ? 0 : 1);
        var months = Math.Min(Math.Ceiling(Days(query.Period) / DaysOfMonth), MonthsAtMost);
        var weight = QueryCosts.Metric * metrics * times * (1 + (months * MonthShare)) * (1 + (splits * SplitShare));
        return new(weight + conditions, Math.Min(Groups(query) * Buckets(query), Size.AssumedSize!.Value));
    }

    private static double Groups(MetricArgumentValues query)
    {
        var (groups, sums) = (1d, 0d);
        foreach (var dimension in query.GroupBy)
        {
            sums += groups;
            groups *= dimension == MetricDimension.Segment ? Math.Max(1, query.Segments) : dimension.IsNumerous() ? NumerousGroups : GroupsOfDimension;
        }

        if (query.Subtotals)
            return groups + sums;
        // The chosen ones, and the others as one.
        return query.First is { } first ? Math.Clamp(first + 1d, 1, groups) : groups;
    }

    private static double Buckets(MetricArgumentValues query)
        => query.Grain is not { } grain ? 1 : Math.Max(1, Math.Ceiling(Days(query.Period) / Days(grain)) + 1);

    private static double Days(PeriodInput period) => period switch
    {
        { Last: { } last } => Math.Max(0d, last.Count) * Days(last.Unit),
        { ToDate: { } unit } => Days(unit),
        { Range: { } range } => Math.Max(0, (range.Through?.DayNumber + 1 ?? (range.Before ?? range.Until)?.DayNumber ?? 0) - range.From.DayNumber),
        { Month: not null } => Days(CalendarUnit.Month),
        { Quarter: not null } => Days(CalendarUnit.Quarter),
        _ => Days(CalendarUnit.Year),
    };

    private static double Days(CalendarUnit unit) => unit switch
    {
        CalendarUnit.Day => 1,
        CalendarUnit.Week => 7,
        CalendarUnit.Month => 31,
        CalendarUnit.Quarter => 92,
        _ => 366,
    };

    private static double Days(TimeGrain grain) => grain switch
    {
        TimeGrain.Hour => 1 / 24d,
        TimeGrain.Day => 1,
        TimeGrain.Week => 7,
        TimeGrain.Month => 28,
        TimeGrain.Quarter or TimeGrain.FiscalQuarter => 90,
        _ => 365,
    };
}

/// <summary>The arguments that a table's size follows from.</summary>
internal sealed record MetricArgumentValues(
    PeriodInput Period,
    TimeGrain? Grain,
    IReadOnlyList<MetricDimension> GroupBy,
    int Segments,
    Comparison? CompareTo,
    int? First,
    bool Subtotals);
