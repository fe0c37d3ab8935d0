using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest.Customers;

/// <summary>The steps of erasing a person, within the caller's transaction.</summary>
internal sealed class CustomerErasure(CrmDbContext context, DateTime now)
{
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
        await context.CustomerAttributes.Where(x => x.CustomerId == id).ExecuteDeleteAsync(cancellationToken);
        await context.OrderAttributes.Where(x => x.CustomerId == id).ExecuteDeleteAsync(cancellationToken);
        await context.TicketAttributes.Where(x => x.CustomerId == id).ExecuteDeleteAsync(cancellationToken);
        await context.SegmentMembers.Where(x => x.CustomerId == id && x.LeftAt == null)
            .ExecuteUpdateAsync(x => x.SetProperty(m => m.LeftAt, now), cancellationToken);
        await BlankFactsAsync(id, cancellationToken);
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
        customer.Name = "";
        (customer.Email, customer.Phone, customer.Occupation, customer.City) = (null, null, null, null);
        (customer.Gender, customer.BirthDate) = (null, null);
        (customer.Tags, customer.Interests) = ([], []);
        (customer.ErasedAt, customer.UpdatedAt) = (now, now);
    }

    /// <summary>Subjects, comments and names of deals are free text in which the person may be named; a city and a postal code tell where he lives.</summary>
    private async Task BlankFactsAsync(Guid id, CancellationToken cancellationToken)
    {
        await context.Interactions.Where(x => x.CustomerId == id && x.Subject != null)
            .ExecuteUpdateAsync(x => x.SetProperty(i => i.Subject, (string?)null).SetProperty(i => EF.Property<string?>(i, "SubjectFolded"), (string?)null)
                .SetProperty(i => i.UpdatedAt, now), cancellationToken);
        await context.Tickets.Where(x => x.CustomerId == id && x.Subject != null)
            .ExecuteUpdateAsync(x => x.SetProperty(i => i.Subject, (string?)null).SetProperty(i => EF.Property<string?>(i, "SubjectFolded"), (string?)null)
                .SetProperty(i => i.UpdatedAt, now), cancellationToken);
        await context.Orders.Where(x => x.CustomerId == id && (x.ShippingCity != null || x.ShippingPostalCode != null))
            .ExecuteUpdateAsync(x => x.SetProperty(i => i.ShippingCity, (string?)null)
                .SetProperty(i => EF.Property<string?>(i, "ShippingCityFolded"), (string?)null)
                .SetProperty(i => i.ShippingPostalCode, (string?)null)
                .SetProperty(i => i.UpdatedAt, now), cancellationToken);
        await context.SurveyAnswers.Where(x => x.CustomerId == id && x.Comment != null)
            .ExecuteUpdateAsync(x => x.SetProperty(i => i.Comment, (string?)null).SetProperty(i => EF.Property<string?>(i, "CommentFolded"), (string?)null)
                .SetProperty(i => i.UpdatedAt, now), cancellationToken);
        await context.Opportunities.Where(x => x.CustomerId == id)
            .ExecuteUpdateAsync(
                x => x.SetProperty(i => i.Name, "").SetProperty(i => EF.Property<string>(i, "NameFolded"), "").SetProperty(i => i.UpdatedAt, now),
                cancellationToken);
    }

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
