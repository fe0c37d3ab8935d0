using System.Globalization;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>An argument of a metric.</summary>
/// <param name="Name">The name of the argument.</param>
/// <param name="Usual">What counts when it is left out.</param>
/// <param name="Description">What it means.</param>
/// <param name="Least">Of numbers, the smallest that makes sense.</param>
/// <param name="Most">Of numbers, the greatest.</param>
public sealed record MetricParameter(
    string Name, [property: GraphQLIgnore] object Usual, string Description, [property: GraphQLIgnore] int Least = 0, [property: GraphQLIgnore] int Most = 0)
{
    /// <summary>The value that counts if the argument is omitted, as it is written in a query.</summary>
    public string Default => Text(Usual);

    /// <summary>The values that it takes; null for numbers.</summary>
    public IReadOnlyList<string>? Values => Usual switch
    {
        Enum e => [.. Enum.GetNames(e.GetType()).Select(SnakeCase.Upper)],
        bool => ["false", "true"],
        _ => null,
    };

    internal static string Text(object value) => value switch
    {
        Enum e => SnakeCase.Upper(e.ToString()),
        bool b => b ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

/// <summary>What the arguments of a metric were given.</summary>
public sealed class ParameterValues(IReadOnlyDictionary<string, object?> given, IReadOnlyList<MetricParameter> parameters)
{
    /// <summary>The value, or the usual one.</summary>
    public T Of<T>(string name) => (T)(given.GetValueOrDefault(name) ?? parameters.First(p => p.Name == name).Usual);
}
