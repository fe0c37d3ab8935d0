using System.Globalization;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>What users say of a metric of their own.</summary>
/// <param name="Where">Which of the facts count; null for all.</param>
internal sealed record CustomFormula(
    string Key, string Label, string? LabelZh, string? Description, string Expression, InputObject? Where, FavourableDirection Favourable, int Version)
{
    /// <summary>The metric that follows from it.</summary>
    /// <param name="find">Metrics by their keys, users' own included; null where there is none.</param>
    /// <param name="keys">What to suggest.</param>
    /// <param name="text">The same text for the same conditions.</param>
    /// <exception cref="FormulaException">It makes no sense.</exception>
    public MetricDefinition Bind(
        FormulaLimits limits, Func<string, int, MetricDefinition?> find, Func<IEnumerable<string>> keys, Func<InputObject, string> text)
    {
        var named = new List<MetricDefinition>();
        var term = Term(FormulaParser.Parse(Expression, limits));
        if (term.Kind is not { } kind)
            throw new FormulaException("A formula names at least one metric.", 1);
        IReadOnlyList<MetricDefinition> parts = [.. named.SelectMany(m => m.Leaves).DistinctBy(l => l.Asked)];
        if (parts.Count > limits.Parts)
            throw new FormulaException($"With the metrics that it names a formula is made of at most {limits.Parts} metrics, not {parts.Count}.", 1);
        var metric = new MetricDefinition
        {
            Key = Key, English = Label, Chinese = LabelZh ?? Label, Requirement = "",
            Formula = Description is null ? Expression : $"{Description} ({Expression})",
            Expression = Expression, Kind = kind, Unit = term.Unit, Additivity = term.Additivity!.Value,
            EmptyRule = term.IsZeroWhenEmpty ? EmptyRule.Zero : EmptyRule.Null, Favourable = Favourable, Version = Version, Range = MetricRange.Any,
            Reads = [.. parts.SelectMany(p => p.Reads).Distinct()], Parts = parts, Combine = of => Guarded(term, of),
            Compute = cell => Guarded(term, p => p.Compute(cell)), Asked = AskedMetric.Custom(Key),
        };
        return Where is null ? metric : metric.Under(Where, text) with { Asked = metric.Asked };

        FormulaTerm Term(FormulaNode node) => node switch
        {
            NumberNode number => FormulaTerm.Of(number.Value),
            NegationNode negation => Term(negation.Of).Negated(),
            OperationNode operation => Term(operation.Left).With(operation.Operator, Term(operation.Right), operation.Position),
            _ => FormulaTerm.Of(Named((MetricNode)node)),
        };

        MetricDefinition Named(MetricNode node)
        {
            var found = find(node.Key, node.Position) ?? throw new FormulaException(
                $"There is no metric \"{node.Key}\".{Suggestions.DidYouMean(Suggestions.Nearest(node.Key, keys()))}", node.Position);
            named.Add(node.Arguments.Count == 0 ? found : WithArguments(found, node, text));
            return named[^1];
        }
    }

    private static Outcome Guarded(FormulaTerm term, Func<MetricDefinition, Outcome> of)
    {
        try
        {
            return term.Value(of);
        }
        catch (OverflowException)
        {
            return Outcome.None(NoValueReason.OutOfRange);
        }
    }

    private static MetricDefinition WithArguments(MetricDefinition metric, MetricNode node, Func<InputObject, string> text)
    {
        var given = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var argument in node.Arguments)
        {
            var parameter = metric.Parameters.FirstOrDefault(p => p.Name == argument.Name) ?? throw new FormulaException(
                metric.Parameters.Count == 0
                    ? $"\"{metric.Key}\" has no arguments."
                    : $"\"{metric.Key}\" has no argument \"{argument.Name}\", only {string.Join(", ", metric.Parameters.Select(p => p.Name))}.",
                argument.Position);
            if (!given.TryAdd(argument.Name, Value(parameter, argument)))
                throw new FormulaException($"\"{argument.Name}\" is given twice.", argument.Position);
        }

        try
        {
            metric.Check(given);
            return metric.With(given, text);
        }
        catch (GraphQLException e)
        {
            throw new FormulaException(e.Message, node.Position);
        }
    }

    private static object Value(MetricParameter parameter, FormulaArgument argument)
    {
        if (parameter.Usual is int)
            return int.TryParse(argument.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FormulaException($"\"{argument.Name}\" is a whole number, not \"{argument.Value}\".", argument.Position);
        if (parameter.Usual is bool && argument.Value is "true" or "false")
            return argument.Value == "true";
        if (parameter.Usual is Enum usual)
            foreach (var value in Enum.GetValues(usual.GetType()))
                if (SnakeCase.Upper(value.ToString()!) == argument.Value)
                    return value;
        throw new FormulaException(
            $"\"{argument.Name}\" is one of {string.Join(", ", parameter.Values!)}, not \"{argument.Value}\".", argument.Position);
    }
}
