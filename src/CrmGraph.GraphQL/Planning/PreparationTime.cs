namespace CrmGraph.GraphQL.Planning;

/// <summary>How long the stages before execution took.</summary>
public readonly record struct PreparationTime(TimeSpan Parse, TimeSpan Validate, TimeSpan Plan)
{
    public TimeSpan Total => Parse + Validate + Plan;
}
