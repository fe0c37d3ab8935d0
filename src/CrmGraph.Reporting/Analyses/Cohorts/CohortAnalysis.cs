using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Cohorts;

/// <summary>By which day a customer belongs to a cohort.</summary>
public enum CohortStart
{
    /// <summary>That of his first sale that was not cancelled.</summary>
    FirstPurchase,
    /// <summary>That on which he became known.</summary>
    Created,
}

/// <summary>What is told of a cohort in each interval.</summary>
public enum CohortMeasure
{
    /// <summary>Customers with a sale.</summary>
    Customers,
    /// <summary>Sales less returns.</summary>
    Revenue,
    /// <summary>Sales that were not cancelled.</summary>
    Orders,
}

/// <summary>What became of customers who began in the same interval.</summary>
[GraphQLName("CohortMatrix")]
public sealed class CohortAnalysis : Analysis
{
    /// <summary>The length of the intervals.</summary>
    public required TimeGrain Grain { get; init; }
    /// <summary>By which day customers belong to a cohort.</summary>
    public required CohortStart By { get; init; }
    /// <summary>What the cells tell.</summary>
    public required CohortMeasure Measure { get; init; }
    /// <summary>ISO 4217 code of all money; null when the measure is none.</summary>
    public required string? Currency { get; init; }
    /// <summary>By their first day, without gaps.</summary>
    [ListSize(AssumedSize = 120)]
    public required IReadOnlyList<Cohort> Cohorts { get; init; }
}

/// <summary>Customers who began in the same interval.</summary>
/// <param name="Bucket">The interval in which they began.</param>
/// <param name="Customers">How many; null where they are too few to be told of.</param>
/// <param name="Cells">Their own interval, then those after it.</param>
public sealed record Cohort(TimeBucket Bucket, int? Customers, [property: ListSize(AssumedSize = 24)] IReadOnlyList<CohortCell> Cells);

/// <summary>A cohort in one interval.</summary>
/// <param name="Offset">Intervals since the cohort's own, which is 0.</param>
/// <param name="Value">The measure; null with a reason where the interval has not begun, or too few customers stand behind it.</param>
/// <param name="PerCustomer">Value over customers of the cohort: of CUSTOMERS the share that bought.</param>
/// <param name="Incomplete">The interval is not over yet.</param>
/// <param name="Reason">Why there is no value, or none by customer.</param>
public sealed record CohortCell(int Offset, decimal? Value, decimal? PerCustomer, bool Incomplete, NoValueReason? Reason);
