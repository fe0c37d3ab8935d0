using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Definitions;

namespace CrmGraph.Reporting.Formulas;

/// <summary>Everyone but viewers may define metrics, as reports: what they show follows from the rights of whoever reads them.</summary>
[MutationType]
[Error<NotFoundException>]
public static class CustomMetricMutations
{
    /// <summary>
    /// Defines a metric of the company's own: a formula of metrics and numbers, of all facts or of those that fulfil a condition. Its unit and what it shows
    /// where nothing happened follow from the formula. Ask for it by `custom(key: ...)` in the rows of `metrics`.
    /// </summary>
    /// <param name="metric">The metric.</param>
    [Error<FormulaInvalidException>, Error<ValidationException>, Error<ConflictException>]
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<CustomMetric> DefineMetricAsync(
        CustomMetricInput metric, [Service] CustomMetricStore store, Caller caller, CancellationToken cancellationToken) => store.DefineAsync(
        new()
        {
            Key = metric.Key,
            Label = metric.Label,
            LabelZh = metric.LabelZh,
            Description = metric.Description,
            Formula = metric.Formula,
            Favourable = (metric.Favourable ?? FavourableDirection.Neither).ToString(),
        },
        metric.Where, caller, cancellationToken);

    /// <summary>
    /// Changes a metric of the company's own; `previewMetric` tells before what that would move. A change of the formula or the condition is a new version.
    /// Omitted fields keep their values.
    /// </summary>
    /// <param name="change">What changes.</param>
    /// <param name="expectedVersion">The version that the change is based on. If a newer one exists, the mutation fails with a conflict.</param>
    [Error<FormulaInvalidException>, Error<ValidationException>, Error<ConflictException>]
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<CustomMetric> UpdateMetricAsync(
        [ID<CustomMetric>] Guid id, CustomMetricChangeInput change, int? expectedVersion, [Service] CustomMetricStore store, Caller caller,
        CancellationToken cancellationToken) => store.UpdateAsync(
        id,
        expectedVersion,
        metric =>
        {
            metric.Label = change.Label ?? metric.Label;
            metric.LabelZh = change.LabelZh ?? metric.LabelZh;
            metric.Description = change.Description ?? metric.Description;
            metric.Formula = change.Formula ?? metric.Formula;
            metric.Favourable = change.Favourable?.ToString() ?? metric.Favourable;
        },
        change.Where, caller, cancellationToken);

    /// <summary>Takes a metric of the company's own out of `metricCatalog`. What names it goes on showing it; nothing new may name it.</summary>
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<CustomMetric> ArchiveMetricAsync([ID<CustomMetric>] Guid id, [Service] CustomMetricStore store, CancellationToken cancellationToken) =>
        store.ArchiveAsync(id, true, cancellationToken);

    /// <summary>Brings an archived metric back.</summary>
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<CustomMetric> RestoreMetricAsync([ID<CustomMetric>] Guid id, [Service] CustomMetricStore store, CancellationToken cancellationToken) =>
        store.ArchiveAsync(id, false, cancellationToken);

    /// <summary>Deletes a metric of the company's own that no report, goal or other metric names.</summary>
    [Error<MetricInUseException>]
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<CustomMetric> DeleteMetricAsync([ID<CustomMetric>] Guid id, [Service] CustomMetricStore store, CancellationToken cancellationToken) =>
        store.DeleteAsync(id, cancellationToken);
}

/// <summary>A metric to define.</summary>
/// <param name="Key">The name for programs: letters, digits and `_`, beginning with a lower-case letter. Formulas name the metric by it.</param>
/// <param name="Label">The name for people, in English.</param>
/// <param name="LabelZh">The name for people, in Chinese; the English one if omitted.</param>
/// <param name="Description">What the metric is for.</param>
/// <param name="Formula">
/// Keys of metrics with their arguments, numbers, `+`, `-`, `*`, `/` and parentheses, such as `(revenue - returns) / orders` or `cac(lag: 30) * 2`.
/// </param>
/// <param name="Where">Which of a table's facts count; all if omitted.</param>
/// <param name="Favourable">Which direction of change is good news; NEITHER if omitted.</param>
public sealed record CustomMetricInput(
    string Key, string Label, string? LabelZh, string? Description, string Formula, [property: GraphQLType("MetricFilterInput")] InputObject? Where,
    FavourableDirection? Favourable);

/// <summary>What changes of a metric of the company's own. Omitted fields keep their values.</summary>
/// <param name="Label">The new name in English.</param>
/// <param name="LabelZh">The new name in Chinese.</param>
/// <param name="Description">The new description.</param>
/// <param name="Formula">The new formula.</param>
/// <param name="Where">The new condition on the facts that count; an empty one for all facts.</param>
/// <param name="Favourable">The new direction of change that is good news.</param>
public sealed record CustomMetricChangeInput(
    string? Label, string? LabelZh, string? Description, string? Formula, [property: GraphQLType("MetricFilterInput")] InputObject? Where,
    FavourableDirection? Favourable);
