using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>
/// Facts of one kind of table: which measures they have, by what they can be told apart and filtered, and which statements give their numbers. What follows
/// from a measure's source is asked here and nowhere else.
/// </summary>
internal abstract class FactSource
{
    /// <summary>Distinct known customers behind the facts.</summary>
    public static Measure People { get; } = Measure.Of<FactRow>(r => r.People, null);

    public abstract IReadOnlyList<Measure> Measures { get; }

    /// <summary>The tables that are read beside those of customers and settings.</summary>
    public abstract IReadOnlyList<string> Tables { get; }

    /// <summary>Whether every fact before the days of a period has a say in it, and not only those of the days.</summary>
    public virtual bool ReadsAllBefore => false;

    /// <summary>Whether facts have a local hour.</summary>
    public virtual bool HasHours => false;

    /// <summary>Facts are the lines of orders.</summary>
    public virtual bool IsByLine => false;

    /// <summary>Facts belong to customers, so that rows can be kept from callers.</summary>
    public virtual bool IsOfCustomers => true;

    /// <summary>Whether facts can be told apart by the dimension.</summary>
    public virtual bool Supports(MetricDimension dimension) => dimension
        is MetricDimension.Customer or MetricDimension.Region or MetricDimension.Country or MetricDimension.City or MetricDimension.Industry
        or MetricDimension.Occupation or MetricDimension.Gender or MetricDimension.AgeBand or MetricDimension.LifecycleStage or MetricDimension.CustomerKind
        or MetricDimension.AcquisitionChannel or MetricDimension.Cohort or MetricDimension.Segment or MetricDimension.Tag or MetricDimension.Interest
        or MetricDimension.Channel or MetricDimension.Owner or MetricDimension.SalesTeam or MetricDimension.RfmGroup or MetricDimension.ValueClass
        or MetricDimension.Cluster or MetricDimension.ProbabilityAlive or MetricDimension.Attribute or MetricDimension.AttributeBand;

    /// <summary>Whether facts can be told apart by buckets of that width.</summary>
    public virtual bool Supports(TimeGrain grain) => grain != TimeGrain.Hour || HasHours;

    /// <summary>Whether facts can be told by these conditions.</summary>
    public virtual bool Suits(FactFilter filter) => !filter.NeedsLines;

    /// <summary>Whether the measure is counted of distinct rows, so that groups do not add up to it.</summary>
    public abstract bool IsDistinct(Measure measure);

    /// <summary>Whether what a longer time comes to follows from its parts.</summary>
    public virtual bool AddsUpOverTime(Measure measure) => !IsDistinct(measure);

    /// <summary>How much of the database the measure reads, in sums of orders. Distinct rows are sorted.</summary>
    public virtual double Price(Measure measure, bool byTime) => IsDistinct(measure) || measure.Ranked is not null ? 4 : 1;

    /// <summary>The statements that answer a question, in the order in which they are to be run.</summary>
    public abstract IEnumerable<FactStatement> Statements(FactQuestion question);

    /// <summary>One row per key, with the aggregates of a statement.</summary>
    public abstract IQueryable<FactRow> Group(FactStatement statement, FactKey key, SumPart part);

    /// <summary>The first groups of a statement by the weighted sum of some of its numbers, greatest first, equal ones by the key, which is one id.</summary>
    public abstract IQueryable<FactRow> Top(FactStatement statement, FactKey key, IReadOnlyList<(Measure Measure, long Weight)> by, int count);

    /// <summary>What of the key a statement's rows have, each once.</summary>
    public abstract IQueryable<T> Values<T>(FactStatement statement, FactKey key);

    /// <summary>What the rows behind a number are; null where they are nothing that can be asked for one by one.</summary>
    public virtual FactSubject? Subject => null;

    /// <summary>What the rows behind a measure are told apart by.</summary>
    public virtual FactIdentity IdentityOf(Measure measure) => IsDistinct(measure) ? FactIdentity.Customer : FactIdentity.Fact;

    /// <summary>The statements whose rows are the facts behind the measures of a question, over its whole period; what they sum and count is not asked.</summary>
    public abstract IEnumerable<FactStatement> Behind(FactQuestion question);

    /// <summary>The rows behind measures, one for each fact that counts, with the columns of the key and those of the measures.</summary>
    public abstract IQueryable<FactRow> List(FactStatement statement, FactKey key, IReadOnlyList<Measure> measures, FactIdentity identity);

    /// <summary>Whether sums over days are those of its facts, each of its own day.</summary>
    public virtual bool IsOfDays => false;

    /// <summary>Whether daily sums may be read instead of the facts.</summary>
    public virtual bool HasRollups => false;

    /// <summary>The rollup whose days a statement's sums are those of; null when there is none.</summary>
    public virtual RolledSource? RolledOf(FactContext context, FactStatement statement, RolledKey key) => null;

    /// <summary>The rollup whose customers are those of a statement; null when there is none, or some of the days are marked.</summary>
    public virtual RolledOrders? RolledCustomersOf(FactContext context, DayRange days, RolledKey key) => null;

    /// <summary>What distinct customers can be counted by instead of the facts; null when only the facts tell them.</summary>
    public virtual CustomerSets? SetsOf(FactContext context, DayRange days, FactKey key) => null;

    /// <summary>What the numbers of a statement are summed and counted from instead of the facts; null when only the facts or rollups tell them.</summary>
    public virtual ColumnarSource? ColumnsOf(FactContext context, FactStatement statement, FactKey key) => null;

    /// <summary>Who bought on these days, for a <see cref="LifeQuestion"/>; null when only the facts tell.</summary>
    public virtual CustomerSets? BuyersOf(FactContext context, DayRange days, FactKey key) => null;

    /// <summary>The same for any customers: who bought at all, and who of them counts; null when only the facts tell.</summary>
    public virtual ChosenBuyers? ChosenBuyersOf(FactContext context, DayRange days, FactKey key) => null;

    public abstract Type RowType { get; }

    /// <summary>Where the rows of a statement are read to.</summary>
    public abstract FactResult Result(IReadOnlyList<string> columns);

    /// <summary>How many customers stand behind a cell.</summary>
    public virtual long PeopleIn(MetricCell cell) => cell.People(this);

    /// <summary>What facts of some days come from.</summary>
    /// <param name="byCustomer">Customers are chosen by a condition, which can reach any of their facts, of any day.</param>
    public MetricReads Reads(DayRange days, bool byCustomer) =>
        byCustomer
            ? new(new HashSet<string>([.. MetricReads.OfFacts, .. Tables, .. MetricReads.OfCustomers], StringComparer.Ordinal), null, DateOnly.MaxValue)
            : new(new HashSet<string>([.. MetricReads.OfFacts, .. Tables], StringComparer.Ordinal), ReadsAllBefore ? null : days.From, days.Until);

    public override string ToString() => GetType().Name;
}

/// <typeparam name="TRow">The rows of its facts.</typeparam>
internal abstract class FactSource<TRow> : FactSource where TRow : FactRow, new()
{
    private readonly Dictionary<Measure, Expression<Func<IEnumerable<TRow>, long>>> _counts = new()
    {
        [People] = rows => rows.Where(r => r.IsKnown).Select(r => r.CustomerId).Distinct().Count(),
    };

    private readonly Dictionary<Measure, Expression<Func<IEnumerable<TRow>, long>>> _sums;

    /// <summary>Which customers are counted, by their rows in a group, for the measures that are counted so.</summary>
    protected Dictionary<Measure, Expression<Func<IEnumerable<TRow>, bool>>> OfEach { get; } = [];

    /// <summary>The same counts where no two rows of a group are of the same one, so that nothing has to be sorted out.</summary>
    protected Dictionary<Measure, OnceCount<TRow>> Once { get; } = [];

    /// <param name="counts">How those of the measures are counted that are not summed.</param>
    protected FactSource(IReadOnlyList<Measure> measures, params IEnumerable<(Measure Measure, Expression<Func<IEnumerable<TRow>, long>> Count)> counts)
    {
        Measures = measures;
        foreach (var (measure, count) in counts)
            _counts[measure] = count;
        _sums = measures.Where(m => !_counts.ContainsKey(m) && m.Ranked is null).ToDictionary(m => m, m => FactQuery.Sum<TRow>(m.Column));
    }

    public sealed override IReadOnlyList<Measure> Measures { get; }

    public sealed override bool IsDistinct(Measure measure) => _counts.ContainsKey(measure) || OfEach.ContainsKey(measure);

    protected bool IsSum(Measure measure) => measure.Ranked is null && !IsDistinct(measure);

    public sealed override Type RowType => typeof(TRow);

    public sealed override FactResult Result(IReadOnlyList<string> columns) => new FactResult<TRow>(columns);

    public sealed override IQueryable<FactRow> Group(FactStatement statement, FactKey key, SumPart part)
    {
        if (statement.OfEach is { } counted)
            return GroupOfEach(statement, key, counted);
        if (statement.FirstOf is { } first)
            return GroupOfFirst(statement, key, first);
        List<(PropertyInfo Column, Expression<Func<IEnumerable<TRow>, long>> Value)> aggregates =
            [.. statement.Sums.Select(m => (m.Column, WideSums.Of(part, _sums[m])))];
        if (statement.Ranks is { } ranked)
            aggregates.Add((ranked.Column, rows => rows.Count()));
        IReadOnlyList<PropertyInfo> own = statement.Ranks?.Ranked ?? [];
        var read = FactQuery.Columns([.. key.Expressions, .. aggregates.Select(a => a.Value), .. statement.Counts.Select(m => _counts[m])]);
        IReadOnlySet<string> columns = new HashSet<string>([.. read, .. own.Select(c => c.Name)]);
        var told = statement.Told?.Invoke(columns);
        aggregates.AddRange(statement.Counts.Select(m => (m.Column, IsOnce(m, told, key) ? Once[m].Count! : _counts[m])));
        var rows = (IQueryable<TRow>)statement.Rows(columns);
        return statement.Ranks is null && statement.Counts.Count == 0 && FactQuery.IsWorthByDay(key)
            ? FactQuery.AggregateByDay(rows, key, aggregates)
            : FactQuery.Aggregate(rows, key, own, aggregates);
    }

    private bool IsOnce(Measure measure, IReadOnlySet<string>? told, FactKey key) =>
        told is not null && Once.TryGetValue(measure, out var once) && once.Holds(told, key);

    private static IQueryable<FactRow> GroupOfFirst(FactStatement statement, FactKey key, Measure counted)
    {
        IReadOnlySet<string> columns = new HashSet<string>([.. FactQuery.Columns(key.Expressions), nameof(FactRow.CustomerId), nameof(FactRow.Day)]);
        return FactQuery.AggregateOfFirst((IQueryable<TRow>)statement.Rows(columns), key, counted.Column, statement.FirstFrom);
    }

    private IQueryable<FactRow> GroupOfEach(FactStatement statement, FactKey key, Measure counted)
    {
        var each = OfEach[counted];
        IReadOnlySet<string> columns = new HashSet<string>([.. FactQuery.Columns([.. key.Expressions, each]), nameof(FactRow.CustomerId)]);
        if (IsOnce(counted, statement.Told?.Invoke(columns), key))
            each = Once[counted].OfEach!;
        return FactQuery.AggregateOfEach((IQueryable<TRow>)statement.Rows(columns), key, counted.Column, each);
    }

    public sealed override IQueryable<FactRow> Top(FactStatement statement, FactKey key, IReadOnlyList<(Measure Measure, long Weight)> by, int count)
    {
        var row = Expression.Parameter(typeof(TRow), "g");
        var value = by.Select(b => (Expression)Expression.Multiply(Expression.Property(row, b.Measure.Column), Expression.Constant(b.Weight)))
            .Aggregate(Expression.Add);
        var id = Expression.Property(row, (PropertyInfo)key.Columns[0].Member);
        return ((IQueryable<TRow>)Group(statement, key, SumPart.Whole)).OrderByDescending(Expression.Lambda<Func<TRow, long>>(value, row))
            .ThenBy(Expression.Lambda<Func<TRow, bool>>(Expression.Equal(id, Expression.Constant(null, id.Type)), row))
            .ThenBy(Expression.Lambda<Func<TRow, Guid?>>(id, row)).Take(count);
    }

    public sealed override IQueryable<FactRow> List(FactStatement statement, FactKey key, IReadOnlyList<Measure> measures, FactIdentity identity)
    {
        if (measures is [var each] && OfEach.ContainsKey(each))
            return GroupOfEach(statement, key, each);
        List<string> own = [.. measures.SelectMany(m => m.Ranked?.Select(c => c.Name) ?? [m.Column.Name])];
        if (identity is FactIdentity.Fact)
        {
            var rows = FactQuery.Keyed(Rows([.. FactQuery.Columns(key.Expressions), .. own]), key, own);
            return measures[0].Ranked is null ? rows.Where(IsAny(measures)) : rows;
        }

        if (identity is FactIdentity.Member or FactIdentity.Event)
            return FactQuery.Keyed(Rows(FactQuery.Columns(key.Expressions)), key, []).Distinct();
        IReadOnlyList<PropertyInfo> told = identity == FactIdentity.Order ? [typeof(TRow).GetProperty(nameof(SalesRow.OrderId))!] : [];
        List<(PropertyInfo Column, Expression<Func<IEnumerable<TRow>, long>> Value)> aggregates =
            [.. measures.Select(m => (m.Column, _counts.GetValueOrDefault(m) ?? _sums[m]))];
        var all = Rows([.. FactQuery.Columns([.. key.Expressions, .. aggregates.Select(a => a.Value)]), .. told.Select(c => c.Name)]);
        return FactQuery.Aggregate(all, key, told, aggregates).Where(IsAny(measures));

        IQueryable<TRow> Rows(IEnumerable<string> columns) => (IQueryable<TRow>)statement.Rows(new HashSet<string>(columns, StringComparer.Ordinal));
    }

    /// <summary>Rows that have something of one of the measures.</summary>
    private static Expression<Func<TRow, bool>> IsAny(IReadOnlyList<Measure> measures)
    {
        var row = Expression.Parameter(typeof(TRow), "x");
        var some = measures.Select(m => (Expression)Expression.NotEqual(Expression.Property(row, m.Column.Name), Expression.Constant(0L)));
        return Expression.Lambda<Func<TRow, bool>>(some.Aggregate(Expression.OrElse), row);
    }

    public sealed override IQueryable<T> Values<T>(FactStatement statement, FactKey key)
    {
        var rows = (IQueryable<TRow>)statement.Rows(FactQuery.Columns(key.Expressions));
        var row = Expression.Parameter(typeof(TRow), "x");
        return rows.Select(Expression.Lambda<Func<TRow, T>>(Conditions.Replace(key.Columns[0].Expression, key.Row, row), row)).Distinct();
    }
}
