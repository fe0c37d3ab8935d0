using System.Runtime.CompilerServices;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Values;
using Microsoft.EntityFrameworkCore;
using DbRows = CrmGraph.Reporting.Access.Rows;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>Reads fields of stored rows into memory, of those that the importer may see.</summary>
internal sealed class StoredTables(IDbContextFactory<CrmDbContext> contexts, Caller caller, ImportLimits limits)
{
    /// <exception cref="ImportException">IMPORT_LIMIT_EXCEEDED.</exception>
    public async Task<LookupTable> ReadAsync(StoredLookup lookup, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var table = new LookupTable(lookup, lookup.Key == StoredFields.Email ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        await foreach (var (key, value) in PairsAsync(context, lookup, cancellationToken))
        {
            if (!table.TryAdd(key, value, limits.LookupKeys, out _))
                table.Contest(key);
        }
        return table;
    }

    private async IAsyncEnumerable<(string Key, Value Value)> PairsAsync(
        CrmDbContext context,
        StoredLookup lookup,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = new DbRows(context, caller);
        if (lookup.Value == StoredFields.Price)
        {
            var currency = lookup.Currency ?? await context.Settings.Select(s => s.Currency).SingleAsync(cancellationToken);
            await foreach (var pair in Pairs<Product, long?>(rows.Products.Where(p => p.Currency == currency), rows, lookup).AsAsyncEnumerable()
                .WithCancellation(cancellationToken))
                yield return (pair.Key, Value.Of(FixedPoint.ToDecimal(pair.Value!.Value)));
            yield break;
        }
        var texts = lookup.Stored == StoredKind.Product
            ? Pairs<Product, string?>(rows.Products, rows, lookup)
            : Pairs<Customer, string?>(rows.Customers.Where(c => !c.IsGuest), rows, lookup);
        await foreach (var pair in texts.AsAsyncEnumerable().WithCancellation(cancellationToken))
            yield return (pair.Key, Value.Of(pair.Value));
    }

    private static IQueryable<Pair<T>> Pairs<TRow, T>(IQueryable<TRow> stored, DbRows rows, StoredLookup lookup) where TRow : class
    {
        var value = Property(lookup.Value);
        stored = stored.Where(row => EF.Property<T>(row, value) != null);
        if (!lookup.IsByOutsideId)
        {
            var key = Property(lookup.Key);
            return stored.Where(row => EF.Property<string?>(row, key) != null)
                .Select(row => new Pair<T>(EF.Property<string>(row, key), EF.Property<T>(row, value)));
        }
        var entity = lookup.Stored == StoredKind.Product ? ExternalEntity.Product : ExternalEntity.Customer;
        return rows.ExternalIds.Where(id => id.Entity == entity && id.Source == lookup.Source)
            .Join(stored, id => id.Id, row => EF.Property<Guid>(row, "Id"), (id, row) => new Pair<T>(id.Key, EF.Property<T>(row, value)));
    }

    private static string Property(string field) => char.ToUpperInvariant(field[0]) + field[1..];

    private sealed record Pair<T>(string Key, T Value);
}
