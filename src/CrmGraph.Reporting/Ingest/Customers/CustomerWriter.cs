using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Ingest.Saving;
using CrmGraph.Reporting.Querying.Lookups;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest.Customers;

/// <summary>Changes that concern all rows of a customer: merging two, erasing one. Thread-safe; one instance per database.</summary>
public sealed class CustomerWriter(IDbContextFactory<CrmDbContext> contexts, DatabaseEngine engine, CommitHub hub, TimeProvider clock)
{
    private readonly RowTables _tables = new();

    /// <summary>
    /// One customer out of two: facts, outside ids, memberships, attributes, tags of <paramref name="lose"/> go to <paramref name="keep"/>, whose own
    /// fields win; the row of <paramref name="lose"/> goes, and its id leads to <paramref name="keep"/> from then on (<see cref="ExternalSources.Merged"/>).
    /// Merging again what was merged changes nothing.
    /// </summary>
    public async Task<Guid> MergeAsync(Guid keep, Guid lose, Caller caller, CancellationToken cancellationToken = default)
    {
        if (keep == lose)
            throw new ValidationException(RefusalCodes.Inconsistent, "keep and lose are the same customer.", "lose");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await engine.EnterWriteAsync(context, alone: true, cancellationToken);
        (keep, lose) = await MergedCustomers.FollowAsync([keep, lose], context, cancellationToken) is [var kept, var lost] ? (kept, lost) : default;
        var winner = await FindAsync(context, keep, "keep", caller, cancellationToken);
        if (keep == lose)
            return keep;
        var loser = await FindAsync(context, lose, "lose", caller, cancellationToken);
        if (winner.ErasedAt is not null || loser.ErasedAt is not null)
            throw new ConflictException(
                "An erased person cannot be merged: his money would get a name again.",
                winner.ErasedAt is null ? "lose" : "keep",
                RefusalCodes.Erased);
        try
        {
            await new CustomerMerge(context, _tables, Instants.Now(clock)).RunAsync(winner, loser, cancellationToken);
        }
        catch (Exception e) when (DatabaseEngine.IsTotalTooLarge(e))
        {
            throw new ValidationException(
                RefusalCodes.OutOfRange,
                "The orders of both customers together do not fit: their sum must stay below 922337203685477.",
                "lose");
        }

        var days = await DaysAsync(context, keep, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        hub.Publish(days);
        return keep;
    }

    /// <summary>
    /// Blanks everything that tells who the customer was, in every table, in the history and in what users saved; money, dates, country, region, channel and owner stay,
    /// so no past figure moves. Outside ids become hashes, so importing the person again is refused instead of bringing him back.
    /// </summary>
    /// <returns>The customer's id: where the given one leads.</returns>
    public async Task<Guid> EraseAsync(Guid id, Caller caller, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await engine.EnterWriteAsync(context, alone: true, cancellationToken);
        id = (await MergedCustomers.FollowAsync([id], context, cancellationToken))[0];
        var customer = await FindAsync(context, id, "id", caller, cancellationToken);
        if (customer.ErasedAt is not null)
            return id;
        await new CustomerErasure(context, Instants.Now(clock)).RunAsync(customer, cancellationToken);
        var days = await DaysAsync(context, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        hub.Publish(days);
        return id;
    }

    private static async Task<Customer> FindAsync(CrmDbContext context, Guid id, string field, Caller caller, CancellationToken cancellationToken)
    {
        var customer = await context.Customers.FirstOrDefaultAsync(c => c.Id == id, cancellationToken);
        return customer is not null && caller.Sees(customer)
            ? customer
            : throw new NotFoundException("There is no customer with this id that you may change.", field);
    }

    private static async Task<CommitNotice> DaysAsync(CrmDbContext context, Guid customer, CancellationToken cancellationToken)
    {
        var days = await context.Orders.Where(o => o.CustomerId == customer).Select(o => o.Day)
            .Concat(context.Interactions.Where(x => x.CustomerId == customer).Select(x => x.Day))
            .Concat(context.Tickets.Where(x => x.CustomerId == customer).Select(x => x.Day))
            .Concat(context.SurveyResponses.Where(x => x.CustomerId == customer).Select(x => x.Day))
            .Concat(context.Opportunities.Where(x => x.CustomerId == customer).Select(x => x.Day)).ToListAsync(cancellationToken);
        return new CommitNotice(
            [.. Tables.OfCustomers.Select(t => t.Name), "segments"],
            days.Count == 0 ? null : days.Min(), days.Count == 0 ? null : days.Max());
    }
}
