using System.Globalization;
using System.Text.Json.Nodes;

namespace CrmGraph.Dashboard;

/// <summary>What metrics are split by: a dimension, and of dimensions of attributes which one, by its values or in bands.</summary>
/// <param name="Attribute">Its name; null for every other dimension.</param>
/// <param name="Bands">The borders as they stand in an address: <c>18;30</c>. Empty for single values.</param>
public sealed record Split(string Dimension, string? Attribute = null, string Bands = "")
{
    private const char Part = ':', Border = ';';

    public static bool IsOfAttribute(string dimension) => dimension.Contains("ATTRIBUTE", StringComparison.Ordinal);

    /// <summary>Those that are chosen with the name of an attribute: bands are said beside it.</summary>
    public static readonly IReadOnlyList<(string Dimension, string Words)> OfAttributes =
        [("ATTRIBUTE", "Attributes of customers"), ("ORDER_ATTRIBUTE", "Attributes of orders"), ("TICKET_ATTRIBUTE", "Attributes of tickets")];

    public IReadOnlyList<decimal> Borders =>
        [.. Bands.Split(Border, StringSplitOptions.RemoveEmptyEntries).Select(b => decimal.Parse(b, CultureInfo.InvariantCulture))];

    /// <summary>The borders with commas between them.</summary>
    public string Listed => Bands.Replace(";", ", ", StringComparison.Ordinal);

    /// <summary>The borders as people write them; null where they are no numbers.</summary>
    public static string? Read(string? text)
    {
        var parts = (text ?? "").Split([',', '，', ';', '；', '、', ' '], StringSplitOptions.RemoveEmptyEntries);
        const NumberStyles form = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        var borders = parts.Select(p => decimal.TryParse(p, form, CultureInfo.InvariantCulture, out var border) ? border : (decimal?)null).ToList();
        return borders.Contains(null) ? null : Written(borders.OfType<decimal>());
    }

    public static string Written(IEnumerable<decimal> borders) => string.Join(Border, borders.Select(b => b.ToString(CultureInfo.InvariantCulture)));

    /// <summary>As it stands in an address, in which a comma parts it from the next.</summary>
    public override string ToString() => Attribute is null ? Dimension
        : $"{Dimension}{Part}{Uri.EscapeDataString(Attribute)}{(Bands.Length == 0 ? "" : Part + Bands)}";

    /// <summary>Null for what is none.</summary>
    public static Split? Parse(string text) => text.Split(Part) switch
    {
        [var dimension] when !IsOfAttribute(dimension) => new(dimension),
        [var dimension, var key] when IsOfAttribute(dimension) => new(dimension, Uri.UnescapeDataString(key)),
        [var dimension, var key, var bands] when IsOfAttribute(dimension) && Read(bands) is { } borders => new(dimension, Uri.UnescapeDataString(key), borders),
        _ => null,
    };

    /// <summary>A value of the graph's <c>MetricAttributeInput</c>; null for other dimensions.</summary>
    public JsonObject? Input
    {
        get
        {
            if (Attribute is null)
                return null;
            var input = new JsonObject { ["key"] = Attribute };
            if (Bands.Length > 0)
                input["bands"] = new JsonArray([.. Borders.Select(b => JsonValue.Create(b))]);
            return input;
        }
    }
}
