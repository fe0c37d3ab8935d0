using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying.Lookups;

/// <summary>How a field with <see cref="UseLookupAttribute"/> gets its values.</summary>
internal abstract class LookupField
{
    public abstract ValueTask<IReadOnlyList<object?>> ResolveAsync(ResolverContext context);

    /// <summary>How the rows are read in the statement of the parents' list; null when they cannot be.</summary>
    /// <param name="needs">What the selection below all fields of this name needs of the rows.</param>
    /// <param name="reads">The <see cref="GraphQL.Types.FieldDefinition.Reads"/> of these fields together.</param>
    public abstract LookupJoin? Join(string field, RowNeeds needs, int reads, StatementCache statements);
}

/// <param name="method">Takes the <see cref="ResolverContext"/> and returns the rows that the caller may see.</param>
internal sealed class LookupField<T>(MethodInfo method, string property, string key, PropertyInfo? shown) : LookupField where T : class
{
    // A row that many parents share is sent once for each.
    private const int MaximumJoinedColumns = 16;

    private readonly Func<ResolverContext, IQueryable<T>> _rows = method.CreateDelegate<Func<ResolverContext, IQueryable<T>>>();
    private readonly Func<T, object?>? _show = shown is null ? null : Reader(shown);
    private readonly object? _default = shown is { PropertyType: { IsValueType: true } type } ? Activator.CreateInstance(type) : null;

    public override async ValueTask<IReadOnlyList<object?>> ResolveAsync(ResolverContext context)
    {
        var found = context.Parents is IRowList parents && parents.Table.Related(context.Field.Name) is EntityTable<T> related
            ? RelatedTo(parents, related)
            : await PreparedLookup.ReadAsync(GuidProperty.Of(context.Parents, context.ParentType.ClrType!, property), _rows, key, Needed, context, isAll: true);
        return _show is null ? found : Shown(found);
    }

    public override LookupJoin? Join(string field, RowNeeds needs, int reads, StatementCache statements) =>
        Needed(needs) is { Count: <= MaximumJoinedColumns } needed && statements.Reader<T>(needed) is { } reader
            ? new LookupJoin<T>(reader, field, property, key, reads, _rows)
            : null;

    private IReadOnlyList<string>? Needed(RowNeeds selected) => shown is null ? selected.Properties : [shown.Name];

    private static RowList<T> RelatedTo(IRowList parents, EntityTable<T> related)
    {
        var places = new int[parents.Count];
        for (var i = 0; i < places.Length; i++)
            places[i] = parents.RowAt(i) is var row and >= 0 && !LookupJoin<T>.IsMissing(related, row) ? row : -1;
        return new(related, places);
    }

    private object?[] Shown(IReadOnlyList<T?> rows)
    {
        var values = new object?[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = rows[i] is { } row ? _show!(row) : _default;
        return values;
    }

    private static Func<T, object?> Reader(PropertyInfo property)
    {
        var row = Expression.Parameter(typeof(T), "x");
        return Expression.Lambda<Func<T, object?>>(Expression.Convert(Expression.Property(row, property), typeof(object)), row).Compile();
    }
}
