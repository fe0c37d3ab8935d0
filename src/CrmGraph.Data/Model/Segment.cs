using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>How the members of a segment are determined.</summary>
public enum SegmentKind
{
    /// <summary>By a filter, evaluated whenever the segment is read.</summary>
    Dynamic,
    /// <summary>By a list of customers.</summary>
    Static,
}

/// <summary>A saved group of customers: a filter evaluated on every read (DYNAMIC), or a list (STATIC).</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class Segment : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>A short unique name for programs, such as `big-spenders`.</summary>
    public string Key { get; set; } = "";
    /// <summary>The name of the segment.</summary>
    [Folded] public string Name { get; set; } = "";
    /// <summary>What the segment is for.</summary>
    public string? Description { get; set; }
    /// <summary>How the members are determined.</summary>
    public SegmentKind Kind { get; set; }
    /// <summary>The <c>CustomerFilterInput</c> as JSON; null for a static list.</summary>
    [GraphQLIgnore] public string? Definition { get; set; }
    /// <summary>Version of the filter language in which the definition was saved.</summary>
    [GraphQLIgnore] public int DefinitionVersion { get; set; }
    /// <summary>Why the definition can no longer be evaluated; null if it can.</summary>
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
