using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>A metric as a field asks for it: with its arguments, and of the facts that fulfil a condition.</summary>
internal static class AskedMetric
{
    public const string Where = "where";

    /// <param name="arguments">Of the field, coerced.</param>
    /// <param name="text">The same text for the same conditions.</param>
    public static MetricDefinition With(this MetricDefinition metric, IReadOnlyDictionary<string, object?> arguments, Func<InputObject, string> text)
    {
        var given = Given(metric, arguments);
        if (given.Count > 0)
            metric = metric.Vary!(metric, new(arguments, metric.Parameters)) with
            {
                Asked = $"{metric.Key}({string.Join(", ", given.Select(p => $"{p.Name}: {MetricParameter.Text(arguments[p.Name]!)}"))})",
            };
        return arguments.GetValueOrDefault(Where) is InputObject where ? metric.Under(where, text) : metric;
    }

    /// <summary>The metric of those of its facts that fulfil one more condition.</summary>
    public static MetricDefinition Under(this MetricDefinition metric, InputObject where, Func<InputObject, string> text)
    {
        var own = metric with { Conditions = [.. metric.Conditions, where], Asked = metric.Asked + text(where) };
        if (metric.Combine is not { } combine)
            return own;
        var parts = metric.Parts.ToDictionary(p => p.Asked, p => p.Under(where, text), StringComparer.Ordinal);
        return own with
        {
            Parts = [.. parts.Values],
            Combine = of => combine(part => of(parts[part.Asked])),
            Compute = cell => combine(part => parts[part.Asked].Compute(cell)),
        };
    }

    /// <summary>What tells a metric of the company's own apart in a row.</summary>
    public static string Custom(string key) => $"custom({key})";

    /// <summary>A metric of the company's own of which only the key is known.</summary>
    public static MetricDefinition Unresolved(string key) => new()
    {
        Key = key, English = key, Chinese = key, Formula = "", Requirement = "", Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive,
        EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Neither, Reads = [], Compute = _ => default, Asked = Custom(key), IsUnresolved = true,
    };

    /// <summary>Before anything is computed; what a query costs is told of wrong numbers too.</summary>
    /// <exception cref="GraphQLException">METRIC_INVALID_ARGUMENT: a number makes no sense.</exception>
    public static void Check(this MetricDefinition metric, IReadOnlyDictionary<string, object?> arguments)
    {
        if (Given(metric, arguments).Find(p => arguments[p.Name] is int number && (number < p.Least || number > p.Most)) is { } wrong)
            throw new GraphQLException(
                MetricErrorCodes.InvalidArgument, $"`{wrong.Name}` of `{metric.Key}` must be {wrong.Least} to {wrong.Most}, not {arguments[wrong.Name]}.");
        if (metric.Fault?.Invoke(new(arguments, metric.Parameters)) is { } fault)
            throw new GraphQLException(MetricErrorCodes.InvalidArgument, fault);
    }

    private static List<MetricParameter> Given(MetricDefinition metric, IReadOnlyDictionary<string, object?> arguments) =>
        [.. metric.Parameters.Where(p => arguments.GetValueOrDefault(p.Name) is { } value && !value.Equals(p.Usual))];
}
