using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Reading;
using CrmGraph.Reporting.Querying.Paging;
using CrmGraph.Reporting.Querying.Sorting;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Listing;

/// <summary>Lists the rows behind a number of a plan, the latest first, by the conditions and row rules by which the number was computed.</summary>
/// <param name="plan">Of one metric without conditions beside the table's; see <see cref="MetricPlan.Parts"/>.</param>
internal abstract class FactLister(MetricSession session, MetricPlan plan, FactWeights weights)
{
    public static FactLister Of(MetricSession session, MetricPlan plan, FactWeights weights) => (FactLister)Activator.CreateInstance(
        typeof(FactLister<>).MakeGenericType(weights.Source.RowType), session, plan, weights)!;

    /// <summary>By what rows are ordered.</summary>
    public abstract IReadOnlyList<SortKey> Order { get; }

    public abstract ValueTask<Connection> PageAsync(MetricGroup? group, PageRequest request, CancellationToken cancellationToken);

    protected bool HasDay => weights.Identity is not (FactIdentity.Customer or FactIdentity.Member);

    /// <summary>The column by which rows are told apart.</summary>
    protected string Identity => weights.Identity switch
    {
        FactIdentity.Fact or FactIdentity.PartOfFact => nameof(FactRow.Fact),
        FactIdentity.Order => nameof(SalesRow.OrderId),
        _ => nameof(FactRow.CustomerId),
    };

    /// <summary>The facts of a page, with their values in a currency.</summary>
    public async Task<(IReadOnlyList<MetricFact> Facts, string Currency)> FactsAsync(
        MetricDefinition metric, IReadOnlyList<FactRow> rows, CancellationToken cancellationToken)
    {
        var money = rows.Where(r => r.Currency is not null).Select(r => (r.Currency!, r.RateDay)).ToHashSet();
        var rates = await ExchangeRates.LoadAsync(session, plan.Settings.Currency, plan.Query.Currency, weights.IsMoney ? money : [], cancellationToken);
        var last = plan.Current.Past.Until.AddDays(-1);
        return ([.. rows.Select(row => new MetricFact(
            Type, HasDay ? row.Day : null,
            Outcome.Rounded(weights.ValueOf(metric, row, last, amount => rates.Convert(amount, row.Currency ?? rates.Target, row.RateDay)), Digits))
        {
            Id = Identity switch { nameof(FactRow.CustomerId) => row.CustomerId, nameof(SalesRow.OrderId) => ((SalesRow)row).OrderId, _ => row.Fact },
            CustomerId = row.CustomerId >= Guests.First && row.CustomerId <= Guests.Last ? null : row.CustomerId,
        })], rates.Target);
    }

    // As values of tables.
    private const int Digits = 12;

    private FactSubject Type => weights.Identity switch
    {
        FactIdentity.Fact or FactIdentity.PartOfFact => weights.Source.Subject!.Value,
        FactIdentity.Order => FactSubject.Order,
        _ => FactSubject.Customer,
    };

    /// <summary>The statements that have the rows, with what each is grouped and chosen by.</summary>
    protected async Task<List<IQueryable<FactRow>>> ListsAsync(MetricGroup? group, CancellationToken cancellationToken)
    {
        IReadOnlySet<Measure> measures = weights.Of.Select(w => w.Measure).ToHashSet();
        var context = new FactContext(session.Database, plan.Filter, plan.Caller, plan.Customers(null), plan.AskedAttributes, null);
        var hasRates = weights.IsMoney && await session.Database.ExchangeRates.AnyAsync(cancellationToken);
        var question = new FactQuestion(context, plan.Current.Days, measures)
        {
            Together = measures, Past = plan.Current.Past, Now = plan.Moment.Today, Buckets = null, NeedsWhole = false, CountsPeople = false,
            HasRates = hasRates, HasContracts = true, ActivityDays = plan.Settings.ActivityDays, Today = null,
        };
        var key = new GroupKey(plan, plan.Current, hasRates, byScope: false);
        var slice = group is null ? null : ChosenGroups.Slice(plan, group);
        HashSet<string> columns = [nameof(FactRow.CustomerId)];
        if (HasDay)
            columns.Add(nameof(FactRow.Day));
        if (Identity == nameof(FactRow.Fact))
            columns.Add(nameof(FactRow.Fact));
        if (weights.IsMoney)
            columns.UnionWith(hasRates ? [nameof(FactRow.Currency), nameof(FactRow.RateDay)] : [nameof(FactRow.Currency)]);
        return [.. weights.Source.Behind(question).Select(statement => weights.Source.List(
            statement, Shifted(key.Of(slice, columns), statement.ShiftDays ?? 0), [.. measures], weights.Identity))];
    }

    /// <summary>Rows of events stand on the day of what causes them.</summary>
    private static FactKey Shifted(FactKey key, int days) => days == 0 ? key : key with
    {
        Columns = [.. key.Columns.Select(c => c.Member.Name == nameof(FactRow.Day)
            ? Expression.Bind(c.Member, Expression.Call(c.Expression, nameof(DateOnly.AddDays), [], Expression.Constant(days)))
            : c)],
    };
}

/// <typeparam name="TRow">The rows of the source.</typeparam>
internal sealed class FactLister<TRow>(MetricSession session, MetricPlan plan, FactWeights weights) : FactLister(session, plan, weights) where TRow : FactRow
{
    public override IReadOnlyList<SortKey> Order => field ??= HasDay ? [Key(nameof(FactRow.Day), true), Key(Identity, true)] : [Key(Identity, true)];

    public override async ValueTask<Connection> PageAsync(MetricGroup? group, PageRequest request, CancellationToken cancellationToken)
    {
        var lists = (await ListsAsync(group, cancellationToken)).ConvertAll(list => (IQueryable<TRow>)list);
        var pager = new KeysetPager<TRow>(Order, request);
        return lists.Count == 0
            ? Connection.Of(new ObjectPage(Order, []), request)
            : await pager.PageAsync(lists.Aggregate((all, more) => all.Concat(more)), cancellationToken);
    }

    private static SortKey Key(string column, bool descending)
    {
        var row = Expression.Parameter(typeof(TRow), "x");
        Expression value = Expression.Property(row, column);
        if (value.Type == typeof(Guid?))
            value = Expression.Property(value, nameof(Nullable<>.Value));
        return new(column, Expression.Lambda(value, row), descending, IsNullable: false);
    }
}
