using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Analyses;

/// <summary>What every analysis says of itself: on how much it stands, of when it is, and what to be careful about.</summary>
[InterfaceType]
public abstract class Analysis
{
    /// <summary>How many customers, or rows where the analysis is not of customers, it stands on.</summary>
    public required int N { get; init; }
    /// <summary>The moment of the data.</summary>
    public required DateTime AsOf { get; init; }
    /// <summary>What a reader should know before he believes it.</summary>
    [ListSize(AssumedSize = 5)]
    public required IReadOnlyList<AnalysisWarning> Warnings { get; init; }
}

/// <summary>Something that makes an analysis less certain than its figures look.</summary>
/// <param name="Code">What it is.</param>
/// <param name="Message">What it is here, with the numbers.</param>
public sealed record AnalysisWarning(AnalysisWarningCode Code, string Message)
{
    internal static IReadOnlyList<AnalysisWarning> When(bool condition, AnalysisWarningCode code, string message) =>
        condition ? [new(code, message)] : [];
}

/// <summary>What can make an analysis less certain.</summary>
public enum AnalysisWarningCode
{
    /// <summary>There is nothing that it could be computed from.</summary>
    NoData,
    /// <summary>Enough to compute it, too little to rely on it.</summary>
    SmallSample,
    /// <summary>A part of what there is was left out; the message says which.</summary>
    LeftOut,
    /// <summary>Its last interval is not over yet.</summary>
    IncompletePeriod,
    /// <summary>Many equal values, which share their place.</summary>
    Ties,
    /// <summary>It fits the data hardly better than guessing.</summary>
    PoorFit,
}
