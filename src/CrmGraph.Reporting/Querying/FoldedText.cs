using System.Text;

namespace CrmGraph.Reporting.Querying;

/// <summary>The form of a text in which both engines search it: compatibility-normalised (NFKC), lower-cased, without regard to culture.</summary>
public static class FoldedText
{
    public static string? Fold(string? text) => text?.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
}
