using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>A marketing campaign.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class Campaign : IRecorded
{
    [ID] public Guid Id { get; set; }
    [Folded] public string Name { get; set; } = "";
    public string? Channel { get; set; }
    public DateOnly? StartDay { get; set; }
    public DateOnly? EndDay { get; set; }
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore, Filterable] public List<CampaignSpend> Spend { get; set; } = [];
}

/// <summary>What a campaign cost on one day in one channel.</summary>
[Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated, Key = "campaign_id/day/channel/currency")]
public sealed class CampaignSpend
{
    [GraphQLIgnore] public Guid CampaignId { get; set; }
    public DateOnly Day { get; set; }
    public string Channel { get; set; } = "";
    [FixedPoint] public long Amount { get; set; }
    public string Currency { get; set; } = "";

    [GraphQLIgnore] public Campaign? Campaign { get; set; }
}
