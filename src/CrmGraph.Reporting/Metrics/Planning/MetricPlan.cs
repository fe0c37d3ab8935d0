using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>A metric query made definite: days, slices, which metrics can be computed, and what must be read for them.</summary>
internal sealed class MetricPlan
{
    public required MetricQuery Query { get; init; }
    public required MetricSelection Selection { get; init; }
    public required Settings Settings { get; init; }
    public required FactFilter Filter { get; init; }
    public required Caller Caller { get; init; }
    public required ReportingMoment Moment { get; init; }
    public required MetricWindow Current { get; init; }
    /// <summary>Null when nothing is compared, or no day of the period has a partner.</summary>
    public required MetricWindow? Compared { get; init; }
    /// <summary>Empty without a grain.</summary>
    public required IReadOnlyList<BucketPair> Axis { get; init; }
    /// <summary>Why metrics that cannot be computed here have no value.</summary>
    public required IReadOnlyDictionary<string, NoValueReason> Refused { get; init; }
    public required IReadOnlyDictionary<FactSource, IReadOnlySet<Measure>> Reads { get; init; }
    public required IReadOnlyDictionary<Guid, Expression<Func<Customer, bool>>> Segments { get; init; }
    public required IReadOnlyList<MetricSlice> Slices { get; init; }
    /// <summary>The same of the metrics with conditions of their own, one of each condition.</summary>
    public IReadOnlyList<MetricPlan> Beside { get; init; } = [];

    /// <summary>The metrics that the table shows or is ordered by.</summary>
    public IReadOnlyList<MetricDefinition> Asked { get; init; } = [];

    /// <summary>Those of the company's own among them: made of the parts' metrics.</summary>
    public IReadOnlyList<MetricDefinition> Formulas => field ??= [.. Asked.Where(m => m.Combine is not null)];

    /// <summary>All that the table is made of, this one first.</summary>
    public IReadOnlyList<MetricPlan> Parts => field ??= [this, .. Beside];
    /// <summary>Equal for plans that differ only in their metrics and in what of the table is shown.</summary>
    public string Question => field ??= $"{Query.Canonical()}#{Caller.Role}#{Caller.Scope}";
    /// <summary>Of the question: the same for all callers.</summary>
    public string TableId => field ??= Query.Id();
    /// <summary>Without conditions, segments and a choice of groups: all that decides its statements is in the question, the settings and the calendar.</summary>
    public bool IsPlain => Query is { Where: null, MetricConditions.Count: 0, First: null } && !HasSegments;
    /// <summary>Rows by customer are of customers whom the caller may list one by one, with all that they consist of: there is nothing to hide in them.</summary>
    public bool Suppresses => Settings.SmallGroupMinimum > 0 && Caller.Role != Role.Administrator && !Query.GroupBy.Contains(MetricDimension.Customer);
    public bool HasGroups => Query.GroupBy.Count > 0;
    public bool HasBuckets => Query.Grain is not null;
    /// <summary>Groups do not add up to the totals.</summary>
    public bool Overlaps => Query.GroupBy.Any(d => d.Overlaps());
    public bool HasSegments => Query.GroupBy.Contains(MetricDimension.Segment);
    /// <summary>The dimensions, with where rows have them.</summary>
    public IReadOnlyList<Grouping> Groupings => field ??= Grouping.Of(Query);
    public IReadOnlyList<AskedAttribute> AskedAttributes => field ??= [.. Groupings.Select(g => g.Attribute).OfType<AskedAttribute>()];
    /// <summary>The dimensions that are columns.</summary>
    public IReadOnlyList<MetricDimension> Columns => [.. Query.GroupBy.Where(d => d != MetricDimension.Segment)];
    public IEnumerable<FactKind> Kinds => Reads.Values.SelectMany(m => m).Select(m => m.Kind).OfType<FactKind>().Distinct();
    /// <summary>By a filter or segments, or told apart by more than themselves. That can reach any fact of a customer, of any day.</summary>
    public bool ChoosesCustomers => Filter.Customer is not null || Query.GroupBy.Any(d => d.IsOfOtherRows());
    /// <summary>Facts are told by lines of orders where they have some.</summary>
    public bool IsByLine => ByLine(Query, Filter);
    /// <summary>Whether distinct counts of all groups together are shown, or decide what is shown.</summary>
    public bool NeedsTotals => Selection.Totals || Selection.BucketTotals || Query.Subtotals || Suppresses;
    public IEnumerable<MetricWindow> Windows => Compared is null ? [Current] : [Current, Compared];

    public static MetricPlan Of(
        MetricQuery query, MetricSelection selection, MetricConditions conditions, Caller caller, Settings settings, ReportingMoment moment, CrmLimits limits)
    {
        Check(query, limits);
        var (filter, segments) = conditions;
        var days = moment.Days(query.Period);
        var byLine = ByLine(query, filter);
        var refused = new Dictionary<string, NoValueReason>(StringComparer.Ordinal);
        var reads = new Dictionary<FactSource, IReadOnlySet<Measure>>();
        foreach (var metric in selection.Metrics)
        {
            if (Refusal(metric, query, filter, caller, byLine) is { } reason)
            {
                refused[metric.Asked] = reason;
                continue;
            }

            foreach (var measure in metric.Reads)
            {
                var source = FactSources.Of(measure, byLine);
                if (!reads.TryGetValue(source, out var set))
                    reads[source] = set = new HashSet<Measure>();
                ((HashSet<Measure>)set).Add(measure);
            }
        }

        var shift = query.CompareTo is { } comparison ? MetricPeriods.Shift(query.Period, days, query.Grain, comparison) : default(CalendarShift?);
        var current = Window(query, days, moment, limits);
        var compared = shift is { } back && MetricPeriods.Compared(days, back, moment) is { } others ? Window(query, others, moment, limits) : null;
        return new()
        {
            Query = query,
            Selection = selection,
            Settings = settings,
            Filter = filter,
            Caller = caller,
            Moment = moment,
            Current = current,
            Compared = compared,
            Axis = query.Grain is { } grain ? BucketPairs.Of(grain, current.Buckets, compared?.Buckets, shift ?? default, moment) : [],
            Refused = refused,
            Reads = reads,
            Segments = segments,
            Slices = [.. SlicesOf(query, segments, null), .. query.Subtotals ? Subtotals(query, segments) : []],
        };
    }

    /// <summary>The same question with other slices: for <c>first</c>.</summary>
    public MetricPlan With(IReadOnlyList<MetricSlice> slices) => With(slices, [.. Beside.Select(p => p.With(slices, [], []))], Asked);

    /// <summary>One table of several plans.</summary>
    /// <param name="parts">The first is of the metrics without conditions of their own.</param>
    /// <param name="asked">What is shown or ordered by, made of the parts' metrics or one of them.</param>
    /// <exception cref="GraphQLException">METRIC_UNSUPPORTED.</exception>
    public static MetricPlan Together(IReadOnlyList<MetricPlan> parts, IReadOnlyList<MetricDefinition> asked)
    {
        // Groups come from facts: without any that may be read the table would be empty without a word.
        var refused = parts.SelectMany(p => p.Refused).ToDictionary(StringComparer.Ordinal);
        if (parts[0].HasGroups && asked.Count > 0 && asked.All(m => m.Leaves.Any(l => refused.ContainsKey(l.Asked))))
            throw new GraphQLException(
                MetricErrorCodes.Unsupported, MetricGroupings.Problem(asked, parts[0].Query.GroupBy) ??
                $"No metric asked for can be told here, so there are no groups: {string.Join(", ", refused.Select(r => $"\"{r.Key}\" has no value, the reason is {MetricGroupings.Name(r.Value)}"))}.");
        return parts[0].With(parts[0].Slices, [.. parts.Skip(1)], asked);
    }

    /// <summary>The same at another moment of the same day; not for hours, of which some are over then.</summary>
    public MetricPlan At(ReportingMoment moment) => With(Slices, [.. Beside.Select(p => p.At(moment))], Asked, moment);

    private MetricPlan With(
        IReadOnlyList<MetricSlice> slices, IReadOnlyList<MetricPlan> beside, IReadOnlyList<MetricDefinition> asked, ReportingMoment? moment = null) => new()
        {
            Query = Query, Selection = Selection, Settings = Settings, Filter = Filter, Caller = Caller, Moment = moment ?? Moment, Current = Current,
            Compared = Compared, Axis = Axis, Refused = Refused, Reads = Reads, Segments = Segments, Slices = slices, Beside = beside, Asked = asked,
        };

    /// <summary>The condition on customers that every fact must fulfil: row rules, filter and slice. Null when guests count too.</summary>
    public Expression<Func<Customer, bool>>? Customers(Expression<Func<Customer, bool>>? slice)
    {
        var onCustomer = Conditions.And(Filter.Customer, slice);
        var known = !Caller.SeesAll || Filter.KnownCustomersOnly || onCustomer is not null;
        return Conditions.And(known ? RowRules.Customer(Caller) : null, onCustomer);
    }

    /// <summary>The same of the whole period, beside its buckets.</summary>
    public bool NeedsWhole(bool ofGroups) =>
        Suppresses || (ofGroups ? Selection.GroupTotals || Query.Order.Count > 0 : Selection.Totals || (Query.Subtotals && Selection.GroupTotals));

    private static IEnumerable<MetricSlice> Subtotals(MetricQuery query, IReadOnlyDictionary<Guid, Expression<Func<Customer, bool>>> segments) =>
        Enumerable.Range(1, Math.Max(0, query.GroupBy.Count - 1)).SelectMany(level => SlicesOf(query, segments, level));

    /// <param name="level">Null for groups by all dimensions.</param>
    private static IEnumerable<MetricSlice> SlicesOf(
        MetricQuery query, IReadOnlyDictionary<Guid, Expression<Func<Customer, bool>>> segments, int? level)
    {
        var ids = query.Segments.Distinct().ToList();
        if (query.GroupBy.Take(level ?? query.GroupBy.Count).Contains(MetricDimension.Segment))
            return ids.Select(s => new MetricSlice(s, segments[s], Folds: false, Level: level));
        return [new(Customers: Any(ids, segments), Folds: level is null && !query.GroupBy.Any(d => d.Overlaps()), Level: level)];
    }

    private static Expression<Func<Customer, bool>>? Any(
        IReadOnlyList<Guid> ids, IReadOnlyDictionary<Guid, Expression<Func<Customer, bool>>> segments) =>
        ids.Select(s => segments[s]).Aggregate((Expression<Func<Customer, bool>>?)null, Conditions.Or);

    /// <summary>Customers in at least one of the segments; null without segments.</summary>
    public Expression<Func<Customer, bool>>? AnySegment() =>
        HasSegments ? Any([.. Query.Segments.Distinct()], Segments) : null;

    private static MetricWindow Window(MetricQuery query, DayRange days, ReportingMoment moment, CrmLimits limits) =>
        new(days, TimeBuckets.Of(query.Grain, days, moment, limits.MetricRows), moment);

    private static bool ByLine(MetricQuery query, FactFilter filter) => filter.NeedsLines || query.GroupBy.Any(d => d.IsOfLines());

    private static NoValueReason? Refusal(MetricDefinition metric, MetricQuery query, FactFilter filter, Caller caller, bool byLine)
    {
        var sources = metric.Reads.Select(m => FactSources.Of(m, byLine)).Distinct().ToList();
        if (!caller.SeesAll && !sources.TrueForAll(s => s.IsOfCustomers))
            return NoValueReason.NotAllowed;
        if (!query.GroupBy.All(metric.Supports))
            return NoValueReason.UnsupportedGrouping;
        if (query.Grain is { } grain && !metric.Supports(grain))
            return NoValueReason.UnsupportedGrain;
        return sources.TrueForAll(s => s.Suits(filter)) ? null : NoValueReason.UnsupportedFilter;
    }

    private static void Check(MetricQuery query, CrmLimits limits)
    {
        if (query.GroupBy.Count > limits.MetricGroupings)
            throw Invalid($"groupBy takes at most {limits.MetricGroupings} dimensions, not {query.GroupBy.Count}.");
        var bySegment = query.GroupBy.Contains(MetricDimension.Segment);
        if (bySegment != query.Segments.Count > 0)
            throw Invalid(bySegment
                ? "groupBy: SEGMENT needs the ids of 1 or more segments in `segments`."
                : "`segments` is for groupBy: SEGMENT; to filter by segments use where: {customer: ...}.");
        Grouping.Check(query, limits);
        if (query.Segments.Count > limits.MetricSegments)
            throw Invalid($"`segments` takes at most {limits.MetricSegments} ids, not {query.Segments.Count}.");
        if (query.First is { } first && (first < 1 || first > limits.MetricChosenGroups))
            throw Invalid($"`first` must be between 1 and {limits.MetricChosenGroups}, not {first}.");
        if (query is { Subtotals: true, First: not null })
            throw Invalid("`subtotals` are of all groups, so that `first` cannot leave some out; ask for them without it.");
        if (query.Currency is { } currency && !CurrencyCodes.All.Contains(currency))
            throw Invalid($"`currency` must be a code of ISO 4217 in capital letters such as EUR, not \"{currency}\".");
    }

    private static GraphQLException Invalid(string message) => new(MetricErrorCodes.InvalidArgument, message);
}
