using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>Runs the statements of a plan on one connection.</summary>
internal sealed class MetricReader(
    MetricSession session, MetricPlan plan, bool hasRates, bool hasContracts, RollupState? rollups, bool byScope, CancellationToken cancellationToken)
{
    private readonly List<MetricRead> _reads = [];
    private readonly GroupKey[] _keys = [.. plan.Windows.Select(w => new GroupKey(plan, w, hasRates, byScope))];

    /// <param name="byScope">Also tell the owners of today apart, so that the answers of many callers come from one reading.</param>
    public static async Task<IReadOnlyList<MetricRead>> ReadAsync(MetricSession session, MetricPlan plan, bool byScope, CancellationToken cancellationToken)
    {
        var reads = new List<MetricRead>();
        foreach (var part in plan.Parts)
            reads.AddRange(await ReadPartAsync(session, part, byScope, cancellationToken));
        return reads;
    }

    private static async Task<IReadOnlyList<MetricRead>> ReadPartAsync(
        MetricSession session, MetricPlan plan, bool byScope, CancellationToken cancellationToken)
    {
        var (db, company) = (session.Database, session.Company);
        var money = plan.Reads.Any(r => session.Together(plan, r.Key, r.Value).Any(m => m.IsMoney));
        var hasRates = money && (company?.HasRates
            ?? await session.OnceAsync("rates", MetricReads.Rates, () => db.ExchangeRates.AnyAsync(cancellationToken)));
        var contracts = plan.Reads.Keys.Any(s => s.Tables.Any(MetricReads.Contracts.Tables.Contains));
        var hasContracts = contracts && (company?.HasContracts
            ?? await session.OnceAsync("contracts", MetricReads.Contracts, () => db.Contracts.AnyAsync(cancellationToken)));
        var rollups = plan.Reads.Keys.Any(s => s.HasRollups) ? await session.RollupsAsync(plan.Settings, cancellationToken) : null;
        return await new MetricReader(session, plan, hasRates, hasContracts, rollups, byScope, cancellationToken).ReadAsync();
    }

    private async Task<IReadOnlyList<MetricRead>> ReadAsync()
    {
        await RoundAsync("facts", ReadFactsAsync);
        await RoundAsync("recorded", ReadRecordedAsync);
        return _reads;
    }

    /// <summary>Statements that do not wait for each other go together.</summary>
    private async Task RoundAsync(string name, Func<Task> read)
    {
        var before = _reads.Count;
        if (await session.AheadAsync((name, Kind()), read, cancellationToken))
            _reads.RemoveRange(before, _reads.Count - before);
        await read();
        session.EndRound();
    }

    /// <summary>Mostly equal where the same statements are sent, of whichever days and values.</summary>
    private string Kind() => $"{plan.Query.Grain} {string.Join(' ', plan.Query.GroupBy)} {plan.Query.CompareTo} {plan.IsPlain} {plan.Caller.Role} "
        + string.Join(' ', plan.Reads.Select(r => $"{r.Key}{r.Value.Count}"));

    private async Task ReadFactsAsync()
    {
        for (var w = 0; w < _keys.Length; w++)
            foreach (var (source, measures) in plan.Reads)
            {
                foreach (var slice in plan.Slices)
                    await ReadAsync(w, slice, source, measures);
                if (!plan.HasGroups || !plan.NeedsTotals)
                    continue;
                // What the slices do not tell of the totals: everything when they overlap, else the distinct counts.
                var left = plan.Slices.Where(s => s.Level is null).All(s => s.Folds) ? measures.Where(source.IsDistinct).ToHashSet() : measures;
                await ReadAsync(w, null, source, left);
            }
    }

    private async Task ReadAsync(int w, MetricSlice? slice, FactSource source, IReadOnlySet<Measure> measures)
    {
        var question = Question(w, slice, source, measures);
        foreach (var statement in source.Statements(question))
            if (await LifeAsync(w, slice, source, question.Context, statement) is { } life)
                _reads.Add(life);
            else
                foreach (var told in statement.Else ?? [statement])
                    await ReadAsync(w, slice, source, question.Context, told);
    }

    private async Task ReadAsync(int w, MetricSlice? slice, FactSource source, FactContext context, FactStatement statement)
    {
        if (await CountAsync(w, slice, source, context, statement) is { } counted)
        {
            _reads.Add(counted);
            if (statement.Sums.Count == 0)
                return;
            statement = statement.Summed() with { Apart = null };
        }

        if (await RolledAsync(w, slice, source, context, statement) is { } rolled)
        {
            _reads.AddRange(rolled);
            return;
        }

        if (await ColumnarAsync(w, slice, source, context, statement) is { } summed)
        {
            _reads.Add(summed);
            return;
        }

        if (await DailyAsync(w, slice, source, context, statement) is { } daily)
        {
            _reads.Add(daily);
            return;
        }

        var reads = await RunAsync(w, slice, source, statement);
        var splits = statement.Apart is not null && !FactColumns.AreDistinct(reads[^1].Rows, _keys[w].Columns(slice, statement.Apart));
        _reads.AddRange(splits ? reads.Select(r => r with { Statement = statement.Summed() }) : reads);
        if (splits)
            _reads.AddRange(await RunAsync(w, slice, source, statement.Apart!));
    }

    /// <summary>The distinct counts of a statement from sets of customers; null when there is nothing to count, or no sets to count it by.</summary>
    private async Task<MetricRead?> CountAsync(int w, MetricSlice? slice, FactSource source, FactContext context, FactStatement statement)
    {
        if (statement.Counts.Count == 0 || context.Rollups is null)
            return null;
        var counted = statement with { Sums = [], Adds = [], Apart = null };
        var keys = _keys[w].Columns(slice, counted);
        if (await BuyersAsync(w, slice, source, context, counted) is { } known)
            return known;
        if (source.SetsOf(context, counted.Days, _keys[w].Of(slice, keys)) is not { } sets)
            return await ColumnarAsync(w, slice, source, context, counted);
        var reads = Reads(source, counted);
        var stamps = await RowsAsync(sets.Stamps, CustomerSets.StampColumns);
        var singles = sets.Singles is null ? [] : await RowsAsync(sets.Singles, CustomerSets.SingleColumns);
        var counts = await session.OnceAsync((stamps, singles), reads, async () =>
        {
            var (rows, customers) = await CustomersAsync(context.Rollups.Sets, sets, stamps, counted.Days, [.. keys, .. CustomerSets.SetColumns]);
            return CustomerCounts.Of(rows, customers, singles);
        });
        return new(plan, w, slice, source, counted, counts);

        Task<IReadOnlyList<FactRow>> RowsAsync(Func<IQueryable<FactRow>> query, IReadOnlyList<string> own)
        {
            List<string> columns = [.. keys, .. own];
            return session.RowsAsync(NameOf(w, source, counted, columns), query, () => source.Result(columns), reads, cancellationToken);
        }
    }

    /// <summary>The distinct counts that the server makes of a rollup's days; null when sets of customers are to be counted.</summary>
    private async Task<MetricRead?> BuyersAsync(int w, MetricSlice? slice, FactSource source, FactContext context, FactStatement counted)
    {
        var key = _keys[w].OfRolled(_keys[w].Columns(slice, counted));
        if (slice?.Groups is not null || !key.IsKnown || source.RolledCustomersOf(context, counted.Days, key) is not { } rolled)
            return null;
        var reader = new BuyersReader(session, context.Rollups!, cancellationToken);
        return await reader.ReadAsync(rolled, key, Reads(source, counted)) is { } rows ? new(plan, w, slice, source, counted, rows) : null;
    }

    /// <summary>What a statement about the life of customers comes to by sets of buyers; null when only the facts tell.</summary>
    private async Task<MetricRead?> LifeAsync(int w, MetricSlice? slice, FactSource source, FactContext context, FactStatement statement)
    {
        if (statement.Life is not { } life || context.Rollups is null || statement.IsOfSingleCustomers)
            return null;
        var keys = _keys[w].Columns(slice, statement).Where(c => c != nameof(FactRow.Day)).ToHashSet();
        var key = _keys[w].Of(slice, keys);
        var told = source.BuyersOf(context, life.Reads, key);
        var chosen = told is null ? source.ChosenBuyersOf(context, life.Reads, key) : null;
        if ((told ?? chosen?.Sets) is not { } sets)
            return null;
        IReadOnlyList<string> own = chosen is null ? [.. keys] : [];
        var (counted, reads) = (statement with { Days = life.Reads }, Reads(source, statement));
        var stamps = await RowsAsync(sets.Stamps, own, CustomerSets.StampColumns);
        var singles = sets.Singles is null ? [] : await RowsAsync(sets.Singles, [.. keys], CustomerSets.BuyerColumns);
        var less = life.Less is null ? [] : (await RunAsync(w, slice, source, life.Less))[0].Rows;
        if (session.IsGathering)
            return new(plan, w, slice, source, statement, []);
        // Other questions may be answered from the same days.
        var asked = (life.Kind, life.Days, string.Join(' ', life.Ends), life.Window, stamps, singles, less, chosen);
        var answer = await session.OnceAsync(asked, reads, async () =>
        {
            var (rows, customers) = await CustomersAsync(context.Rollups.Sets, sets, stamps, life.Reads, [.. own, .. CustomerSets.SetColumns]);
            if (chosen is null)
                return LifeCounts.Of(life, keys, rows, customers, singles, less);
            var last = customers.Values.Select(c => OrderColumns.CodeOf(c.Buyers.LastOrDefault())).DefaultIfEmpty().Max();
            if (await ChoiceReader.ReadAsync(session, context.Rollups.Sets, chosen.Customers, last, cancellationToken) is not { } who)
                return null;
            (rows, customers) = ChosenBuyers.Split(key, who, rows, customers);
            return LifeCounts.Of(life, keys, rows, customers, singles, less);
        });
        return answer is null ? null : new(plan, w, slice, source, statement, answer);

        Task<IReadOnlyList<FactRow>> RowsAsync(Func<IQueryable<FactRow>> query, IReadOnlyList<string> key, IReadOnlyList<string> own)
        {
            List<string> columns = [.. key, .. own];
            return session.RowsAsync(NameOf(w, source, counted, columns), query, () => new FactResult<SalesRow>(columns), reads, cancellationToken);
        }
    }

    private Task<(IReadOnlyList<FactRow> Rows, IReadOnlyDictionary<long, RolledCustomers> Customers)> CustomersAsync(
        RollupSets kept, CustomerSets sets, IReadOnlyList<FactRow> stamps, DayRange days, IReadOnlyList<string> columns) =>
        new Stamped<RolledCustomers>(
            sets.Sets, columns, s => kept.Find<RolledCustomers>(s), r => kept.KeepCustomers(r.Stamp, r.BuyerSet!, r.OtherSet!))
            .ReadAsync(session, stamps, days, cancellationToken);

    /// <summary>Sums that the server makes of a rollup's days, and those of marked days; null when they are to be read by SQL.</summary>
    private async Task<IReadOnlyList<MetricRead>?> RolledAsync(int w, MetricSlice? slice, FactSource source, FactContext context, FactStatement statement)
    {
        if (context.Rollups is null || statement is not { Sums.Count: > 0, Counts.Count: 0, Ranks: null, OfEach: null } || slice?.Groups is not null)
            return null;
        var keys = _keys[w].Columns(slice, statement);
        var key = _keys[w].OfRolled(keys);
        if (!key.IsKnown || source.RolledOf(context, statement, key) is not { } rolled)
            return null;
        var (reads, reporting) = (source.Reads(statement.Days, byCustomer: false), plan.Settings.Currency);
        if (key.HasRates)
            reads = reads with { Tables = new HashSet<string>([.. reads.Tables, .. MetricReads.Rates.Tables], StringComparer.Ordinal) };
        var reader = new RolledReader(session, context.Rollups, cancellationToken);
        if (await reader.ReadAsync(rolled.Orders, statement.Sums, key, reporting, reads) is not { } rows)
            return null;
        var own = new MetricRead(plan, w, slice, source, statement, rows);
        if (rolled.Marked is not { } marked)
            return [own];
        // The orders of a marked day are the same for all periods.
        var asked = (source, marked.Name, reader.Asked(rolled.Orders, statement.Sums, key, reporting));
        return [own, .. await RunAsync(w, slice, source, marked, (asked, source.Reads(marked.Days, byCustomer: false)))];
    }

    /// <summary>Sums of facts that count on their days alone, day by day from memory; null when they are to be read by SQL.</summary>
    private async Task<MetricRead?> DailyAsync(int w, MetricSlice? slice, FactSource source, FactContext context, FactStatement statement)
    {
        if (session.Memory is not null || !source.IsOfDays || statement.Of is not { } of
            || statement is not { Sums.Count: > 0, Counts.Count: 0, Ranks: null, OfEach: null, Life: null, Gives: FactRows.Cells, ShiftDays: null }
            || plan.ChoosesCustomers || plan.Filter.NeedsLines || slice is { Groups: not null } or { Customers: not null } || byScope)
            return null;
        var keys = _keys[w].Columns(slice, statement);
        if (!await session.KeepsDaysAsync(source.Tables[0]))
            return null;
        if (keys.Overlaps([nameof(FactRow.AgeBand), nameof(FactRow.Hour), nameof(FactRow.HourOfDay), nameof(FactRow.Customer)])
            || session.IdentityOf([context.Customers, context.Filter.Fact]) is not { } conditions)
            return null;
        var time = _keys[w].OfRolled(keys);
        List<string> own = [.. keys.Where(k => !RolledKey.IsOfTime(k)).Order(StringComparer.Ordinal)];
        var asked = (source, string.Join(' ', own), string.Join(' ', statement.Sums), time.Target, plan.Caller.Role, plan.Caller.Scope, conditions);
        var rows = await new DailyReader(session, cancellationToken).ReadAsync(
            asked, statement.Days, own, statement.Sums, time.Of, day => source.Reads(new(day, day.AddDays(1)), byCustomer: false), DaysAsync);
        return rows is null ? null : new(plan, w, slice, source, statement, rows);

        Task<IReadOnlyList<FactRow>?> DaysAsync(DayRange days)
        {
            List<string> columns = [.. own, nameof(FactRow.Day)];
            var some = statement with { Days = days, Rows = of(days) };
            return session.SumsAsync(
                null, () => source.Group(some, _keys[w].Of(slice, columns.ToHashSet()), SumPart.Whole), () => source.Result([.. columns, .. statement.Columns]),
                statement.Sums, null, cancellationToken);
        }
    }

    /// <summary>What orders in columns tell of a statement; null when only the facts or rollups tell it.</summary>
    private async Task<MetricRead?> ColumnarAsync(int w, MetricSlice? slice, FactSource source, FactContext context, FactStatement statement)
    {
        if (context.Rollups is null)
            return null;
        var keys = _keys[w].Columns(slice, statement);
        var key = _keys[w].Of(slice, keys);
        if (source.ColumnsOf(context, statement, key) is not { } columns)
            return null;
        var reader = new ColumnarReader(session, context.Rollups, cancellationToken);
        var rows = await reader.ReadAsync(statement, key, keys, columns, Reads(source, statement));
        return rows is null ? null : new(plan, w, slice, source, statement, rows);
    }

    /// <summary>Conditions, and groups that were chosen, are known by their expressions only.</summary>
    private string? NameOf(int w, FactSource source, FactStatement statement, IReadOnlyList<string> columns)
    {
        if (!plan.IsPlain)
            return null;
        var rolled = source.HasRollups ? rollups?.NameOf(statement.Days) : null;
        return $"{plan.Question}#{_keys[w].Window.Days}#{source}#{statement.Name}#{string.Join(',', columns)}#{rolled}";
    }

    private FactQuestion Question(int w, MetricSlice? slice, FactSource source, IReadOnlySet<Measure> measures)
    {
        var window = _keys[w].Window;
        var customers = plan.Customers(slice is null ? plan.AnySegment() : slice.Customers);
        var context = new FactContext(session.Database, plan.Filter, plan.Caller, customers, plan.AskedAttributes, source.HasRollups ? rollups : null);
        return new(context, window.Days, measures)
        {
            Together = session.Together(plan, source, measures),
            Past = window.Past,
            Now = plan.Moment.Today,
            Buckets = plan.HasBuckets ? [.. window.Buckets.List.Select(b => b.Until)] : null,
            NeedsWhole = plan.NeedsWhole(slice is not null && plan.HasGroups),
            CountsPeople = plan.Suppresses,
            HasRates = hasRates,
            HasContracts = hasContracts,
            ActivityDays = plan.Settings.ActivityDays,
            Today = session.Memory is null ? null : plan.Moment.Today,
        };
    }

    /// <summary>The statement's answer; in two parts when a sum does not fit into one.</summary>
    /// <param name="known">A name for equal statements alone, and what they read; null for those of the question.</param>
    private async Task<IReadOnlyList<MetricRead>> RunAsync(
        int w, MetricSlice? slice, FactSource source, FactStatement statement, (object Name, MetricReads Reads)? known = null)
    {
        if (await RowsAsync(w, slice, source, statement, SumPart.Whole, known) is { } rows)
            return [new(plan, w, slice, source, statement, rows)];
        var summed = statement.Summed();
        var high = await RowsAsync(w, slice, source, summed, SumPart.High, known);
        var low = await RowsAsync(w, slice, source, statement, SumPart.Low, known);
        return
        [
            new(plan, w, slice, source, summed, high!) { Part = SumPart.High },
            new(plan, w, slice, source, statement, low!) { Part = SumPart.Low },
        ];
    }

    private async Task<IReadOnlyList<FactRow>?> RowsAsync(
        int w, MetricSlice? slice, FactSource source, FactStatement statement, SumPart part, (object Name, MetricReads Reads)? known)
    {
        var key = _keys[w];
        var keys = key.Columns(slice, statement);
        List<string> columns = [.. keys, .. statement.Columns];
        var name = known?.Name ?? NameOf(w, source, statement, columns);
        var tooMany = session.MostValues + 1;
        var rows = await session.SumsAsync(
            name is null ? null : (name, part),
            Grouped,
            () => source.Result(columns),
            statement.Sums,
            known?.Reads ?? Reads(source, statement),
            cancellationToken);
        return statement.Ranks is null || rows!.Count < tooMany
            ? rows
            : throw new GraphQLException(MetricErrorCodes.TooManyValues,
                $"A median or percentile here is of more than {session.MostValues} different values; choose a shorter period or a filter.");

        IQueryable<FactRow> Grouped()
        {
            var groups = source.Group(statement, key.Of(slice, keys), part);
            return statement.Ranks is null ? groups : groups.Take(tooMany);
        }
    }

    private async Task ReadRecordedAsync()
    {
        foreach (var kind in plan.Kinds)
            await ReadRecordedAsync(kind);
    }

    /// <summary>Asks for a kind of facts only when nothing that was read shows that there are any; of many owners, when that is so of one of them.</summary>
    private async Task ReadRecordedAsync(FactKind kind)
    {
        IEnumerable<Guid?> scopes = byScope ? plan.Caller.Owners!.Select(o => (Guid?)o) : [null];
        if (scopes.All(s => _reads.Exists(read => read.Shows(kind, row => !byScope || row.Scope == s))))
            return;
        var source = plan.Reads.Keys.First(s => plan.Reads[s].Any(m => m.Kind == kind));
        var days = new DayRange(DateOnly.MinValue, DateOnly.MaxValue);
        var statement = new FactStatement("recorded", days, _ => kind.Any(session.Database, plan.Caller, byScope)) { Gives = FactRows.Recorded };
        IReadOnlySet<string> columns = new HashSet<string> { byScope ? nameof(FactRow.Scope) : nameof(FactRow.Day) };
        var rows = await session.RowsAsync(
            null, () => statement.Rows(columns), () => new FactResult<FactRow>([.. columns]), Reads(source, statement), cancellationToken);
        _reads.Add(new(plan, 0, null, source, statement, rows) { Recorded = kind });
    }

    /// <summary>Null for what is not to be remembered.</summary>
    private MetricReads? Reads(FactSource source, FactStatement statement) => plan.IsPlain ? source.Reads(statement.Days, plan.ChoosesCustomers) : null;
}
