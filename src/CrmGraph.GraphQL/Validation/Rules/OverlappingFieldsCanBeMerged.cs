using System.Runtime.InteropServices;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>
/// Section 5.3.2: selections with one response name can be merged. Fragments are not expanded: each pair of (selections, fragment) and of
/// (fragment, fragment) is compared once, which keeps the work polynomial, and <see cref="GraphQLLimits.FieldMergeComparisons"/> bounds it.
/// </summary>
internal sealed class OverlappingFieldsCanBeMerged(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<(SelectionSetNode, CompositeType?), Selected> _selected = [];
    private readonly Dictionary<(Selected, FragmentDefinitionNode), bool> _withFragment = [];
    private readonly Dictionary<(FragmentDefinitionNode, FragmentDefinitionNode), bool> _betweenFragments = [];
    private int _comparisons;

    public override void SelectionSet(SelectionSetNode node, bool inlineFragment)
    {
        if (inlineFragment || (node.Selections.Count == 1 && node.Selections[0] is not InlineFragmentNode))
            return;
        foreach (var conflict in Within(Collect(node, Context.ParentType)))
            Report(
                $"The selections of \"{conflict.Name}\" cannot be merged: {conflict.Reason}. Give one of them another alias.",
                [.. conflict.First, .. conflict.Second]);
    }

    /// <summary>Fields by response name, and the fragments that are spread, of one selection set with its inline fragments.</summary>
    private sealed class Selected
    {
        public OrderedDictionary<string, List<Field>> Fields { get; } = new(StringComparer.Ordinal);

        public List<FragmentDefinitionNode> Fragments { get; } = [];
    }

    private readonly record struct Field(FieldNode Node, CompositeType? Parent, FieldDefinition? Definition)
    {
        public bool IsSimpleLeaf => Node.Arguments.Count == 0 && Node.SelectionSet is null;
    }

    private sealed record Conflict(string Name, string Reason, List<FieldNode> First, List<FieldNode> Second);

    private List<Conflict> Within(Selected selected)
    {
        var conflicts = new List<Conflict>();
        foreach (var (name, fields) in selected.Fields)
            for (var i = 0; i < fields.Count; i++)
                for (var j = i + 1; j < fields.Count; j++)
                    Compare(conflicts, name, false, fields[i], fields[j]);
        var fragments = selected.Fragments;
        for (var i = 0; i < fragments.Count; i++)
        {
            WithFragment(conflicts, selected, fragments[i], false);
            for (var j = i + 1; j < fragments.Count; j++)
                BetweenFragments(conflicts, fragments[i], fragments[j], false);
        }

        return conflicts;
    }

    private List<Conflict> BetweenSelections(Selected first, Selected second, bool exclusive)
    {
        var conflicts = new List<Conflict>();
        Between(conflicts, first, second, exclusive);
        foreach (var fragment in second.Fragments)
            WithFragment(conflicts, first, fragment, exclusive);
        foreach (var fragment in first.Fragments)
            WithFragment(conflicts, second, fragment, exclusive);
        foreach (var one in first.Fragments)
            foreach (var other in second.Fragments)
                BetweenFragments(conflicts, one, other, exclusive);
        return conflicts;
    }

    private void WithFragment(List<Conflict> conflicts, Selected selected, FragmentDefinitionNode fragment, bool exclusive)
    {
        if (!Spend() || selected.Fields.Count == 0 || !IsNew(_withFragment, (selected, fragment), exclusive))
            return;
        var below = Collect(fragment);
        if (below == selected)
            return;
        Between(conflicts, selected, below, exclusive);
        foreach (var next in below.Fragments)
            WithFragment(conflicts, selected, next, exclusive);
    }

    private void BetweenFragments(List<Conflict> conflicts, FragmentDefinitionNode first, FragmentDefinitionNode second, bool exclusive)
    {
        if (first == second || !Spend() || Seen(_betweenFragments, (second, first), exclusive) || !IsNew(_betweenFragments, (first, second), exclusive))
            return;
        Selected one = Collect(first), other = Collect(second);
        Between(conflicts, one, other, exclusive);
        foreach (var next in other.Fragments)
            BetweenFragments(conflicts, first, next, exclusive);
        foreach (var next in one.Fragments)
            BetweenFragments(conflicts, next, second, exclusive);
    }

    /// <summary>What was compared as not exclusive need not be compared as exclusive, which asks less.</summary>
    private static bool Seen<T>(Dictionary<T, bool> compared, T pair, bool exclusive)
        where T : notnull => compared.TryGetValue(pair, out var known) && (exclusive || !known);

    private static bool IsNew<T>(Dictionary<T, bool> compared, T pair, bool exclusive)
        where T : notnull
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(compared, pair, out var exists);
        if (exists && (exclusive || !known))
            return false;
        known = exclusive;
        return true;
    }

    private void Between(List<Conflict> conflicts, Selected first, Selected second, bool exclusive)
    {
        foreach (var (name, fields) in first.Fields)
            if (Spend() && second.Fields.TryGetValue(name, out var others))
                foreach (var field in fields)
                    foreach (var other in others)
                        Compare(conflicts, name, exclusive, field, other);
    }

    private void Compare(List<Conflict> conflicts, string name, bool parentsExclusive, in Field first, in Field second)
    {
        if (!Spend())
            return;
        var sameName = first.Node.Name.Value == second.Node.Name.Value;
        if (sameName && first.IsSimpleLeaf && second.IsSimpleLeaf && first.Definition?.Type == second.Definition?.Type)
            return;
        var exclusive = parentsExclusive || (first.Parent != second.Parent && first.Parent is ObjectType && second.Parent is ObjectType);
        if (!exclusive && !sameName)
        {
            conflicts.Add(new(name, $"\"{first.Node.Name.Value}\" and \"{second.Node.Name.Value}\" are different fields", [first.Node], [second.Node]));
            return;
        }

        if (!exclusive && !SameArguments(first.Node.Arguments, second.Node.Arguments))
        {
            conflicts.Add(new(name, "their arguments differ", [first.Node], [second.Node]));
            return;
        }

        if (first.Definition is { } one && second.Definition is { } other && ShapesDiffer(one.Type, other.Type))
        {
            conflicts.Add(new(name, $"their types \"{one.Type}\" and \"{other.Type}\" differ", [first.Node], [second.Node]));
            return;
        }

        if (first.Node.SelectionSet is null || second.Node.SelectionSet is null)
            return;
        var below = BetweenSelections(Below(first), Below(second), exclusive);
        if (below.Count > 0)
            conflicts.Add(Nested(name, first.Node, second.Node, below));
    }

    /// <summary>A conflict of fields below: it names what conflicts there, and points at a bounded number of places.</summary>
    private static Conflict Nested(string name, FieldNode first, FieldNode second, List<Conflict> below)
    {
        const int places = 20;
        var reason = string.Join(" and ", below.Take(3).Select(static c => $"below it, \"{c.Name}\": {c.Reason}"));
        return new(name, reason.Length > 1000 ? reason[..1000] + "..." : reason, Places(first, static c => c.First), Places(second, static c => c.Second));

        List<FieldNode> Places(FieldNode top, Func<Conflict, List<FieldNode>> side)
        {
            var nodes = new List<FieldNode> { top };
            foreach (var conflict in below)
                if (nodes.Count < places)
                    nodes.AddRange(side(conflict).TakeLast(places - nodes.Count));
            return nodes;
        }
    }

    private Selected Below(in Field field) => Collect(field.Node.SelectionSet!, field.Definition?.Type.Named as CompositeType);

    private Selected Collect(FragmentDefinitionNode fragment) => Collect(fragment.SelectionSet, Context.TypeOf(fragment.TypeCondition) as CompositeType);

    private Selected Collect(SelectionSetNode set, CompositeType? parent)
    {
        if (_selected.TryGetValue((set, parent), out var known))
            return known;
        var selected = new Selected();
        Collect(selected, set, parent);
        return _selected[(set, parent)] = selected;
    }

    private void Collect(Selected into, SelectionSetNode set, CompositeType? parent)
    {
        foreach (var selection in set.Selections)
            switch (selection)
            {
                case FieldNode field:
                    if (!into.Fields.TryGetValue(field.ResponseName, out var same))
                        into.Fields.Add(field.ResponseName, same = []);
                    same.Add(new(field, parent, (parent as FieldsType)?.Field(field.Name.Value)));
                    break;
                case InlineFragmentNode inline:
                    Collect(into, inline.SelectionSet, inline.TypeCondition is null ? parent : Context.TypeOf(inline.TypeCondition) as CompositeType);
                    break;
                case FragmentSpreadNode spread:
                    if (Context.Fragment(spread.Name.Value) is { } fragment && !into.Fragments.Contains(fragment))
                        into.Fragments.Add(fragment);
                    break;
            }
    }

    private bool SameArguments(IReadOnlyList<ArgumentNode> first, IReadOnlyList<ArgumentNode> second)
    {
        if (first.Count != second.Count)
            return false;
        foreach (var argument in first)
        {
            var other = second.LastOrDefault(a => a.Name.Value == argument.Name.Value);
            if (!Spend() || other is null || !SameValue(argument.Value, other.Value))
                return false;
        }

        return true;
    }

    private static bool SameValue(ValueNode first, ValueNode second) => (first, second) switch
    {
        (VariableNode a, VariableNode b) => a.Name.Value == b.Name.Value,
        (IntValueNode a, IntValueNode b) => a.Value == b.Value,
        (FloatValueNode a, FloatValueNode b) => a.Value == b.Value,
        (StringValueNode a, StringValueNode b) => a.Value == b.Value && a.Block == b.Block,
        (BooleanValueNode a, BooleanValueNode b) => a.Value == b.Value,
        (EnumValueNode a, EnumValueNode b) => a.Value == b.Value,
        (NullValueNode, NullValueNode) => true,
        (ListValueNode a, ListValueNode b) => a.Values.Count == b.Values.Count && a.Values.Zip(b.Values).All(static p => SameValue(p.First, p.Second)),
        (ObjectValueNode a, ObjectValueNode b) => a.Fields.Count == b.Fields.Count
            && Sorted(a).Zip(Sorted(b)).All(static p => p.First.Name.Value == p.Second.Name.Value && SameValue(p.First.Value, p.Second.Value)),
        _ => false,
    };

    private static IEnumerable<ObjectFieldNode> Sorted(ObjectValueNode node) => node.Fields.OrderBy(static f => f.Name.Value, StringComparer.Ordinal);

    /// <summary>SameResponseShape, for the types alone.</summary>
    private static bool ShapesDiffer(GraphQLType first, GraphQLType second) => (first, second) switch
    {
        (ListType a, ListType b) => ShapesDiffer(a.OfType, b.OfType),
        (ListType, _) or (_, ListType) => true,
        (NonNullType a, NonNullType b) => ShapesDiffer(a.OfType, b.OfType),
        (NonNullType, _) or (_, NonNullType) => true,
        (CompositeType, CompositeType) => false,
        _ => first != second,
    };

    private bool Spend()
    {
        if (_comparisons > Context.Limits.FieldMergeComparisons)
            return false;
        if (++_comparisons > Context.Limits.FieldMergeComparisons)
        {
            var message = $"More than {Context.Limits.FieldMergeComparisons} comparisons of fields with the same name are needed, the most that is allowed. "
                + "Select each field once.";
            ReportLimit(ErrorCodes.TooManyComparisons, message, Context.Document.Definitions[0]);
            return false;
        }

        return true;
    }
}
