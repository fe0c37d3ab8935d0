namespace CrmGraph.Dashboard;

/// <summary>What is chosen in filters by its name, where the graph takes an ID or the name of an attribute.</summary>
public sealed record ChoiceLists(
    IReadOnlyList<SegmentName> Segments, IReadOnlyList<SegmentName> People, IReadOnlyList<SegmentName> Teams, IReadOnlyList<SegmentName> Campaigns)
{
    internal static readonly Operation<ChoicesData> Operation = new("choices");
    internal static readonly Operation<AttributeNamesData> NamesOperation = new("attribute-names");

    public static readonly ChoiceLists Nothing = new([], [], [], []);

    internal static ChoiceLists Of(ChoicesData data) =>
        new(data.Segments.Nodes, data.TeamMembers.Nodes, data.SalesTeams.Nodes, data.Campaigns.Nodes);

    /// <summary>The names of the attributes of customers, orders and tickets, by the dimension that splits by them; the most used ones first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    internal ChoiceLists With(AttributeNamesData names) => this with
    {
        Attributes = new Dictionary<string, IReadOnlyList<string>>
        {
            ["ATTRIBUTE"] = Names(names.Customers),
            ["ORDER_ATTRIBUTE"] = Names(names.Orders),
            ["TICKET_ATTRIBUTE"] = Names(names.Tickets),
        },
    };

    /// <summary>The choices of a condition, by the filter type and its field; null where a value is typed.</summary>
    public IReadOnlyList<SegmentName>? For(string type, string field) => (type, field) switch
    {
        (_, "segments") => Segments,
        ("MetricFilterInput", "owner") or (_, "ownerId" or "agentId" or "managerId") => People,
        (_, "teamId") => Teams,
        (_, "campaignId") => Campaigns,
        ("CustomerAttributeFilterInput", "key") => Choices("ATTRIBUTE"),
        ("OrderAttributeFilterInput", "key") => Choices("ORDER_ATTRIBUTE"),
        ("TicketAttributeFilterInput", "key") => Choices("TICKET_ATTRIBUTE"),
        _ => null,
    };

    public IReadOnlyList<string> AttributesOf(string dimension) => Attributes.GetValueOrDefault(dimension, []);

    private List<SegmentName>? Choices(string dimension) =>
        AttributesOf(dimension) is { Count: > 0 } names ? [.. names.Select(n => new SegmentName(n, n))] : null;

    private static List<string> Names(AttributeNamesOf of) => [.. of.DistinctValues.Select(v => v.Value).OfType<string>()];
}

public sealed record ChoicesData(Listed<SegmentName> Segments, Listed<SegmentName> TeamMembers, Listed<SegmentName> SalesTeams, Listed<SegmentName> Campaigns);

public sealed record AttributeNamesData(AttributeNamesOf Customers, AttributeNamesOf Orders, AttributeNamesOf Tickets);

public sealed record AttributeNamesOf(IReadOnlyList<AttributeName> DistinctValues);

public sealed record AttributeName(string? Value);

public sealed record AttributeValuesData(AttributeValuesOf CustomerAggregates);

public sealed record AttributeValuesOf(IReadOnlyList<AttributeName> DistinctValues);
