using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Filters;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics;

/// <summary>The metrics that the company defined itself, as the database has them. What was read last is kept for whoever only needs to know what they cost.</summary>
public sealed class CustomMetrics(Func<Schema> schema, CrmLimits limits)
{
    private CustomCatalog _last = new([], [], new(0, 0, 0), 0);

    /// <summary>As they were when they were last read; prices follow from it.</summary>
    internal CustomCatalog Last => Volatile.Read(ref _last);

    internal async Task<CustomCatalog> LoadAsync(CrmDbContext database, CancellationToken cancellationToken)
    {
        var rows = await database.CustomMetrics.AsNoTracking().OrderBy(m => m.Key).ToListAsync(cancellationToken);
        var last = Last;
        if (last.IsOf(rows))
            return last;
        var read = With(rows);
        Volatile.Write(ref _last, read);
        return read;
    }

    /// <summary>The catalogue that these rows make.</summary>
    internal CustomCatalog With(IReadOnlyList<CustomMetric> rows) => new(
        rows, [.. rows.Select(Of)], new(limits.FormulaCharacters, limits.FormulaParts, limits.FormulaDepth), limits.MetricNesting);

    /// <exception cref="GraphQLException">The condition does not fit today's schema.</exception>
    private Lazy<CustomFormula> Of(CustomMetric row) => new(() => new(
        row.Key, row.Label, row.LabelZh, row.Description, row.Formula, row.Condition is { } condition ? FilterJson.Read(condition, FilterType) : null,
        Enum.Parse<FavourableDirection>(row.Favourable), row.Version));

    private InputObjectType FilterType => (InputObjectType)schema().Type("MetricFilterInput")!;
}

/// <summary>The company's own metrics of one state of the data. Each is bound when it is asked for.</summary>
internal sealed class CustomCatalog
{
    private readonly IReadOnlyList<CustomMetric> _rows;
    private readonly Dictionary<string, (CustomMetric Row, Lazy<CustomFormula> Formula)> _byKey;
    private readonly FormulaLimits _limits;
    private readonly int _nesting;
    private readonly Dictionary<string, (MetricDefinition Metric, int Depth)> _bound = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public CustomCatalog(IReadOnlyList<CustomMetric> rows, IReadOnlyList<Lazy<CustomFormula>> formulas, FormulaLimits limits, int nesting)
    {
        (_rows, _limits, _nesting) = (rows, limits, nesting);
        _byKey = rows.Zip(formulas, (r, f) => (Row: r, Formula: f)).ToDictionary(x => x.Row.Key, StringComparer.Ordinal);
    }

    /// <summary>Those in use, by key; without those that can no longer be read.</summary>
    public IEnumerable<MetricDefinition> InUse => _rows.Where(r => r.ArchivedAt is null).Select(r => Find(r.Key)).OfType<MetricDefinition>();

    public bool IsOf(IReadOnlyList<CustomMetric> rows) => rows.Count == _rows.Count
        && rows.Zip(_rows, (a, b) => Said(a).Equals(Said(b))).All(same => same);

    /// <summary>All that decides what a row means: whoever wrote it may have left its version and its moment as they were.</summary>
    private static object Said(CustomMetric row) =>
        (row.Key, row.Formula, row.Condition, row.Version, row.ArchivedAt, row.Favourable, (row.Label, row.LabelZh, row.Description));

    /// <summary>Null when there is none, or it can no longer be read.</summary>
    public MetricDefinition? Find(string key)
    {
        try
        {
            return _byKey.ContainsKey(key) ? Require(key) : null;
        }
        catch (FormulaException)
        {
            return null;
        }
    }

    /// <summary>The metric itself, or what a metric that is not resolved yet is.</summary>
    /// <exception cref="GraphQLException">METRIC_UNKNOWN or METRIC_BROKEN.</exception>
    public MetricDefinition Resolve(MetricDefinition asked)
    {
        if (!asked.IsUnresolved)
            return asked;
        if (!_byKey.ContainsKey(asked.Key))
            throw new GraphQLException(
                MetricErrorCodes.UnknownMetric, $"There is no metric \"{asked.Key}\".{DidYouMean(asked.Key)} `metricCatalog` lists those that exist.");
        try
        {
            return asked.Conditions.Aggregate(Require(asked.Key), (metric, where) => metric.Under(where, MetricWhere.Canonical));
        }
        catch (FormulaException e)
        {
            throw new GraphQLException(
                MetricErrorCodes.Broken, $"The formula of the metric \"{asked.Key}\" no longer makes sense, at position {e.Position}: {e.Message}");
        }
    }

    /// <summary>One that is there.</summary>
    /// <exception cref="FormulaException">Its formula makes no sense.</exception>
    public MetricDefinition Require(string key)
    {
        lock (_lock)
            return Bound(key, 1, []).Metric;
    }

    /// <summary>Where a formula names which of the company's own metrics.</summary>
    /// <exception cref="FormulaException">It cannot be read.</exception>
    public IEnumerable<(string Key, int Position)> NamedBy(CustomMetric row) =>
        Names(FormulaParser.Parse(row.Formula, _limits)).Where(n => MetricCatalog.Find(n.Key) is null && _byKey.ContainsKey(n.Key));

    /// <summary>The keys of the company's own metrics that a saved formula names; none when it cannot be read.</summary>
    public IEnumerable<string> Names(CustomMetric row)
    {
        try
        {
            return [.. NamedBy(row).Select(n => n.Key).Distinct()];
        }
        catch (FormulaException)
        {
            return [];
        }
    }

    /// <summary>Of the metrics among these keys and of all that they are made of; null when there is none.</summary>
    public SortedDictionary<string, int>? VersionsOf(IEnumerable<string> keys)
    {
        var (versions, next) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new Stack<string>(keys.Where(_byKey.ContainsKey)));
        while (next.TryPop(out var key))
            if (versions.TryAdd(key, _byKey[key].Row.Version))
                foreach (var named in Names(_byKey[key].Row))
                    next.Push(named);
        return versions.Count == 0 ? null : versions;
    }

    /// <summary>Whether a metric is made of another one, directly or by way of others.</summary>
    public bool Reaches(string from, string key)
    {
        var (seen, next) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([from]));
        while (next.TryPop(out var at))
            foreach (var named in Names(_byKey[at].Row).Where(seen.Add))
            {
                if (named == key)
                    return true;
                next.Push(named);
            }

        return false;
    }

    private static IEnumerable<(string Key, int Position)> Names(FormulaNode node) => node switch
    {
        MetricNode metric => [(metric.Key, metric.Position)],
        NegationNode negation => Names(negation.Of),
        OperationNode operation => Names(operation.Left).Concat(Names(operation.Right)),
        _ => [],
    };

    /// <param name="path">From the metric that is asked for to this one.</param>
    private (MetricDefinition Metric, int Depth) Bound(string key, int position, List<string> path)
    {
        if (path.Contains(key))
            throw new FormulaException($"The metric \"{path[0]}\" would be made of itself, by way of \"{path[^1]}\".", position);
        if (_bound.TryGetValue(key, out var known) && path.Count + known.Depth <= _nesting)
            return known;
        if (known.Metric is not null || path.Count >= _nesting)
            throw new FormulaException($"Formulas name metrics of the company's own at most {_nesting} deep.", position);
        path.Add(key);
        var depth = 1;
        try
        {
            var metric = _byKey[key].Formula.Value.Bind(_limits, Named, Keys, MetricWhere.Canonical);
            return _bound[key] = (metric, depth);
        }
        catch (GraphQLException e)
        {
            throw new FormulaException(e.Message, position);
        }
        finally
        {
            path.RemoveAt(path.Count - 1);
        }

        MetricDefinition? Named(string name, int at)
        {
            if (MetricCatalog.Find(name) is { } metric)
                return metric;
            if (!_byKey.ContainsKey(name))
                return null;
            var bound = Bound(name, at, path);
            depth = Math.Max(depth, bound.Depth + 1);
            return bound.Metric;
        }
    }

    private string DidYouMean(string key) => Suggestions.DidYouMean(Suggestions.Nearest(key, Keys()));

    private IEnumerable<string> Keys() => MetricCatalog.All.Select(m => m.Key).Concat(_rows.Where(r => r.ArchivedAt is null).Select(r => r.Key));
}
