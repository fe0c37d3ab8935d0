namespace CrmGraph.GraphQL.Types;

/// <summary>
/// Who sees the same: an operation on an event of a subscription is executed once for all subscribers whose audiences are equal. The host puts it into the
/// request's state; without one nothing is shared.
/// </summary>
/// <param name="Id">Equal for callers to whom every field says the same, in the same language.</param>
public sealed record Audience(object Id);
