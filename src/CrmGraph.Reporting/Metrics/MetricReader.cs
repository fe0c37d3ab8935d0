using System.Linq.Expressions;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting.Metrics;

/// <summary>What the rows of one statement mean.</summary>
internal enum ReadKind
{
    /// <summary>Sums per group and bucket, which add up to every level.</summary>
    Sums,
    /// <summary>Distinct counts of exactly this level.</summary>
    Counts,
    /// <summary>Stocks at the start of the period.</summary>
    Opening,
    /// <summary>Customers active at the start and at the end of the whole period.</summary>
    Retained,
    /// <summary>The comings and goings of single customers, from which retention per bucket follows.</summary>
    Opened, Gained, Dropped,
    /// <summary>A row where there are facts of a kind at all.</summary>
    Recorded,
}

/// <summary>The answer of one statement.</summary>
/// <param name="Slice">Null for the totals of all slices.</param>
/// <param name="Columns">The measures that its rows hold.</param>
/// <param name="As">For events, the measure that the number of people is.</param>
/// <param name="Sign">-1 for what leaves a stock.</param>
/// <param name="ShiftDays">To be added to the rows' day.</param>
internal sealed record MetricRead(
    int Window, MetricSlice? Slice, FactSource Source, ReadKind Kind, bool ByGroup, bool ByBucket, IReadOnlyList<FactRow> Rows,
    IReadOnlySet<string> Columns, Measure? As = null, int Sign = 1, int ShiftDays = 0, bool ByDay = false)
{
    /// <summary>The bucket of all rows, where the statement was about one.</summary>
    public int? AtBucket { get; init; }
    /// <summary>The part of each number that was summed.</summary>
    public SumPart Part { get; init; }
    /// <summary>The kind whose being there was asked for.</summary>
    public FactKind? Recorded { get; init; }
}

/// <summary>Runs the statements of a plan on one connection.</summary>
/// <param name="byScope">Also tell the owners of today apart, so that the answers of many callers come from one reading.</param>
internal sealed class MetricReader(MetricSession session, MetricPlan plan, bool hasRates, bool hasContracts, bool byScope, CancellationToken ct)
{
    private static readonly IReadOnlySet<string> None = new HashSet<string>();
    private readonly List<MetricRead> _reads = [];
    private readonly Lazy<Expression<Func<FactRow, FactRow>>>[] _keys = [.. plan.Windows.Select(w => new Lazy<Expression<Func<FactRow, FactRow>>>(() => Key(plan, w)))];

    public async Task<IReadOnlyList<MetricRead>> ReadAsync()
    {
        await RoundAsync(ReadFactsAsync).ConfigureAwait(false);
        await RoundAsync(ReadRecordedAsync).ConfigureAwait(false);
        return _reads;
    }

    /// <summary>Statements that do not wait for each other go together.</summary>
    private async Task RoundAsync(Func<Task> read)
    {
        var before = _reads.Count;
        if (await session.AheadAsync(read, ct).ConfigureAwait(false))
            _reads.RemoveRange(before, _reads.Count - before);
        await read().ConfigureAwait(false);
    }

    private async Task ReadFactsAsync()
    {
        var windows = plan.Windows.ToList();
        for (var w = 0; w < windows.Count; w++)
        {
            foreach (var (source, measures) in plan.Reads)
            {
                foreach (var slice in plan.Slices)
                    await ReadAsync(w, windows[w], slice, source, measures).ConfigureAwait(false);
                await ReadTotalsAsync(w, windows[w], source, measures).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadRecordedAsync()
    {
        foreach (var kind in plan.Kinds)
            await ReadRecordedAsync(kind).ConfigureAwait(false);
    }

    /// <summary>Asks for a kind of facts only when nothing that was read shows that there are any; of many owners, when that is so of one of them.</summary>
    private async Task ReadRecordedAsync(FactKind kind)
    {
        IEnumerable<Guid?> scopes = byScope ? plan.Caller.Owners!.Select(o => (Guid?)o) : [null];
        if (scopes.All(s => _reads.Exists(read => read.Rows.Any(row => (!byScope || row.Scope == s) && FactKinds.Shows(read, row, kind)))))
            return;
        var source = plan.Reads.Keys.First(s => plan.Reads[s].Any(m => FactKinds.Of(m) == kind));
        string[] columns = [byScope ? nameof(FactRow.Scope) : nameof(FactRow.Day)];
        var reads = MetricReadsOf.Source(plan, source, new(DateOnly.MinValue, DateOnly.MaxValue));
        var rows = await session.RowsAsync(null, () => FactKinds.Any(session.Database, kind, plan.Caller, byScope), columns, plan.IsPlain ? reads : null, ct).ConfigureAwait(false);
        _reads.Add(new(0, null, source, ReadKind.Recorded, false, false, rows, None) { Recorded = kind });
    }

    private Task ReadAsync(int w, MetricWindow window, MetricSlice slice, FactSource source, IReadOnlySet<Measure> measures) => source switch
    {
        FactSource.Lifecycle => ReadLifecycleAsync(w, window, slice, measures, grouped: true),
        FactSource.Pipeline => ReadPipelineAsync(w, window, slice, measures, grouped: true),
        _ => ReadFlowAsync(w, window, slice, source, measures, grouped: true),
    };

    /// <summary>What the slices do not tell of the totals: everything when they overlap, else the distinct counts.</summary>
    private async Task ReadTotalsAsync(int w, MetricWindow window, FactSource source, IReadOnlySet<Measure> measures)
    {
        if (!plan.HasGroups || !plan.NeedsTotals)
            return;
        var folds = plan.Slices.All(s => s.Folds);
        // A customer has one region, one age and so on: only what hangs on the fact itself, and segments, can hold a customer twice.
        switch (source)
        {
            case FactSource.Lifecycle when !folds:
                await ReadLifecycleAsync(w, window, null, measures, grouped: false).ConfigureAwait(false);
                break;
            case FactSource.Pipeline when !folds || plan.Suppresses:
                await ReadPipelineAsync(w, window, null, folds ? new HashSet<Measure>() : measures, grouped: false).ConfigureAwait(false);
                break;
            case not (FactSource.Lifecycle or FactSource.Pipeline):
                var counted = folds ? measures.Where(m => Measures.IsDistinct(m, source)).ToHashSet() : measures;
                await ReadFlowAsync(w, window, null, source, counted, grouped: false).ConfigureAwait(false);
                break;
        }
    }

    private async Task ReadFlowAsync(int w, MetricWindow window, MetricSlice? slice, FactSource source, IReadOnlySet<Measure> measures, bool grouped)
    {
        var counts = Names(measures.Where(m => Measures.IsDistinct(m, source)));
        var summed = measures.Where(m => !Measures.IsDistinct(m, source)).ToHashSet();
        if (summed.Count > 0)
            summed.UnionWith(session.Together(plan, source, measures).Where(m => !Measures.IsDistinct(m, source)));
        var sums = Names(summed);
        if (plan.Suppresses && source != FactSource.Spend)
            counts.Add(nameof(FactRow.People));
        var money = summed.Any(Measures.IsMoney);
        var parts = Parts(window.Days);
        // Distinct counts come with the sums, in one pass, where every group has one row of sums: always without money, and with money when it
        // turns out to be all in one currency. With exchange rates each day can have its own row: then it is not tried.
        var together = sums.Count > 0 && (!money || !hasRates) && parts.Count == 1;
        if (sums.Count > 0)
        {
            foreach (var part in parts)
                await RunAsync(w, slice, source, ReadKind.Sums, grouped, plan.HasBuckets, Flow(part, slice, source), sums, together ? counts : None, money).ConfigureAwait(false);
            if (together && money && !HasOneRowPerGroup(_reads[^1].Rows))
            {
                _reads[^1] = _reads[^1] with { Columns = sums };
                together = false;
            }
        }

        if (counts.Count == 0)
            return;
        var whole = Flow(window.Days, slice, source);
        if (!together && plan.HasBuckets)
            await RunAsync(w, slice, source, ReadKind.Counts, grouped, true, whole, None, counts, false).ConfigureAwait(false);
        if ((plan.HasBuckets || !together) && (!plan.HasBuckets || plan.NeedsWhole(grouped && plan.HasGroups)))
            await RunAsync(w, slice, source, ReadKind.Counts, grouped, false, whole, None, counts, false).ConfigureAwait(false);
    }

    /// <summary>
    /// Days to be read apart, where answers are remembered: most changes are of today, and what is before it need not be read again for them.
    /// Sums and events of the parts are those of the whole.
    /// </summary>
    private List<DayRange> Parts(DayRange days) =>
        session.Memory is not null && days.From < plan.Moment.Today && plan.Moment.Today < days.Until ? [days with { Until = plan.Moment.Today }, days with { From = plan.Moment.Today }] : [days];

    /// <summary>Whether no two rows differ in nothing but their currency. Columns that are no key are alike in all rows.</summary>
    private static bool HasOneRowPerGroup(IReadOnlyList<FactRow> rows) => rows.DistinctBy(r => (
        r.Region, r.Country, r.City, r.Channel, r.Owner, r.ProductCategory, r.Industry, r.Gender, r.AgeBand, r.LifecycleStage, r.AcquisitionChannel,
        r.CustomerKind, r.ShippingCountry, r.TicketPriority, r.Scope, r.Day, r.Hour, r.Bucket)).Count() == rows.Count;

    private async Task ReadPipelineAsync(int w, MetricWindow window, MetricSlice? slice, IReadOnlySet<Measure> measures, bool grouped)
    {
        var sums = Names(measures);
        var sources = Sources(slice);
        var money = measures.Any(Measures.IsMoney);
        if (sums.Count > 0)
        {
            await RunAsync(w, slice, FactSource.Pipeline, ReadKind.Opening, grouped, false, Deals("opening", before: window.Days.From, c => sources.OpenAtEndOf(window.Days.From.AddDays(-1), c)), sums, None, money).ConfigureAwait(false);
            await RunAsync(w, slice, FactSource.Pipeline, ReadKind.Sums, grouped, plan.HasBuckets, Deals("opened", window.Days.Until, c => sources.Opened(window.Days, c)), sums, None, money).ConfigureAwait(false);
            await RunAsync(w, slice, FactSource.Pipeline, ReadKind.Sums, grouped, plan.HasBuckets, Deals("ceased", window.Days.Until, c => sources.CeasedToBeOpen(window.Days, c)), sums, None, money, sign: -1).ConfigureAwait(false);
        }

        if (!plan.Suppresses)
            return;
        // How many customers stand behind a stock cannot be added up from flows: one statement per bucket, and only where groups are suppressed.
        foreach (var bucket in window.Buckets.List)
            await PeopleAsync(w, slice, grouped, bucket.Index, bucket.Until.AddDays(-1), sources).ConfigureAwait(false);
        await PeopleAsync(w, slice, grouped, null, window.Days.Until.AddDays(-1), sources).ConfigureAwait(false);
    }

    private async Task PeopleAsync(int w, MetricSlice? slice, bool grouped, int? bucket, DateOnly day, FactSources sources)
    {
        var people = new HashSet<string> { nameof(FactRow.People) };
        await RunAsync(w, slice, FactSource.Pipeline, ReadKind.Counts, grouped, false, Deals("open", day.AddDays(1), c => sources.OpenAtEndOf(day, c)), None, people, false).ConfigureAwait(false);
        _reads[^1] = _reads[^1] with { AtBucket = bucket };
    }

    private Asked Deals(string what, DateOnly before, Func<IReadOnlySet<string>, IQueryable<FactRow>> rows) =>
        new($"{what} {before:o}", MetricReadsOf.Source(plan, FactSource.Pipeline, new(DateOnly.MinValue, before)), rows);

    private async Task ReadLifecycleAsync(int w, MetricWindow window, MetricSlice? slice, IReadOnlySet<Measure> measures, bool grouped)
    {
        var people = new HashSet<string> { nameof(FactRow.People) };
        var lifecycle = new Lifecycle(session.Database, FactQuery.And(RowRules.Customer(plan.Caller), plan.Customers(slice is null ? plan.AnySegment() : slice.Customers))!, plan.Settings.ActivityDays, hasContracts);
        var (past, before) = (window.Past, window.Days.From.AddDays(-1));
        var stock = measures.Overlaps([Measure.ActiveAtStart, Measure.ActiveAtEnd, Measure.Retained]);
        var atStart = Life("active", window.Days.From, c => lifecycle.ActiveOn(before, c));
        if (stock)
            await RunAsync(w, slice, FactSource.Lifecycle, ReadKind.Opening, grouped, false, atStart, None, people, false, Measure.ActiveAtEnd).ConfigureAwait(false);
        if (past.Days == 0)
            return;
        var moves = new (Measure Measure, ReadKind Single, Func<DayRange, IReadOnlySet<string>, IEnumerable<Lifecycle.Event>> Events)[]
        {
            (Measure.NewCustomers, ReadKind.Gained, lifecycle.New),
            (Measure.ReactivatedCustomers, ReadKind.Gained, lifecycle.Reactivated),
            (Measure.LostCustomers, ReadKind.Dropped, lifecycle.Lost),
        };
        // The stock at the end and within the period follows from the comings and goings; that at the start alone does not need them.
        var follows = stock && (measures.Contains(Measure.ActiveAtEnd) || plan.HasBuckets || plan.Suppresses);
        foreach (var (measure, _, events) in moves)
            if (follows || measures.Contains(measure))
                await EventsAsync(w, past, slice, grouped, ReadKind.Sums, people, measure, events).ConfigureAwait(false);
        if (!measures.Contains(Measure.Retained))
            return;
        var atBoth = Life("active at both", past.Until, c => lifecycle.ActiveOn(before, past.Until.AddDays(-1), c));
        await RunAsync(w, slice, FactSource.Lifecycle, ReadKind.Retained, grouped, false, atBoth, None, people, false, Measure.Retained).ConfigureAwait(false);
        if (!plan.HasBuckets)
            return;
        await RunAsync(w, slice, FactSource.Lifecycle, ReadKind.Opened, grouped, false, atStart, None, None, false).ConfigureAwait(false);
        foreach (var (measure, single, events) in moves)
            await EventsAsync(w, past, slice, grouped, single, None, measure, events).ConfigureAwait(false);
    }

    private async Task EventsAsync(
        int w, DayRange past, MetricSlice? slice, bool grouped, ReadKind kind, IReadOnlySet<string> counts, Measure measure, Func<DayRange, IReadOnlySet<string>, IEnumerable<Lifecycle.Event>> events)
    {
        foreach (var days in Parts(past))
        {
            // Each kind of event is one or two queries; asking for the n-th with the right columns keeps the queries lazy.
            var kinds = events(days, None).Count();
            for (var n = 0; n < kinds; n++)
            {
                var (nth, shift) = (n, events(days, None).ElementAt(n).ShiftDays);
                var asked = Life($"event {n} from {days.From:o}", days.Until, c => events(days, c).ElementAt(nth).Rows);
                await RunAsync(w, slice, FactSource.Lifecycle, kind, grouped, false, asked, None, counts, false, measure, shiftDays: shift, byDay: true).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What has become of customers up to a day: nothing later has a say in it.</summary>
    private Asked Life(string what, DateOnly before, Func<IReadOnlySet<string>, IQueryable<FactRow>> rows) =>
        new($"{what} {before:o} {hasContracts}", MetricReadsOf.Source(plan, FactSource.Lifecycle, new(DateOnly.MinValue, before)), rows);

    private Asked Flow(DayRange days, MetricSlice? slice, FactSource source) =>
        new($"{days.From:o} {days.Until:o}", MetricReadsOf.Source(plan, source, days), columns => Sources(slice).On(source, days, columns));

    /// <summary>Rows that a statement groups.</summary>
    /// <param name="Name">With the plan's question, the source and the statement's columns it says which rows.</param>
    /// <param name="Reads">What they come from.</param>
    private sealed record Asked(string Name, MetricReads Reads, Func<IReadOnlySet<string>, IQueryable<FactRow>> Rows);

    private async Task RunAsync(
        int w, MetricSlice? slice, FactSource source, ReadKind kind, bool grouped, bool byBucket, Asked asked,
        IReadOnlySet<string> sums, IReadOnlySet<string> counts, bool money, Measure? asMeasure = null, int sign = 1, int shiftDays = 0, bool byDay = false)
    {
        var byGroup = grouped && slice is { IsOthers: false };
        var keys = new HashSet<string>();
        if (byGroup)
            keys.UnionWith(plan.Columns.Select(d => Groups.Column(d)!));
        if (byScope)
            keys.Add(nameof(FactRow.Scope));
        if (byDay)
            keys.Add(nameof(FactRow.Day));
        if (kind is ReadKind.Opened or ReadKind.Gained or ReadKind.Dropped)
            keys.Add(nameof(FactRow.CustomerId));
        if (byBucket)
            keys.UnionWith(plan.Query.Grain switch { TimeGrain.Hour => [nameof(FactRow.Day), nameof(FactRow.Hour)], TimeGrain.Day => [nameof(FactRow.Day)], _ => [nameof(FactRow.Bucket)] });
        if (money)
            keys.Add(nameof(FactRow.Currency));
        if (money && hasRates)
            keys.Add(nameof(FactRow.RateDay));
        var rows = await RowsAsync(SumPart.Whole, counts).ConfigureAwait(false);
        if (rows is not null)
        {
            Add(rows, SumPart.Whole, counts);
            return;
        }

        Add((await RowsAsync(SumPart.High, None).ConfigureAwait(false))!, SumPart.High, None);
        Add((await RowsAsync(SumPart.Low, counts).ConfigureAwait(false))!, SumPart.Low, counts);

        void Add(IReadOnlyList<FactRow> rows, SumPart part, IReadOnlySet<string> counts) =>
            _reads.Add(new(w, slice, source, kind, grouped, byBucket, rows, new HashSet<string>([.. sums, .. counts]), asMeasure, sign, shiftDays, byDay) { Part = part });

        Task<IReadOnlyList<FactRow>?> RowsAsync(SumPart part, IReadOnlySet<string> counts)
        {
            List<string> columns = [.. keys, .. sums, .. counts];
            // Conditions, and groups that were chosen, are known by their expressions only.
            var name = plan.IsPlain ? $"{plan.Question}#{plan.Windows.ElementAt(w).Days}#{source}#{asMeasure}#{asked.Name}#{string.Join(',', columns)}#{part}" : null;
            return session.SumsAsync(name, () => Query(part, counts), columns, sums, plan.IsPlain ? asked.Reads : null, ct);
        }

        IQueryable<FactRow> Query(SumPart part, IReadOnlySet<string> counts)
        {
            var needed = FactColumns.Needed(keys, sums, counts);
            if (slice?.Groups is not null)
                needed.UnionWith(FactColumns.Needed(plan.Columns.Select(d => Groups.Column(d)!).ToHashSet(), None, None));
            var rows = asked.Rows(needed);
            if (slice?.Groups is { } groups)
                rows = rows.Where(groups(_keys[w].Value));
            return FactQuery.Aggregate(rows, _keys[w].Value, keys, sums, counts, part);
        }
    }

    private FactSources Sources(MetricSlice? slice) => new(session.Database, plan.Filter, plan.Customers(slice is null ? plan.AnySegment() : slice.Customers));

    private static HashSet<string> Names(IEnumerable<Measure> measures) => [.. measures.Select(m => m.ToString())];

    /// <summary>The whole key; each statement takes the columns that it needs.</summary>
    public static Expression<Func<FactRow, FactRow>> Key(MetricPlan plan, MetricWindow window)
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
            AgeBand = x.BirthDate == null ? null : x.BirthDate > b0 ? 0 : x.BirthDate > b1 ? 1 : x.BirthDate > b2 ? 2 : x.BirthDate > b3 ? 3 : x.BirthDate > b4 ? 4 : x.BirthDate > b5 ? 5 : 6,
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
            ? Expression.Bind(b.Member, FactQuery.Replace(number.Body, number.Parameters[0], row)) : b)), row);
    }

    private static DateOnly Born(DateOnly day, int bound) => day.AddYears(-Groups.AgeBounds[bound]);
}
