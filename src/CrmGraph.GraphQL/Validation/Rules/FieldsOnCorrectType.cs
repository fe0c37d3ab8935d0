using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.3.1: selected fields exist.</summary>
internal sealed class FieldsOnCorrectType(ValidationContext context) : ValidationRule(context)
{
    public override void EnterField(FieldNode node)
    {
        if (Context.ParentType is { } type && Context.Field is null)
            Report($"Type \"{type}\" has no field \"{node.Name.Value}\".{Suggestion(type, node.Name.Value)}", node);
    }

    private string Suggestion(CompositeType type, string name)
    {
        var elsewhere = type is ObjectType ? "" : Context.DidYouMeanFragmentOn(TypesWith(type, name));
        return elsewhere.Length > 0 || type is not FieldsType fields ? elsewhere : Context.DidYouMean(name, fields.Fields.Select(static f => f.Name));
    }

    /// <summary>Possible types that have the field, and their interfaces: the most general first.</summary>
    private string[] TypesWith(CompositeType type, string name)
    {
        var users = new Dictionary<FieldsType, int>();
        foreach (var possible in Schema.PossibleTypes(type))
        {
            if (possible.Field(name) is null)
                continue;
            users[possible] = 1;
            foreach (var general in possible.Interfaces)
                if (general.Field(name) is not null)
                    users[general] = users.GetValueOrDefault(general) + 1;
        }

        return [.. users.OrderByDescending(static u => u.Value).ThenBy(static u => u.Key is ObjectType).ThenBy(static u => u.Key.Name, StringComparer.Ordinal)
            .Select(static u => u.Key.Name)];
    }
}
