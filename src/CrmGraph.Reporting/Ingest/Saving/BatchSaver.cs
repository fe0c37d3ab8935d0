using System.Data.Common;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Batches;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CrmGraph.Reporting.Ingest.Saving;

/// <summary>Writes what a run changed: claims first, since a lost race for an outside id starts the batch again; then rows that differ from what was read.</summary>
internal sealed class BatchSaver(BatchRun run, RowTables tables)
{
    // For a few rows a plain statement is one exchange with the server; a COPY is three.
    private const int FewRows = 20;

    private readonly SortedSet<string> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, Guid> _moved = [];
    private readonly List<Guid> _deleted = [];
    private DateOnly? _from;
    private DateOnly? _to;

    /// <returns>What was changed; no tables when nothing was.</returns>
    public async Task<CommitNotice> SaveAsync(CancellationToken cancellationToken)
    {
        await ClaimAsync(cancellationToken);
        await SaveAsync(run.Teams.Rows, null, cancellationToken);
        await SaveAsync(run.Members.Rows, null, cancellationToken);
        await SaveAsync(run.Products.Rows, null, cancellationToken);
        await SaveAsync(run.Campaigns.Rows, null, cancellationToken);
        await SaveAsync(run.Spend.Values, null, cancellationToken);
        await SaveAsync(run.Rates.Values, null, cancellationToken);
        await SaveGuestsAsync(cancellationToken);
        // The database writes the history of stages for writers who do not: for a new customer unless there is one, for a changed stage as of now.
        await SaveAsync(StagesOf(newCustomers: true), null, cancellationToken);
        await SaveAsync(run.Customers.Rows.Where(c => !c.Row.IsGuest), null, cancellationToken);
        await ReplaceStagesAsync(cancellationToken);
        await SaveAsync(run.Attributes.Rows, null, cancellationToken);
        await SaveAsync(run.Orders.Rows, x => x.CustomerId, cancellationToken);
        await SaveAsync(run.Lines.Rows, x => x.CustomerId, cancellationToken);
        await SaveAsync(run.OrderAttributes.Rows, x => x.CustomerId, cancellationToken);
        await SaveAsync(run.Payments.Rows, x => x.CustomerId, cancellationToken);
        await SaveAsync(run.Interactions.Rows, x => x.CustomerId, cancellationToken);
        await SaveAsync(run.Tickets.Rows, x => x.CustomerId, cancellationToken);
        await SaveAsync(run.TicketAttributes.Rows, x => x.CustomerId, cancellationToken);
        await SaveAsync(run.SurveyResponses.Rows, x => x.CustomerId, cancellationToken);
        await SaveAsync(run.Opportunities.Rows, x => x.CustomerId, cancellationToken);
        await SaveAsync(run.OpportunityStages.Rows, x => x.CustomerId, cancellationToken);
        await SaveAsync(run.Contracts.Rows, x => x.CustomerId, cancellationToken);
        await RepointAsync(cancellationToken);
        return new CommitNotice([.. _tables], _from, _to);
    }

    private async Task ClaimAsync(CancellationToken cancellationToken)
    {
        var gone = run.Lines.Rows.Where(l => l.IsDeleted).Select(l => l.Row.Id).ToHashSet();
        // In the order of the key: two writers that claim the same ids wait for each other instead of locking each other out.
        var claims = run.Keys.Claimed.Where(c => !gone.Contains(c.Id)).OrderBy(c => c.Entity).ThenBy(c => c.Source, StringComparer.Ordinal)
            .ThenBy(c => c.Key, StringComparer.Ordinal)
            .ToList();
        if (claims.Count == 0)
            return;
        // A later record of the batch may have given the fact to another customer than the one that claimed.
        foreach (var claim in claims)
            claim.CustomerId = run.CustomerOf(claim.Entity, claim.Id) ?? claim.CustomerId;
        try
        {
            await InsertAsync(tables.Of<ExternalId>(run.Context), claims, cancellationToken);
        }
        catch (DbException e) when (DatabaseEngine.IsDuplicate(e))
        {
            throw new WriteRaceException("an outside id");
        }

        _tables.Add("external_ids");
    }

    private async Task SaveGuestsAsync(CancellationToken cancellationToken)
    {
        var guests = run.Customers.Rows.Where(c => c is { IsNew: true, Row.IsGuest: true }).Select(c => Stamp(c.Row, isNew: true)).OrderBy(c => c.Id).ToList();
        if (guests.Count > 0)
            await tables.Of<Customer>(run.Context).InsertAsync(run.Context, guests, skipExisting: true, cancellationToken);
    }

    private IEnumerable<Tracked<CustomerStage>> StagesOf(bool newCustomers) =>
        run.Stages.Where(s => run.Customers.Find(s.Key)!.IsNew == newCustomers).SelectMany(s => s.Value);

    /// <summary>The entry that the database made just now gives way to the run's, which may begin at another moment.</summary>
    private async Task ReplaceStagesAsync(CancellationToken cancellationToken)
    {
        var changed = StagesOf(newCustomers: false).ToList();
        var ids = changed.Where(s => s.IsNew || s.Before is not null).Select(s => s.Row.CustomerId)
            .Except(changed.Where(s => s is { IsNew: false, IsDeleted: false } && s.Row.From == run.Now).Select(s => s.Row.CustomerId)).ToList();
        foreach (var chunk in ids.Chunk(500))
            await run.Context.CustomerStages.Where(s => chunk.Contains(s.CustomerId) && s.From == run.Now).ExecuteDeleteAsync(cancellationToken);
        await SaveAsync(changed, null, cancellationToken);
        // One of this very moment, which the run left as it was, was written over by the database.
        var kept = changed.Where(s => s is { IsNew: false, IsDeleted: false, Before: null } && s.Row.From == run.Now).Select(s => s.Row).ToList();
        await tables.Of<CustomerStage>(run.Context).UpdateAsync(run.Context, kept, cancellationToken);
    }

    private async Task SaveAsync<T>(IEnumerable<Tracked<T>> rows, Func<T, Guid>? customerOf, CancellationToken cancellationToken) where T : class
    {
        var table = tables.Of<T>(run.Context);
        var (inserts, updates, deletes) = (new List<T>(), new List<T>(), new List<T>());
        foreach (var tracked in rows)
        {
            if (tracked.IsNew)
            {
                if (!tracked.IsDeleted)
                    inserts.Add(Stamp(Note(tracked.Row), isNew: true));
            }
            else if (tracked.Before is { } before)
                Sort(table, tracked, before, customerOf, inserts, updates, deletes);
        }

        if (inserts.Count + updates.Count + deletes.Count == 0)
            return;
        _tables.Add(table.Name);
        await table.DeleteAsync(run.Context, deletes, cancellationToken);
        await InsertAsync(table, inserts, cancellationToken);
        if (updates.Count > FewRows)
            await Bulk().UpsertAsync(updates, OnExisting.Update, cancellationToken);
        else
            await table.UpdateAsync(run.Context, updates, cancellationToken);
    }

    private async Task InsertAsync<T>(RowTable<T> table, List<T> rows, CancellationToken cancellationToken) where T : class
    {
        if (rows.Count > FewRows)
            await Bulk().InsertAsync(rows, cancellationToken);
        else
            await table.InsertAsync(run.Context, rows, skipExisting: false, cancellationToken);
    }

    private BulkWriter Bulk() => BulkWriter.Within(run.Engine, run.Context.Database.CurrentTransaction!.GetDbTransaction());

    private void Sort<T>(
        RowTable<T> table,
        Tracked<T> tracked,
        T before,
        Func<T, Guid>? customerOf,
        List<T> inserts,
        List<T> updates,
        List<T> deletes) where T : class
    {
        if (tracked.IsDeleted)
        {
            deletes.Add(Note(before));
            if (before is IFact fact)
                _deleted.Add(fact.Id);
        }
        else if (table.SameValues(before, tracked.Row))
            return;
        else if (customerOf is not null && customerOf(before) != customerOf(tracked.Row))
        {
            // The key begins with the customer: the row is made again under the same id and the old one goes.
            deletes.Add(Note(before));
            inserts.Add(Stamp(Note(tracked.Row), isNew: false));
            if (tracked.Row is IFact or Contract)
                _moved[tracked.Row is IFact moved ? moved.Id : ((Contract)(object)tracked.Row).Id] = customerOf(tracked.Row);
        }
        else
        {
            Note(before);
            updates.Add(Stamp(Note(tracked.Row), isNew: false));
        }
    }

    private async Task RepointAsync(CancellationToken cancellationToken)
    {
        // Outside ids that plain SQL left with a former customer.
        foreach (var key in run.Keys.Found)
            if (run.CustomerOf(key.Entity, key.Id) is { } customer && customer != key.CustomerId)
                _moved[key.Id] = customer;
        foreach (var group in _moved.GroupBy(m => m.Value, m => m.Key))
            foreach (var ids in group.Chunk(500))
                await run.Context.ExternalIds.Where(x => ids.Contains(x.Id))
                    .ExecuteUpdateAsync(x => x.SetProperty(e => e.CustomerId, group.Key), cancellationToken);
        foreach (var ids in _deleted.Chunk(500))
            await run.Context.ExternalIds.Where(x => ids.Contains(x.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    private T Stamp<T>(T row, bool isNew) where T : class
    {
        if (row is IRecorded recorded)
        {
            if (isNew)
                recorded.RecordedAt = run.Now;
            recorded.UpdatedAt = run.Now;
        }

        return row;
    }

    /// <summary>Widens the days that were changed by the row's.</summary>
    private T Note<T>(T row) where T : class
    {
        switch (row)
        {
            case Opportunity x: Widen(x.Day, x.ClosedDay > x.Day ? x.ClosedDay.Value : x.Day); break;
            case IFact x: Widen(x.Day, x.Day); break;
            case Contract x: Widen(x.StartDay, x.EndDay ?? DateOnly.MaxValue); break;
            case CampaignSpend x: Widen(x.Day, x.Day); break;
            case ExchangeRate x: Widen(x.Day, x.Day); break;
        }

        return row;
    }

    private void Widen(DateOnly from, DateOnly to)
    {
        _from = _from < from ? _from : from;
        _to = _to > to ? _to : to;
    }
}
