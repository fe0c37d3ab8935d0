using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace CrmGraph.Dashboard;

/// <summary>A value of a dimension that tiles are filtered by: what a bar, a slice or a row stands for.</summary>
/// <param name="Key">As filters take it; null for the unknown ones.</param>
public sealed record Mark(string Dimension, string? Key, string Label)
{
    private const string Parameter = "only";

    // Where in the filter of metrics the dimension stands.
    private static readonly Dictionary<string, string[]> _paths = new(StringComparer.Ordinal)
    {
        ["CHANNEL"] = ["channel", "eq"],
        ["OWNER"] = ["owner", "eq"],
        ["PRODUCT_CATEGORY"] = ["product", "category", "eq"],
        ["REGION"] = ["customer", "region", "eq"],
        ["COUNTRY"] = ["customer", "country", "eq"],
        ["CITY"] = ["customer", "city", "eq"],
        ["INDUSTRY"] = ["customer", "industry", "eq"],
        ["GENDER"] = ["customer", "gender", "eq"],
        ["LIFECYCLE_STAGE"] = ["customer", "lifecycleStage", "eq"],
        ["CUSTOMER_KIND"] = ["customer", "kind", "eq"],
        ["ACQUISITION_CHANNEL"] = ["customer", "acquisitionChannel", "eq"],
        ["SEGMENT"] = ["customer", "segments", "in"],
    };

    public static bool Has(string dimension) => _paths.ContainsKey(dimension);

    /// <summary>All marks together as a <c>MetricFilterInput</c>; null for none.</summary>
    public static JsonObject? Filter(IReadOnlyCollection<Mark> marks)
    {
        if (marks.Count == 0)
            return null;
        var filter = new JsonObject();
        var customers = new JsonArray();
        foreach (var mark in marks)
        {
            var path = _paths[mark.Dimension];
            JsonNode? inner = path[^1] == "in" ? new JsonArray(mark.Key) : mark.Key;
            foreach (var field in path.Skip(1).Reverse())
                inner = new JsonObject { [field] = inner };
            if (path[0] == "customer")
                customers.Add(inner);
            else
                filter[path[0]] = inner;
        }

        if (customers.Count > 0)
            filter["customer"] = new JsonObject { ["and"] = customers };
        return filter;
    }

    /// <summary>A filter narrowed by marks; of the same condition on a channel or an owner both hold.</summary>
    public static JsonObject? Narrow(JsonObject? own, IReadOnlyCollection<Mark> marks)
    {
        if (own is null || Filter(marks) is not { } filter)
            return own ?? Filter(marks);
        var both = (JsonObject)own.DeepClone();
        foreach (var (name, condition) in filter)
        {
            if (both[name] is not JsonObject given)
                both[name] = condition!.DeepClone();
            else if (name is "customer" or "product")
                both[name] = new JsonObject { ["and"] = new JsonArray(given.DeepClone(), condition!.DeepClone()) };
            else if (condition!["eq"] is var wanted && !given.ContainsKey("eq"))
                given["eq"] = wanted?.DeepClone();
            else if (!JsonNode.DeepEquals(given["eq"], wanted))
            {
                var isPossible = wanted is not null && (given["in"] is not JsonArray some || some.Any(s => JsonNode.DeepEquals(s, wanted)));
                given["in"] = new JsonArray(isPossible ? [wanted!.DeepClone()] : []);
            }
        }

        return both;
    }

    /// <summary>As they stand in a page's address.</summary>
    public static string Query(IEnumerable<Mark> marks) => string.Concat(marks.Select(m => $"&{Parameter}={Uri.EscapeDataString($"{m.Dimension}:{m.Key}")}"));

    public static IReadOnlyList<Mark> Of(string address) =>
    [
        .. from text in QueryHelpers.ParseQuery(new Uri(address).Query).GetValueOrDefault(Parameter)
           let parts = (text ?? "").Split(':', 2)
           where parts.Length == 2 && Has(parts[0]) && (parts[1].Length > 0 || parts[0] is not ("SEGMENT" or "OWNER"))
           group new Mark(parts[0], parts[1].Length == 0 ? null : parts[1], parts[1]) by parts[0] into same
           select same.First(),
    ];
}
