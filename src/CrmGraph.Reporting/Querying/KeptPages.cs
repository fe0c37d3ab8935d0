using System.Linq.Expressions;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Statements;

namespace CrmGraph.Reporting.Querying;

/// <summary>
/// Reads the rows of pages by kept statements into tables. What decides the SQL of a page: the field, the columns, the kind of row rule, the
/// order, which ends are cut and at which nulls, the shape of the filter. The query itself is built only when that was never seen.
/// </summary>
internal sealed class KeptPages<T>(
    PagePlan plan, EntityReader<T> reader, StatementCache statements, StatementConnection connection, Caller caller,
    IReadOnlyList<SortKey> order, PageRequest request, Expression<Func<T, bool>>? where) where T : class
{
    /// <summary>The rows of one list; null when its statement cannot be kept.</summary>
    /// <param name="build">The rows of a stretch, as many as the boxed number says.</param>
    public async ValueTask<Page?> PageAsync(IEnumerable<(int Number, Stretch Stretch)> stretches, Func<Stretch, object, IQueryable<T>> build, CancellationToken cancellationToken)
    {
        EntityTable<T>? table = null;
        int[] keys = [];
        foreach (var (number, stretch) in stretches)
        {
            if (table?.Count > request.Size)
                break;
            object take = request.Size + 1 - (table?.Count ?? 0);
            var shape = Shape([], number, take);
            if (!statements.Find(shape, out var statement))
                statement = Keep(shape, build(stretch, take));
            if (statement?.Form is not RowPlan form)
                return null;
            var before = table;
            table = await connection.RunAsync(
                statement, shape.Values, (r, c) => reader.ReadAsync(statement, form, r, statements.Engine, before, (int)take, c), cancellationToken).ConfigureAwait(false);
            if (table is null)
            {
                statements.Refuse(shape);
                return null;
            }

            keys = form.Places;
        }

        return table is null ? new ObjectPage(order, []) : new TablePage<T>(order, table, Enumerable.Range(0, table.Count).ToArray(), keys);
    }

    /// <summary>The rows of every parent, by the parent's id; null when the statement cannot be kept.</summary>
    /// <param name="parentValues">The values of the parents' keys, which are the first parameters.</param>
    /// <param name="build">The rows of all parents, of each as many as the boxed number says.</param>
    public async ValueTask<Dictionary<Guid, Page>?> PagesAsync(
        RelatedRows<T> related, object[] parentValues, Func<object, IQueryable<RelatedPair<T>>> build, CancellationToken cancellationToken)
    {
        var parents = related.Parents;
        object take = request.Size + 1;
        var shape = Shape(parentValues, 0, take);
        if (!statements.Find(shape, out var statement))
            statement = Keep(shape, build(take), related.ParentOf);
        if (statement?.Form is not RowPlan form)
            return null;
        var table = await connection.RunAsync(
            statement, shape.Values, (r, c) => reader.ReadAsync(statement, form, r, statements.Engine, null, parents.Count * 4, c), cancellationToken).ConfigureAwait(false);
        if (table is null)
        {
            statements.Refuse(shape);
            return null;
        }

        return Grouped(parents, table, form);
    }

    /// <summary>The rows of one parent after those of another, each parent's in their order.</summary>
    private Dictionary<Guid, Page> Grouped(IReadOnlyList<ParentKey> parents, EntityTable<T> table, RowPlan form)
    {
        var numbers = new Dictionary<Guid, int>(parents.Count);
        foreach (var parent in parents)
            numbers.Add(parent.Id, numbers.Count);
        var parentOf = (RowColumn<Guid>)table.Column(form.Places[0]);
        var of = new int[table.Count];
        var starts = new int[parents.Count + 1];
        for (var row = 0; row < of.Length; row++)
            starts[(of[row] = numbers[parentOf[row]]) + 1]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
        var (rows, next) = (new int[of.Length], starts[..^1]);
        for (var row = 0; row < of.Length; row++)
            rows[next[of[row]]++] = row;
        var pages = new Dictionary<Guid, Page>(parents.Count);
        for (var i = 0; i < parents.Count; i++)
            pages.Add(parents[i].Id, new TablePage<T>(order, table, rows.AsMemory(starts[i]..starts[i + 1]), form.Places.AsMemory(1)));
        return pages;
    }

    private ExpressionShape Shape(object[] first, int stretch, object take)
    {
        var shape = statements.Shape();
        foreach (var value in first)
            shape.Value(null, null, value, value.GetType());
        if (first.Length > 0)
            shape.Value(null, null, Database.FirstPerParent.Nobody, typeof(Guid));
        shape.Word(plan.Field).Word(reader.Key).Word(stretch).Word(request.Backward ? 1 : 0);
        shape.Value(caller, Caller.OwnersProperty, caller.Owners, typeof(IReadOnlyList<Guid>));
        foreach (var key in order)
        {
            shape.Word((key.Descending ? 1 : 0) + (key.IsNullable ? 2 : 0));
            shape.Expression(key.Value);
            shape.Expression(key.RelatedId);
        }

        shape.Value(null, null, take, typeof(int));
        Add(shape, request.After);
        Add(shape, request.Before);
        shape.Expression(where);
        return shape;
    }

    private static void Add(ExpressionShape shape, IReadOnlyList<object?>? cursor)
    {
        shape.Word(cursor?.Count ?? 0);
        foreach (var value in cursor ?? [])
            shape.Value(null, null, value, value?.GetType() ?? typeof(object));
    }

    private KeptStatement? Keep(ExpressionShape shape, IQueryable<T> query)
    {
        var row = Expression.Parameter(typeof(T), "x");
        return Keep(shape, query, row, row, [.. Keys(row)]);
    }

    private KeptStatement? Keep(ExpressionShape shape, IQueryable<RelatedPair<T>> query, LambdaExpression parentOf)
    {
        var pair = Expression.Parameter(typeof(RelatedPair<T>), "x");
        var item = Expression.Property(pair, nameof(RelatedPair<T>.Item));
        return Keep(shape, query, pair, item, [FilterTypes.Inline(parentOf, item), .. Keys(item)]);
    }

    private IEnumerable<Expression> Keys(Expression item) => order.Select(k => FilterTypes.Inline(k.Value, item));

    private KeptStatement? Keep<TRow>(ExpressionShape shape, IQueryable<TRow> query, ParameterExpression row, Expression item, List<Expression> others)
    {
        if (reader.Plan(row, item, others) is { } form)
            return statements.Keep(shape, query.Select((Expression<Func<TRow, WideRow>>)form.Projection), form);
        statements.Refuse(shape);
        return null;
    }
}
