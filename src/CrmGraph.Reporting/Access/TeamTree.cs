namespace CrmGraph.Reporting.Access;

/// <summary>A team member's place: whom he reports to and his team.</summary>
public sealed record TeamPlace(Guid Id, Guid? ManagerId, Guid? TeamId, bool IsActive);

/// <summary>Whose customers a representative or manager may see.</summary>
public static class TeamTree
{
    /// <summary>A representative: himself.</summary>
    public static IReadOnlyList<Guid> OwnersOfRepresentative(Guid member) => [member];

    /// <summary>
    /// A manager: himself, everyone below him in the tree of managers, and the members of his own team. Those who left stay in the list, for
    /// their customers may still carry their name. A loop in the tree ends the walk, it does not hang it.
    /// </summary>
    public static IReadOnlyList<Guid> OwnersOfManager(Guid manager, IReadOnlyCollection<TeamPlace> everyone)
    {
        var reports = everyone.Where(m => m.ManagerId is not null).ToLookup(m => m.ManagerId!.Value, m => m.Id);
        var seen = new HashSet<Guid> { manager };
        var open = new Queue<Guid>(seen);
        while (open.TryDequeue(out var member))
            foreach (var report in reports[member])
                if (seen.Add(report))
                    open.Enqueue(report);

        var team = everyone.FirstOrDefault(m => m.Id == manager)?.TeamId;
        if (team is not null)
            seen.UnionWith(everyone.Where(m => m.TeamId == team).Select(m => m.Id));
        return [.. seen.Order()];
    }
}
