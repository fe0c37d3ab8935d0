using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution;

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

    /// <param name="path">Names of fields (not aliases) that lead from the field to the objects; empty for the field's own values.</param>
    internal static RowNeeds Of(Selection? selection, ReadOnlySpan<string> path)
    {
        if (selection is null)
            return Nothing;
        // Of an interface or union any type may come.
        if (selection.Type is not ObjectType type)
            return new(true, null);
        if (path.IsEmpty)
            return Of(selection.For(type));
        var needs = Nothing;
        foreach (var field in selection.For(type).Fields)
            if (field.Definition.Name == path[0])
                needs = needs.And(Of(field.Selection, path[1..]));
        return needs;
    }

    private static RowNeeds Of(ObjectSelection selection)
    {
        var properties = new List<string>();
        foreach (var field in selection.Fields)
        {
            if (field.IsTypename)
                continue;
            if ((field.Definition.Reader?.Properties ?? field.Definition.ParentProperties) is not { } needed)
                return new(true, null);
            properties.AddRange(needed.Except(properties));
        }

        return new(true, properties);
    }
}
