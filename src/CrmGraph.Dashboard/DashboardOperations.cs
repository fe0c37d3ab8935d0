using System.Text.Json.Serialization;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.Dashboard;

/// <summary>The operations of the dashboards' pages, and their results.</summary>
internal static class DashboardOperations
{
    public static readonly Operation<DashboardData> ById = new("dashboard");
    public static readonly Operation<DashboardData> ByKey = new("dashboard-by-key");
    public static readonly Operation<DashboardFigures> Figures = new("dashboard-figures");
    public static readonly Operation<DashboardChoices> Choices = new("dashboard-choices");
    public static readonly Operation<AttributeValuesData> AttributeValues = new("attribute-values");

    private static readonly GraphQLLimits _limits = new();

    /// <summary>The names of the variables of a tile's operation.</summary>
    public static IReadOnlySet<string> Variables(string operation) => Parser.Parse(operation, _limits).Definitions.OfType<OperationDefinitionNode>().Single()
        .VariableDefinitions.Select(v => v.Variable.Name.Value).ToHashSet();
}

public sealed record DashboardData(DashboardNow? Dashboard);

public sealed record DashboardNow(
    string Id, string Key, string Title, int Version, bool IsTemplate, bool IsDashboard, string? BrokenReason,
    IReadOnlyList<string> VisibleTo, ReportContent Content);

public sealed record DashboardTile(string Heading, string? Text, string? Operation, string Chart, int? Width)
{
    public const int Columns = 12, Narrowest = 3;

    /// <summary>As wide as it says, or as suits its chart.</summary>
    [JsonIgnore] public int Span => Width ?? Chart switch { "NUMBER" => Columns, "PIE" or "RADAR" or "FUNNEL" or "NONE" => 4, _ => 6 };
}

public sealed record DashboardFigures(ReportOutcome? Figures);

public sealed record DashboardChoices(Listed<SegmentName> Segments, Listed<SegmentName> TeamMembers, ChoiceTable Regions, ChoiceTable Channels);

public sealed record ChoiceTable(IReadOnlyList<ChoiceRow> Rows);

public sealed record ChoiceRow(IReadOnlyList<ChoiceKey> Dimensions, Reasoned Orders);

public sealed record ChoiceKey(string? Key, string Label, string Kind);
