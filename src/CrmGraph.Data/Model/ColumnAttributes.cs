using System.Reflection;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>
/// The number stored is a count of 1/10^<see cref="Digits"/>: money and quantities with 4 digits, exchange rates with 8.
/// The graph shows it as Decimal.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FixedPointAttribute(int digits = 4) : FieldAttribute
{
    public int Digits { get; } = digits;
    public override int Order => 10;
    public override void Configure(FieldBuilder field, ITypeRegistry types) =>
        field.Map<long, decimal>(types.Scalar("Decimal"), stored => FixedPoint.ToDecimal(stored, Digits), neverFails: true);
}

/// <summary>
/// Text search and order work on a shadow column <c>{name}_folded</c> that the database layer fills with <c>FoldedText.Fold(value)</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FoldedAttribute : Attribute
{
    /// <summary>Few rows share a value, and the shadow column has an index: equal texts are found by it.</summary>
    public bool IsSelective { get; init; }
}

/// <summary>
/// A property of customers, facts or products whose order no index has: a page in this order reads the whole list. Every index costs each
/// writer and each import, so orders that are seldom asked for have none.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnindexedAttribute : Attribute;

/// <summary>A property whose column the database computes of others of the row: nobody writes it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DerivedAttribute : Attribute;

/// <summary>A property with few values, by which rows are counted and grouped, and whose values are the choices of a filter.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FacetAttribute : Attribute;

/// <summary>A property that the graph does not show as it is, but by which rows may be filtered: related rows, mostly.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FilterableAttribute : Attribute;

/// <summary>
/// Names the flag of those rows of a table that only stand in the place of a missing one. As related rows they are not there: no condition holds
/// for them, and they have no value to order by.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PlaceholdersAttribute(string flag) : Attribute
{
    public string Flag { get; } = flag;

    /// <summary>The flag's property; null where a table has no such rows.</summary>
    internal static PropertyInfo? Of(Type rowType) =>
        rowType.GetCustomAttribute<PlaceholdersAttribute>() is { } placeholders ? rowType.GetProperty(placeholders.Flag) : null;
}

/// <summary>A customer's id in filters: one that was merged away means the customer that has its facts now.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MergedIdAttribute : Attribute;

/// <summary>
/// A property by which a person may be told: erasing a customer empties it, of the customer and of all of its facts. Rows whose key has such a property
/// are deleted.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalAttribute : Attribute;
