using System.Collections.Frozen;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Reporting;

/// <summary>What the codes of errors mean, in the languages other than that of the messages.</summary>
public static class ErrorTexts
{
    private static readonly FrozenDictionary<string, string> _chinese = Language.ChineseWords("errors");
    private static readonly ErrorLabels _labels = new(_chinese.GetValueOrDefault);

    public static IReadOnlyDictionary<string, string> Chinese => _chinese;

    /// <summary>Null for English, in which the messages are.</summary>
    public static ErrorLabels? Of(Language language) => language == Language.Chinese ? _labels : null;
}
