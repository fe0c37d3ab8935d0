using System.ComponentModel.DataAnnotations.Schema;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>A saved report.</summary>
[Node, Traits(TableTraits.History)]
public sealed class ReportDefinition : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>A short unique name for programs, such as `monthly-customers`.</summary>
    public string Key { get; set; } = "";
    /// <summary>The title of the newest version.</summary>
    [Folded] public string Title { get; set; } = "";
    /// <summary>The number of the newest version, counted from 1.</summary>
    public int Version { get; set; }
    /// <summary>Purpose, audience, parameters, sections and conclusion as JSON.</summary>
    [GraphQLIgnore] public string Document { get; set; } = "";
    /// <summary>Why the report can no longer be run; null if it can.</summary>
    public string? BrokenReason { get; set; }
    /// <summary>Whether the report is one of the templates shipped with the product.</summary>
    public bool IsTemplate { get; set; }
    /// <summary>Whether the report is arranged as a dashboard.</summary>
    public bool IsDashboard { get; set; }
    /// <summary>Which roles see the report besides administrators, as bits in the order of <see cref="Role"/>; 0 if all do.</summary>
    [GraphQLIgnore] public int VisibleTo { get; set; }
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }
    [GraphQLIgnore] public DateTime? DeletedAt { get; set; }
}

/// <summary>One version of a report. A version never changes.</summary>
[Traits(TableTraits.None, Key = "report_id/version")]
public sealed class ReportVersion
{
    [GraphQLIgnore] public Guid ReportId { get; set; }
    /// <summary>The number of the version, counted from 1.</summary>
    public int Version { get; set; }
    /// <summary>The title of the report in this version.</summary>
    public string Title { get; set; } = "";
    [GraphQLIgnore] public string Document { get; set; } = "";
    /// <summary>The name of the caller who saved the version.</summary>
    public string SavedBy { get; set; } = "";
    /// <summary>When the version was saved.</summary>
    public DateTime SavedAt { get; set; }
}

/// <summary>The result of running one version of a report with given parameters, for one access scope.</summary>
[Node, Traits(TableTraits.None)]
public sealed class ReportResult
{
    [ID] public Guid Id { get; set; }
    [GraphQLIgnore] public Guid ReportId { get; set; }
    /// <summary>The version of the report that was run.</summary>
    public int Version { get; set; }
    [GraphQLIgnore] public string Parameters { get; set; } = "";
    /// <summary>The days that relative dates meant, and the settings of the time: as JSON.</summary>
    [GraphQLIgnore] public string Dates { get; set; } = "";
    /// <summary>The canonical form of the row rules under which it was computed.</summary>
    [GraphQLIgnore] public string Scope { get; set; } = "";
    /// <summary>How many <see cref="OwnerDeparture"/> the owners of the scope had before it was computed: with more, somebody may no longer see what he saw then.</summary>
    [GraphQLIgnore] public long Departures { get; set; }
    /// <summary>Other than metrics stands in it, so that persons may be named.</summary>
    [GraphQLIgnore] public bool HasRows { get; set; }
    /// <summary>The moment at which the data was read.</summary>
    public DateTime AsOf { get; set; }
    /// <summary>False if the result is shown only once and not stored, because a section has errors or reads the schema.</summary>
    [NotMapped] public bool IsKept { get; set; } = true;
    /// <summary>What was found in the figures; null if nobody wrote anything.</summary>
    public string? Findings { get; set; }
    /// <summary>The name of the caller who wrote the findings.</summary>
    public string? FindingsBy { get; set; }
    /// <summary>The sections as JSON; empty where they were not read.</summary>
    [GraphQLIgnore] public string Document { get; set; } = "";
}

/// <summary>Somebody ran a report.</summary>
[Traits(TableTraits.Changes | TableTraits.Dated)]
public sealed class ReportRun
{
    public Guid Id { get; set; }
    public Guid ReportId { get; set; }
    public int Version { get; set; }
    /// <summary>The name of the caller.</summary>
    public string Reader { get; set; } = "";
    /// <summary>By whoever saved that version.</summary>
    public bool IsOwn { get; set; }
    public DateTime RanAt { get; set; }
    [DayOf(nameof(RanAt))] public DateOnly Day { get; set; }
}
