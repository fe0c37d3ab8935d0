using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Saving;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest.Customers;

/// <summary>The steps of a merge, within the caller's transaction.</summary>
internal sealed class CustomerMerge(CrmDbContext context, RowTables tables, DateTime now)
{
    public async Task RunAsync(Customer keep, Customer lose, CancellationToken cancellationToken)
    {
        await MoveStagesAsync(keep, lose, cancellationToken);
        await MoveFactsAsync(keep.Id, lose.Id, cancellationToken);
        await MoveAttributesAsync(keep.Id, lose.Id, cancellationToken);
        await MoveMembershipsAsync(keep.Id, lose.Id, cancellationToken);
        Fill(keep, lose);
        context.Customers.Remove(lose);
        context.ExternalIds.Add(new ExternalId
        {
            Entity = ExternalEntity.Customer,
            Source = ExternalSources.Merged,
            Key = lose.Id.ToString("D"),
            CustomerId = keep.Id,
            Id = keep.Id
        });
        await context.ExternalIds.Where(x => x.Entity == ExternalEntity.Customer && x.Id == lose.Id)
            .ExecuteUpdateAsync(x => x.SetProperty(e => e.Id, keep.Id).SetProperty(e => e.CustomerId, keep.Id), cancellationToken);
        await context.ExternalIds.Where(x => x.CustomerId == lose.Id).ExecuteUpdateAsync(x => x.SetProperty(e => e.CustomerId, keep.Id), cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Made again under the same id, then the old rows deleted: parents before their parts, so no row ever stands without its order.</summary>
    private async Task MoveFactsAsync(Guid keep, Guid lose, CancellationToken cancellationToken)
    {
        await CopyAsync<Order>(keep, lose, cancellationToken);
        await CopyAsync<OrderAttribute>(keep, lose, cancellationToken);
        await CopyAsync<OrderPayment>(keep, lose, cancellationToken);
        await CopyAsync<OrderLine>(keep, lose, cancellationToken);
        await CopyAsync<Opportunity>(keep, lose, cancellationToken);
        await CopyAsync<OpportunityStage>(keep, lose, cancellationToken);
        await DeleteAsync<OrderAttribute>(lose, cancellationToken);
        await DeleteAsync<OrderPayment>(lose, cancellationToken);
        await DeleteAsync<OrderLine>(lose, cancellationToken);
        await DeleteAsync<Order>(lose, cancellationToken);
        await DeleteAsync<OpportunityStage>(lose, cancellationToken);
        await DeleteAsync<Opportunity>(lose, cancellationToken);
        await MoveAsync<Contract>(keep, lose, cancellationToken);
        await MoveAsync<Interaction>(keep, lose, cancellationToken);
        await CopyAsync<Ticket>(keep, lose, cancellationToken);
        await CopyAsync<TicketAttribute>(keep, lose, cancellationToken);
        await DeleteAsync<TicketAttribute>(lose, cancellationToken);
        await DeleteAsync<Ticket>(lose, cancellationToken);
        await MoveAsync<SurveyResponse>(keep, lose, cancellationToken);
    }

    private async Task MoveAsync<T>(Guid keep, Guid lose, CancellationToken cancellationToken) where T : class
    {
        await CopyAsync<T>(keep, lose, cancellationToken);
        await DeleteAsync<T>(lose, cancellationToken);
    }

    private Task CopyAsync<T>(Guid keep, Guid lose, CancellationToken cancellationToken) where T : class =>
        tables.Of<T>(context).CopyCustomerAsync(context, lose, keep, cancellationToken);

    private Task DeleteAsync<T>(Guid lose, CancellationToken cancellationToken) where T : class =>
        tables.Of<T>(context).DeleteCustomerAsync(context, lose, cancellationToken);

    /// <summary>One history without overlaps: what the loser was before the keeper was known, then the keeper's.</summary>
    private async Task MoveStagesAsync(Customer keep, Customer lose, CancellationToken cancellationToken)
    {
        var first = await context.CustomerStages.Where(s => s.CustomerId == keep.Id).MinAsync(s => (DateTime?)s.From, cancellationToken);
        var earlier = await context.CustomerStages.AsNoTracking().Where(s => s.CustomerId == lose.Id && (first == null || s.From < first))
            .ToListAsync(cancellationToken);
        foreach (var stage in earlier)
            context.CustomerStages.Add(
                new CustomerStage { CustomerId = keep.Id, Stage = stage.Stage, From = stage.From, To = first is null || stage.To < first ? stage.To : first });
    }

    private async Task MoveAttributesAsync(Guid keep, Guid lose, CancellationToken cancellationToken)
    {
        var own = (await context.CustomerAttributes.Where(a => a.CustomerId == keep).Select(a => a.Key).ToListAsync(cancellationToken)).ToHashSet();
        foreach (var attribute in await context.CustomerAttributes.AsNoTracking().Where(a => a.CustomerId == lose).ToListAsync(cancellationToken))
            if (own.Add(attribute.Key))
                context.CustomerAttributes.Add(new CustomerAttribute { CustomerId = keep, Key = attribute.Key, Value = attribute.Value });
    }

    /// <summary>Times in a static segment: a time of the loser that overlaps one of the keeper is joined with it.</summary>
    private async Task MoveMembershipsAsync(Guid keep, Guid lose, CancellationToken cancellationToken)
    {
        var rows = await context.SegmentMembers.AsNoTracking().Where(m => m.CustomerId == keep || m.CustomerId == lose).ToListAsync(cancellationToken);
        if (!rows.Exists(m => m.CustomerId == lose))
            return;
        await context.SegmentMembers.Where(m => m.CustomerId == keep || m.CustomerId == lose).ExecuteDeleteAsync(cancellationToken);
        foreach (var segment in rows.GroupBy(m => m.SegmentId))
        {
            SegmentMember? last = null;
            foreach (var row in segment.OrderBy(m => m.JoinedAt))
            {
                if (last is not null && (last.LeftAt is null || row.JoinedAt <= last.LeftAt))
                    last.LeftAt = last.LeftAt is null || row.LeftAt is null ? null : row.LeftAt > last.LeftAt ? row.LeftAt : last.LeftAt;
                else
                    context.SegmentMembers.Add(
                        last = new SegmentMember { CustomerId = keep, SegmentId = segment.Key, JoinedAt = row.JoinedAt, LeftAt = row.LeftAt });
            }
        }
    }

    private void Fill(Customer keep, Customer lose)
    {
        RecordFields.Customers.Fill(keep, lose);
        keep.OwnerId ??= lose.OwnerId;
        keep.Tags = [.. keep.Tags.Union(lose.Tags)];
        keep.Interests = [.. keep.Interests.Union(lose.Interests)];
        if (lose.CreatedAt < keep.CreatedAt)
            (keep.CreatedAt, keep.Day) = (lose.CreatedAt, lose.Day);
        keep.UpdatedAt = now;
    }
}
