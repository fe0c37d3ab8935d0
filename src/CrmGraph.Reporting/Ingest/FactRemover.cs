using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest;

/// <summary>Deletes facts that should never have been; the old rows stand in the history. Thread-safe; one instance per database.</summary>
public sealed class FactRemover(IDbContextFactory<CrmDbContext> contexts, DatabaseEngine engine, CommitHub hub)
{
    /// <summary>Deletes a fact with its parts and outside ids.</summary>
    /// <returns>The deleted fact's id. Throws <see cref="NotFoundException"/> when the caller sees none.</returns>
    public async Task<Guid> DeleteAsync<T>(Guid id, Caller caller, CancellationToken cancellationToken = default) where T : class, ICustomerFact
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await engine.EnterWriteAsync(context, alone: false, cancellationToken);
        var fact = await context.Set<T>().AsNoTracking().FirstOrDefaultAsync(x => x.Id == id, cancellationToken);
        var customer = fact is null ? null : await context.Customers.AsNoTracking().FirstOrDefaultAsync(c => c.Id == fact.CustomerId, cancellationToken);
        if (fact is null || customer is null || !caller.SeesFactsOf(customer))
            throw new NotFoundException("There is none with this id that you may change.", "id");
        await engine.LockedCustomers(context, [fact.CustomerId]).LoadAsync(cancellationToken);
        if (fact is Order)
        {
            var lines = context.OrderLines.Where(l => l.CustomerId == fact.CustomerId && l.OrderId == id).Select(l => l.Id);
            await context.ExternalIds.Where(x => x.Entity == ExternalEntity.OrderLine && lines.Contains(x.Id)).ExecuteDeleteAsync(cancellationToken);
        }

        await context.ExternalIds.Where(x => x.Id == id && x.CustomerId == fact.CustomerId).ExecuteDeleteAsync(cancellationToken);
        // Lines and stages go with their row, by the database.
        await context.Set<T>().Where(x => x.CustomerId == fact.CustomerId && x.Id == id).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        hub.Publish(NoticeOf(context, fact));
        return id;
    }

    private static CommitNotice NoticeOf<T>(CrmDbContext context, T fact) where T : class, ICustomerFact
    {
        var table = context.Model.FindEntityType(typeof(T))!.GetTableName()!;
        var (from, to) = fact switch
        {
            Opportunity x => (x.Day, x.ClosedDay > x.Day ? x.ClosedDay.Value : x.Day),
            IFact x => (x.Day, x.Day),
            Contract x => (x.StartDay, x.EndDay ?? DateOnly.MaxValue),
            _ => (DateOnly.MinValue, DateOnly.MaxValue),
        };
        return new CommitNotice(fact is Order ? ["order_lines", table] : [table], from, to);
    }
}
