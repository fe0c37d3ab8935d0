using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>A sales or service team.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class SalesTeam : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>The name of the team.</summary>
    [Folded] public string Name { get; set; } = "";
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }
}

/// <summary>A member of the company's staff who owns customers or handles support tickets.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class TeamMember : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>The name of the team member.</summary>
    [Folded] public string Name { get; set; } = "";
    /// <summary>The email address.</summary>
    [Folded] public string? Email { get; set; }
    /// <summary>The ID of the manager; null if there is none.</summary>
    [ID<TeamMember>] public Guid? ManagerId { get; set; }
    /// <summary>The ID of the team; null if there is none.</summary>
    [ID<SalesTeam>] public Guid? TeamId { get; set; }
    /// <summary>False if the team member has left the company. The history is kept.</summary>
    public bool IsActive { get; set; } = true;
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    /// <summary>The manager of the team member.</summary>
    [GraphQLIgnore, Filterable] public TeamMember? Manager { get; set; }
    /// <summary>The team that the member belongs to.</summary>
    [GraphQLIgnore, Filterable] public SalesTeam? Team { get; set; }
}
