using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest.Customers;

/// <summary>The steps of erasing a person, within the caller's transaction.</summary>
internal sealed class CustomerErasure(CrmDbContext context, DateTime now)
{
    private static readonly MethodInfo _eraseRows =
        typeof(CustomerErasure).GetMethod(nameof(EraseRowsAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private static readonly string[] TablesWithPersonalText = [.. Tables.With(TableTraits.PersonalText).Select(t => t.Name)];

    private static readonly string[] TablesWithPersonalKeys = [.. Tables.With(TableTraits.PersonalKeys).Select(t => t.Name)];

    public async Task RunAsync(Customer customer, CancellationToken cancellationToken)
    {
        var id = customer.Id;
        // Those who were merged into him are the same person.
        var merged = await context.ExternalIds.Where(x => x.Entity == ExternalEntity.Customer && x.Source == ExternalSources.Merged && x.Id == id)
            .Select(x => x.Key)
            .ToListAsync(cancellationToken);
        List<Guid?> people = [id, .. merged.Select(key => (Guid?)Guid.Parse(key))];
        var names = await NamesAsync(customer, people, cancellationToken);
        Blank(customer);
        await context.SaveChangesAsync(cancellationToken);
        await context.SegmentMembers.Where(x => x.CustomerId == id && x.LeftAt == null)
            .ExecuteUpdateAsync(x => x.SetProperty(m => m.LeftAt, now), cancellationToken);
        foreach (var table in Tables.OfCustomers.Where(t => t.Customer != "id" && t.Personal.Count > 0))
            await ((Task)_eraseRows.MakeGenericMethod(table.Entity).Invoke(this, [table, id, cancellationToken])!);
        await HashKeysAsync(id, cancellationToken);
        await new SavedCopies(context, names).EraseAsync(cancellationToken);
        // Last, because the steps before wrote the old rows there.
        await context.History.Where(h => people.Contains(h.CustomerId) && TablesWithPersonalText.Contains(h.Table))
            .ExecuteUpdateAsync(x => x.SetProperty(h => h.Row, "{}"), cancellationToken);
        await context.History.Where(h => people.Contains(h.CustomerId) && TablesWithPersonalKeys.Contains(h.Table))
            .ExecuteUpdateAsync(x => x.SetProperty(h => h.RowId, ""), cancellationToken);
    }

    /// <summary>What the person is named by, today and in the old rows of the history.</summary>
    private async Task<PersonalNames> NamesAsync(Customer customer, List<Guid?> people, CancellationToken cancellationToken)
    {
        var id = customer.Id;
        var keys = await context.ExternalIds.Where(x => x.Entity == ExternalEntity.Customer && x.Id == id && x.Source != ExternalSources.Merged)
            .Select(x => x.Key)
            .ToListAsync(cancellationToken);
        var old = await context.History.Where(h => people.Contains(h.CustomerId) && h.Table == "customers" && h.Row != "{}").Select(h => h.Row)
            .ToListAsync(cancellationToken);
        return new([customer.Name, customer.Email, customer.Phone, .. old.SelectMany(PersonalNames.OfRow)], keys);
    }

    /// <summary>Country, region, industry, channel, stage and owner are kept: they name nobody, and past figures are grouped by them.</summary>
    private void Blank(Customer customer)
    {
        foreach (var property in Tables.Of(typeof(Customer)).Personal)
            property.SetValue(customer, property.PropertyType == typeof(List<string>) ? new List<string>() : Empty(property));
        (customer.ErasedAt, customer.UpdatedAt) = (now, now);
    }

    /// <summary>The rows that say something of the person: emptied, with what they are searched by, or deleted.</summary>
    private Task EraseRowsAsync<T>(StoredTable table, Guid id, CancellationToken cancellationToken) where T : class
    {
        var rows = context.Set<T>().Where(x => EF.Property<Guid>(x, nameof(ICustomerFact.CustomerId)) == id);
        return table.IsPersonalWhole
            ? rows.ExecuteDeleteAsync(cancellationToken)
            : rows.Where(Any<T>(table.Personal)).ExecuteUpdateAsync(
                row =>
                {
                    foreach (var property in table.Personal)
                    {
                        row.SetProperty(x => EF.Property<string?>(x, property.Name), Empty(property));
                        if (property.IsDefined(typeof(FoldedAttribute)))
                            row.SetProperty(x => EF.Property<string?>(x, property.Name + "Folded"), Empty(property));
                    }

                    row.SetProperty(x => EF.Property<DateTime>(x, nameof(IRecorded.UpdatedAt)), now);
                },
                cancellationToken);
    }

    private static Expression<Func<T, bool>> Any<T>(IEnumerable<PropertyInfo> properties)
    {
        var row = Expression.Parameter(typeof(T), "x");
        var filled = properties.Select(p => Expression.NotEqual(Expression.Property(row, p), Expression.Constant(Empty(p), typeof(string))));
        return Expression.Lambda<Func<T, bool>>(filled.Aggregate(Expression.OrElse), row);
    }

    private static string? Empty(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable ? null : "";

    /// <summary>The customer's own outside ids become hashes; those of his facts, which name orders and tickets, stay so that an import finds them again.</summary>
    private async Task HashKeysAsync(Guid id, CancellationToken cancellationToken)
    {
        var keys = await context.ExternalIds.Where(x => x.Entity == ExternalEntity.Customer && x.Id == id && x.Source != ExternalSources.Merged)
            .ToListAsync(cancellationToken);
        context.ExternalIds.RemoveRange(keys);
        foreach (var key in keys)
        {
            var hashed = KeyIndex.Erased(new ExternalKey(key.Source, key.Key));
            context.ExternalIds.Add(new ExternalId { Entity = key.Entity, Source = hashed.Source, Key = hashed.Key, CustomerId = id, Id = id });
        }

        await context.SaveChangesAsync(cancellationToken);
    }
}
