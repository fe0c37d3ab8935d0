using System.Text;

namespace CrmGraph.Reporting;

/// <summary>A list of texts as one text: items between separators, each in quotes where it could be taken for several or would lose its blanks.</summary>
public static class ListText
{
    /// <summary>The texts between items of lists that people write.</summary>
    public static string[] UsualSeparators => [",", ";", "，", "；", "、"];

    public static string Join(IEnumerable<string> items) => string.Join(';', items.Select(Item));

    /// <summary>The items, without blanks around those that are not in quotes, and without empty ones.</summary>
    public static List<string> Split(string text, IReadOnlyList<string> separators)
    {
        List<string> items = [];
        for (var at = 0; at < text.Length;)
        {
            var (item, end) = QuotedItem(text, at, separators) ?? PlainItem(text, at, separators);
            if (item.Length > 0)
                items.Add(item);
            at = end + Math.Max(1, SeparatorAt(text, end, separators));
        }

        return items;
    }

    private static string Item(string item) =>
        item.Contains('"', StringComparison.Ordinal) || item.Trim().Length != item.Length
            || UsualSeparators.Any(s => item.Contains(s, StringComparison.Ordinal))
            ? "\"" + item.Replace("\"", "\"\"", StringComparison.Ordinal) + "\""
            : item;

    /// <summary>An item in quotes and where it ends; null where none begins, or text follows its closing quote.</summary>
    private static (string Item, int End)? QuotedItem(string text, int start, IReadOnlyList<string> separators)
    {
        var at = AfterBlanks(text, start, separators);
        if (at == text.Length || text[at] != '"')
            return null;
        var item = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
                item.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"')
                item.Append(text[++at]);
            else
                return AfterBlanks(text, at + 1, separators) is var end && (end == text.Length || SeparatorAt(text, end, separators) > 0)
                    ? (item.ToString(), end)
                    : null;
        }

        return null;
    }

    private static (string Item, int End) PlainItem(string text, int start, IReadOnlyList<string> separators)
    {
        var end = start;
        while (end < text.Length && SeparatorAt(text, end, separators) == 0)
            end++;
        return (text[start..end].Trim(), end);
    }

    private static int AfterBlanks(string text, int at, IReadOnlyList<string> separators)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]) && SeparatorAt(text, at, separators) == 0)
            at++;
        return at;
    }

    /// <summary>The length of the separator that stands there; 0 where none does.</summary>
    private static int SeparatorAt(string text, int at, IReadOnlyList<string> separators)
    {
        foreach (var separator in separators)
        {
            if (string.CompareOrdinal(text, at, separator, 0, separator.Length) == 0)
                return separator.Length;
        }

        return 0;
    }
}
