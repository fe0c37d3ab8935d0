using System.Globalization;
using CrmGraph.GraphQL.Costs;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Server.Access;

/// <summary>What each caller may spend: the limits of his role, and one bucket for all that comes under one key, token's subject or, without either, address.</summary>
public sealed class CostPolicies(ServerOptions options, TimeProvider time)
{
    /// <summary>HotChocolate's request header: <c>report</c> or <c>validate</c>.</summary>
    public const string Header = "GraphQL-Cost";

    private readonly CostBuckets _buckets = new(time, options.GraphQL.CallersRemembered);

    /// <summary>Whether the policy follows from the caller alone, and not from where the request comes from.</summary>
    public static bool IsKnown(Caller caller) => caller.ApiKeyId is not null || caller.Subject is not null;

    public CostPolicy Of(Caller caller, HttpContext context, CostMode mode = CostMode.Enforce)
    {
        var limits = options.LimitsOf(caller.Role);
        return new()
        {
            FieldCost = limits.FieldCost,
            TypeCost = limits.TypeCost,
            Bucket = limits.CallerCost > 0 ? _buckets.Of(Key(caller, context), limits.CallerCost, limits.CallerCostPerSecond) : null,
            Mode = mode,
        };
    }

    /// <summary>What the request's header asks for; null when it is none of the words.</summary>
    public static CostMode? ModeOf(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var given))
            return CostMode.Enforce;
        var word = given.ToString().Trim();
        return word.Equals("report", StringComparison.OrdinalIgnoreCase) ? CostMode.Report
            : word.Equals("validate", StringComparison.OrdinalIgnoreCase) ? CostMode.Validate
            : null;
    }

    /// <summary>
    /// The fields of the IETF draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-10), where they tell something: when the
    /// caller asked for the cost, was refused, or has spent more than half.
    /// </summary>
    public static void Tell(HttpResponse response, CostReport? report)
    {
        if (report?.RetryAfterSeconds is { } wait)
            response.Headers.RetryAfter = Whole(Math.Ceiling(wait));
        if (report?.Bucket is not { } bucket || (!report.IsShown && report.RetryAfterSeconds is null && bucket.Available > bucket.Capacity / 2))
            return;
        response.Headers["RateLimit-Policy"]
            = $"\"cost\";q={Whole(bucket.Capacity)};w={Whole(Math.Ceiling(bucket.Capacity / bucket.RestorePerSecond))};qu=\"cost\"";
        response.Headers["RateLimit"] = $"\"cost\";r={Whole(Math.Max(0, Math.Floor(bucket.Available)))};t={Whole(Math.Ceiling(bucket.RestoreSeconds))}";
    }

    /// <summary>What tells callers apart.</summary>
    // The role is part of the key: a key that is given another role begins anew with that role's limits.
    public static string Key(Caller caller, HttpContext context) =>
        caller.ApiKeyId is { } key ? $"{caller.Role} key {key}"
        : caller.Subject is { } subject ? $"{caller.Role} subject {subject}"
        : $"{caller.Role} address {context.Connection.RemoteIpAddress}";

    private static string Whole(double number) => ((long)number).ToString(CultureInfo.InvariantCulture);
}
