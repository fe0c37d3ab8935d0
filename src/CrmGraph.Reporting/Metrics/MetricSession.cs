using System.Collections;
using CrmGraph.Reporting.Database;
using CrmGraph.Reporting.Statements;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CrmGraph.Reporting.Metrics;

/// <summary>
/// What metrics read on one state of the data, one statement after the other. Shared by several tables it sends equal statements once, which is right
/// only while the state is one: on a <see cref="DataMoment"/>.
/// </summary>
internal sealed class MetricSession(CrmDbContext db, StatementCache? statements, bool shared)
{
    private readonly Dictionary<object, object?> _known = [];
    private readonly Dictionary<(string Question, FactSource Source), HashSet<Measure>> _wanted = [];

    public CrmDbContext Database { get; } = db;

    /// <summary>Tells, before the first table is read, which tables will be.</summary>
    public void Expect(MetricPlan plan)
    {
        foreach (var (source, measures) in plan.Reads)
        {
            if (!_wanted.TryGetValue((plan.Question, source), out var wanted))
                _wanted[(plan.Question, source)] = wanted = [];
            wanted.UnionWith(measures);
        }
    }

    /// <summary>The measures of all expected tables that ask the same of a source: one statement sums them for all.</summary>
    public IReadOnlySet<Measure> Together(MetricPlan plan, FactSource source, IReadOnlySet<Measure> measures) => _wanted.GetValueOrDefault((plan.Question, source)) ?? measures;

    /// <summary>The rows of an aggregate, which belong to nobody: they are not to be changed.</summary>
    /// <param name="columns">Those of <see cref="FactRow"/> that the query fills.</param>
    public async Task<IReadOnlyList<FactRow>> RowsAsync(IQueryable<FactRow> query, IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        if (statements is not null)
        {
            // Building and comparing EF's queries costs 2 ms of a statement that runs for 0.7.
            var shape = statements.Shape();
            shape.Expression(query.Expression);
            if (!statements.Find(shape, out var kept))
                kept = statements.Keep(shape, query);
            if (kept is not null)
            {
                if (await OnceAsync(new SentStatement(kept, shape.Values), () => ReadAsync(kept, shape.Values, columns, statements.Engine, cancellationToken)).ConfigureAwait(false) is { } rows)
                    return rows;
                statements.Refuse(shape);
            }
        }

        return await query.ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a statement gave, read at most once where tables share the session.</summary>
    /// <param name="key">Equal for equal statements, and for no others.</param>
    public async ValueTask<T> OnceAsync<T>(object key, Func<Task<T>> read)
    {
        if (shared && _known.TryGetValue(key, out var known))
            return (T)known!;
        var value = await read().ConfigureAwait(false);
        if (shared)
            _known[key] = value;
        return value;
    }

    private async Task<List<FactRow>?> ReadAsync(
        KeptStatement statement, IReadOnlyList<ShapeValue> values, IReadOnlyList<string> columns, DatabaseEngine engine, CancellationToken cancellationToken)
    {
        var connection = Database.Database.CurrentTransaction is { } moment
            ? new StatementConnection(engine, Database.Database.GetDbConnection(), moment.GetDbTransaction())
            : new StatementConnection(engine);
        return await connection.RunAsync(statement, values, (reader, ct) => new ValueTask<List<FactRow>?>(FactRowReader.ReadAsync(reader, columns, engine, ct)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A statement with its values, lists item by item.</summary>
    private sealed class SentStatement : IEquatable<SentStatement>
    {
        private readonly KeptStatement _statement;
        private readonly List<object> _values = [];
        private readonly int _hash;

        public SentStatement(KeptStatement statement, IReadOnlyList<ShapeValue> values)
        {
            _statement = statement;
            foreach (var value in values)
                Add(value.Value);
            var hash = new HashCode();
            hash.Add(statement);
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

        public bool Equals(SentStatement? other) => other is not null && ReferenceEquals(_statement, other._statement) && _values.SequenceEqual(other._values);

        public override bool Equals(object? obj) => Equals(obj as SentStatement);

        public override int GetHashCode() => _hash;
    }
}
