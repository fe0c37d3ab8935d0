using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Planning;

namespace CrmGraph.GraphQL.Costs;

/// <summary>Prices an operation and decides whether its caller may have it run.</summary>
internal static class CostGate
{
    /// <param name="policy">Null when nobody wants a price.</param>
    /// <param name="refusal">Null when the operation may go on.</param>
    public static CostReport? Pass(
        CostPolicy? policy,
        PlanVariant plan,
        JsonElement given,
        PricedRequest request,
        out GraphQLError? refusal)
    {
        refusal = null;
        if (policy is null)
            return null;
        var prices = plan.Kept(CostCompiler.Of);
        var cost = prices.Error is null ? prices.Price(given, request) : default;
        refusal = prices.Error ?? TooDear(policy, cost);
        var shown = policy.Mode != CostMode.Enforce;
        if (refusal is not null || policy.Bucket is not { } bucket || policy.Mode == CostMode.Validate)
            return new(cost, policy.Bucket?.Status, shown);
        var wait = bucket.Take(cost.Total, out var left);
        if (wait == 0)
            return new(cost, left, shown);
        refusal = Throttled(cost, left, wait);
        return new(cost, left, shown) { RetryAfterSeconds = wait };
    }

    /// <summary>What an answer shows: HotChocolate's <c>operationCost</c>, and <c>cost</c> with the state of the bucket in the form that Shopify's clients know.</summary>
    public static IReadOnlyDictionary<string, object?> Extensions(CostReport report)
    {
        var extensions = new Dictionary<string, object?>
        {
            ["operationCost"] = new Dictionary<string, double> { ["fieldCost"] = Shown(report.Cost.FieldCost), ["typeCost"] = Shown(report.Cost.TypeCost) },
        };
        var cost = new Dictionary<string, object?> { ["requestedQueryCost"] = Shown(report.Cost.Total) };
        if (report.Bucket is { } bucket)
        {
            cost["throttleStatus"] = new Dictionary<string, double>
            {
                ["maximumAvailable"] = bucket.Capacity,
                ["currentlyAvailable"] = Math.Floor(bucket.Available),
                ["restoreRate"] = bucket.RestorePerSecond,
            };
        }

        extensions["cost"] = cost;
        return extensions;
    }

    private static GraphQLError? TooDear(CostPolicy policy, OperationCost cost) =>
        cost.FieldCost > policy.FieldCost
            ? TooDear("field", cost.FieldCost, policy.FieldCost, "Ask for shorter pages, fewer lists inside one another or simpler filters.")
            : cost.TypeCost > policy.TypeCost ? TooDear("type", cost.TypeCost, policy.TypeCost, "Ask for shorter pages or fewer lists inside one another.")
        : null;

    private static GraphQLError TooDear(string kind, double cost, double most, string advice) =>
        new($"The operation's {kind} cost is {Shown(cost)}; at most {Shown(most)} is allowed. {advice}")
        {
            Code = ErrorCodes.CostExceeded,
            Extensions = new Dictionary<string, object?>
            {
                [kind + "Cost"] = Shown(cost),
                [kind == "field" ? "maxFieldCost" : "maxTypeCost"] = Shown(most),
            },
        };

    private static GraphQLError Throttled(OperationCost cost, BucketStatus left, double wait) =>
        new($"The operation costs {Shown(cost.Total)}, and {Math.Floor(Math.Max(0, left.Available))} of your allowance is left. "
            + $"Send it again in {Math.Ceiling(wait)} s.")
        {
            Code = ErrorCodes.Throttled,
            Extensions = new Dictionary<string, object?>
            {
                ["cost"] = Shown(cost.Total),
                ["available"] = Math.Floor(left.Available),
                ["retryAfterSeconds"] = Math.Ceiling(wait),
            },
        };

    // JSON has no infinity, and nobody needs the digits of a price beyond the second.
    private static double Shown(double cost) => Math.Round(Math.Min(cost, 1e15), 2);
}
