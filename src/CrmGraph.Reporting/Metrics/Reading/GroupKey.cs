using System.Linq.Expressions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>By what the statements of a period group. The key is written whole; each statement takes the columns that it needs.</summary>
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
            columns.UnionWith(plan.Columns.Select(d => Groups.Column(d)!));
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

    /// <summary>Whether no two rows differ in nothing but their currency. Columns that are no key are alike in all rows.</summary>
    public static bool HasOneRowPerGroup(IReadOnlyList<FactRow> rows) => rows.DistinctBy(r => (
        r.Region, r.Country, r.City, r.Channel, r.Owner, r.ProductCategory, r.Industry, r.Gender, r.AgeBand, r.LifecycleStage, r.AcquisitionChannel,
        r.CustomerKind, r.ShippingCountry, r.TicketPriority, r.Scope, r.Day, r.Hour, r.Bucket)).Count() == rows.Count;

    private static Expression<Func<FactRow, FactRow>> Whole(MetricPlan plan, MetricWindow window)
    {
        var number = BucketNumber.For(plan.Query.Grain ?? TimeGrain.Day, plan.Moment).OfRow;
        var target = plan.Query.Currency ?? plan.Settings.Currency;
        // Whoever was born after the day on which he would have turned 18 by the last day of the period is younger than 18.
        var last = window.Days.Until.AddDays(-1);
        var (b0, b1, b2, b3, b4, b5) = (Born(last, 0), Born(last, 1), Born(last, 2), Born(last, 3), Born(last, 4), Born(last, 5));
        Expression<Func<FactRow, FactRow>> key = x => new FactRow
        {
            Region = x.Region,
            Country = x.Country,
            City = x.City,
            Channel = x.Channel,
            Owner = x.Owner,
            ProductCategory = x.ProductCategory,
            Industry = x.Industry,
            Gender = x.Gender,
            AgeBand = x.BirthDate == null ? null
                : x.BirthDate > b0 ? 0 : x.BirthDate > b1 ? 1 : x.BirthDate > b2 ? 2 : x.BirthDate > b3 ? 3 : x.BirthDate > b4 ? 4 : x.BirthDate > b5 ? 5 : 6,
            LifecycleStage = x.LifecycleStage,
            AcquisitionChannel = x.AcquisitionChannel,
            CustomerKind = x.CustomerKind,
            ShippingCountry = x.ShippingCountry,
            TicketPriority = x.TicketPriority,
            Scope = x.Scope,
            CustomerId = x.CustomerId,
            Day = x.Day,
            Hour = x.Hour,
            Bucket = x.Bucket,
            Currency = x.Currency,
            RateDay = x.Currency == target ? null : x.TransactionDay,
        };
        var init = (MemberInitExpression)key.Body;
        var row = key.Parameters[0];
        return Expression.Lambda<Func<FactRow, FactRow>>(init.Update(init.NewExpression, init.Bindings.Select(b => b.Member.Name == nameof(FactRow.Bucket)
            ? Expression.Bind(b.Member, Conditions.Replace(number.Body, number.Parameters[0], row)) : b)), row);
    }

    private static DateOnly Born(DateOnly day, int bound) => day.AddYears(-Groups.AgeBounds[bound]);
}
