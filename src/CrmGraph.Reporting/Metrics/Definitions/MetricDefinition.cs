using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>
/// One metric, whole: its field in the schema, its entry in the catalogue and its computation follow from this record.
/// Add a metric by adding one of these to a list in <c>Definitions/</c>.
/// </summary>
public sealed record MetricDefinition
{
    /// <summary>The name of the metric and of its field in a row. It is never reused for another metric.</summary>
    public required string Key { get; init; }
    [GraphQLIgnore] public required string English { get; init; }
    [GraphQLIgnore] public required string Chinese { get; init; }
    [GraphQLIgnore] public required string Formula { get; init; }
    /// <summary>The kind of number, which determines the type of the metric's field.</summary>
    public required MetricKind Kind { get; init; }
    /// <summary>How the values of the metric add up.</summary>
    public required Additivity Additivity { get; init; }
    /// <summary>What the metric shows if nothing happened.</summary>
    public required EmptyRule EmptyRule { get; init; }
    /// <summary>Which direction of change is good news.</summary>
    public required FavourableDirection Favourable { get; init; }
    /// <summary>The number of the product requirement that the metric fulfills; empty for metrics that the company defined itself.</summary>
    public required string Requirement { get; init; }
    /// <summary>The version of the formula. Stored results of an older version are not shown as current.</summary>
    public int Version { get; init; } = 1;
    /// <summary>The unit of the value. The currency of money is given beside each value.</summary>
    public string Unit { get; init; } = "currency";
    /// <summary>
    /// The number of decimals to show; values themselves are not rounded to it. Null for money, which has as many decimals as its currency. For a ratio,
    /// the decimals of the number itself, which are two more than those of the percentage.
    /// </summary>
    public int? Decimals
    {
        get => field ?? Kind switch { MetricKind.Money => null, MetricKind.Count => 0, MetricKind.Ratio => 3, MetricKind.Score => 1, _ => 2 };
        init;
    }

    [GraphQLIgnore]
    internal MetricRange Range
    {
        get => field ?? Kind switch
        {
            MetricKind.Ratio => MetricRange.Share,
            MetricKind.Score => MetricRange.Any,
            _ => MetricRange.FromZero,
        };
        init;
    }

    /// <summary>The least value that the metric can have; null for metrics that can fall below any number.</summary>
    public decimal? Minimum => Range.Least;

    /// <summary>The greatest value that the metric can have; null for metrics that can rise above any number.</summary>
    public decimal? Maximum => Range.Most;

    /// <summary>What to use instead; null for metrics that stay.</summary>
    [GraphQLName("deprecationReason")] public string? Deprecation { get; init; }

    /// <summary>The base aggregates that <see cref="Compute"/> may read.</summary>
    [GraphQLIgnore] public required IReadOnlyList<Measure> Reads { get; init; }
    /// <summary>From the base aggregates of a cell to the value of the cell, not rounded.</summary>
    [GraphQLIgnore] public required Func<MetricCell, Outcome> Compute { get; init; }

    /// <summary>What can be asked of the metric beside its key.</summary>
    [GraphQLName("arguments")] public IReadOnlyList<MetricParameter> Parameters { get; init; } = [];
    /// <summary>The metric of other values of its arguments than the usual ones.</summary>
    [GraphQLIgnore] public Func<MetricDefinition, ParameterValues, MetricDefinition>? Vary { get; init; }
    /// <summary>What is wrong with these values, together or by the range that one of them sets another; null where nothing is.</summary>
    [GraphQLIgnore] public Func<ParameterValues, string?>? Fault { get; init; }
    /// <summary>The key with the arguments that the field was given: what tells the values of a row apart.</summary>
    [GraphQLIgnore] public string Asked { get => field ?? Key; init; }
    /// <summary>Which facts count, beside the conditions of the table: those that fulfil all of these.</summary>
    [GraphQLIgnore] public IReadOnlyList<InputObject> Conditions { get; init; } = [];

    /// <summary>The formula of a metric that the company defined itself; null for all others.</summary>
    public string? Expression { get; init; }
    /// <summary>Of the company's own: the metrics that it is made of, none of them one of these.</summary>
    [GraphQLIgnore] public IReadOnlyList<MetricDefinition> Parts { get; init; } = [];
    /// <summary>From the values of <see cref="Parts"/> to its own, not rounded; null for metrics that are computed of cells.</summary>
    [GraphQLIgnore] public Func<Func<MetricDefinition, Outcome>, Outcome>? Combine { get; init; }
    /// <summary>Only its key is known: what it is stands in the database.</summary>
    [GraphQLIgnore] public bool IsUnresolved { get; init; }
    /// <summary>What has to be read and assembled for it.</summary>
    [GraphQLIgnore] public IReadOnlyList<MetricDefinition> Leaves => Combine is null ? [this] : Parts;

    /// <summary>The same as `key`.</summary>
    [GraphQLDeprecated("Use `key`.")] public string Name => Key;

    /// <summary>The names of the metric for people, one per language.</summary>
    public IReadOnlyList<MetricLabel> Labels => [new("en", English), new("zh", Chinese)];

    /// <summary>How the metric is computed, in words, one text per language.</summary>
    public IReadOnlyList<MetricLabel> Formulas => [new("en", Formula), new("zh", Expression is null ? ChineseFormulas.Of(Key) : Formula)];

    /// <summary>The dimensions by which the metric can be grouped.</summary>
    public IReadOnlyList<MetricDimension> Dimensions => [.. Enum.GetValues<MetricDimension>().Where(Supports)];

    /// <summary>The grains that the metric supports.</summary>
    public IReadOnlyList<TimeGrain> Grains => [.. Enum.GetValues<TimeGrain>().Where(Supports)];

    internal bool Supports(MetricDimension dimension) =>
        Reads.All(m => FactSources.Of(m, byLine: dimension.IsOfLines()).Supports(dimension));

    internal bool Supports(TimeGrain grain) => Reads.All(m => FactSources.Of(m, byLine: false).Supports(grain));
}

/// <summary>The name or formula of a metric in one language.</summary>
/// <param name="Language">The BCP 47 tag of the language, such as `en` or `zh`.</param>
/// <param name="Text">The text.</param>
public sealed record MetricLabel(string Language, string Text);
