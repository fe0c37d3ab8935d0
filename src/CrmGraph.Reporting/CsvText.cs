using System.Buffers;
using System.Text;

namespace CrmGraph.Reporting;

/// <summary>
/// Texts in the CSV that this program writes. A spreadsheet splits at the separator of its country, which need not be the comma, and takes a cell
/// that begins with a sign for a formula: wherever a cell may begin so, an apostrophe stands before it. Taking those away gives the text back.
/// </summary>
public static class CsvText
{
    /// <summary>What begins a formula, with its full-width and small forms, which spreadsheets take for the same.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create("=+-@＝＋－＠﹦﹢﹣﹫");
    private static readonly SearchValues<char> Suspicious = SearchValues.Create("=+-@＝＋－＠﹦﹢﹣﹫\t\r\n");
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t\"\r\n");

    /// <summary>A field as it stands in the file.</summary>
    public static string Field(string text)
    {
        text = Guarded(text);
        var isQuoted = text.AsSpan().ContainsAny(Quoted) || (text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])));
        return isQuoted ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : text;
    }

    /// <summary>The text in which no cell can begin with a formula.</summary>
    public static string Guarded(string text)
    {
        if (!text.AsSpan().ContainsAny(Suspicious))
            return text;
        var result = new StringBuilder(text);
        Visit(text, at => result.Insert(at, '\''));
        return result.ToString();
    }

    /// <summary>The text from which <see cref="Guarded"/> made this one.</summary>
    public static string Unguarded(string text)
    {
        if (!text.Contains('\'', StringComparison.Ordinal))
            return text;
        var result = new StringBuilder(text);
        Visit(text, at =>
        {
            if (text[at] == '\'')
                result.Remove(at, 1);
        });
        return result.ToString();
    }

    /// <summary>The places, from the last to the first, where a cell may begin and only blanks and quotes stand before a sign; also a text's own beginning before a tab or a line end.</summary>
    private static void Visit(string text, Action<int> place)
    {
        var (sign, gap) = (false, false);
        for (var at = text.Length - 1; at >= 0; at--)
        {
            var isSkipped = char.IsWhiteSpace(text[at]) || text[at] is '\'' or '"';
            sign = Signs.Contains(text[at]) || (sign && isSkipped);
            gap = text[at] is '\t' or '\r' or '\n' || (gap && isSkipped);
            if (at == 0 ? sign || gap : sign && text[at - 1] is ',' or ';' or '\t' or '\r' or '\n')
                place(at);
        }
    }
}
