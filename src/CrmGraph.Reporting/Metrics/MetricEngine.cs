using System.Linq.Expressions;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Reading;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Segments;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics;

/// <summary>
/// Computes metric tables. SQL sums and counts the base aggregates that the selected metrics share, each once per level; .NET converts
/// money, makes values of aggregates, and decides what is shown.
/// </summary>
public sealed class MetricEngine(TimeProvider clock, CrmLimits limits, SegmentConditions? segments = null)
{
    internal StatementCache? Statements { get; init; }

    /// <summary>Reads daily sums instead of the facts where they answer the same.</summary>
    internal bool UsesRollups { get; init; } = true;

    /// <summary>The company's own metrics; null where there are none.</summary>
    internal CustomMetrics? Formulas { get; init; }

    /// <summary>How large tables are; null where nobody knows.</summary>
    internal ColumnSpreads? Spreads { get; init; }

    internal RollupAsks Asks { get; init; } = new();
    internal RollupSets Sets { get; init; } = new(limits.RollupMegabytes);

    /// <param name="memory">See <see cref="MetricSession"/>.</param>
    /// <param name="company">As the request has read it before.</param>
    internal MetricSession Session(CrmDbContext db, MetricMemory? memory = null, CompanyState? company = null) => new(db, Statements, memory)
    {
        Company = company,
        Asks = UsesRollups ? Asks : null,
        Sets = UsesRollups ? Sets : null,
        MostValues = limits.MetricValues,
        Spreads = Spreads,
        DailySumRows = limits.DailySumRows,
    };

    /// <summary>The table that a caller sees. All statements run on the context's connection, one after the other.</summary>
    /// <param name="moment">The moment of the request, so that all of its fields agree on today; now when left out.</param>
    /// <param name="company">As the request has read it before.</param>
    /// <exception cref="GraphQL.Errors.GraphQLException">The arguments make no sense, or the table would be too large.</exception>
    public async Task<MetricTable> ComputeAsync(
        CrmDbContext db, MetricQuery query, MetricSelection selection, Caller caller, CancellationToken cancellationToken, ReportingMoment? moment = null,
        CompanyState? company = null)
    {
        var session = Session(db, null, company);
        var plan = await PlanAsync(session, query, selection, caller, cancellationToken, moment);
        return (await AnswerAsync(session, plan, null, cancellationToken)).Table;
    }

    /// <param name="before">An earlier answer to the same; it is given back when it still holds.</param>
    internal async Task<MetricAnswer> AnswerAsync(MetricSession session, MetricPlan plan, MetricAnswer? before, CancellationToken cancellationToken)
    {
        if (plan.Query.First is { } first && plan.HasGroups)
            return await ComputeFirstAsync(session, plan, first, cancellationToken);
        var reads = await MetricReader.ReadAsync(session, plan, false, cancellationToken);
        var generation = session.Memory?.Generation;
        if (before?.Is(plan, reads, generation) == true)
            return before;
        var table = await BuildAsync(session, plan, reads, await ExchangeRates.LoadAsync(session, plan, reads, cancellationToken), null, cancellationToken);
        return Answer(table, plan, reads, generation);
    }

    /// <summary>The totals of one group over the whole period, hidden where the table of all groups hides them; null where there is no such group.</summary>
    internal async Task<(MetricTable Table, MetricRow? Row)> CellAsync(
        MetricSession session, MetricPlan plan, MetricGroup? group, CancellationToken cancellationToken)
    {
        if (group is null || plan.Suppresses)
        {
            var all = (await AnswerAsync(session, plan, null, cancellationToken)).Table;
            return (all, group is null ? all.Totals : all.GroupTotals.FirstOrDefault(r => r.Key == group.Id));
        }

        var narrowed = plan.With(ChosenGroups.Slices(plan, [group]));
        var reads = await MetricReader.ReadAsync(session, narrowed, false, cancellationToken);
        var rates = await ExchangeRates.LoadAsync(session, narrowed, reads, cancellationToken);
        var table = await BuildAsync(session, narrowed, reads, rates, new([group], 1), cancellationToken);
        return (table, table.GroupTotals.FirstOrDefault(r => r.Key == group.Id));
    }

    private static MetricAnswer Answer(MetricTable table, MetricPlan plan, IReadOnlyList<MetricRead> reads, int? generation) =>
        new(table, [.. reads.Select(r => r.Rows)], plan.Moment, generation) { ReadsAllTime = reads.Any(r => r.Recorded is not null) };

    /// <summary>
    /// The tables of callers who each see the customers of one owner, from one reading grouped by owner. The callers must be alike but for
    /// their owner; <c>first</c> is not possible, because each of them has first groups of his own.
    /// </summary>
    /// <returns>By owner, in no order; every caller's own view, the same as <see cref="ComputeAsync"/> gives.</returns>
    public async Task<IReadOnlyDictionary<Guid, MetricTable>> ComputeForOwnersAsync(
        CrmDbContext db, MetricQuery query, MetricSelection selection, Role role, IReadOnlyList<Guid> owners, CancellationToken cancellationToken)
    {
        if (query.First is not null)
            throw new ArgumentException("Groups are chosen for each owner apart; compute such queries one by one.", nameof(query));
        var session = Session(db);
        var plan = await PlanAsync(session, query, selection, Together(role, owners), cancellationToken);
        var answers = await AnswerForOwnersAsync(session, plan, owners, _ => null, cancellationToken);
        return answers.ToDictionary(a => a.Key, a => a.Value.Table);
    }

    /// <summary>A caller who sees what all of these owners see.</summary>
    internal static Caller Together(Role role, IEnumerable<Guid> owners) => new("owners", role, null, [.. owners.Order()]);

    /// <param name="plan">For a caller who sees all of these owners.</param>
    /// <param name="before">An owner's earlier answer to the same; it is given back when it still holds.</param>
    internal async Task<IReadOnlyDictionary<Guid, MetricAnswer>> AnswerForOwnersAsync(
        MetricSession session, MetricPlan plan, IReadOnlyList<Guid> owners, Func<Guid, MetricAnswer?> before, CancellationToken cancellationToken)
    {
        var reads = await MetricReader.ReadAsync(session, plan, true, cancellationToken);
        var byOwner = reads.Select(r => r.Rows.ToLookup(row => row.Scope)).ToList();
        var generation = session.Memory?.Generation;
        ExchangeRates? rates = null;
        var answers = new Dictionary<Guid, MetricAnswer>();
        foreach (var owner in owners)
        {
            List<MetricRead> own = [.. reads.Select((r, i) => r with { Rows = [.. byOwner[i][owner]] })];
            if (before(owner) is { } earlier && earlier.Is(plan, own, generation))
            {
                answers[owner] = earlier;
                continue;
            }

            rates ??= await ExchangeRates.LoadAsync(session, plan, reads, cancellationToken);
            var table = await BuildAsync(session, plan, own, rates.For(ExchangeRates.Money(own)), null, cancellationToken);
            answers[owner] = Answer(table, plan, own, generation);
        }

        return answers;
    }

    internal async Task<MetricPlan> PlanAsync(
        MetricSession session,
        MetricQuery query,
        MetricSelection selection,
        Caller caller,
        CancellationToken cancellationToken,
        ReportingMoment? at = null)
    {
        var settings = session.Company?.Settings ?? await session.OnceAsync(
            "settings",
            MetricReads.Settings,
            async () => await session.Database.SettingsAsync(cancellationToken));
        var moment = at ?? ReportingMoment.Of(settings, clock);
        var context = new FilterContext { Moment = moment, Limits = limits, Database = session.Database, Caller = caller };
        var filter = await MetricWhere.ResolveAsync(query.Where, context, cancellationToken);
        IReadOnlyDictionary<Guid, Expression<Func<Customer, bool>>> members = new Dictionary<Guid, Expression<Func<Customer, bool>>>();
        if (query.Segments.Count > 0)
            members = await (segments ?? throw new InvalidOperationException("Grouping by segment needs to be told the members of segments."))(
                query.Segments,
                context,
                cancellationToken);
        Grouping.Check(query, limits);
        foreach (var (dimension, attribute) in query.GroupBy.Zip(Grouping.AttributesOf(query)))
            if (attribute is { Bands.Count: > 0 })
                await session.OnceAsync(
                    ("numbers", dimension, attribute.Key, caller.Scope), MetricReads.AttributesBy(dimension),
                    () => RequireNumbersAsync(new(session.Database, caller), dimension, attribute.Key, cancellationToken));
        (query, selection) = await ResolvedAsync(session, query, WithOrder(query, selection), cancellationToken);
        var parts = new List<MetricPlan>();
        foreach (var (conditions, metrics) in ByCondition([.. selection.Metrics.SelectMany(m => m.Leaves).DistinctBy(m => m.Asked)]))
        {
            var part = filter;
            foreach (var condition in conditions)
                part = part.And(await MetricWhere.ResolveAsync(condition, context, cancellationToken));
            parts.Add(MetricPlan.Of(
                query with { MetricConditions = conditions }, selection with { Metrics = metrics }, new(part, members), caller, settings, moment, limits));
        }

        // Which groups there are, the facts of metrics say: without one they would seem to be none.
        if (query.GroupBy.Count > 0 && selection is { Metrics.Count: 0 } and not { Rows: false, GroupTotals: false, GroupCount: false })
            throw new GraphQLException(
                MetricErrorCodes.InvalidArgument,
                "Groups are those of the facts of metrics: select a metric in `rows`, `groupTotals` or `totals`, or order by one.");
        return MetricPlan.Together(parts, selection.Metrics);
    }

    /// <exception cref="GraphQLException">METRIC_INVALID_ARGUMENT.</exception>
    private static async Task<string> RequireNumbersAsync(Rows rows, MetricDimension dimension, string attribute, CancellationToken cancellationToken)
    {
        var asked = dimension switch
        {
            MetricDimension.OrderAttribute => AttributeNumbers.FaultAsync(rows.OrderAttributes, attribute, cancellationToken),
            MetricDimension.TicketAttribute => AttributeNumbers.FaultAsync(rows.TicketAttributes, attribute, cancellationToken),
            _ => AttributeNumbers.FaultAsync(rows.CustomerAttributes, attribute, cancellationToken),
        };
        return await asked is { } fault
            ? throw new GraphQLException(MetricErrorCodes.InvalidArgument, $"{fault} Group by its values, without bands.")
            : attribute;
    }

    /// <summary>With the definitions of the company's own metrics, as they are on this state of the data.</summary>
    private async ValueTask<(MetricQuery Query, MetricSelection Selection)> ResolvedAsync(
        MetricSession session, MetricQuery query, MetricSelection selection, CancellationToken cancellationToken)
    {
        if (!selection.Metrics.Any(m => m.IsUnresolved))
            return (query, selection);
        var own = await session.OnceAsync(
            "formulas", MetricReads.Formulas,
            () => (Formulas ?? throw new InvalidOperationException("Metrics of the company's own need to be told their definitions."))
                .LoadAsync(session.Database, cancellationToken));
        return (
            query with { Order = [.. query.Order.Select(o => o with { Metric = own.Resolve(o.Metric) })] },
            selection with { Metrics = [.. selection.Metrics.Select(own.Resolve).DistinctBy(m => m.Asked)] });
    }

    /// <summary>The metrics without conditions of their own, also when there are none, and those of each set of conditions.</summary>
    private static IEnumerable<(IReadOnlyList<InputObject> Conditions, IReadOnlyList<MetricDefinition> Metrics)> ByCondition(
        IReadOnlyList<MetricDefinition> all)
    {
        yield return ([], [.. all.Where(m => m.Conditions.Count == 0)]);
        foreach (var metrics in all.Where(m => m.Conditions.Count > 0).GroupBy(m => MetricWhere.Canonical(m.Conditions)))
            yield return (metrics.First().Conditions, [.. metrics]);
    }

    /// <summary>Metrics that groups are ordered by are computed too, shown or not.</summary>
    private static MetricSelection WithOrder(MetricQuery query, MetricSelection selection) =>
        selection with { Metrics = [.. selection.Metrics.Concat(query.Order.Select(o => o.Metric)).DistinctBy(m => m.Asked)] };

    /// <summary>First the totals of all groups by which they are chosen, or the choice of the database; then the chosen ones and the rest as one.</summary>
    private async Task<MetricAnswer> ComputeFirstAsync(MetricSession session, MetricPlan plan, int first, CancellationToken cancellationToken)
    {
        var choice = await ChooseAsync(session, plan, first, cancellationToken);
        var narrowed = choice is null ? plan : plan.With(ChosenGroups.Slices(plan, choice.Groups));
        var reads = await MetricReader.ReadAsync(session, narrowed, false, cancellationToken);
        var rates = await ExchangeRates.LoadAsync(session, narrowed, reads, cancellationToken);
        return Answer(await BuildAsync(session, narrowed, reads, rates, choice, cancellationToken), narrowed, reads, null);
    }

    /// <summary>Null when there are no others.</summary>
    private async Task<Choice?> ChooseAsync(MetricSession session, MetricPlan plan, int first, CancellationToken cancellationToken)
    {
        if (await TopGroups.ReadAsync(session, plan, first, cancellationToken) is { } top)
            return new(top.Groups, top.Of);
        var totals = await TotalsByGroupAsync(session, plan, cancellationToken);
        if (totals.Groups.Count <= first)
            return null;
        var names = await GroupNames.OfAsync(session, plan, totals.Groups, d => plan.Query.Order.Count > 0 && d.IsNumerous(), cancellationToken);
        var builder = new MetricTableBuilder(totals.Plan, totals.Parts, plan.Settings.Currency, limits);
        return new([.. builder.Ordered(totals.Groups, names).Take(first)], totals.Groups.Count);
    }

    private async Task<(MetricPlan Plan, IReadOnlyList<AssembledPlan> Parts, IReadOnlyCollection<MetricGroup> Groups)> TotalsByGroupAsync(
        MetricSession session, MetricPlan plan, CancellationToken cancellationToken)
    {
        // All metrics say which groups there are: one that the order's metrics do not know has no value or zero there, and is chosen and counted like others.
        var totals = MetricPlan.Together([.. plan.Parts.Select(p => MetricPlan.Of(
            p.Query with { Grain = null, First = null }, new(p.Selection.Metrics, Totals: false, BucketTotals: false), new(p.Filter, p.Segments), p.Caller,
            p.Settings, p.Moment, limits))], plan.Asked);
        var reads = await MetricReader.ReadAsync(session, totals, false, cancellationToken);
        var parts = MetricAssembler.Assemble(totals, reads, await ExchangeRates.LoadAsync(session, totals, reads, cancellationToken));
        return (totals, parts, GroupsOf(parts));
    }

    private static List<MetricGroup> GroupsOf(IReadOnlyList<AssembledPlan> parts) => [.. parts.SelectMany(p => p.Groups).DistinctBy(g => g.Id)];

    private sealed record Choice(IReadOnlyList<MetricGroup> Groups, int Of);

    private async Task<MetricTable> BuildAsync(
        MetricSession session,
        MetricPlan plan,
        IReadOnlyList<MetricRead> reads,
        ExchangeRates rates,
        Choice? choice,
        CancellationToken cancellationToken)
    {
        var parts = MetricAssembler.Assemble(plan, reads, rates);
        var groups = GroupsOf(parts);
        if (choice is not null)
            groups = [.. choice.Groups, .. groups.Where(g => g.IsOthers)]; // A chosen group may have no facts of the other metrics.
        var builder = new MetricTableBuilder(plan, parts, rates.Target, limits);
        builder.CheckSize(groups.Count);
        var names = await GroupNames.OfAsync(session, plan, groups, _ => false, cancellationToken);
        return builder.Build(groups, names, choice?.Of ?? groups.Count(g => g.Values.Count == plan.Query.GroupBy.Count));
    }
}
