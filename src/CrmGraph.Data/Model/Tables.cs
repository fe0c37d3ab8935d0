using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations.Schema;
using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Data.Model;

/// <summary>What holds for all rows of a table.</summary>
[Flags]
public enum TableTraits
{
    None = 0,
    /// <summary>The old row of an update or deletion is kept.</summary>
    History = 1,
    /// <summary>Figures and lists come from it: changes are told.</summary>
    Changes = 2,
    /// <summary>Rows may hold what a person said or is called, in the history too.</summary>
    PersonalText = 4,
    /// <summary>A person may be told by the rows' keys.</summary>
    PersonalKeys = 8,
    /// <summary>Rows count on their day and on no other.</summary>
    Dated = 16,
    /// <summary>Rows may be written before the row that they are a part of.</summary>
    Early = 32,
}

/// <summary>The traits of an entity's table. Every entity has them.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TraitsAttribute(TableTraits traits) : Attribute
{
    public TableTraits Traits { get; } = traits;
    /// <summary>The columns by which the history names a row, joined by <c>/</c>.</summary>
    public string Key { get; init; } = "id";
    /// <summary>The entity whose rows these are parts of: they go with it.</summary>
    public Type? PartOf { get; init; }
}

/// <summary>A day, and with it an entity's hour, that follows from a moment of the row in the reporting zone.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DayOfAttribute(string moment) : Attribute
{
    public string Moment { get; } = moment;
}

/// <summary>A day that is rewritten with the zone. Names are those of columns.</summary>
public sealed record DatedColumn(string Table, string Moment, string Day, bool HasHour);

/// <summary>A table as the database has it.</summary>
/// <param name="Key">The columns by which the history names a row, joined by <c>/</c>.</param>
/// <param name="PartOf">The entity whose rows these are parts of; null for rows of their own.</param>
public sealed record StoredTable(string Name, Type Entity, TableTraits Traits, string Key, Type? PartOf)
{
    /// <summary>The column that says whose row it is; null for rows of no customer.</summary>
    public string? Customer => Entity == typeof(Customer) ? "id" : Entity.GetProperty("CustomerId") is null ? null : "customer_id";

    /// <summary>The column of the day on which the rows count; null for those that count on any.</summary>
    public string? Day => Customer != "id" && Entity.GetProperty("Day") is not null ? "day" : null;

    /// <summary>Whether a customer with such rows cannot go.</summary>
    public bool IsFact => PartOf is null && typeof(ICustomerFact).IsAssignableFrom(Entity);

    /// <summary>The column of the row's whole: that row's id, of the same customer.</summary>
    public string? WholeId => PartOf is null ? null : Entity.GetProperty(PartOf.Name + "Id") is { } named ? SnakeCase.Lower(named.Name) : "fact_id";

    /// <summary>What erasing a customer empties.</summary>
    public IReadOnlyList<PropertyInfo> Personal { get; } = [.. Entity.GetProperties().Where(p => p.IsDefined(typeof(PersonalAttribute)))];

    /// <summary>Whether erasing a customer deletes the rows: their keys say something of the person.</summary>
    public bool IsPersonalWhole => Personal.Any(p => Key.Split('/').Contains(SnakeCase.Lower(p.Name)));

    public IEnumerable<DatedColumn> DatedColumns =>
        from property in Entity.GetProperties()
        let moment = property.GetCustomAttribute<DayOfAttribute>()?.Moment
        where moment is not null
        select new DatedColumn(Name, SnakeCase.Lower(moment), SnakeCase.Lower(property.Name), property.Name == "Day" && Entity.GetProperty("Hour") is not null);

    public bool Has(TableTraits trait) => (Traits & trait) != 0;
}

/// <summary>The one list of tables, from the context and the traits beside the entities. Triggers, history, rezoning, erasure and notices follow from it.</summary>
public static class Tables
{
    public static ImmutableArray<StoredTable> All { get; } =
    [
        .. from set in typeof(CrmDbContext).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           where set.PropertyType.IsGenericType && set.PropertyType.GetGenericTypeDefinition() == typeof(DbSet<>)
           let entity = set.PropertyType.GetGenericArguments()[0]
           let traits = entity.GetCustomAttribute<TraitsAttribute>()
           let name = entity.GetCustomAttribute<TableAttribute>()?.Name ?? SnakeCase.Lower(set.Name)
           select new StoredTable(name, entity, traits.Traits, traits.Key, traits.PartOf),
    ];

    public static IEnumerable<StoredTable> With(TableTraits trait) => All.Where(t => t.Has(trait));

    public static StoredTable Of(Type entity) => All.Single(t => t.Entity == entity);

    /// <summary>What is a customer's own, the customer included, and tells its changes.</summary>
    public static IEnumerable<StoredTable> OfCustomers => With(TableTraits.Changes).Where(t => t.Customer is not null);
}
