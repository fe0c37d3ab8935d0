using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Querying.Sorting;

/// <summary>
/// Makes the input types of orders: what the graph shows as one value can be sorted by, and by what single related rows show (which no index of
/// the list itself can have).
/// </summary>
internal sealed class SortTypes(ITypeRegistry registry)
{
    /// <summary><c>CustomerSortInput</c> for <c>Customer</c>.</summary>
    public InputObjectType Row(Type clrType)
    {
        var name = registry.NameOf(clrType) + "SortInput";
        return registry.GetOrAdd(name, () => new InputObjectType(name, () => Fields(clrType))
        {
            Description = $"Sorts by one field of {Words.One(registry.NameOf(clrType))}. Exactly one field must be set.",
            IsOneOf = true,
        });
    }

    private List<InputValueDefinition> Fields(Type clrType)
    {
        var direction = registry.Input(typeof(SortDirection));
        List<InputValueDefinition> fields = [];
        foreach (var property in clrType.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var related = property.IsDefined(typeof(FilterableAttribute));
            if (property.IsDefined(typeof(GraphQLIgnoreAttribute)) && !related)
                continue;
            var name = registry.NameOf(property);
            if (FilterTypes.KindOf(property) is { } kind)
                fields.Add(Key(ByProperty(name, kind, property) with { Description = registry.DescriptionOf(property) }, direction));
            else if (related && FilterTypes.ElementOf(property.PropertyType) is null)
                fields.Add(new(name, Row(property.PropertyType))
                {
                    Description = registry.DescriptionOf(property),
                    Tag = property,
                    AppliedDirectives = QueryCosts.Weighs(QueryCosts.UnindexedKey)
                });
        }

        foreach (var field in Extensions(clrType))
            fields.Add(Key(field, direction));
        return fields;
    }

    private InputValueDefinition Key(SortField field, GraphQLType direction) =>
        new(field.Name, field.Arguments?.Type(registry) ?? direction)
        {
            Description = field.Description,
            Tag = field,
            AppliedDirectives = QueryCosts.Weighs(field.Cost ?? (field.IsIndexed ? QueryCosts.SortKey : QueryCosts.UnindexedKey))
        };

    private static SortField ByProperty(string name, FilterKind kind, PropertyInfo property) => new(name, IsNullable(property), (row, _) =>
    {
        var value = Expression.Property(row, property);
        return kind switch
        {
            FilterKind.Text => FilterTypes.FoldedColumn(row, property) ?? value,
            FilterKind.Boolean => Expression.Condition(value, Expression.Constant(1), Expression.Constant(0)),
            FilterKind.Enum => Ordinal(value),
            _ => value,
        };
    })
    { IsIndexed = !property.IsDefined(typeof(UnindexedAttribute)) };

    /// <summary>An enum's place in its declaration, where the database has its name.</summary>
    internal static Expression Ordinal(Expression value)
    {
        var type = Nullable.GetUnderlyingType(value.Type) ?? value.Type;
        var result = type == value.Type ? typeof(int) : typeof(int?);
        var names = Enum.GetValues(type).Cast<object>().ToList();
        Expression ordinal = type == value.Type ? Expression.Constant(names.Count - 1) : Expression.Constant(null, typeof(int?));
        for (var i = names.Count - (type == value.Type ? 2 : 1); i >= 0; i--)
            ordinal = Expression.Condition(
                Expression.Equal(value, Expression.Constant(names[i], value.Type)), Expression.Constant(i, result), ordinal);
        return ordinal;
    }

    private static bool IsNullable(PropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : new NullabilityInfoContext().Create(property).ReadState != NullabilityState.NotNull;

    private static IEnumerable<SortField> Extensions(Type clrType)
    {
        var attribute = typeof(SortFieldsAttribute<>).MakeGenericType(clrType);
        return typeof(SortTypes).Assembly.GetTypes()
            .Where(t => t.IsDefined(attribute))
            .OrderBy(t => t.FullName, StringComparer.Ordinal)
            .SelectMany(t => (IEnumerable<SortField>)t.GetMethod("Fields", Type.EmptyTypes)!.Invoke(null, null)!);
    }
}
