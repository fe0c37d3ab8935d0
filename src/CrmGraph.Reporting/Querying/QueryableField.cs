using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Querying;

/// <summary>A field whose method returns an <see cref="IQueryable{T}"/>.</summary>
internal static class QueryableField
{
    public static Type RowType(FieldBuilder field)
    {
        var type = field.ResultClrType;
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IQueryable<>)
            ? type.GetGenericArguments()[0]
            : throw new InvalidOperationException("[UsePaging], [UseFiltering], [UseSorting] and [UseLookup] need a method that returns IQueryable<T>.");
    }
}
