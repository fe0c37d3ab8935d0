using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.5.2.2: no fragment spreads itself, however indirectly.</summary>
internal sealed class NoFragmentCycles(ValidationContext context) : ValidationRule(context)
{
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly List<FragmentSpreadNode> _path = [];

    public override void FragmentDefinition(FragmentDefinitionNode node) => Detect(node);

    /// <summary>Depth first with a stack of its own: a chain of fragments can be longer than the call stack is deep.</summary>
    private void Detect(FragmentDefinitionNode root)
    {
        var stack = new Stack<(FragmentDefinitionNode Fragment, int Next)>();
        Open(root, stack);
        while (stack.TryPop(out var top))
        {
            var spreads = Context.Spreads(top.Fragment.SelectionSet);
            if (top.Next > 0)
                _path.RemoveAt(_path.Count - 1);
            if (top.Next == spreads.Count)
            {
                _open.Remove(top.Fragment.Name.Value);
                continue;
            }

            var spread = spreads[top.Next];
            _path.Add(spread);
            stack.Push((top.Fragment, top.Next + 1));
            if (_open.TryGetValue(spread.Name.Value, out var from))
                ReportCycle(spread, from);
            else if (Context.Fragment(spread.Name.Value) is { } next)
                Open(next, stack);
        }
    }

    private void Open(FragmentDefinitionNode fragment, Stack<(FragmentDefinitionNode Fragment, int Next)> stack)
    {
        if (!_visited.Add(fragment.Name.Value))
            return;
        _open[fragment.Name.Value] = _path.Count;
        stack.Push((fragment, 0));
    }

    private void ReportCycle(FragmentSpreadNode spread, int from)
    {
        var cycle = _path.GetRange(from, _path.Count - from);
        var via = cycle.Count == 1 ? "" : " through " + string.Join(", ", cycle.Take(cycle.Count - 1).Select(static s => $"\"{s.Name.Value}\""));
        Report($"Fragment \"{spread.Name.Value}\" spreads itself{via}.", [.. cycle]);
    }
}
