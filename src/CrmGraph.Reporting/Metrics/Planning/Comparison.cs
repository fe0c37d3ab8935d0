namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>
/// The earlier days that a period is compared with. An incomplete period is compared with the same number of elapsed days; complete months are compared
/// with complete months.
/// </summary>
public enum Comparison
{
    /// <summary>
    /// The days directly before: the same number of calendar units for `last` and `toDate`; for a range, the same number of months if it consists of
    /// whole months, otherwise the same number of days.
    /// </summary>
    PreviousPeriod,
    /// <summary>The same dates one year earlier. For periods in weeks and for the grain WEEK, 52 weeks earlier, so that weekdays match.</summary>
    PreviousYear,
}
