using System.Collections.Concurrent;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Planning;

/// <summary>The sub-selections of one planned field, merged, for every object type that its values may have.</summary>
internal sealed class Selection(PlanVariant variant, CompositeType type, IReadOnlyList<SelectionSetNode> sets)
{
    private readonly ConcurrentDictionary<ObjectType, ObjectSelection> _byType = new();
    private ObjectSelection? _only;

    public CompositeType Type { get; } = type;

    public ObjectSelection For(ObjectType objectType)
    {
        if (ReferenceEquals(objectType, Type))
            return _only ??= CollectFields.Of(variant, objectType, sets);
        return _byType.GetOrAdd(objectType, static (t, s) => CollectFields.Of(s.Variant, t, s.Sets), (Variant: variant, Sets: sets));
    }

    /// <summary>What resolvers may see of the selection. Argument values are those of this request.</summary>
    public IReadOnlyList<SelectedField> Selected(IReadOnlyDictionary<string, object?> variables) => CollectFields.Selected(variant, Type, sets, variables);

    /// <param name="path">Names of fields (not aliases) that lead to the objects; empty for the values of the field itself.</param>
    public RowNeeds Needs(ReadOnlySpan<string> path)
    {
        // Of an interface or union any type may come.
        if (Type is not ObjectType type)
            return new(true, null);
        if (path.IsEmpty)
            return For(type).Needs();
        var needs = RowNeeds.Nothing;
        foreach (var field in For(type).Fields)
            if (field.Definition.Name == path[0])
                needs = needs.And(field.Selection?.Needs(path[1..]) ?? RowNeeds.Nothing);
        return needs;
    }
}

/// <summary>The fields of one object type under one selection.</summary>
internal sealed class ObjectSelection(ObjectType type, PlannedField[] fields)
{
    public ObjectType Type { get; } = type;
    public PlannedField[] Fields { get; } = fields;

    public RowNeeds Needs()
    {
        var properties = new List<string>();
        foreach (var field in Fields)
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
