using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying.Lookups;

/// <summary>
/// Makes a field with one row per parent, or null, of a method that returns an <see cref="IQueryable{T}"/>: the row whose key is the value of a property
/// of the parent. The method may depend on the caller alone. Where the parents are a list of the database, the rows come with the statement of that list.
/// </summary>
/// <param name="property">The parents' property.</param>
public sealed class UseLookupAttribute(string property) : FieldAttribute
{
    public override int Order => 300;
    public string Property { get; } = property;
    /// <summary>The rows' property that must equal it. No two rows may have the same.</summary>
    public string Key { get; init; } = "Id";
    /// <summary>The rows' property that is the field's value, where it is not the row itself; its default where there is no row.</summary>
    public string? Shows { get; init; }

    public override void Configure(FieldBuilder field, ITypeRegistry types)
    {
        var row = QueryableField.RowType(field);
        var shown = Shows is null ? null : row.GetProperty(Shows) ?? throw new InvalidOperationException($"{row.Name} has no property {Shows}.");
        field.Type = shown is null ? types.Output(row) : types.OutputOf(shown);
        field.ResultClrType = shown?.PropertyType ?? row;
        field.ParentProperties = [Property];
        field.Directives.Add(CostDirectives.Cost(QueryCosts.ShareOfStatement));
        var lookup = (LookupField)Activator.CreateInstance(typeof(LookupField<>).MakeGenericType(row), (MethodInfo)field.Member, Property, Key, shown)!;
        field.Tag = lookup;
        field.Resolver = lookup.ResolveAsync;
        field.Reads = 1;
        shown?.GetCustomAttribute<FixedPointAttribute>()?.Configure(field, types);
    }
}
