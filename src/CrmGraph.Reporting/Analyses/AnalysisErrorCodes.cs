using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Analyses;

/// <summary>Where an analysis says nothing rather than something that nobody should believe.</summary>
public static class AnalysisErrorCodes
{
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "an analysis of fewer customers, intervals or rows than it can say anything of; the message says how many there are and how many it needs",
        "a longer period, a finer grain, or a wider `where`")]
    public const string TooFew = "ANALYSIS_TOO_FEW";
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "values that do not vary, or move exactly together, so that nothing follows from them",
        "other metrics or features, or a longer period")]
    public const string NoVariation = "ANALYSIS_NO_VARIATION";
    [ErrorCode(ErrorPlace.Field, 200, "the model found no best parameters for this data", "a longer period, or a wider `where`")]
    public const string NotConverged = "ANALYSIS_NOT_CONVERGED";
    [ErrorCode(ErrorPlace.Field, 200, "fewer customers than the settings' `smallGroupMinimum`, asked for below administrator", "a wider `where`")]
    public const string SmallGroup = "ANALYSIS_SMALL_GROUP";
    [ErrorCode(ErrorPlace.Field, 200, "more rows than `Crm:AnalysisRows`", "a shorter period, or a narrower `where`")]
    public const string TooLarge = "ANALYSIS_TOO_LARGE";
}
