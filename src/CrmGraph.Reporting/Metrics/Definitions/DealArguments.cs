namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>How opportunities count.</summary>
public enum DealMeasure
{
    /// <summary>Each as one.</summary>
    Count,
    /// <summary>By their amounts; those without an amount are left out.</summary>
    Amount,
}

/// <summary>Which opportunities a conversion rate is of.</summary>
public enum ConversionView
{
    /// <summary>Those opened in the period: the share that was won. Never more than 1.</summary>
    Cohort,
    /// <summary>Those won in the period, against those opened in it; can be more than 1.</summary>
    Event,
}
