using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Costs;

/// <summary>
/// The price list of an operation, made once for its plan: what follows from the document is added up, what follows from variables is left open.
/// Selections that several fields share are one node and priced once, however often fragments repeat them; what they cost is counted every time.
/// </summary>
internal sealed class CostPlan
{
    /// <summary>One selection. Per item: what is below the fields that the parent's list size multiplies.</summary>
    internal readonly record struct NodeCost(OperationCost Plain, OperationCost PerItem);

    private readonly CostNode[] _nodes;
    private readonly NodeCost[] _known;
    private readonly int[] _open;
    private readonly double _rootWeight;

    /// <param name="nodes">Each after those below it; the last is the root.</param>
    /// <param name="error">Why the operation cannot be priced, and must not run.</param>
    internal CostPlan(CostNode[] nodes, double rootWeight, GraphQLError? error)
    {
        (_nodes, _rootWeight, Error) = (nodes, rootWeight, error);
        _known = new NodeCost[nodes.Length];
        if (error is not null)
        {
            _open = [];
            return;
        }

        var open = new List<int>();
        for (var i = 0; i < nodes.Length; i++)
        {
            if (!nodes[i].IsConstant)
                open.Add(i);
            else
                _known[i] = nodes[i].Of(default, _known, null);
        }

        _open = [.. open];
    }

    public GraphQLError? Error { get; }

    /// <param name="given">The variables as they were sent.</param>
    public OperationCost Price(JsonElement given, PricedRequest request)
    {
        var costs = _known;
        if (_open.Length > 0)
        {
            costs = [.. _known];
            foreach (var i in _open)
                costs[i] = _nodes[i].Of(given, costs, request);
        }

        return costs[^1].Plain + new OperationCost(0, _rootWeight);
    }
}

/// <summary>What fields' own pricings see of a request.</summary>
/// <param name="Variables">As resolvers get them.</param>
internal sealed record PricedRequest(IReadOnlyDictionary<string, object?> Variables, IServiceProvider Services);

/// <summary>A selection on one object type: the sum of its fields; on an abstract type: the dearest of its alternatives.</summary>
internal sealed record CostNode(IReadOnlyList<CostField> Fields, IReadOnlyList<int> Alternatives, bool IsConstant)
{
    public CostPlan.NodeCost Of(JsonElement given, CostPlan.NodeCost[] costs, PricedRequest? request)
    {
        OperationCost plain = default, perItem = default;
        foreach (var i in Alternatives)
            (plain, perItem) = (OperationCost.Greater(plain, costs[i].Plain), OperationCost.Greater(perItem, costs[i].PerItem));
        foreach (var field in Fields)
        {
            var price = field.Own?.Invoke(request!);
            var own = new OperationCost(Math.Max(0, (price?.Weight ?? field.Weight) + field.Input.Of(given)), 0);
            var below = field.Below < 0 ? default : costs[field.Below];
            var size = price?.Size ?? field.Length?.Of(given) ?? 1;
            var once = new OperationCost(0, field.TypeWeight) + below.Plain;
            var inner = field.SizesBelow ? once + (below.PerItem * size) : field.IsList ? once * size : once;
            plain += own;
            if (field.IsSizedByParent)
                perItem += inner;
            else
                plain += inner;
        }

        return new(plain, perItem);
    }
}

/// <summary>A field of a selection.</summary>
/// <param name="Below">The node of its own selection, or -1.</param>
/// <param name="Length">Null for a list of unknown length, which counts as one item.</param>
internal sealed record CostField(
    double Weight,
    double TypeWeight,
    InputPrice Input,
    ListLength? Length,
    int Below,
    bool IsList,
    bool SizesBelow,
    bool IsSizedByParent)
{
    /// <summary>The field's own pricing; null for nearly all.</summary>
    public Func<PricedRequest, FieldPrice?>? Own { get; init; }
}
