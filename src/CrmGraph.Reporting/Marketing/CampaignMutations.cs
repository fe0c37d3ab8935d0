using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Marketing;

/// <summary>A campaign to make or change. Fields left out keep their values.</summary>
public sealed class UpsertCampaignInput
{
    [ID<Campaign>] public Guid? Id { get; set; }
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    public Optional<string?> Name { get; set; }
    public Optional<string?> Channel { get; set; }
    public Optional<DateOnly?> StartDay { get; set; }
    public Optional<DateOnly?> EndDay { get; set; }
}

/// <summary>What a campaign cost on one day in one channel; replaces what was there for campaign, day, channel and currency.</summary>
public sealed class CampaignSpendInput
{
    public required CampaignRefInput Campaign { get; set; }
    public DateOnly Day { get; set; }
    /// <summary>The campaign's channel when left out.</summary>
    public string? Channel { get; set; }
    public decimal Amount { get; set; }
    /// <summary>ISO 4217 code; the reporting currency when left out.</summary>
    public string? Currency { get; set; }
}

[MutationType]
[Error<NotFoundException>, Error<ConflictException>, Error<ValidationException>, Error<NotPermittedException>]
public static class CampaignMutations
{
    /// <summary>Makes a campaign or changes the one that is there.</summary>
    public static async Task<Campaign> UpsertCampaignAsync(UpsertCampaignInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Campaigns, input);
        return await Rows.Of(context).Campaigns.SingleAsync(c => c.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Makes or changes up to 1,000 campaigns in one transaction.</summary>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertCampaignsAsync(IReadOnlyList<UpsertCampaignInput> campaigns, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Campaign, nameof(Campaign), b => b.Campaigns, campaigns, allOrNothing);

    /// <summary>Sets what campaigns cost, up to 1,000 amounts at once. The ids in the outcome are those of the campaigns.</summary>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertCampaignSpendAsync(IReadOnlyList<CampaignSpendInput> spend, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.CampaignSpend, nameof(Campaign), b => b.CampaignSpend, spend, allOrNothing);
}
