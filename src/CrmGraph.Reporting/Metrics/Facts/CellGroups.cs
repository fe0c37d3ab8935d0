using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Which cells of a rollup count, by their groups.</summary>
/// <param name="Cells">How many cells there were.</param>
internal sealed record CellGroups(int Cells, IReadOnlyList<(RolledGroup Group, int[] Cells)> List)
{
    public int Bytes => 100 * (List.Count + 1) + List.Sum(g => sizeof(int) * g.Cells.Length);

    public static CellGroups Of(RolledKey key, SalesCells cells, IReadOnlyList<LambdaExpression> conditions)
    {
        var (count, groups, counts) = (cells.Count, new Dictionary<RolledGroup, List<int>>(), Counts(conditions));
        var list = cells.List;
        for (var cell = 0; cell < count; cell++)
        {
            if (!counts(list[cell]))
                continue;
            var group = key.Of(list[cell]);
            if (!groups.TryGetValue(group, out var own))
                groups[group] = own = [];
            own.Add(cell);
        }

        return new(count, [.. groups.Select(g => (g.Key, g.Value.ToArray()))]);
    }

    /// <summary>Whether rows count that have this in common.</summary>
    /// <param name="conditions">See <see cref="RolledOrders.ValueConditions"/>.</param>
    private static Func<SalesDay, bool> Counts(IReadOnlyList<LambdaExpression> conditions)
    {
        var all = conditions.Select(c => c.Compile(preferInterpretation: true)).ToList();
        var ofRows = all.OfType<Func<SalesDay, bool>>().ToList();
        var ofFacts = all.OfType<Func<FactAttributes, bool>>().ToList();
        return cell => ofRows.TrueForAll(holds => holds(cell))
            && ofFacts.TrueForAll(holds => holds(new() { Channel = cell.Channel, OwnerId = cell.OwnerId }));
    }
}
