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
    private readonly Dictionary<string, int> _depths = new(StringComparer.Ordinal);
    // The greatest number of lists around a fragment with which it is fine, and the least with which it is not.
    private readonly Dictionary<string, int> _fine = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _exceeding = new(StringComparer.Ordinal);
    private FieldNode? _tooDeep;

    public override void EnterField(FieldNode node)
    {
        // What lies below a field that goes too deep is not said again.
        if (_tooDeep is not null || node.Name.Value is not ("__schema" or "__type") || node.SelectionSet is not { } selections)
            return;
        if (Exceeds(selections, 0, new(StringComparer.Ordinal)))
            ReportLimit(
                ErrorCodes.IntrospectionTooDeep,
                $"Introspection is nested too deep: at most {Lists} of fields, interfaces, possibleTypes and inputFields are allowed within each other.",
                node);
        else if (Depth(selections) + 1 > Context.Limits.IntrospectionDepth)
            ReportLimit(
                ErrorCodes.IntrospectionTooDeep,
                $"Introspection is nested too deep: at most {Context.Limits.IntrospectionDepth} levels are allowed.",
                node);
        else
            return;
        _tooDeep = node;
    }

    public override void LeaveField(FieldNode node)
    {
        if (node == _tooDeep)
            _tooDeep = null;
    }

    /// <summary>Whether more than <see cref="Lists"/> lists lie within each other. A fragment that spreads itself through a list nests without end.</summary>
    /// <param name="around">The lists around the selections.</param>
    /// <param name="entered">The lists around fragments that were spread on the way.</param>
    private bool Exceeds(SelectionSetNode? set, int around, Dictionary<string, int> entered) =>
        set is not null && set.Selections.Any(selection => selection switch
    {
        FieldNode field => ExceedsField(field, around, entered),
        InlineFragmentNode inline => Exceeds(inline.SelectionSet, around, entered),
        FragmentSpreadNode spread => ExceedsFragment(spread.Name.Value, around, entered),
        _ => false,
    });

    private bool ExceedsField(FieldNode field, int around, Dictionary<string, int> entered)
    {
        if (field.Name.Value is "fields" or "interfaces" or "possibleTypes" or "inputFields")
            around++;
        return around > Lists || Exceeds(field.SelectionSet, around, entered);
    }

    private bool ExceedsFragment(string name, int around, Dictionary<string, int> entered)
    {
        if (_exceeding.TryGetValue(name, out var least) && least <= around)
            return true;
        if (entered.GetValueOrDefault(name, -1) >= around || _fine.GetValueOrDefault(name, -1) >= around || Context.Fragment(name) is not { } fragment)
            return false;
        entered[name] = around;
        var exceeds = Exceeds(fragment.SelectionSet, around, entered);
        (exceeds ? _exceeding : _fine)[name] = around;
        return exceeds;
    }

    private int Depth(SelectionSetNode set) => set.Selections.Max(selection => selection switch
    {
        FieldNode field => 1 + (field.SelectionSet is { } below ? Depth(below) : 0),
        InlineFragmentNode inline => Depth(inline.SelectionSet),
        FragmentSpreadNode spread => DepthOf(spread.Name.Value),
        _ => 0,
    });

    private int DepthOf(string fragment)
    {
        if (_depths.TryGetValue(fragment, out var known))
            return known;
        _depths[fragment] = 0;
        return Context.Fragment(fragment) is { } definition ? _depths[fragment] = Depth(definition.SelectionSet) : 0;
    }
}
