using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>A metric that the company defined itself. Its values are computed with the rights of whoever asks.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class CustomMetric : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>The name for programs.</summary>
    public string Key { get; set; } = "";
    /// <summary>The name for people, in English.</summary>
    public string Label { get; set; } = "";
    /// <summary>The name for people, in Chinese; null for the English one.</summary>
    public string? LabelZh { get; set; }
    /// <summary>What the metric is for.</summary>
    public string? Description { get; set; }
    /// <summary>How the metric is computed.</summary>
    public string Formula { get; set; } = "";
    [GraphQLIgnore] public string? Condition { get; set; }
    [GraphQLIgnore] public string Favourable { get; set; } = "";
    /// <summary>The number of the newest version, counted from 1.</summary>
    public int Version { get; set; }
    /// <summary>When the metric was archived; null if it is in use.</summary>
    public DateTime? ArchivedAt { get; set; }
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }
}

/// <summary>One version of a metric that the company defined itself. A version never changes.</summary>
[Traits(TableTraits.None, Key = "metric_id/version")]
public sealed class CustomMetricVersion
{
    [GraphQLIgnore] public Guid MetricId { get; set; }
    /// <summary>The number of the version, counted from 1.</summary>
    public int Version { get; set; }
    /// <summary>How the metric was computed.</summary>
    public string Formula { get; set; } = "";
    [GraphQLIgnore] public string? Condition { get; set; }
    /// <summary>The name of the caller who saved the version.</summary>
    public string SavedBy { get; set; } = "";
    /// <summary>When the version was saved.</summary>
    public DateTime SavedAt { get; set; }
}
