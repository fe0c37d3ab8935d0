using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics;

/// <summary>What people read of a definition, in their language.</summary>
[ObjectType<MetricDefinition>]
public static class MetricLabels
{
    /// <summary>The name of the metric for people, in the language of the request (`Accept-Language`: English or Chinese).</summary>
    public static string GetLabel([Parent] MetricDefinition metric, RequestState state) => Language.Of(state).Choose(metric.English, metric.Chinese);

    /// <summary>How the metric is computed, in words, in the language of the request.</summary>
    public static string GetFormula([Parent] MetricDefinition metric, RequestState state) =>
        Language.Of(state).Choose(metric.Formula, metric.Expression is null ? ChineseFormulas.Of(metric.Key) : metric.Formula);

    /// <summary>The unit for people, in the language of the request.</summary>
    public static string GetUnitLabel([Parent] MetricDefinition metric, RequestState state) =>
        Language.Of(state).Choose(metric.Unit, ChineseWords.OfUnit(metric.Unit) ?? metric.Unit);

    internal static string Of(NoValueReason reason, Language language) =>
        language.Choose(ErrorLabels.Words(SnakeCase.Upper(reason.ToString())), ChineseWords.Of(reason));
}

/// <summary>What programs and people read of a dimension's value.</summary>
[ObjectType<DimensionValue>]
public static class DimensionLabels
{
    /// <summary>
    /// The value for programs, as filters take it: a stored text, the name of an enum value, or the ID of a team member, customer, product and the like. Null for
    /// unknown values and for others.
    /// </summary>
    public static string? GetKey([Parent] DimensionValue value) => value.Written;

    /// <summary>The value for people, in the language of the request.</summary>
    public static string GetLabel([Parent] DimensionValue value, RequestState state) => value.LabelIn(Language.Of(state));
}
