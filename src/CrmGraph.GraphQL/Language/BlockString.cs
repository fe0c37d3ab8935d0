using System.Text;

namespace CrmGraph.GraphQL.Language;

/// <summary>Block strings (section 2.10.4): the meaning of their indentation, and writing them.</summary>
public static class BlockString
{
    /// <summary>The value of the raw text between the triple quotes: BlockStringValue of the specification.</summary>
    public static string Value(ReadOnlySpan<char> raw)
    {
        var lines = new List<Range>();
        int common = int.MaxValue, first = -1, last = -1;
        for (var start = 0; start <= raw.Length;)
        {
            var length = raw[start..].IndexOfAny('\n', '\r');
            var end = length < 0 ? raw.Length : start + length;
            var indent = Indent(raw[start..end]);
            if (indent < end - start)
            {
                first = first < 0 ? lines.Count : first;
                last = lines.Count;
                if (lines.Count > 0)
                    common = Math.Min(common, indent);
            }

            lines.Add(start..end);
            start = end + (end + 1 < raw.Length && raw[end] == '\r' && raw[end + 1] == '\n' ? 2 : 1);
        }

        return first < 0 ? "" : Join(raw, lines, common, first, last);
    }

    private static string Join(ReadOnlySpan<char> raw, List<Range> lines, int common, int first, int last)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = first; i <= last; i++)
        {
            var line = raw[lines[i]];
            if (i > first)
                text.Append('\n');
            text.Append(i == 0 ? line : line[Math.Min(common, line.Length)..]);
        }

        return text.Replace("\\\"\"\"", "\"\"\"").ToString();
    }

    private static int Indent(ReadOnlySpan<char> line)
    {
        var n = line.IndexOfAnyExcept(' ', '\t');
        return n < 0 ? line.Length : n;
    }

    /// <summary>Whether a block string can hold the value exactly: no control characters, no blank first or last line, no indent common to all lines.</summary>
    public static bool CanHold(string value)
    {
        if (value.Length == 0)
            return true;
        bool emptyLine = true, indented = false, allIndented = true, seenLine = false;
        foreach (var c in value)
        {
            switch (c)
            {
                case '\n':
                    if (emptyLine && !seenLine)
                        return false;
                    seenLine = true;
                    emptyLine = true;
                    indented = false;
                    break;
                case '\t' or ' ':
                    indented |= emptyLine;
                    break;
                case < ' ':
                    return false;
                default:
                    allIndented &= indented;
                    emptyLine = false;
                    break;
            }
        }

        return !emptyLine && !(allIndented && seenLine);
    }

    /// <summary>Writes a value as a block string; a short single line stays on one line, the rest gets the quotes on lines of their own.</summary>
    public static string Print(string value)
    {
        var escaped = value.Replace("\"\"\"", "\\\"\"\"", StringComparison.Ordinal);
        var lines = escaped.Split('\n');
        var single = lines.Length == 1;
        var allIndented = !single && lines.Skip(1).All(static l => l.Length == 0 || l[0] is ' ' or '\t');
        var endsInQuotes = escaped.EndsWith("\\\"\"\"", StringComparison.Ordinal);
        var closingLine = (value.EndsWith('"') && !endsInQuotes) || value.EndsWith('\\');
        var many = !single || value.Length > 70 || closingLine || allIndented || endsInQuotes;
        var keepFirst = single && value.Length > 0 && value[0] is ' ' or '\t';
        var opening = (many && !keepFirst) || allIndented ? "\n" : "";
        return $"\"\"\"{opening}{escaped}{(many ? "\n" : "")}\"\"\"";
    }
}
