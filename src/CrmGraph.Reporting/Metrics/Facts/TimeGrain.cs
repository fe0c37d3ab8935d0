namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The width of a time bucket.</summary>
public enum TimeGrain
{
    /// <summary>An hour in the reporting time zone.</summary>
    Hour,
    /// <summary>A day in the reporting time zone.</summary>
    Day,
    /// <summary>A week, beginning on the weekday in the settings.</summary>
    Week,
    /// <summary>A calendar month.</summary>
    Month,
    /// <summary>A calendar quarter.</summary>
    Quarter,
    /// <summary>A calendar year.</summary>
    Year,
    /// <summary>A quarter of the fiscal year.</summary>
    FiscalQuarter,
    /// <summary>A fiscal year, beginning in the month in the settings.</summary>
    FiscalYear,
}
