namespace CrmGraph.GraphQL.Annotations;

/// <summary>Names as plain English, for the descriptions of what is made from them.</summary>
public static class Words
{
    /// <summary><c>SurveyResponses</c> is "survey responses", <c>DayOfWeek</c> is "day of the week".</summary>
    public static string Of(string name) =>
        Naming.UpperSnake(name).Replace('_', ' ').ToLowerInvariant().Replace(" of ", " of the ", StringComparison.Ordinal);

    /// <summary><c>Order</c> is "an order"; a plural takes no article.</summary>
    public static string One(string name)
    {
        var words = Of(name);
        return words.EndsWith('s') ? words : (words.Length > 0 && "aeiou".Contains(words[0], StringComparison.Ordinal) ? "an " : "a ") + words;
    }
}
