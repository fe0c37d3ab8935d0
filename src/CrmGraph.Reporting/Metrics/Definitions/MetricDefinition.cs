using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>
/// One metric, whole: its field in the schema, its entry in the catalogue and its computation follow from this record.
/// Add a metric by adding one of these to a list in <c>Definitions/</c>.
/// </summary>
public sealed record MetricDefinition
{
    /// <summary>The name of the metric's field in the graph; also its key in saved documents, never reused for something else.</summary>
    public required string Key { get; init; }
    [GraphQLIgnore] public required string English { get; init; }
    [GraphQLIgnore] public required string Chinese { get; init; }
    /// <summary>How it is computed, in words.</summary>
    public required string Formula { get; init; }
    public required MetricKind Kind { get; init; }
    public required Additivity Additivity { get; init; }
    public required EmptyRule EmptyRule { get; init; }
    public required FavourableDirection Favourable { get; init; }
    /// <summary>The number of the requirement that it fulfils: <c>R43</c>.</summary>
    public required string Requirement { get; init; }
    /// <summary>Raised when the formula changes; kept results of another version are not shown as current.</summary>
    public int Version { get; init; } = 1;
    /// <summary>What the value is counted in; the currency of money stands with the value.</summary>
    public string Unit { get; init; } = "currency";
    /// <summary>
    /// With how many digits after the point to show the value; what the API gives is not rounded to them. A ratio's are those of the number, two more than
    /// those of its percentage. Null for money: as many as the currency has.
    /// </summary>
    public int? Decimals
    {
        get => field ?? Kind switch { MetricKind.Money => null, MetricKind.Count => 0, MetricKind.Ratio => 3, MetricKind.Score => 1, _ => 2 };
        init;
    }

    /// <summary>The base aggregates that <see cref="Compute"/> may read.</summary>
    [GraphQLIgnore] public required IReadOnlyList<Measure> Reads { get; init; }
    /// <summary>From the base aggregates of a cell to the value of the cell, not rounded.</summary>
    [GraphQLIgnore] public required Func<MetricCell, Outcome> Compute { get; init; }

    /// <summary>The same as <see cref="Key"/>: the name of the field of rows.</summary>
    public string Name => Key;

    /// <summary>For people, in English.</summary>
    public string Label => English;

    /// <summary>For people, by language.</summary>
    public IReadOnlyList<MetricLabel> Labels => [new("en", English), new("zh", Chinese)];

    /// <summary>The dimensions by which it can be grouped.</summary>
    public IReadOnlyList<MetricDimension> Dimensions => [.. Enum.GetValues<MetricDimension>().Where(Supports)];

    /// <summary>The grains by which it is known.</summary>
    public IReadOnlyList<TimeGrain> Grains => [.. Enum.GetValues<TimeGrain>().Where(Supports)];

    internal bool Supports(MetricDimension dimension) =>
        Reads.All(m => FactSources.Of(m, byLine: dimension == MetricDimension.ProductCategory).Supports(dimension));

    internal bool Supports(TimeGrain grain) => grain != TimeGrain.Hour || Reads.All(m => FactSources.Of(m, byLine: false).HasHours);
}

/// <param name="Language">A BCP 47 tag: en, zh.</param>
public sealed record MetricLabel(string Language, string Text);
