namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>
/// What the period is compared with: the same days earlier. A day's partner is the same date a year or some months earlier, or so many days earlier; whole
/// months that are over are compared with whole months, all else from the partner of the first day to that of the last day that has come.
/// </summary>
public enum Comparison
{
    /// <summary>
    /// Directly before: as many calendar units of last and toDate; for a range as many months when it has whole months, else as many days.
    /// </summary>
    PreviousPeriod,
    /// <summary>The same dates a year earlier; for periods in weeks and the grain WEEK 52 weeks earlier, so that weekdays meet.</summary>
    PreviousYear,
}
