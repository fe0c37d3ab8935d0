using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>A sales or service team.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class SalesTeam : IRecorded
{
    [ID] public Guid Id { get; set; }
    [Folded] public string Name { get; set; } = "";
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }
}

/// <summary>Someone of the company who owns customers or handles tickets.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class TeamMember : IRecorded
{
    [ID] public Guid Id { get; set; }
    [Folded] public string Name { get; set; } = "";
    [Folded] public string? Email { get; set; }
    [ID<TeamMember>] public Guid? ManagerId { get; set; }
    [ID<SalesTeam>] public Guid? TeamId { get; set; }
    /// <summary>False for those who left; their history stays.</summary>
    public bool IsActive { get; set; } = true;
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore, Filterable] public TeamMember? Manager { get; set; }
    [GraphQLIgnore, Filterable] public SalesTeam? Team { get; set; }
}
