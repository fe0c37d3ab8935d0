using System.Text.RegularExpressions;

namespace CrmGraph.Reporting.Reports;

/// <summary>Types of the schema that were renamed: stored documents name them as they were called when they were saved, and are read under the names of today.</summary>
internal static partial class FormerNames
{
    public static string Renew(string document) => SurveyAnswer().Replace(document, "SurveyResponse");

    /// <summary>The name where a type stands: after a colon, in brackets, after <c>on</c>. Names of fields and aliases are no types.</summary>
    [GeneratedRegex(@"(?<=[:\[]\s*|\bon\s+|^)SurveyAnswer(?=(FilterInput|SortInput|Facet)?\b)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SurveyAnswer();
}
