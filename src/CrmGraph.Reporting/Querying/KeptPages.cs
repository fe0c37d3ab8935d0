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
    PagePlan plan, EntityReader<T> reader, StatementCache statements, ResolverContext context,
    IReadOnlyList<SortKey> order, PageRequest request, Expression<Func<T, bool>>? where) where T : class
{
    private readonly StatementConnection _connection = StatementConnection.Of(context, statements);
    private readonly Caller _caller = context.State.Require<Caller>();
    private readonly IReadOnlyList<RowJoin> _joins = plan.Joins(statements);

    /// <summary>The rows of one list; null when its statement cannot be kept.</summary>
    /// <param name="build">The rows of a stretch, as many as the boxed number says.</param>
    /// <param name="isAll">The field reads nothing else.</param>
    public async ValueTask<Page?> PageAsync(
        IReadOnlyList<(int Number, Stretch Stretch)> stretches, Func<Stretch, object, IQueryable<T>> build, bool isAll, CancellationToken cancellationToken)
    {
        EntityTable<T>? table = null;
        PageForm? last = null;
        foreach (var (number, stretch) in stretches)
        {
            if (table?.Count > request.Size)
                break;
            object take = request.Size + 1 - (table?.Count ?? 0);
            var shape = Shape([], number, take);
            if (!statements.Find(shape, out var statement))
                statement = Keep(shape, build(stretch, take), parentOf: null);
            if (statement?.Form is not PageForm form)
                return null;
            var before = table;
            table = await _connection.RunAsync(
                statement, shape.Values, (r, c) => reader.ReadAsync(statement, form.Row, r, statements.Engine, before, (int)take, c),
                isAll && number == stretches[^1].Number ? form.SparedReads : null, cancellationToken).ConfigureAwait(false);
            if (table is null)
            {
                statements.Refuse(shape);
                return null;
            }

            // All stretches select the same columns.
            last = form;
        }

        if (table is null)
            return new ObjectPage(order, []);
        last!.Relate(table);
        return new TablePage<T>(order, table, Enumerable.Range(0, table.Count).ToArray(), last.Keys);
    }

    /// <summary>The rows of every parent, by the parent's id; null when the statement cannot be kept.</summary>
    /// <param name="parentValues">The values of the parents' keys, which are the first parameters.</param>
    /// <param name="build">The rows of all parents, of each as many as the boxed number says.</param>
    /// <param name="isAll">The field reads nothing else.</param>
    public async ValueTask<Dictionary<Guid, Page>?> PagesAsync(
        RelatedRows<T> related, object[] parentValues, Func<object, IQueryable<RelatedPair<T>>> build, bool isAll, CancellationToken cancellationToken)
    {
        var parents = related.Parents;
        object take = request.Size + 1;
        var shape = Shape(parentValues, 0, take);
        if (!statements.Find(shape, out var statement))
            statement = Keep(shape, build(take), related.ParentOf);
        if (statement?.Form is not PageForm form)
            return null;
        var table = await _connection.RunAsync(
            statement, shape.Values, (r, c) => reader.ReadAsync(statement, form.Row, r, statements.Engine, null, parents.Count * 2, c),
            isAll ? form.SparedReads : null, cancellationToken).ConfigureAwait(false);
        if (table is null)
        {
            statements.Refuse(shape);
            return null;
        }

        form.Relate(table);
        return Grouped(parents, table, form);
    }

    /// <summary>The rows of one parent after those of another, each parent's in their order.</summary>
    private Dictionary<Guid, Page> Grouped(IReadOnlyList<ParentKey> parents, EntityTable<T> table, PageForm form)
    {
        var numbers = new Dictionary<Guid, int>(parents.Count);
        foreach (var parent in parents)
            numbers.Add(parent.Id, numbers.Count);
        var parentOf = (RowColumn<Guid>)table.Column(form.Parent);
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
            pages.Add(parents[i].Id, new TablePage<T>(order, table, rows.AsMemory(starts[i]..starts[i + 1]), form.Keys));
        return pages;
    }

    private ExpressionShape Shape(object[] first, int stretch, object take)
    {
        var shape = statements.Shape();
        foreach (var value in first)
            shape.Value(null, null, value, value.GetType());
        if (first.Length > 0)
            shape.Value(null, null, Database.FirstPerParent.Nobody, typeof(Guid));
        shape.Word(plan.Field).Word(reader.Key).Word(stretch).Word(request.Backward ? 1 : 0).Word(_joins.Count);
        foreach (var join in _joins)
            shape.Word(join.Key);
        shape.Value(_caller, Caller.OwnersProperty, _caller.Owners, typeof(IReadOnlyList<Guid>));
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

    private KeptStatement? Keep(ExpressionShape shape, IQueryable query, LambdaExpression? parentOf)
    {
        if ((Keep(shape, query, parentOf, _joins) ?? (_joins.Count > 0 ? Keep(shape, query, parentOf, []) : null)) is { } statement)
            return statement;
        statements.Refuse(shape);
        return null;
    }

    /// <param name="parentOf">From a row to its parent where the rows are pairs of both; null where they are the list's.</param>
    private KeptStatement? Keep(ExpressionShape shape, IQueryable query, LambdaExpression? parentOf, IReadOnlyList<RowJoin> joins)
    {
        Expression Item(Expression row) => parentOf is null ? row : Expression.Property(row, nameof(RelatedPair<>.Item));
        // PostgreSQL would join anew for every parent.
        if (parentOf is not null && joins.Count > 0)
            query = Keyset.TakeAll(query);
        for (var i = 0; i < joins.Count; i++)
        {
            var depth = i;
            query = joins[i].Onto(query, row => Item(JoinedRow.Within(row, depth)), context);
        }

        var row = Expression.Parameter(query.ElementType, "x");
        var item = Item(JoinedRow.Within(row, joins.Count));
        List<Expression> others = parentOf is null ? [] : [FilterTypes.Inline(parentOf, item)];
        others.AddRange(order.Select(k => FilterTypes.Inline(k.Value, item)));
        var ends = new int[joins.Count];
        for (var i = 0; i < joins.Count; i++)
        {
            others.AddRange(joins[i].Columns(Expression.Property(JoinedRow.Within(row, joins.Count - 1 - i), JoinedRow.Other)));
            ends[i] = others.Count;
        }

        return reader.Plan(row, item, others) is { } plan
            ? statements.Keep(shape, WideRow.Of(query, plan.Projection), new PageForm(plan, parentOf is not null, order.Count, joins, ends))
            : null;
    }

    /// <summary>How a page's rows are read: the parent's id where there are parents, the sort keys, the rows that were joined.</summary>
    /// <param name="joins">With the places behind the last column of each, among the plan's further values.</param>
    private sealed class PageForm(RowPlan row, bool hasParent, int keys, IReadOnlyList<RowJoin> joins, int[] ends)
    {
        private readonly int _first = hasParent ? 1 : 0;

        public RowPlan Row => row;
        public int Parent => row.Places[0];
        public int SparedReads { get; } = joins.Sum(j => j.Reads);
        public ReadOnlyMemory<int> Keys => row.Places.AsMemory(_first, keys);

        public void Relate(EntityTable<T> table)
        {
            for (var (i, start) = (0, _first + keys); i < ends.Length; start = ends[i++])
                table.Relate(joins[i].Field, joins[i].Table(Array.ConvertAll(row.Places[start..ends[i]], table.Column), table.Count));
        }
    }
}
