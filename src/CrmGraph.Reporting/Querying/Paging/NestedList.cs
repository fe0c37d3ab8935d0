using System.Linq.Expressions;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Dialects;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>
/// The lists below the rows of a list, read in the same statement: each row of the result then has a row of every list, and those above are repeated.
/// PostgreSQL alone, which reads such lists by index for each parent.
/// </summary>
internal abstract class NestedList(PagePlan plan, EntityReader reader, IReadOnlyList<LookupJoin> joins, IReadOnlyList<SortKey> order, PageRequest request)
{
    /// <summary>Rows that a statement may have to bring, by what is asked for: more are read list by list.</summary>
    private const int MaximumRows = 10_000;
    /// <summary>Columns that are sent again for each row of the lists below.</summary>
    private const int MaximumRepeated = 12;

    public PagePlan Plan => plan;
    public string Field => plan.Path[^1];
    public EntityReader Reader => reader;
    public IReadOnlyList<LookupJoin> Joins => joins;
    public IReadOnlyList<SortKey> Order => order;
    public PageRequest Request => request;
    public TakeLimit Limit { get; } = TakeLimit.OfParents(request.Taken);

    /// <summary>The lists that the statement of a list brings with it, from above to below.</summary>
    /// <param name="lists">How many lists of the outermost it reads.</param>
    public static async ValueTask<IReadOnlyList<NestedList>> BelowAsync<T>(
        PagePlan plan, EntityReader reader, ListRequest<T> list, int lists, StatementCache statements, ResolverContext context)
    {
        if (plan.Below is null || !QueryDialect.Of(statements.Engine).NestsLists || !HasId(list.Order) || !plan.WantsRows)
            return [];
        var found = new List<NestedList>();
        var (rows, repeated) = ((long)lists * list.Request.Taken, 0);
        for (var (above, columns) = (plan, reader.Width + list.Order.Count); above.Below is { } next; above = next)
        {
            repeated += columns;
            if (repeated > MaximumRepeated || await next.Paged!.NestedAsync(next, context) is not { } nested || !HasId(nested.Order))
                break;
            rows *= nested.Request.Taken;
            if (rows > MaximumRows)
                break;
            found.Add(nested);
            columns = nested.Reader.Width + nested.Order.Count;
        }

        return found;
    }

    /// <summary>Adds what decides the SQL.</summary>
    public void AddTo(ExpressionShape shape)
    {
        shape.Word(plan.Coordinate).Word(reader.Key).Word(request.Backward ? 1 : 0);
        LookupJoin.AddTo(shape, joins);
        SortKey.AddTo(shape, order);
        Limit.AddTo(shape);
        AddWhereTo(shape);
    }

    /// <summary>The query with a row of these lists beside each of its own: its rows are then <see cref="JoinedRow{TRow,TOther}"/>.</summary>
    /// <param name="parentOf">From a row of the query to the parent in it.</param>
    public abstract IQueryable Onto(IQueryable query, Func<Expression, Expression> parentOf);

    /// <summary>The pages of the parents.</summary>
    /// <param name="starts">Where the rows of each parent begin, and behind the last where they end.</param>
    public abstract NestedPages Pages(ColumnarTable table, int[] starts, ReadOnlyMemory<int> keys);

    protected abstract void AddWhereTo(ExpressionShape shape);

    private static bool HasId(IReadOnlyList<SortKey> order)
        => order[^1] is { Name: "id", IsNullable: false, Value.ReturnType: var type } && type == typeof(Guid);
}

internal sealed class NestedList<T>(PagePlan plan, EntityReader<T> reader, StatementCache statements, ListRequest<T> list, RelatedRows<T> related)
    : NestedList(plan, reader, plan.Joins(statements), list.Order, list.Request) where T : class
{
    public override IQueryable Onto(IQueryable query, Func<Expression, Expression> parentOf) =>
        FirstPerParent.Nested(query, parentOf, related, rows => Limit.Of(Keyset.OrderBy(rows, Order, Request.Backward)));

    public override NestedPages Pages(ColumnarTable table, int[] starts, ReadOnlyMemory<int> keys)
    {
        var rows = Enumerable.Range(0, starts[^1]).ToArray();
        return new(parent => Connection.Of(new TablePage<T>(Order, (EntityTable<T>)table, rows.AsMemory(starts[parent]..starts[parent + 1]), keys), Request));
    }

    protected override void AddWhereTo(ExpressionShape shape) => shape.Expression(list.Where);
}

/// <summary>Pages that were read together with their parents.</summary>
internal sealed class NestedPages(Func<int, Connection> page)
{
    public IReadOnlyList<object?> Of(IRowList parents)
    {
        var pages = new object?[parents.Count];
        for (var i = 0; i < pages.Length; i++)
            pages[i] = page(parents.RowAt(i));
        return pages;
    }
}
