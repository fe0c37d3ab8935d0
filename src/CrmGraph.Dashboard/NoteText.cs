using System.Text.RegularExpressions;

namespace CrmGraph.Dashboard;

/// <summary>A piece of a line: plain, or set apart. A link leads to the web or to a page here, and nowhere else.</summary>
internal sealed record NotePiece(string Text, char Form = ' ', string? Address = null);

/// <summary>A paragraph, a heading or a list, of lines of pieces.</summary>
internal sealed record NoteBlock(char Form, IReadOnlyList<IReadOnlyList<NotePiece>> Lines);

/// <summary>
/// A small part of Markdown: paragraphs, headings, lists, **bold**, *slanted*, `code` and [links](https://...). What else stands there is text, HTML as well: nothing
/// here makes markup of what somebody wrote.
/// </summary>
internal static partial class NoteText
{
    public const char Paragraph = 'p', Heading = 'h', Bullets = 'u', Numbers = 'o', Bold = 'b', Slanted = 'i', Code = 'c', Link = 'a';

    public static IReadOnlyList<NoteBlock> Blocks(string text)
    {
        var blocks = new List<(char Form, List<IReadOnlyList<NotePiece>> Lines)>();
        var isApart = true;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()))
        {
            if (line.Length == 0)
            {
                isApart = true;
                continue;
            }

            var (form, rest) = Start().Match(line) is { Success: true } start
                ? (start.Value[0] switch { '#' => Heading, '-' or '*' => Bullets, _ => Numbers }, line[start.Length..])
                : (Paragraph, line);
            if (isApart || form == Heading || blocks[^1].Form != form)
                blocks.Add((form, []));
            blocks[^1].Lines.Add(Pieces(rest));
            isApart = false;
        }

        return [.. blocks.Select(b => new NoteBlock(b.Form, b.Lines))];
    }

    private static List<NotePiece> Pieces(string line)
    {
        var pieces = new List<NotePiece>();
        var at = 0;
        foreach (Match match in Mark().Matches(line))
        {
            if (match.Index > at)
                pieces.Add(new(line[at..match.Index]));
            pieces.Add(PieceOf(match));
            at = match.Index + match.Length;
        }

        if (at < line.Length)
            pieces.Add(new(line[at..]));
        return pieces;
    }

    private static NotePiece PieceOf(Match match) =>
        match.Groups["bold"] is { Success: true } bold ? new(bold.Value, Bold)
        : match.Groups["slanted"] is { Success: true } slanted ? new(slanted.Value, Slanted)
        : match.Groups["code"] is { Success: true } code ? new(code.Value, Code)
        : new(match.Groups["words"].Value, Link, match.Groups["address"].Value);

    [GeneratedRegex(@"^(#{1,3} |[-*] |\d{1,3}[.)] )", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Start();

    [GeneratedRegex(
        @"\*\*(?<bold>[^*]+)\*\*|\*(?<slanted>[^*\s][^*]*)\*|`(?<code>[^`]+)`|\[(?<words>[^\[\]]+)\]\((?<address>(https?://|/(?![/\\]))[^\s)]*)\)",
        RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Mark();
}
