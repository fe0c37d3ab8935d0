namespace CrmGraph.GraphQL.Types;

/// <summary>What the fields selected under a field take from the objects that are its values.</summary>
/// <param name="IsSelected">Whether anything is selected there at all.</param>
/// <param name="Properties">The properties that they read, each once; null when one of them needs whole objects.</param>
public sealed record RowNeeds(bool IsSelected, IReadOnlyList<string>? Properties)
{
    public static RowNeeds Nothing { get; } = new(false, []);

    /// <summary>Both.</summary>
    public RowNeeds And(RowNeeds other) => new(
        IsSelected || other.IsSelected,
        Properties is null || other.Properties is null ? null : [.. Properties.Union(other.Properties)]);
}
