using System.Collections;
using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Querying.Sorting;

/// <summary>
/// The order of a list: what the client asks for, or the list's own order, and always the row's key behind it, so that no two rows are
/// equal. Texts are ordered as text search sees them, by code point; enums as they are declared; rows without a value come last.
/// </summary>
internal static class SortBuilder
{
    /// <param name="order">The coerced argument <c>order</c>; null or empty for the list's own order.</param>
    public static IReadOnlyList<SortKey> Build<T>(object? order, DefaultOrder own, FilterContext context)
    {
        List<SortKey> keys = [];
        foreach (var item in order as IEnumerable ?? Array.Empty<object>())
        {
            var key = Key<T>(item as InputObject ?? throw Invalid("A key in `order` must not be null."), context);
            if (keys.TrueForAll(k => k.Name != key.Name))
                keys.Add(key);
            if (keys.Count > context.Limits.SortKeys)
                throw Invalid($"`order` has more than {context.Limits.SortKeys} keys.");
        }

        if (keys.Count == 0)
            keys.AddRange(own.Default.Select(p => Plain<T>(p.Property, p.Descending)));
        foreach (var property in own.Key)
            if (keys.TrueForAll(k => !string.Equals(k.Name, property, StringComparison.OrdinalIgnoreCase)))
            {
                var key = Plain<T>(property, keys.Count > 0 && keys[^1].Descending);
                keys.Add(keys[0].RelatedId is { } related ? key with { Value = related } : key);
            }
        return keys;
    }

    /// <summary>Whether a key of the order depends on the settings.</summary>
    public static bool ReadsMoment(object? order)
    {
        foreach (var item in order as IEnumerable ?? Array.Empty<object>())
            if (item is InputObject key && key.Fields.Any(f => key.Type.Field(f.Key)?.Tag is SortField { ReadsMoment: true }
                || (f.Value is InputObject inner && ReadsMoment(new[] { inner }))))
                return true;
        return false;
    }

    /// <summary>Lets every field of the order load what it needs.</summary>
    public static async ValueTask PrepareAsync(object? order, FilterContext context, CancellationToken cancellationToken)
    {
        foreach (var key in FilterBuilder.Parts(order))
            foreach (var (name, value) in key.Fields)
            {
                if (key.Type.Field(name)?.Tag is not SortField field)
                    await PrepareAsync(value, context, cancellationToken);
                else if (field.Given(value).PrepareAsync is { } prepare)
                    await prepare(context, cancellationToken);
            }
    }

    /// <summary>The same text for equal orders; null for those that are refused anyway.</summary>
    public static string? TextOf(object? order)
    {
        if (order is null or ICollection { Count: 0 })
            return "";
        var text = new System.Text.StringBuilder();
        foreach (var item in (IEnumerable)order)
        {
            var key = item as InputObject;
            while (key is { Fields.Count: 1 } && key.Fields.First() is var (name, value))
            {
                text.Append(name).Append('.');
                if (value is SortDirection direction)
                    text.Append(direction == SortDirection.Desc ? '-' : '+');
                else if (value is not InputObject)
                    return null;
                key = value as InputObject;
            }

            if (key is not null || item is null)
                return null;
        }

        return text.ToString();
    }

    private static SortKey Key<T>(InputObject item, FilterContext context)
    {
        var row = Expression.Parameter(typeof(T), "x");
        Expression source = row;
        Expression? standsIn = null;
        var nullable = false;
        List<string> path = [];
        while (true)
        {
            var (name, value) = item.Fields.Single();
            path.Add(name);
            switch (item.Type.Field(name)!.Tag)
            {
                case PropertyInfo related:
                    source = Expression.Property(source, related);
                    nullable = true;
                    standsIn = PlaceholdersAttribute.Of(source.Type) is { } flag ? Expression.Property(source, flag) : standsIn;
                    item = (InputObject)FilterBuilder.NotNull(value, name, item);
                    continue;
                case SortField declared:
                    var given = FilterBuilder.NotNull(value, name, item);
                    var field = declared.Given(given);
                    var descending = (SortDirection)((given as InputObject)?.Fields[SortArguments.DirectionName] ?? given) == SortDirection.Desc;
                    path[^1] = field.Name;
                    return Make(string.Join('.', path), row, Unless(standsIn, field.Value(source, context)), descending, nullable || field.IsNullable) with
                    {
                        RelatedId = path.Count == 1 ? field.RelatedId : null,
                        IsIndexed = path.Count == 1 && field.IsIndexed,
                    };
                default:
                    throw new System.Diagnostics.UnreachableException($"{item.Type.Name}.{name} is no sort field.");
            }
        }
    }

    private static Expression Unless(Expression? standsIn, Expression value)
    {
        if (standsIn is null)
            return value;
        var type = value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null ? typeof(Nullable<>).MakeGenericType(value.Type) : value.Type;
        return Expression.Condition(standsIn, Expression.Constant(null, type), value.Type == type ? value : Expression.Convert(value, type));
    }

    private static SortKey Make(string name, ParameterExpression row, Expression value, bool descending, bool nullable)
    {
        // A value of a related row that may not be there is null in SQL, whatever its type says.
        if (nullable && value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null)
            value = Expression.Convert(value, typeof(Nullable<>).MakeGenericType(value.Type));
        return new(name, Expression.Lambda(value, row), descending, nullable);
    }

    private static SortKey Plain<T>(string property, bool descending)
    {
        var row = Expression.Parameter(typeof(T), "x");
        var info = typeof(T).GetProperty(property) ?? throw new InvalidOperationException($"{typeof(T).Name} has no property {property} to order by.");
        var value = FilterTypes.FoldedColumn(row, info) ?? Expression.Property(row, info);
        // A key of the list's own order has the name of the input field, so that both give the same cursors.
        return Make(char.ToLowerInvariant(property[0]) + property[1..], row, value, descending, Nullable.GetUnderlyingType(value.Type) is not null);
    }

    private static GraphQLException Invalid(string message) => new(QueryErrorCodes.InvalidSort, message);
}

/// <summary>The order that a list has by itself, and the properties that tell its rows apart.</summary>
internal sealed record DefaultOrder(IReadOnlyList<(string Property, bool Descending)> Default, IReadOnlyList<string> Key)
{
    /// <param name="order">Property names, each with a minus in front when descending, separated by blanks.</param>
    public static DefaultOrder Parse(string order, string key) => new(
        [.. Words(order).Select(w => w.StartsWith('-') ? (w[1..], true) : (w, false))],
        Words(key));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
