using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Listing;

/// <summary>A part of a quotient.</summary>
public enum QuotientPart
{
    /// <summary>What is divided.</summary>
    Numerator,
    /// <summary>What it is divided by.</summary>
    Denominator,
}

/// <summary>What each measure of a row gives to a number: how rows are listed that add up to it.</summary>
/// <param name="Source">The one source of all measures.</param>
/// <param name="Of">The weight of one of each measure.</param>
internal sealed record FactWeights(FactSource Source, FactIdentity Identity, IReadOnlyList<(Measure Measure, decimal Weight)> Of)
{
    // Any number that is far enough from those at which formulas bend.
    private const decimal Probe = 1_000;

    // What is divided on the way has digits without end.
    private const decimal Noise = 1e-12m;

    /// <summary>Of the values whose median or share a metric is; the rows have them, and they do not add up.</summary>
    public bool IsRanked => Of[0].Measure.Ranked is not null;

    public bool IsMoney => Of.Any(o => o.Measure.IsMoney);

    /// <param name="part">Which part of a quotient is listed; null for what is none.</param>
    /// <exception cref="GraphQLException">METRIC_UNSUPPORTED or METRIC_INVALID_ARGUMENT: there are no rows that add up to the metric.</exception>
    public static FactWeights Find(MetricDefinition metric, QuotientPart? part, bool byLine)
    {
        if (metric.Reads is [{ Ranked: not null } ranked])
            return part is null ? new FactWeights(FactSources.Of(ranked, byLine), FactIdentity.Fact, [(ranked, 1)]).Listable(metric) : throw NoQuotient(metric);
        var weights = new List<(Measure Measure, decimal Weight)>();
        if (metric.Reads.All(m => m.Ranked is null) && Value(metric, part, byLine, null) is { } value)
            foreach (var measure in metric.Reads.Distinct())
                if (Value(metric, part, byLine, measure) - value is { } weight and not 0)
                    weights.Add((measure, weight));
        if (weights.Count == 0 || Math.Abs((weights.Sum(w => w.Weight) * Probe) - Value(metric, part, byLine, null) ?? 0) > Noise)
            throw NoSum(metric, part);
        var parts = weights.Select(w => (Source: FactSources.Of(w.Measure, byLine), w.Measure)).Select(w => (w.Source, w.Source.IdentityOf(w.Measure)))
            .Distinct().ToList();
        return parts is [var (source, identity)] && (identity is FactIdentity.Fact or FactIdentity.PartOfFact || weights.Count == 1)
            ? new FactWeights(source, identity, weights).Listable(metric)
            : throw NoSum(metric, part);
    }

    /// <param name="more">The measure of which there is one more.</param>
    private static decimal? Value(MetricDefinition metric, QuotientPart? part, bool byLine, Measure? more)
    {
        var day = new DateOnly(2000, 1, 1);
        var cell = new MetricCell(new([.. metric.Reads.Select(m => FactSources.Of(m, byLine)).Distinct()]), new(day, day.AddDays(1)));
        foreach (var measure in metric.Reads.Distinct())
            cell.Set(measure, measure == more ? Probe + 1 : Probe);
        var outcome = metric.Compute(cell);
        if (outcome.Denominator is null && part is not null)
            throw NoQuotient(metric);
        if (outcome.Denominator is not null && part is null)
            throw new GraphQLException(
                MetricErrorCodes.InvalidArgument,
                $"{metric.Key} is a quotient: ask for its `part`, NUMERATOR or DENOMINATOR ({metric.Formula}).");
        return part switch { QuotientPart.Numerator => outcome.Numerator, QuotientPart.Denominator => outcome.Denominator, _ => outcome.Value };
    }

    private FactWeights Listable(MetricDefinition metric) => Source.Subject is not null
        ? this
        : throw new GraphQLException(
            MetricErrorCodes.Unsupported, $"{metric.Key} is not made of rows that can be listed: orders, tickets, customers and the like ({metric.Formula}).");

    private static GraphQLException NoQuotient(MetricDefinition metric) =>
        new(MetricErrorCodes.InvalidArgument, $"{metric.Key} is no quotient; leave out `part`.");

    private static GraphQLException NoSum(MetricDefinition metric, QuotientPart? part) => new(
        MetricErrorCodes.Unsupported,
        $"{(part is { } p ? $"The {SnakeCase.Upper(p.ToString()).ToLowerInvariant()} of {metric.Key}" : metric.Key)} is no sum of rows of one kind; "
        + $"ask for the facts of what it is made of: {metric.Formula}");

    /// <summary>What a row gives to the number; null when its money cannot be converted.</summary>
    /// <param name="convert">An amount of the row's currency.</param>
    public decimal? ValueOf(MetricDefinition metric, FactRow row, DateOnly lastDay, Func<decimal, decimal?> convert)
    {
        if (IsRanked)
            return ValueOfRanked(metric, row, lastDay, convert);
        if (Identity is FactIdentity.Member or FactIdentity.Event)
            return Of[0].Weight;
        var sum = 0m;
        foreach (var (measure, weight) in Of)
        {
            var value = measure.Value(measure.Stored(row)) * weight;
            if ((measure.IsMoney ? convert(value) : value) is not { } converted)
                return null;
            sum += converted;
        }

        return sum;
    }

    /// <summary>What the metric would be of this row alone.</summary>
    private decimal? ValueOfRanked(MetricDefinition metric, FactRow row, DateOnly lastDay, Func<decimal, decimal?> convert)
    {
        var measure = Of[0].Measure;
        var value = measure.RankedOf(row);
        if ((measure.IsMoney ? convert(value) : value) is not { } converted)
            return null;
        var cell = new MetricCell(new([Source]), new(lastDay, lastDay.AddDays(1)));
        cell.AddRanked(measure, converted, 1);
        return metric.Compute(cell).Value;
    }
}
