using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>A marketing campaign.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class Campaign : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>The name of the campaign.</summary>
    [Folded] public string Name { get; set; } = "";
    /// <summary>The marketing channel of the campaign.</summary>
    public string? Channel { get; set; }
    /// <summary>The first day of the campaign.</summary>
    public DateOnly? StartDay { get; set; }
    /// <summary>The last day of the campaign.</summary>
    public DateOnly? EndDay { get; set; }
    public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    /// <summary>What the campaign cost, by day and channel.</summary>
    [GraphQLIgnore, Filterable] public List<CampaignSpend> Spend { get; set; } = [];
}

/// <summary>What a campaign cost on one day in one channel.</summary>
[Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated, Key = "campaign_id/day/channel/currency")]
public sealed class CampaignSpend
{
    [GraphQLIgnore] public Guid CampaignId { get; set; }
    /// <summary>The day the money was spent.</summary>
    public DateOnly Day { get; set; }
    /// <summary>The marketing channel.</summary>
    public string Channel { get; set; } = "";
    /// <summary>The amount spent.</summary>
    [FixedPoint] public long Amount { get; set; }
    /// <summary>The ISO 4217 code of the currency of `amount`.</summary>
    public string Currency { get; set; } = "";

    [GraphQLIgnore] public Campaign? Campaign { get; set; }
}
