namespace CrmGraph.GraphQL.Errors;

/// <summary>Where a code is met.</summary>
public enum ErrorPlace
{
    /// <summary>Nothing was executed: <c>errors</c> without <c>data</c>, or an answer of the host.</summary>
    Request,
    /// <summary>A field is null, and <c>errors</c> has its path.</summary>
    Field,
    /// <summary>An entry of a mutation payload's <c>errors</c>, or a row of a bulk outcome.</summary>
    Payload,
    /// <summary>The report of an import.</summary>
    Import,
}

/// <summary>What the page of all codes says of one: a test wants it on every code, and the page is made from it.</summary>
/// <param name="status">Of the HTTP answer, with <c>application/graphql-response+json</c>.</param>
/// <param name="when">In which case it is answered; Markdown.</param>
/// <param name="remedy">What whoever gets it can do; Markdown.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ErrorCodeAttribute(ErrorPlace place, int status, string when, string remedy) : Attribute
{
    public ErrorPlace Place { get; } = place;
    public int Status { get; } = status;
    public string When { get; } = when;
    public string Remedy { get; } = remedy;
}
