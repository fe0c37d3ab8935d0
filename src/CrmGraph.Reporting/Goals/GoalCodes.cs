using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Goals;

/// <summary>Codes of errors about goals and annotations.</summary>
public static class GoalCodes
{
    [ErrorCode(ErrorPlace.Payload, 200, "a goal that cannot be saved so", "the message says what is wrong, `field` where")]
    public const string Invalid = "GOAL_INVALID";
    [ErrorCode(ErrorPlace.Payload, 200, "an annotation that cannot be saved so", "the message says what is wrong, `field` where")]
    public const string InvalidAnnotation = "ANNOTATION_INVALID";
    [ErrorCode(ErrorPlace.Payload, 200, "more goals than `Crm:Goals`, or more annotations than `Crm:Annotations`", "delete those that are over")]
    public const string TooMany = "GOALS_TOO_MANY";
}
