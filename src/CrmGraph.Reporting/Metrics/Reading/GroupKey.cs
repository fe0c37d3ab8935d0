using System.Linq.Expressions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>By what the statements of a period group. The key is whole: columns of rows, and what is computed of them; each statement takes those that it needs.</summary>
/// <param name="hasRates">Money is told apart by the day of its rate.</param>
/// <param name="byScope">Owners of today are told apart.</param>
internal sealed class GroupKey(MetricPlan plan, MetricWindow window, bool hasRates, bool byScope)
{
    private readonly Lazy<Expression<Func<FactRow, FactRow>>> _whole = new(() => Whole(plan, window));

    public MetricWindow Window => window;

    /// <summary>The columns by which a statement groups.</summary>
    public IReadOnlySet<string> Columns(MetricSlice? slice, FactStatement statement)
    {
        var columns = new HashSet<string>();
        if (slice is { IsOthers: false })
            columns.UnionWith(plan.Groupings.Take(slice.Level ?? plan.Groupings.Count).Select(g => g.Column).OfType<string>());
        if (byScope)
            columns.Add(nameof(FactRow.Scope));
        if (statement.ShiftDays is not null)
            columns.Add(nameof(FactRow.Day));
        if (statement.IsOfSingleCustomers)
            columns.Add(nameof(FactRow.CustomerId));
        if (statement.ByBucket)
            columns.UnionWith(plan.Query.Grain switch
            {
                TimeGrain.Hour => [nameof(FactRow.Day), nameof(FactRow.Hour)],
                TimeGrain.Day => [nameof(FactRow.Day)],
                _ => [nameof(FactRow.Bucket)],
            });
        if (statement.IsMoney)
            columns.Add(nameof(FactRow.Currency));
        if (statement.IsMoney && hasRates)
            columns.Add(nameof(FactRow.RateDay));
        return columns;
    }

    /// <summary>These columns of the key, for the rows of a slice.</summary>
    public FactKey Of(MetricSlice? slice, IReadOnlySet<string> columns)
    {
        var key = _whole.Value;
        var taken = ((MemberInitExpression)key.Body).Bindings.Cast<MemberAssignment>().Where(b => columns.Contains(b.Member.Name));
        return new(key.Parameters[0], [.. taken], slice?.Groups?.Invoke(key).Body);
    }

    /// <summary>The same by a rollup.</summary>
    public RolledKey OfRolled(IReadOnlySet<string> columns) => new(
        columns, BucketNumber.For(plan.Query.Grain ?? TimeGrain.Day, plan.Moment).Of,
        $"{plan.Query.Grain} {plan.Moment.WeekStart} {plan.Moment.FiscalYearStartMonth}", plan.Query.Currency ?? plan.Settings.Currency);

    private static Expression<Func<FactRow, FactRow>> Whole(MetricPlan plan, MetricWindow window)
    {
        var number = BucketNumber.For(plan.Query.Grain ?? TimeGrain.Day, plan.Moment).OfRow;
        var target = plan.Query.Currency ?? plan.Settings.Currency;
        // Whoever was born after the day on which he would have turned 18 by the last day of the period is younger than 18.
        var last = window.Days.Until.AddDays(-1);
        var (b0, b1, b2, b3, b4, b5) = (Born(last, 0), Born(last, 1), Born(last, 2), Born(last, 3), Born(last, 4), Born(last, 5));
        Expression<Func<FactRow, FactRow>> computed = x => new FactRow
        {
            AgeBand = x.BirthDate == null ? null
                : x.BirthDate > b0 ? 0 : x.BirthDate > b1 ? 1 : x.BirthDate > b2 ? 2 : x.BirthDate > b3 ? 3 : x.BirthDate > b4 ? 4 : x.BirthDate > b5 ? 5 : 6,
            // Day number 0, the first of January of the year 1, is a Monday.
            Weekday = x.Day.DayNumber % 7,
            HourOfDay = x.Hour,
            MonthOfYear = x.Day.Month,
            RateDay = x.Currency == target ? null : x.TransactionDay,
        };
        var (row, init) = (computed.Parameters[0], (MemberInitExpression)computed.Body);
        var bucket = Expression.Bind(typeof(FactRow).GetProperty(nameof(FactRow.Bucket))!, Conditions.Replace(number.Body, number.Parameters[0], row));
        List<MemberBinding> made = [.. init.Bindings, bucket];
        var copied = typeof(FactRow).GetProperties().Where(p => !made.Exists(b => b.Member.Name == p.Name))
            .Select(p => Expression.Bind(p, Expression.Property(row, p)));
        return Expression.Lambda<Func<FactRow, FactRow>>(init.Update(init.NewExpression, [.. made, .. copied]), row);
    }

    private static DateOnly Born(DateOnly day, int bound) => day.AddYears(-NumberedGroups.AgeBounds[bound]);
}
