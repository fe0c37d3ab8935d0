using System.Text;

namespace CrmGraph.Data.Model;

/// <summary>
/// The form of a text in which both engines search it, without regard to case, width and culture: two texts have the same when they match by
/// Unicode's compatibility caseless matching. PostgreSQL has the same as <c>crm_fold</c>.
/// </summary>
public static class FoldedText
{
    public static string? Fold(string? text)
    {
        if (text is null)
            return null;
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        // Apart from its marks a letter has all its forms by lower case, but for these few.
        var folded = new StringBuilder(text.Length);
        foreach (var letter in In(NormalizationForm.FormKD, text))
        {
            if (Alone(letter) is { } other)
                folded.Append(other);
            else
                folded.Append(letter);
        }

        return In(NormalizationForm.FormKC, folded.ToString().ToLowerInvariant());
    }

    /// <summary>The text in the form NFKC.</summary>
    public static string Normalized(string text) => In(NormalizationForm.FormKC, text);

    /// <summary>CaseFolding.txt where lower case does not lead to the same: final sigma, sharp s, iota below, and Cyrillic letters of old books.</summary>
    private static string? Alone(char letter) => letter switch
    {
        'ς' => "σ",
        'ß' or 'ẞ' => "ss",
        '\u0345' => "ι",
        >= '\u1C80' and <= '\u1C88' => "вдосттъѣꙋ"[(letter - 0x1C80)..(letter - 0x1C7F)],
        _ => null,
    };

    /// <summary>.NET refuses halves of surrogate pairs and the noncharacter U+FFFE: they stay, and what lies between them is normalised.</summary>
    internal static string In(NormalizationForm form, string text)
    {
        var refused = Refused(text, 0);
        if (refused == text.Length)
            return text.Normalize(form);
        var result = new StringBuilder();
        var start = 0;
        for (; refused < text.Length; start = refused + 1, refused = Refused(text, start))
            result.Append(text[start..refused].Normalize(form)).Append(text[refused]);
        return result.Append(text[start..].Normalize(form)).ToString();
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
