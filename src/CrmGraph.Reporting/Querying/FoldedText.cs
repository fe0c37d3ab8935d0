using System.Text;

namespace CrmGraph.Reporting.Querying;

/// <summary>The form of a text in which both engines search it: compatibility-normalised (NFKC), lower-cased, without regard to culture.</summary>
public static class FoldedText
{
    public static string? Fold(string? text) => text?.Normalize(NormalizationForm.FormKC).ToLowerInvariant();

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
