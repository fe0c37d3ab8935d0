namespace CrmGraph.GraphQL.Errors;

/// <summary>
/// What codes mean in the language of whoever asks, where that is not the language of the messages. Set by the host in the request state; each error then has
/// <c>codeLabel</c> beside <c>code</c>.
/// </summary>
public sealed class ErrorLabels(Func<string, string?> of)
{
    /// <summary>The label of a code; null where there is none.</summary>
    public string? Of(string code) => of(code);

    /// <summary>A code as words, in English: <c>NOT_PERMITTED</c> is "Not permitted".</summary>
    public static string Words(string code) => code.Length == 0 ? "" : code[..1] + code[1..].Replace('_', ' ').ToLowerInvariant();
}
