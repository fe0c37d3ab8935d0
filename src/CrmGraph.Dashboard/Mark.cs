using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace CrmGraph.Dashboard;

/// <summary>A value of a dimension that tiles are filtered by: what a bar, a slice or a row stands for.</summary>
/// <param name="Key">As filters take it; null for the unknown ones.</param>
/// <param name="Attribute">The name of the attribute, where the dimension is one of attributes.</param>
public sealed partial record Mark(string Dimension, string? Key, string Label, string? Attribute = null)
{
    private const string Parameter = "only", OfCustomers = "ATTRIBUTE";
    private const char Named = '/';

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

    internal static IReadOnlyDictionary<string, string[]> Paths => _paths;

    /// <summary>Whether tiles can be filtered by values of a dimension.</summary>
    public static bool Has(string dimension) => _paths.ContainsKey(dimension);

    /// <summary>Whether tiles can be filtered by it.</summary>
    public bool IsFilter => Has(Dimension) || (Dimension == OfCustomers && Attribute is not null && !(Key is not null && Band().IsMatch(Key)));

    /// <summary>Whether both are values of the same: of one dimension, and of one attribute.</summary>
    public bool IsBeside(Mark other) => (Dimension, Attribute) == (other.Dimension, other.Attribute);

    // The key of a band of numbers, which is no value.
    [GeneratedRegex(@"^-?[0-9.]*\.\.-?[0-9.]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Band();

    /// <summary>All marks together as a <c>MetricFilterInput</c>; null for none.</summary>
    public static JsonObject? Filter(IReadOnlyCollection<Mark> marks)
    {
        if (marks.Count == 0)
            return null;
        var filter = new JsonObject();
        var customers = new JsonArray();
        foreach (var mark in marks)
        {
            if (mark.Attribute is not null)
            {
                customers.Add(mark.OfAttribute());
                continue;
            }

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

    private JsonObject OfAttribute()
    {
        var one = new JsonObject { ["key"] = new JsonObject { ["eq"] = Attribute } };
        if (Key is not null)
            one["value"] = new JsonObject { ["eq"] = Key };
        return new() { ["attributes"] = new JsonObject { [Key is null ? "none" : "some"] = one } };
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
    public static string Query(IEnumerable<Mark> marks) => string.Concat(marks.Select(m => $"&{Parameter}={Uri.EscapeDataString($"{m.Place}:{m.Key}")}"));

    private string Place => Attribute is null ? Dimension : $"{Dimension}{Named}{Uri.EscapeDataString(Attribute)}";

    public static IReadOnlyList<Mark> Of(string address) =>
    [
        .. from text in QueryHelpers.ParseQuery(new Uri(address).Query).GetValueOrDefault(Parameter)
           let parts = (text ?? "").Split(':', 2)
           let place = parts[0].Split(Named, 2)
           where parts.Length == 2 && (parts[1].Length > 0 || place[0] is not ("SEGMENT" or "OWNER"))
           let mark = new Mark(place[0], parts[1].Length == 0 ? null : parts[1], parts[1], place.Length == 2 ? Uri.UnescapeDataString(place[1]) : null)
           where mark.IsFilter
           group mark by mark.Place into same
           select same.First(),
    ];
}
