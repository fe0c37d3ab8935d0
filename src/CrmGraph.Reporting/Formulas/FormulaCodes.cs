using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Formulas;

/// <summary>Codes of errors about metrics that the company defines itself.</summary>
public static class FormulaCodes
{
    [ErrorCode(ErrorPlace.Payload, 200, "a formula that cannot be read, or combines what cannot be combined",
        "the message and `position` say what and where")]
    public const string Invalid = "METRIC_FORMULA_INVALID";
    [ErrorCode(ErrorPlace.Payload, 200, "a metric of the company's own that cannot be saved so", "the message says what is wrong, `field` where")]
    public const string InvalidField = "METRIC_DEFINITION_INVALID";
    [ErrorCode(ErrorPlace.Payload, 200, "a key that a metric has already", "another key")]
    public const string KeyTaken = "METRIC_KEY_TAKEN";
    [ErrorCode(ErrorPlace.Payload, 200, "more metrics of the company's own than `Crm:CustomMetrics`", "delete those that are not used")]
    public const string TooMany = "METRICS_TOO_MANY";
    [ErrorCode(ErrorPlace.Payload, 200, "a metric that others, reports or goals name",
        "the error names them; change or delete them first, or archive the metric")]
    public const string InUse = "METRIC_IN_USE";
    [ErrorCode(ErrorPlace.Payload, 200, "a metric was changed since the version in `expectedVersion`", "read it again and make the change on that")]
    public const string VersionConflict = "METRIC_VERSION_CONFLICT";
}

/// <summary>The formula cannot be used.</summary>
/// <param name="position">Of the character at fault, from 1.</param>
public sealed class FormulaInvalidException(string message, int position) : Exception($"Position {position}: {message}")
{
    public string Code { get; } = FormulaCodes.Invalid;
    /// <summary>The position of the character at fault in the formula, counted from 1.</summary>
    public int Position { get; } = position;
}

/// <summary>The metric is named by others.</summary>
public sealed class MetricInUseException(IReadOnlyList<MetricUse> uses)
    : Exception($"It is used by {string.Join(", ", uses.Select(u => $"{u.Kind.ToString().ToLowerInvariant()} \"{u.Name}\""))}. Change or delete them first.")
{
    public string Code { get; } = FormulaCodes.InUse;
    /// <summary>What names the metric.</summary>
    public IReadOnlyList<MetricUse> Uses { get; } = uses;
}
