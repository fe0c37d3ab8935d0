namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>The kind of number, which decides the GraphQL type of the metric's field.</summary>
public enum MetricKind
{
    /// <summary>An amount in the table's currency.</summary>
    Money,
    /// <summary>How many.</summary>
    Count,
    /// <summary>A part of a whole, 1 being all of it.</summary>
    Ratio,
    /// <summary>A score with a scale of its own, such as -100 to 100.</summary>
    Score,
    /// <summary>A mean number per something, such as orders per buyer.</summary>
    Rate,
}

/// <summary>How a metric's values at a finer level relate to the value above.</summary>
public enum Additivity
{
    /// <summary>Values add up over time and over groups that do not overlap.</summary>
    Additive,
    /// <summary>A stock: adds up over groups, but over time the last one counts.</summary>
    SemiAdditive,
    /// <summary>Must be computed again at each level: ratios and distinct counts.</summary>
    NonAdditive,
}

/// <summary>What a metric shows where nothing happened. Where its facts were never recorded it is null with NO_DATA in any case.</summary>
public enum EmptyRule
{
    /// <summary>0, where facts of its kind are recorded at all: of any time, among those that the caller may see.</summary>
    Zero,
    /// <summary>Null with its reason.</summary>
    Null,
}

/// <summary>Which change is good news.</summary>
public enum FavourableDirection { Up, Down, Neither }
