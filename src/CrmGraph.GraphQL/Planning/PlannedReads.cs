using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Planning;

/// <summary>What the fields of an operation, or of one root field of a mutation, may read.</summary>
/// <param name="Count">The sum of their <see cref="FieldDefinition.Reads"/>; for abstract types of all types that there may be.</param>
/// <param name="Concurrent">Two fields can read at the same time.</param>
public readonly record struct PlannedReads(int Count, bool Concurrent)
{
    internal static PlannedReads Of(Schema schema, ObjectSelection selection)
    {
        var (count, readers, concurrent) = (0, 0, false);
        foreach (var field in selection.Fields)
        {
            var below = Below(schema, field);
            var own = field.Definition.Reads + below.Count;
            count += own;
            concurrent |= below.Concurrent;
            if (own > 0)
                readers++;
        }

        return new(count, concurrent || readers > 1);
    }

    internal static PlannedReads Below(Schema schema, PlannedField field)
    {
        if (field.Selection is not { } selection)
            return default;
        if (selection.Type is ObjectType only)
            return Of(schema, selection.For(only));
        var (count, concurrent) = (0, false);
        foreach (var type in schema.PossibleTypes(selection.Type))
        {
            var of = Of(schema, selection.For(type));
            count += of.Count;
            concurrent |= of.Concurrent;
        }

        return new(count, concurrent);
    }
}
