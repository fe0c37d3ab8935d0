using System.Text.RegularExpressions;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Querying.Filters;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Formulas;

/// <summary>Saves, changes, archives and deletes metrics of the company's own. Every formula is bound before it is saved; every change of what it means is a version.</summary>
public sealed partial class CustomMetricStore(CrmDbContext database, CustomMetrics metrics, CrmLimits limits, TimeProvider time)
{
    public async Task<CustomMetric> DefineAsync(CustomMetric metric, InputObject? where, Caller caller, CancellationToken cancellationToken)
    {
        if (!KeyPattern().IsMatch(metric.Key))
            throw Invalid($"\"{metric.Key}\" cannot be a key: 1 to 64 letters, digits and \"_\", beginning with a small letter.", "key");
        if (MetricCatalog.Find(metric.Key) is not null)
            throw KeyTaken(metric.Key);
        var rows = await database.CustomMetrics.ToListAsync(cancellationToken);
        if (rows.Exists(m => m.Key == metric.Key))
            throw KeyTaken(metric.Key);
        if (rows.Count >= limits.CustomMetrics)
            throw new ValidationException(
                FormulaCodes.TooMany, $"There are {limits.CustomMetrics} metrics of the company's own already; delete those that are not used.", null);
        (metric.Id, metric.Version) = (Guid.CreateVersion7(), 1);
        Check(metric, where, rows);
        database.CustomMetrics.Add(metric);
        AddVersion(metric, caller);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (DatabaseEngine.IsTaken(e, "custom_metrics", "key"))
        {
            throw KeyTaken(metric.Key);
        }

        return metric;
    }

    /// <param name="expectedVersion">The version that the change was made from; null to change whatever is newest.</param>
    public async Task<CustomMetric> UpdateAsync(
        Guid id, int? expectedVersion, Action<CustomMetric> change, InputObject? where, Caller caller, CancellationToken cancellationToken)
    {
        var rows = await database.CustomMetrics.ToListAsync(cancellationToken);
        var metric = rows.Find(m => m.Id == id) ?? throw NotFound(id);
        if (expectedVersion is { } expected && expected != metric.Version)
            throw Conflict(metric.Version);
        var (formula, condition) = (metric.Formula, metric.Condition);
        var named = metrics.With(rows).Names(metric).ToHashSet(StringComparer.Ordinal);
        change(metric);
        Check(metric, where, rows, named);
        if (metric.Formula != formula || metric.Condition != condition)
        {
            metric.Version++;
            AddVersion(metric, caller);
        }

        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (DatabaseEngine.IsDuplicate(e))
        {
            throw Conflict(metric.Version);
        }

        return metric;
    }

    /// <param name="archives">False to bring it back.</param>
    public async Task<CustomMetric> ArchiveAsync(Guid id, bool archives, CancellationToken cancellationToken)
    {
        var metric = await FindAsync(id, cancellationToken);
        metric.ArchivedAt = archives ? metric.ArchivedAt ?? time.GetUtcNow().UtcDateTime : null;
        await database.SaveChangesAsync(cancellationToken);
        return metric;
    }

    public async Task<CustomMetric> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var metric = await FindAsync(id, cancellationToken);
        if (await MetricUses.OfAsync(metric.Key, database, metrics, cancellationToken) is { Count: > 0 } uses)
            throw new MetricInUseException(uses);
        database.CustomMetricVersions.RemoveRange(await database.CustomMetricVersions.Where(v => v.MetricId == id).ToListAsync(cancellationToken));
        database.CustomMetrics.Remove(metric);
        await database.SaveChangesAsync(cancellationToken);
        return metric;
    }

    /// <summary>What the metric is with all rows as they are now, this one included.</summary>
    /// <exception cref="FormulaInvalidException">Its formula, or one that names it, makes no sense with it.</exception>
    internal static MetricDefinition Bound(CustomMetrics metrics, CustomMetric metric, IReadOnlyList<CustomMetric> rows)
    {
        var catalog = metrics.With([.. rows.Where(r => r.Key != metric.Key), metric]);
        try
        {
            var bound = catalog.Require(metric.Key);
            foreach (var other in rows.Where(r => r.Key != metric.Key && catalog.Reaches(r.Key, metric.Key)))
                _ = catalog.Require(other.Key);
            return bound;
        }
        catch (FormulaException e)
        {
            throw new FormulaInvalidException(e.Message, e.Position);
        }
    }

    private void Check(CustomMetric metric, InputObject? where, IReadOnlyList<CustomMetric> rows, IReadOnlySet<string>? named = null)
    {
        CheckText(metric.Label, "label");
        if (metric.LabelZh is { } chinese)
            CheckText(chinese, "labelZh");
        if (metric.Description is { } text && (text.Length > limits.TextCharacters || !FoldedText.IsStorable(text)))
            throw Invalid($"A description has at most {limits.TextCharacters} characters, none of them U+0000.", "description");
        if (!FoldedText.IsStorable(metric.Formula))
            throw new FormulaInvalidException("A formula holds no character U+0000.", 1);
        if (where is not null)
            metric.Condition = FilterJson.Write(where);
        _ = Bound(metrics, metric, rows);
        foreach (var (key, position) in metrics.With([.. rows.Where(r => r.Key != metric.Key), metric]).NamedBy(metric))
            if (named?.Contains(key) != true && rows.Any(r => r.Key == key && r.ArchivedAt is not null))
                throw new FormulaInvalidException($"The metric \"{key}\" is archived; restore it to name it.", position);
    }

    private void CheckText(string text, string field)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > limits.NameCharacters || !FoldedText.IsStorable(text))
            throw Invalid($"A metric needs a label of at most {limits.NameCharacters} characters.", field);
    }

    private void AddVersion(CustomMetric metric, Caller caller) => database.CustomMetricVersions.Add(new()
    {
        MetricId = metric.Id,
        Version = metric.Version,
        Formula = metric.Formula,
        Condition = metric.Condition,
        SavedBy = caller.Name,
        SavedAt = time.GetUtcNow().UtcDateTime,
    });

    private async Task<CustomMetric> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.CustomMetrics.SingleOrDefaultAsync(m => m.Id == id, cancellationToken) ?? throw NotFound(id);

    private static NotFoundException NotFound(Guid id) => NotFoundException.Of("metric of the company's own", id.ToString());

    private static ConflictException KeyTaken(string key) => new($"There is a metric with the key \"{key}\" already.", "key", FormulaCodes.KeyTaken);

    private static ConflictException Conflict(int version) => new(
        $"The metric was changed meanwhile: its newest version is {version}. Read it again and make the change on that.", "expectedVersion",
        FormulaCodes.VersionConflict);

    private static ValidationException Invalid(string message, string field) => new(FormulaCodes.InvalidField, message, field);

    [GeneratedRegex("^[a-z][A-Za-z0-9_]{0,63}$")]
    private static partial Regex KeyPattern();
}
