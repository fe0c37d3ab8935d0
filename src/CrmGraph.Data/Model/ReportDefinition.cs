using System.ComponentModel.DataAnnotations.Schema;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>A saved report: its newest version's content is in <see cref="Document"/>.</summary>
[Node, Traits(TableTraits.History)]
public sealed class ReportDefinition : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>A short name for programs, unique: <c>monthly-customers</c>.</summary>
    public string Key { get; set; } = "";
    [Folded] public string Title { get; set; } = "";
    /// <summary>The number of the newest version, from 1.</summary>
    public int Version { get; set; }
    /// <summary>Purpose, audience, parameters, sections and conclusion as JSON.</summary>
    [GraphQLIgnore] public string Document { get; set; } = "";
    public string? BrokenReason { get; set; }
    /// <summary>One of the templates that come with the product.</summary>
    public bool IsTemplate { get; set; }
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }
    [GraphQLIgnore] public DateTime? DeletedAt { get; set; }
}

/// <summary>One version of a report, never changed once written.</summary>
[Traits(TableTraits.None, Key = "report_id/version")]
public sealed class ReportVersion
{
    [GraphQLIgnore] public Guid ReportId { get; set; }
    public int Version { get; set; }
    public string Title { get; set; } = "";
    [GraphQLIgnore] public string Document { get; set; } = "";
    /// <summary>Who saved it, as the caller is named.</summary>
    public string SavedBy { get; set; } = "";
    public DateTime SavedAt { get; set; }
}

/// <summary>A result: belongs to a version, parameters, the dates that they meant and an access scope.</summary>
[Node, Traits(TableTraits.None)]
public sealed class ReportResult
{
    [ID] public Guid Id { get; set; }
    [GraphQLIgnore] public Guid ReportId { get; set; }
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
    /// <summary>The moment of the data.</summary>
    public DateTime AsOf { get; set; }
    /// <summary>False when it is shown this once and not kept: a section has errors, or tells the schema.</summary>
    [NotMapped] public bool IsKept { get; set; } = true;
    [GraphQLIgnore] public string Document { get; set; } = "";
}
