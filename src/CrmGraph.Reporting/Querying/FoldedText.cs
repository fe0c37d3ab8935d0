using System.Text;

namespace CrmGraph.Reporting.Querying;

/// <summary>The form of a text in which both engines search it: compatibility-normalised (NFKC), lower-cased, without regard to culture.</summary>
public static class FoldedText
{
    public static string? Fold(string? text) => text is null ? null : Normalized(text).ToLowerInvariant();

    /// <summary>The text in the form NFKC. .NET refuses halves of surrogate pairs and the noncharacter U+FFFE: they stay, and what lies between them is normalised.</summary>
    public static string Normalized(string text)
    {
        var refused = Refused(text, 0);
        if (refused == text.Length)
            return text.Normalize(NormalizationForm.FormKC);
        var result = new StringBuilder();
        var start = 0;
        for (; refused < text.Length; start = refused + 1, refused = Refused(text, start))
            result.Append(text[start..refused].Normalize(NormalizationForm.FormKC)).Append(text[refused]);
        return result.Append(text[start..].Normalize(NormalizationForm.FormKC)).ToString();
    }

    private static int Refused(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]) || text[i] == '\uFFFE')
                return i;
        }

        return text.Length;
    }

    /// <summary>The name in the model of the shadow property that holds the folded value of a property.</summary>
    public static string ShadowProperty(string property) => property + "Folded";

    /// <summary>What lower() does to a text on both engines: ASCII letters only.</summary>
    public static string? LowerAscii(string? text) =>
        text is null ? null : string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
        });

    /// <summary>The least text greater than every text that begins with <paramref name="prefix"/>, in code point order; null when there is none.</summary>
    internal static string? AfterPrefix(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        for (var i = runes.Count - 1; i >= 0; i--)
        {
            var next = runes[i].Value + 1;
            if (next > 0x10FFFF)
                continue;
            runes[i] = new Rune(next is >= 0xD800 and <= 0xDFFF ? 0xE000 : next);
            return string.Concat(runes.Take(i + 1).Select(r => r.ToString()));
        }

        return null;
    }

    internal static int CodePoints(string text) => text.EnumerateRunes().Count();

    /// <summary>Whether both engines can hold the text: no U+0000, no half of a surrogate pair.</summary>
    internal static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || char.IsLowSurrogate(text[i]))
                return false;
            if (char.IsHighSurrogate(text[i]) && (++i == text.Length || !char.IsLowSurrogate(text[i])))
                return false;
        }

        return true;
    }
}
