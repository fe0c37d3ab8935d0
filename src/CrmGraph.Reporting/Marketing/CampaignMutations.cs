using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Marketing;

/// <summary>A campaign to create or update. Omitted fields keep their values.</summary>
public sealed class UpsertCampaignInput
{
    /// <summary>The campaign to change. If omitted, `externalIds` decide; without those, a campaign is created.</summary>
    [ID<Campaign>] public Guid? Id { get; set; }
    /// <summary>The external IDs by which the campaign is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>The name of the campaign.</summary>
    public Optional<string?> Name { get; set; }
    /// <summary>The marketing channel of the campaign.</summary>
    public Optional<string?> Channel { get; set; }
    /// <summary>The first day of the campaign.</summary>
    public Optional<DateOnly?> StartDay { get; set; }
    /// <summary>The last day of the campaign.</summary>
    public Optional<DateOnly?> EndDay { get; set; }
}

/// <summary>What a campaign cost on one day in one channel. It replaces an earlier amount for the same campaign, day, channel and currency.</summary>
public sealed class CampaignSpendInput
{
    /// <summary>The campaign.</summary>
    public required CampaignRefInput Campaign { get; set; }
    /// <summary>The day the money was spent.</summary>
    public DateOnly Day { get; set; }
    /// <summary>The marketing channel; by default that of the campaign.</summary>
    public string? Channel { get; set; }
    /// <summary>The amount spent.</summary>
    public decimal Amount { get; set; }
    /// <summary>The ISO 4217 code of the currency; by default the reporting currency.</summary>
    public string? Currency { get; set; }
}

[MutationType]
[Error<NotFoundException>, Error<ConflictException>, Error<ValidationException>, Error<NotPermittedException>]
public static class CampaignMutations
{
    /// <summary>Creates or updates a campaign.</summary>
    public static async Task<Campaign> UpsertCampaignAsync(UpsertCampaignInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Campaigns, input);
        return await Rows.Of(context).Campaigns.SingleAsync(c => c.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Creates or updates up to 1,000 campaigns in one transaction.</summary>
    /// <param name="campaigns">The campaigns to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertCampaignsAsync(IReadOnlyList<UpsertCampaignInput> campaigns, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Campaign, nameof(Campaign), b => b.Campaigns, campaigns, allOrNothing);

    /// <summary>Sets what campaigns cost, for up to 1,000 entries in one transaction. The IDs in the outcome are those of the campaigns.</summary>
    /// <param name="spend">The amounts to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertCampaignSpendAsync(IReadOnlyList<CampaignSpendInput> spend, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.CampaignSpend, nameof(Campaign), b => b.CampaignSpend, spend, allOrNothing);
}
