namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>How opportunities count.</summary>
public enum DealMeasure
{
    /// <summary>Each as one.</summary>
    Count,
    /// <summary>By their amounts; those without an amount are left out.</summary>
    Amount,
}
