namespace CrmGraph.Reporting;

/// <summary>A value with its name in a list: an object of two fields, called as in the graph, or <c>name=value</c> where there is only text.</summary>
/// <param name="NameField">What the graph calls the name: <c>key</c>, <c>currency</c>.</param>
/// <param name="ValueField">What it calls the value.</param>
public sealed record NamedValue(string NameField, string Name, string ValueField, object Value)
{
    /// <summary>A name that holds the sign between stands in quotes.</summary>
    public override string ToString()
    {
        var name = Name.AsSpan().ContainsAny('=', '"') ? "\"" + Name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : Name;
        return FormattableString.Invariant($"{name}={Value}");
    }
}
