using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.6.3: a field of an input object is given once.</summary>
internal sealed class UniqueInputFieldNames(ValidationContext context) : ValidationRule(context)
{
    public override void InputValue(ValueNode node, GraphQLType? type)
    {
        switch (node)
        {
            case ListValueNode list:
                foreach (var item in list.Values)
                    InputValue(item, null);
                break;
            case ObjectValueNode obj:
                Fields(obj.Fields);
                break;
        }
    }

    private void Fields(IReadOnlyList<ObjectFieldNode> fields)
    {
        var known = new Dictionary<string, NameNode>(fields.Count, StringComparer.Ordinal);
        foreach (var field in fields)
        {
            if (!known.TryAdd(field.Name.Value, field.Name))
                Report($"Input field \"{field.Name.Value}\" is given more than once.", known[field.Name.Value], field.Name);
            InputValue(field.Value, null);
        }
    }
}
