using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

public enum SegmentKind { Dynamic, Static }

/// <summary>A saved group of customers: a filter evaluated when read (DYNAMIC), or a kept list (STATIC).</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class Segment : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>A short name for programs, unique: <c>big-spenders</c>.</summary>
    public string Key { get; set; } = "";
    [Folded] public string Name { get; set; } = "";
    public string? Description { get; set; }
    public SegmentKind Kind { get; set; }
    /// <summary>The <c>CustomerFilterInput</c> as JSON; null for a static list.</summary>
    [GraphQLIgnore] public string? Definition { get; set; }
    /// <summary>Version of the filter language in which the definition was saved.</summary>
    [GraphQLIgnore] public int DefinitionVersion { get; set; }
    /// <summary>Why the definition can no longer be run; null when it can.</summary>
    public string? BrokenReason { get; set; }
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore] public List<SegmentMember> Members { get; set; } = [];
}

/// <summary>A customer's time in a static segment. Rows are never deleted: leaving sets <see cref="LeftAt"/>.</summary>
[Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText, Key = "customer_id/segment_id/joined_at")]
public sealed class SegmentMember
{
    public Guid CustomerId { get; set; }
    public Guid SegmentId { get; set; }
    public DateTime JoinedAt { get; set; }
    public DateTime? LeftAt { get; set; }

    public Customer? Customer { get; set; }
}
