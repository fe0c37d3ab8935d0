using System.Linq.Expressions;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Dialects;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>
/// Reads the rows of pages by prepared statements into tables, with the single rows and the lists below them that can come in the same statement. What
/// decides the SQL of a page: the field, the columns, the kind of row rule, the order, which ends are cut and at which nulls, the shape of the
/// filter, and the same of the lists below. The query itself is built only when that was never seen.
/// </summary>
/// <param name="nested">The lists below, from above to below.</param>
internal sealed class PreparedPages<T>(
    PagePlan plan,
    EntityReader<T> reader,
    StatementCache statements,
    ResolverContext context,
    ListRequest<T> list,
    IReadOnlyList<NestedList> nested) where T : class
{
    private readonly StatementConnection _connection = StatementConnection.Of(context, statements.Engine);
    private readonly Caller _caller = context.State.Require<Caller>();
    private readonly IReadOnlyList<LookupJoin> _joins = plan.Joins(statements);
    private readonly PageRequest _request = list.Request;

    /// <summary>The rows of one list; null when its statement cannot be kept.</summary>
    /// <param name="build">The first rows of a range.</param>
    /// <param name="isAll">The field reads nothing else.</param>
    public async ValueTask<Page?> PageAsync(
        IReadOnlyList<(int Number, SeekRange Range)> ranges, Func<SeekRange, TakeLimit, IQueryable<T>> build, bool isAll, CancellationToken cancellationToken)
    {
        // The rows of two statements become one table.
        var below = ranges.Count == 1 ? nested : [];
        LevelRows[]? rows = null;
        PageForm? form = null;
        foreach (var (number, range) in ranges)
        {
            if (rows?[0].Count >= _request.Taken)
                break;
            var limit = TakeLimit.Of(_request.Taken - (rows?[0].Count ?? 0), list, _caller.SeesAll);
            var shape = Shape([], number, limit, below);
            if (!statements.Find(shape, out var statement))
                statement = Prepare(shape, build(range, limit), null, below);
            if (statement?.Form is not PageForm known)
                return null;
            rows = await ReadAsync(statement, shape, known, rows ?? known.Empty(limit.Rows), isAll && number == ranges[^1].Number, cancellationToken);
            if (rows is null)
                return null;
            form = known;
        }

        if (rows is null)
            return new ObjectPage(list.Order, []);
        var table = (EntityTable<T>)form!.Tables(rows, below);
        return new TablePage<T>(list.Order, table, Enumerable.Range(0, table.Count).ToArray(), form.Keys);
    }

    /// <summary>The rows of every parent, by the parent's id; null when the statement cannot be kept.</summary>
    /// <param name="parentValues">The values of the parents' keys, which are the first parameters.</param>
    /// <param name="build">The first rows of all parents.</param>
    /// <param name="isAll">The field reads nothing else.</param>
    public async ValueTask<Dictionary<Guid, Page>?> PagesAsync(
        RelatedRows<T> related, object[] parentValues, Func<TakeLimit, IQueryable<RelatedPair<T>>> build, bool isAll, CancellationToken cancellationToken)
    {
        var limit = TakeLimit.OfParents(_request.Taken);
        var shape = Shape(parentValues, 0, limit, nested);
        if (!statements.Find(shape, out var statement))
            statement = Prepare(shape, build(limit), related.ParentOf, nested);
        if (statement?.Form is not PageForm form)
            return null;
        var rows = await ReadAsync(statement, shape, form, form.Empty(related.Parents.Count * 2), isAll, cancellationToken);
        return rows is null ? null : Grouped(related.Parents, (EntityTable<T>)form.Tables(rows, nested), form);
    }

    /// <returns>Null when the result is not what was asked for; the statement is not used again then.</returns>
    private async ValueTask<LevelRows[]?> ReadAsync(
        PreparedStatement statement,
        ExpressionShape shape,
        PageForm form,
        LevelRows[] rows,
        bool isAll,
        CancellationToken cancellationToken)
    {
        var result = new LevelResult(rows, form.Width);
        if (await _connection.RunAsync(statement, shape.Values, result, isAll ? form.SparedReads : null, cancellationToken))
            return rows;
        statements.Refuse(shape);
        return null;
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
            pages.Add(parents[i].Id, new TablePage<T>(list.Order, table, rows.AsMemory(starts[i]..starts[i + 1]), form.Keys));
        return pages;
    }

    private ExpressionShape Shape(object[] first, int range, TakeLimit limit, IReadOnlyList<NestedList> below)
    {
        var shape = statements.Shape();
        foreach (var value in first)
            shape.Value(null, null, value, value.GetType());
        if (first.Length > 0 || below.Count > 0)
            shape.Value(null, null, FirstPerParent.Nobody, typeof(Guid));
        shape.Word(plan.Coordinate).Word(reader.Key).Word(range).Word((_request.Backward ? 1 : 0) + (list.FiltersFirst ? 2 : 0));
        LookupJoin.AddTo(shape, _joins);
        shape.Caller(_caller);
        SortKey.AddTo(shape, list.Order);
        limit.AddTo(shape);
        Add(shape, _request.After);
        Add(shape, _request.Before);
        shape.Expression(list.Where);
        shape.Word(below.Count);
        foreach (var lists in below)
            lists.AddTo(shape);
        return shape;
    }

    private static void Add(ExpressionShape shape, IReadOnlyList<object?>? cursor)
    {
        shape.Word(cursor?.Count ?? 0);
        foreach (var value in cursor ?? [])
            shape.Value(null, null, value, value?.GetType() ?? typeof(object));
    }

    /// <param name="parentOf">From a row to its parent where the rows are pairs of both; null where they are the list's.</param>
    private PreparedStatement? Prepare(ExpressionShape shape, IQueryable query, LambdaExpression? parentOf, IReadOnlyList<NestedList> below)
    {
        var statement = Prepare(shape, new PageStatement(query, parentOf, Level(_joins), below, context));
        if (statement is null && (_joins.Count > 0 || below.Count > 0))
            statement = Prepare(shape, new PageStatement(query, parentOf, Level([]), [], context));
        if (statement is null)
            statements.Refuse(shape);
        return statement;
    }

    private PreparedStatement? Prepare(ExpressionShape shape, PageStatement made) =>
        made.Query is { } query ? statements.Prepare(shape, query, made.Form) : null;

    private PageLevel Level(IReadOnlyList<LookupJoin> joins) => new(reader, list.Order, _request.Backward, joins);
}
