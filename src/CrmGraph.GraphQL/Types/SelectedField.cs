namespace CrmGraph.GraphQL.Types;

/// <summary>A selected field below the resolving one. <see cref="Name"/> is the field's name, <see cref="ResponseName"/> its key in the answer.</summary>
/// <param name="On">The type condition under which it was selected.</param>
public sealed record SelectedField(
    string Name,
    string ResponseName,
    CompositeType On,
    FieldDefinition Field,
    IReadOnlyDictionary<string, object?> Arguments,
    IReadOnlyList<SelectedField> Selections)
{
    public static bool Find(IReadOnlyList<SelectedField> fields, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return true;
        foreach (var f in fields)
            if (f.Name == path[0] && Find(f.Selections, path[1..]))
                return true;
        return false;
    }
}
