using System.Collections;
using System.Data.Common;
using System.Diagnostics;
using System.Linq.Expressions;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>What metrics read on one state of the data, one statement after the other.</summary>
/// <param name="memory">
/// Where several tables are read, now and on later states: equal statements are sent once, and not again while nothing of theirs has changed. Right only on a
/// <see cref="DataMoment"/> up to whose state the memory was told what has changed.
/// </param>
internal sealed class MetricSession(CrmDbContext db, StatementCache? statements, MetricMemory? memory)
{
    /// <summary>Notes of changes are kept for an hour.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(30);

    private readonly Dictionary<(string Question, FactSource Source), HashSet<Measure>> _wanted = [];
    private readonly Dictionary<object, Sent?> _named = [];
    private readonly Dictionary<Sent, IReadOnlyList<FactRow>> _ahead = [];
    /// <summary>By the earlier position: the state that is read does not change.</summary>
    private readonly Dictionary<string, (string Position, IReadOnlyList<CommitNotice> Notices)> _since = [];
    private Dictionary<Sent, Func<FactResult>>? _gathered;
    private bool _byValues;
    private Round? _round;
    /// <summary>Statements since the round began, each a way to the database and back.</summary>
    private int _sent;

    public CrmDbContext Database { get; } = db;
    public MetricMemory? Memory { get; } = memory;

    /// <summary>What the request has read of the company before; null when it is still to be read.</summary>
    public CompanyState? Company { get; init; }

    /// <summary>Where it is noted what no rollup answers; null when rollups are not to be used.</summary>
    public RollupAsks? Asks { get; init; }

    /// <summary>What was read before, by stamps; null where nothing of it is to be used.</summary>
    public RollupSets? Sets { get; init; }

    /// <summary>How large tables are; null where nobody knows.</summary>
    public ColumnSpreads? Spreads { get; init; }

    /// <summary>See <see cref="CrmLimits.DailySumRows"/>.</summary>
    public int DailySumRows { get; init; }

    /// <summary>Whether sums of a table kept by day are worth asking the log of changes, which is a way to the database and back where that is another process.</summary>
    public async ValueTask<bool> KeepsDaysAsync(string table) => DailySumRows == 0 || statements?.Engine.SendsBatches == false
        || (Spreads is not null && (await Spreads.OfAsync(table, "day"))?.Rows >= DailySumRows);

    /// <summary>See <see cref="CrmLimits.MetricValues"/>.</summary>
    public required int MostValues { get; init; }

    /// <summary>For which days there are rollups; null when they are not to be used.</summary>
    /// <param name="settings">Of the state that is read.</param>
    public async ValueTask<RollupState?> RollupsAsync(Settings settings, CancellationToken cancellationToken)
    {
        if (Asks is null || Sets is null)
            return null;
        if (Company is { } company)
            return RollupState.Of(company.RollupMarks, company.RollupsStamp, settings, Asks, Sets);
        var (marks, stamp) = await OnceAsync("rollups", MetricReads.Rollups, async () => (
            await RollupState.Marks(Database).ToListAsync(cancellationToken), await StampAsync(DataStamp.Rollups, cancellationToken)));
        return RollupState.Of(marks, stamp, settings, Asks, Sets);
    }

    /// <summary>That of exchange rates.</summary>
    public async ValueTask<long> RatesStampAsync(CancellationToken cancellationToken) => Company?.RatesStamp
        ?? await OnceAsync("rates stamp", MetricReads.Rates, () => StampAsync(DataStamp.Rates, cancellationToken));

    private Task<long> StampAsync(string name, CancellationToken cancellationToken) =>
        Database.DataStamps.Where(s => s.Name == name).Select(s => s.Stamp).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Tells, before the first table is read, which tables will be.</summary>
    public void Expect(MetricPlan plan)
    {
        foreach (var part in plan.Parts)
            foreach (var (source, measures) in part.Reads)
            {
                if (!_wanted.TryGetValue((part.Question, source), out var wanted))
                    _wanted[(part.Question, source)] = wanted = [];
                wanted.UnionWith(measures);
            }
    }

    /// <summary>The measures of all expected tables that ask the same of a source: one statement sums them for all.</summary>
    public IReadOnlySet<Measure> Together(MetricPlan plan, FactSource source, IReadOnlySet<Measure> measures)
        => _wanted.GetValueOrDefault((plan.Question, source)) ?? measures;

    /// <summary>As <see cref="RowsAsync"/>; null when one of the sums does not fit.</summary>
    /// <param name="sums">The measures that are summed.</param>
    public async Task<IReadOnlyList<FactRow>?> SumsAsync(
        object? name, Func<IQueryable<FactRow>> query, Func<FactResult> result, IReadOnlyList<Measure> sums, MetricReads? reads,
        CancellationToken cancellationToken)
    {
        try
        {
            var rows = await RowsAsync(name, query, result, reads, cancellationToken, byValues: Memory is null);
            return WideSums.Overflowed(rows, sums) ? null : rows;
        }
        catch (DbException e) when (DatabaseEngine.IsSumTooLarge(e))
        {
            return null;
        }
    }

    /// <summary>The rows of an aggregate, which belong to nobody: they are not to be changed.</summary>
    /// <param name="name">Equal for equal queries alone, so that one that is known need not be built; null when that cannot be told without building it.</param>
    /// <param name="result">Where its rows are read to.</param>
    /// <param name="reads">What the rows come from; null when they may not outlive this state.</param>
    /// <param name="byValues">Planned for its values: they may be wide ranges of facts.</param>
    public async Task<IReadOnlyList<FactRow>> RowsAsync(
        object? name,
        Func<IQueryable<FactRow>> query,
        Func<FactResult> result,
        MetricReads? reads,
        CancellationToken cancellationToken,
        bool byValues = false)
    {
        if (statements is null)
            return await query().ToListAsync(cancellationToken);
        var sent = Named(name, query);
        if (_gathered is not null)
        {
            if (sent is not null)
                _gathered.TryAdd(sent, result);
            _byValues |= byValues;
            return [];
        }

        if (sent is not null && _ahead.TryGetValue(sent, out var known))
            return known;
        if (sent is not null
            && await OnceAsync(sent, reads, () => ReadAsync(sent, result(), statements.Engine, byValues, cancellationToken)) is { } rows)
            return rows;
        var whole = query();
        if (sent is not null)
            statements.Refuse(ShapeOf(whole));
        return await whole.ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Finds out what a reading will ask and sends it in one round trip, so that the reading itself finds it answered. Nothing where a statement costs
    /// no round trip, or where answers are remembered.
    /// </summary>
    /// <param name="name">Of what is read: where its statements were fewer than two the last time, it is not found out what they are.</param>
    /// <param name="read">Called once without any rows to read.</param>
    /// <returns>Whether it was called: what it made of no rows counts for nothing.</returns>
    public async Task<bool> AheadAsync(object name, Func<Task> read, CancellationToken cancellationToken)
    {
        if (statements is not { Engine.SendsBatches: true } || Memory is not null)
            return false;
        _round = Sets?.Find<Round>(name) ?? Sets?.Keep(name, new Round(), 0) ?? new();
        _sent = 0;
        if (_round.IsAlone)
            return false;
        var gathered = _gathered = [];
        _byValues = false;
        try
        {
            await read();
        }
        finally
        {
            _gathered = null;
        }

        // One alone is as well sent by whoever wants it.
        if (gathered.Count < 2)
        {
            _round.IsAlone = true;
            return true;
        }

        var (requests, results) = (gathered.Keys.ToList(), gathered.Values.Select(result => result()).ToList());
        var fits = await Connection(statements.Engine).RunAsync(requests.ConvertAll(s => (s.Statement, s.Bound)), results, cancellationToken, _byValues);
        for (var i = 0; i < requests.Count; i++)
            if (fits[i])
                _ahead[requests[i]] = results[i].Rows;
        return true;
    }

    /// <summary>What is sent from now on is no part of what <see cref="AheadAsync"/> was told of.</summary>
    public void EndRound() => _round = null;

    /// <summary>Whether statements are only gathered now, and none has an answer.</summary>
    public bool IsGathering => _gathered is not null;

    /// <summary>Equal for equal expressions alone; null when that cannot be told.</summary>
    public object? IdentityOf(IEnumerable<Expression?> expressions)
    {
        if (statements is null)
            return null;
        var shape = statements.Shape();
        foreach (var expression in expressions)
            shape.Expression(expression);
        return shape.IsKnown ? (shape.Text.ToString(), new Values(shape.Values)) : null;
    }

    /// <summary>Equal for equal queries alone; null when that cannot be told.</summary>
    public object? IdentityOf(IQueryable<FactRow> query) => statements is null ? null : Prepare(query);

    /// <summary>Reads the rows of a query into a result, and remembers none of them.</summary>
    public async Task ReadIntoAsync(Func<IQueryable<FactRow>> query, FactResult result, CancellationToken cancellationToken)
    {
        var whole = query();
        if (statements is not null && Prepare(whole) is { } sent && await ReadAsync(sent, result, statements.Engine, false, cancellationToken) is not null)
            return;
        foreach (var row in await whole.ToListAsync(cancellationToken))
            result.Add(row);
    }

    /// <summary>
    /// The position of the state that is read, where that is one; and whether it has the rows that these tables had at an earlier position, without other
    /// ones but of customers.
    /// </summary>
    /// <param name="at">When the earlier position was, by <see cref="Stopwatch"/>: the notes of changes are not kept for long.</param>
    public async Task<(string? Position, bool IsSame)> SinceAsync(
        string? earlier, long? at, IReadOnlyCollection<string> tables, CancellationToken cancellationToken)
    {
        var (position, notices) = await ChangesSinceAsync(earlier, at, cancellationToken);
        return (position, notices?.Any(n => n.Tables.Any(tables.Contains) && n is not { IsNew: true, Tables: ["customers"] }) == false);
    }

    /// <summary>The position of the state that is read, where that is one; and what has changed since an earlier one, where that is known.</summary>
    /// <inheritdoc cref="SinceAsync"/>
    public async Task<(string? Position, IReadOnlyList<CommitNotice>? Notices)> ChangesSinceAsync(
        string? earlier, long? at, CancellationToken cancellationToken)
    {
        if (statements is null || Database.Database.CurrentTransaction is not { } moment)
            return (null, null);
        if (Company?.Position is { } now && (earlier is null || earlier == now))
            return (now, earlier is null ? null : []);
        var known = at is { } then && Stopwatch.GetElapsedTime(then) < _longest ? earlier : null;
        if (!_since.TryGetValue(known ?? "", out var since))
            _since[known ?? ""] = since = await statements.Engine.ChangesSinceAsync(
                Database.Database.GetDbConnection(), moment.GetDbTransaction(), known, cancellationToken);
        return (since.Position, known is not null && statements.Engine.HasSeen(since.Position, known) ? since.Notices : null);
    }

    /// <summary>What a statement gave, read at most once where tables share a memory.</summary>
    /// <param name="key">Equal for equal statements, and for no others.</param>
    public async ValueTask<T> OnceAsync<T>(object key, MetricReads? reads, Func<Task<T>> read)
    {
        if (Memory is null)
            return await read();
        if (Memory.TryGet(key, out T known))
            return known;
        var value = await read();
        Memory.Keep(key, value, reads);
        return value;
    }

    private Sent? Named(object? name, Func<IQueryable<FactRow>> query)
    {
        if (name is null)
            return Prepare(query());
        if (Memory is null)
            return _named.TryGetValue(name, out var prepared) ? prepared : _named[name] = Prepare(query());
        if (!Memory.TryGet(name, out Sent? sent))
            Memory.Keep(name, sent = Prepare(query()), MetricReads.Settings);
        return sent;
    }

    // Building and comparing EF's queries costs 2 ms of a statement that runs for 0.7.
    private Sent? Prepare(IQueryable<FactRow> query)
    {
        var shape = ShapeOf(query);
        if (!statements!.Find(shape, out var kept))
            kept = statements.Prepare(shape, query);
        return kept is null ? null : new(kept, shape.Values);
    }

    private ExpressionShape ShapeOf(IQueryable query)
    {
        var shape = statements!.Shape();
        shape.Expression(query.Expression);
        return shape;
    }

    private async Task<List<FactRow>?> ReadAsync(
        Sent sent, FactResult result, DatabaseEngine engine, bool byValues, CancellationToken cancellationToken)
    {
        if (++_sent > 1 && _round is { } round)
            round.IsAlone = false;
        return await Connection(engine).RunAsync(sent.Statement, sent.Bound, result, spared: null, cancellationToken, byValues) ? result.Rows : null;
    }

    private StatementConnection Connection(DatabaseEngine engine) => Database.Database.CurrentTransaction is { } moment
        ? new(engine, StatementTally.Current, new ReadTransaction(Database.Database.GetDbConnection(), moment.GetDbTransaction()))
        : new(engine, StatementTally.Current);

    /// <summary>What was seen of a round of statements before.</summary>
    private sealed class Round
    {
        private volatile bool _isAlone;

        /// <summary>There were fewer than two.</summary>
        public bool IsAlone
        {
            get => _isAlone;
            set => _isAlone = value;
        }
    }

    /// <summary>A statement with its values.</summary>
    private sealed record Sent
    {
        private readonly Values _values;

        public Sent(PreparedStatement statement, IReadOnlyList<ShapeValue> values)
        {
            (Statement, _values) = (statement, new(values));
            // Without the closures that they stood in: those hold a context.
            Bound = [.. values.Select(v => v with { Container = null })];
        }

        public PreparedStatement Statement { get; }
        public IReadOnlyList<ShapeValue> Bound { get; }

        public bool Equals(Sent? other) => other is not null && ReferenceEquals(Statement, other.Statement) && _values.Equals(other._values);

        public override int GetHashCode() => HashCode.Combine(Statement, _values);
    }

    /// <summary>Values of a shape, lists item by item.</summary>
    private sealed class Values : IEquatable<Values>
    {
        private readonly List<object> _values = [];
        private readonly int _hash;

        public Values(IReadOnlyList<ShapeValue> values)
        {
            foreach (var value in values)
                Add(value.Value);
            var hash = new HashCode();
            foreach (var value in _values)
                hash.Add(value);
            _hash = hash.ToHashCode();
        }

        private void Add(object value)
        {
            if (value is string || value is not IEnumerable list)
            {
                _values.Add(value);
                return;
            }

            var before = _values.Count;
            foreach (var item in list)
                _values.Add(item ?? DBNull.Value);
            _values.Add(_values.Count - before);
        }

        public bool Equals(Values? other) => other is not null && _values.SequenceEqual(other._values);

        public override bool Equals(object? obj) => Equals(obj as Values);

        public override int GetHashCode() => _hash;
    }
}
