namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>The kind of number that a metric is.</summary>
public enum MetricKind
{
    /// <summary>An amount in the table's currency.</summary>
    Money,
    /// <summary>A count.</summary>
    Count,
    /// <summary>A share of a whole; 1 is the whole.</summary>
    Ratio,
    /// <summary>A score on its own scale, such as -100 to 100.</summary>
    Score,
    /// <summary>An average number per unit, such as orders per buyer.</summary>
    Rate,
}

/// <summary>How the values of a metric add up.</summary>
public enum Additivity
{
    /// <summary>Values add up over time and over groups that do not overlap.</summary>
    Additive,
    /// <summary>Values add up over groups, but not over time, where the last one counts.</summary>
    SemiAdditive,
    /// <summary>Values must be computed again at each level, as for ratios and distinct counts.</summary>
    NonAdditive,
}

/// <summary>What a metric shows if nothing happened. A metric whose facts were never recorded is null with the reason NO_DATA in any case.</summary>
public enum EmptyRule
{
    /// <summary>Zero, if facts of its kind have ever been recorded among those that the caller may see.</summary>
    Zero,
    /// <summary>Null with a reason.</summary>
    Null,
}

/// <summary>Which direction of change is good news.</summary>
public enum FavourableDirection
{
    /// <summary>An increase is good news.</summary>
    Up,
    /// <summary>A decrease is good news.</summary>
    Down,
    /// <summary>Neither direction is good or bad news.</summary>
    Neither,
}
