using System.ComponentModel.DataAnnotations.Schema;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>How a goal stands.</summary>
public enum GoalStatus
{
    /// <summary>Its first day has not come.</summary>
    NotStarted,
    /// <summary>The target will be met if it goes on as until today.</summary>
    OnTrack,
    /// <summary>The target will be missed if it goes on as until today.</summary>
    AtRisk,
    /// <summary>The target is met: of sums that are to grow as soon as they do, of all others at the deadline.</summary>
    Reached,
    /// <summary>The deadline is over and the target was not met.</summary>
    Missed,
    /// <summary>The metric has no value, for the reason in `reason`.</summary>
    Unknown,
}

/// <summary>A value that a metric is to have reached by a day. What it has so far is told under the rights of whoever asks.</summary>
[Node, Traits(TableTraits.History)]
public sealed class Goal : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>The name of the goal.</summary>
    public string Name { get; set; } = "";
    /// <summary>What the goal is for.</summary>
    public string? Description { get; set; }
    [GraphQLIgnore] public string Metric { get; set; } = "";
    /// <summary>The condition on the facts that count, as JSON; null for all.</summary>
    [GraphQLIgnore] public string? Condition { get; set; }
    /// <summary>The value at the start; null if none was given. It says in which direction the target lies.</summary>
    [FixedPoint] public long? Baseline { get; set; }
    /// <summary>The value to be reached; money is in the reporting currency.</summary>
    [FixedPoint] public long Target { get; set; }
    /// <summary>The first day that counts.</summary>
    public DateOnly StartDay { get; set; }
    /// <summary>The last day that counts.</summary>
    public DateOnly Deadline { get; set; }
    /// <summary>The ID of the team member who answers for the goal.</summary>
    [ID<TeamMember>] public Guid? OwnerId { get; set; }
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    /// <summary>The metric from the first day of the goal up to today, or to the deadline; null if there is a `reason`.</summary>
    [NotMapped] public decimal? Value { get; set; }
    [NotMapped, GraphQLIgnore] public Enum? NoValue { get; set; }
    /// <summary>How the goal stands.</summary>
    [NotMapped] public GoalStatus Status { get; set; }
    /// <summary>
    /// The part of the way that is done, divided by the part of the time that is over: 1 is as planned. The way leads from zero to the target for sums, and
    /// from the baseline to the target for all others; null where there is no baseline, or no way.
    /// </summary>
    [NotMapped] public decimal? Pace { get; set; }
    /// <summary>The value at the deadline if it goes on as until today; the current value for quotients and stocks without a baseline.</summary>
    [NotMapped] public decimal? ExpectedAtDeadline { get; set; }
}

/// <summary>What happened on a day or in some days, to be read beside the figures: a campaign, a holiday, a competitor's price.</summary>
[Node, Traits(TableTraits.History)]
public sealed class Annotation : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>The first day.</summary>
    public DateOnly StartDay { get; set; }
    /// <summary>The last day.</summary>
    public DateOnly EndDay { get; set; }
    /// <summary>What happened.</summary>
    public string Text { get; set; } = "";
    [GraphQLIgnore] public string? Dimension { get; set; }
    /// <summary>The key of the value of `dimension`, as in the rows of a metric table; null for all.</summary>
    public string? DimensionKey { get; set; }
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }
}
