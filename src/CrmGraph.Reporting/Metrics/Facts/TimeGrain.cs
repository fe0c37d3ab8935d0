namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The width of a time bucket. Weeks, quarters and years follow the settings; the fiscal ones the fiscal year.</summary>
public enum TimeGrain { Hour, Day, Week, Month, Quarter, Year, FiscalQuarter, FiscalYear }
