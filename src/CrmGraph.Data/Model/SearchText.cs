using System.Text;

namespace CrmGraph.Data.Model;

/// <summary>
/// The text of a customer in which `search` looks: name, email address and digits of the phone number, folded and without accents.
/// PostgreSQL has the same as <c>crm_search_text</c>.
/// </summary>
public static class SearchText
{
    public static string Of(string? name, string? email, string? phone) =>
        string.Join(' ', new[] { Plain(name ?? ""), Plain(email ?? ""), Digits(phone ?? "") }.Where(part => part.Length > 0));

    /// <summary>A text folded and without the marks of Latin, Greek and Cyrillic letters: "schafer" for "Schäfer".</summary>
    public static string Plain(string text)
    {
        var folded = FoldedText.Fold(text)!;
        if (Ascii.IsValid(folded))
            return folded;
        var plain = new StringBuilder(folded.Length);
        foreach (var letter in FoldedText.In(NormalizationForm.FormD, folded))
            if (letter is < '\u0300' or > '\u036F')
                plain.Append(Base(letter));
        return FoldedText.In(NormalizationForm.FormC, plain.ToString());
    }

    public static string Digits(string text) => string.Concat(FoldedText.Fold(text)!.Where(char.IsAsciiDigit));

    /// <summary>Letters whose stroke or form is no mark to Unicode, as they are typed without it.</summary>
    private static string Base(char letter) => letter switch
    {
        'ø' => "o",
        'ł' => "l",
        'đ' or 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => letter.ToString(),
    };
}
