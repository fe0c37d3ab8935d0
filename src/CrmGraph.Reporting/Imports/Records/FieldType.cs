using System.Text;
using CrmGraph.Reporting.Imports.Values;
using CrmGraph.Reporting.Ingest.Fields;

namespace CrmGraph.Reporting.Imports.Records;

/// <summary>What a field's values are read as.</summary>
internal sealed record FieldType(FieldKind Kind)
{
    private static readonly string[] Yes = ["true", "yes", "y", "1", "t", "是", "有", "on"];
    private static readonly string[] No = ["false", "no", "n", "0", "f", "否", "无", "off"];

    private IReadOnlyDictionary<string, int> Choices { get; init; } = new Dictionary<string, int>();
    private IReadOnlyList<string> ChoiceNames { get; init; } = [];

    /// <summary>A day that is never in the future: a year of two digits lies behind us.</summary>
    public bool IsPast { get; private init; }
    /// <summary>A code of ISO 4217, in letters of any case.</summary>
    public bool IsCurrency { get; private init; }

    public static FieldType Text { get; } = new(FieldKind.Text);
    public static FieldType Currency { get; } = new(FieldKind.Text) { IsCurrency = true };
    public static FieldType Number { get; } = new(FieldKind.Number);
    public static FieldType Percent { get; } = new(FieldKind.Percent);
    public static FieldType Integer { get; } = new(FieldKind.Integer);
    public static FieldType Flag { get; } = new(FieldKind.Flag);
    public static FieldType Moment { get; } = new(FieldKind.Moment);
    public static FieldType Day { get; } = new(FieldKind.Day);
    public static FieldType List { get; } = new(FieldKind.List);

    public static FieldType Of(Field field) => field.Kind == FieldKind.Choice
        ? Choice(field.Type)
        : new(field.Kind) { IsCurrency = field.IsCurrency, IsPast = field.IsPast };

    /// <summary>The names of an enumeration, whatever their case, blanks and signs: <c>MARKETING_QUALIFIED</c>, <c>Marketing Qualified</c>.</summary>
    public static FieldType Choice(Type type) => new(FieldKind.Choice)
    {
        Choices = Enum.GetNames(type).ToDictionary(Plain, name => Convert.ToInt32(Enum.Parse(type, name), null), StringComparer.Ordinal),
        ChoiceNames = [.. Enum.GetNames(type).Select(Spelled)],
    };

    public decimal ReadChoice(string text) => Choices.TryGetValue(Plain(text), out var choice)
        ? choice
        : throw new ValueException($"'{text}' is none of {string.Join(", ", ChoiceNames)}; a values: table in the map can translate it");

    public static bool ReadFlag(string text)
    {
        var plain = text.Trim().ToLowerInvariant();
        return Yes.Contains(plain) || (No.Contains(plain) ? false : throw new ValueException($"'{text}' is neither true nor false"));
    }

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>As the graph spells it: <c>SALES_QUALIFIED</c>.</summary>
    private static string Spelled(string name)
    {
        var result = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && result.Length > 0)
                result.Append('_');
            result.Append(char.ToUpperInvariant(letter));
        }
        return result.ToString();
    }
}
