using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>
/// Our own limit on introspection: its lists nest without end (a type's fields have types that have fields), so that a short query could
/// ask for an answer of any size. Two lists within another are enough for every known tool; depth is bounded besides.
/// </summary>
internal sealed class MaxIntrospectionDepth(ValidationContext context) : ValidationRule(context)
{
    private const int Lists = 2;
    private readonly Dictionary<string, (int Lists, int Depth)> _fragments = new(StringComparer.Ordinal);
    private FieldNode? _tooDeep;

    public override void EnterField(FieldNode node)
    {
        // What lies below a field that goes too deep is not said again.
        if (_tooDeep is not null || node.Name.Value is not ("__schema" or "__type") || node.SelectionSet is null)
            return;
        var (lists, depth) = Measure(node.SelectionSet);
        if (lists > Lists)
            ReportLimit(ErrorCodes.IntrospectionTooDeep, $"Introspection is nested too deep: at most {Lists} of fields, interfaces, possibleTypes and inputFields are allowed within each other.", node);
        else if (depth + 1 > Context.Limits.IntrospectionDepth)
            ReportLimit(ErrorCodes.IntrospectionTooDeep, $"Introspection is nested too deep: at most {Context.Limits.IntrospectionDepth} levels are allowed.", node);
        else
            return;
        _tooDeep = node;
    }

    public override void LeaveField(FieldNode node)
    {
        if (node == _tooDeep)
            _tooDeep = null;
    }

    private (int Lists, int Depth) Measure(SelectionSetNode set)
    {
        int lists = 0, depth = 0;
        foreach (var selection in set.Selections)
        {
            var (l, d) = selection switch
            {
                FieldNode field => MeasureField(field),
                InlineFragmentNode inline => Measure(inline.SelectionSet),
                FragmentSpreadNode spread => MeasureFragment(spread.Name.Value),
                _ => default,
            };
            (lists, depth) = (Math.Max(lists, l), Math.Max(depth, d));
        }

        return (lists, depth);
    }

    private (int Lists, int Depth) MeasureField(FieldNode field)
    {
        var (lists, depth) = field.SelectionSet is null ? default : Measure(field.SelectionSet);
        return (lists + (field.Name.Value is "fields" or "interfaces" or "possibleTypes" or "inputFields" ? 1 : 0), depth + 1);
    }

    private (int Lists, int Depth) MeasureFragment(string name)
    {
        if (_fragments.TryGetValue(name, out var known))
            return known;
        _fragments[name] = default;
        return Context.Fragment(name) is { } fragment ? _fragments[name] = Measure(fragment.SelectionSet) : default;
    }
}
