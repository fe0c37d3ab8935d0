using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CrmGraph.Dashboard;

/// <summary>What metrics are called and how their values are written.</summary>
public sealed class MetricCatalog(IReadOnlyList<MetricEntry> entries, Preferences say)
{
    public static readonly Operation<MetricCatalogData> Operation = new("metric-catalog");

    private readonly Dictionary<string, MetricEntry> _byKey = entries.ToDictionary(e => e.Key);

    public IReadOnlyList<MetricEntry> All => entries;

    public MetricEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    public string Label(string key) => Find(key) is { } entry ? Text(entry.Labels) : say[Figures.FieldWords(key)];

    public string Formula(string key) => Find(key) is { } entry ? Text(entry.Formulas) : "";

    /// <summary>The graph's input for the groups with the most of a metric first.</summary>
    public JsonObject Most(string key) => Find(key) is { IsCustom: true }
        ? new() { ["custom"] = new JsonObject { ["key"] = key, ["direction"] = "DESC" } }
        : new() { [key] = "DESC" };

    public FigureKind Kind(string key) => Find(key)?.Kind switch
    {
        "MONEY" => FigureKind.Money,
        "RATIO" => FigureKind.Ratio,
        "SCORE" => FigureKind.Score,
        "RATE" => FigureKind.Rate,
        // A number under a name of its author's, of which only he knows what it is.
        null => FigureKind.Rate,
        _ => FigureKind.Count,
    };

    /// <summary>Whether a change is good news; null where no direction is.</summary>
    public bool? IsGood(string key, decimal change) => (Find(key)?.Favourable, change) switch
    {
        (_, 0) => null,
        ("UP", _) => change > 0,
        ("DOWN", _) => change < 0,
        _ => null,
    };

    private string Text(IReadOnlyList<MetricText> texts) => texts.FirstOrDefault(t => t.Language == say.Language)?.Text ?? texts[0].Text;
}

public sealed record MetricCatalogData(IReadOnlyList<MetricEntry> MetricCatalog);

public sealed record MetricEntry(
    string Key, string Kind, string Favourable, IReadOnlyList<MetricText> Labels, IReadOnlyList<MetricText> Formulas, IReadOnlyList<string> Dimensions,
    IReadOnlyList<string> Grains, IReadOnlyList<MetricArgument> Arguments, string? Expression)
{
    /// <summary>Whether the company defined it: then the graph has no field for it, and it is asked for by its key.</summary>
    [JsonIgnore] public bool IsCustom => Expression is not null;
}

public sealed record MetricText(string Language, string Text);

public sealed record MetricArgument(string Name, string Default);
