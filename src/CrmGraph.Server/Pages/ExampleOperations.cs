using CrmGraph.Dashboard;

namespace CrmGraph.Server.Pages;

/// <summary>The documents of <c>schema/operations</c>: examples of the explorer, and operations that clients may name.</summary>
public static class ExampleOperations
{
    /// <summary>The first comment line of an operation's file is its title; a file NAME.json beside NAME.graphql holds its variables.</summary>
    public static IReadOnlyList<Example> All() =>
        [.. from resource in typeof(ExampleOperations).Assembly.GetManifestResourceNames()
            where resource.StartsWith("operations/", StringComparison.Ordinal) && resource.EndsWith(".graphql", StringComparison.Ordinal)
            // The explorer opens with the first one.
            orderby !resource.EndsWith("/dashboard.graphql", StringComparison.Ordinal), resource
            let text = Text(resource)
            let variables = Path.ChangeExtension(resource, ".json")
            select new Example(Path.GetFileNameWithoutExtension(resource), TitleOf(text, resource), text, Has(variables) ? Text(variables) : null)];

    private static string TitleOf(string text, string resource)
    {
        var first = text.AsSpan().TrimStart();
        return first is ['#', ..]
            ? first[1..(first.IndexOf('\n') is var end and >= 0 ? end : first.Length)].Trim().TrimEnd('.').ToString()
            : Path.GetFileNameWithoutExtension(resource);
    }

    private static bool Has(string resource) => typeof(ExampleOperations).Assembly.GetManifestResourceInfo(resource) is not null;

    private static string Text(string resource)
    {
        using var reader = new StreamReader(typeof(ExampleOperations).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
