using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrmGraph.Reporting.Ingest.Customers;

/// <summary>What a person is named by in texts that others saved: names, addresses and telephone numbers as whole words, outside ids as whole texts.</summary>
internal sealed class PersonalNames
{
    public const string Mark = "(erased)";
    private const int ShortestName = 2;
    private static readonly string[] Columns = ["name", "email", "phone"];

    private readonly Regex? _words;
    private readonly HashSet<string> _keys;

    public PersonalNames(IEnumerable<string?> names, IEnumerable<string> keys)
    {
        var words = names.Select(n => n?.Trim() ?? "").Where(n => n.Length >= ShortestName).Distinct(StringComparer.OrdinalIgnoreCase)
            .OrderByDescending(n => n.Length)
            .ToList();
        _words = words.Count == 0 ? null : new(string.Join('|', words.Select(Word)), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        _keys = keys.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The names in an old row of the table customers.</summary>
    public static IEnumerable<string?> OfRow(string row)
    {
        using var json = JsonDocument.Parse(row);
        return [.. Columns.Select(
            c => json.RootElement.TryGetProperty(c, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)];
    }

    public bool AreIn(string text) => _keys.Contains(text) || _words?.IsMatch(text) == true;

    public string Without(string text) => _keys.Contains(text) ? Mark : _words?.Replace(text, Mark) ?? text;

    // Writings without capitals have no blanks between words either.
    private static string Word(string name) =>
        (IsSpaced(name[0]) ? @"(?<![\p{Lu}\p{Ll}\p{Nd}])" : "") + Regex.Escape(name) + (IsSpaced(name[^1]) ? @"(?![\p{Lu}\p{Ll}\p{Nd}])" : "");

    private static bool IsSpaced(char c) => char.IsUpper(c) || char.IsLower(c) || char.IsDigit(c);
}
