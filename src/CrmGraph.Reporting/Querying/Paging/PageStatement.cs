using System.Linq.Expressions;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Dialects;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>A list in the statement of a page: the page's own, or one below its rows.</summary>
internal sealed record PageLevel(EntityReader Reader, IReadOnlyList<SortKey> Order, bool Backward, IReadOnlyList<LookupJoin> Joins);

/// <summary>Makes the query of a page with what comes in the same statement, and how its result is read.</summary>
internal sealed class PageStatement
{
    private readonly LambdaExpression? _parentOf;

    /// <param name="query">The rows of the page.</param>
    /// <param name="parentOf">From a row to its parent where the rows are pairs of both.</param>
    public PageStatement(IQueryable query, LambdaExpression? parentOf, PageLevel page, IReadOnlyList<NestedList> below, ResolverContext context)
    {
        _parentOf = parentOf;
        List<PageLevel> levels = [page, .. below.Select(n => new PageLevel(n.Reader, n.Order, n.Request.Backward, n.Joins))];
        // Lists are the first of what stands beside the rows of the page, single rows come after them.
        for (var i = 1; i < levels.Count; i++)
        {
            var above = i - 1;
            query = below[above].Onto(query, row => At(row, above, above));
        }

        if (levels.Count > 1)
            query = Ordered(query, levels);
        var joins = levels.Index().SelectMany(l => l.Item.Joins.Select(j => (Join: j, Level: l.Index))).ToList();
        // PostgreSQL would join anew for every parent.
        if (joins.Count > 0 && (parentOf is not null || levels.Count > 1))
            query = Keyset.SkipNone(query);
        for (var i = 0; i < joins.Count; i++)
        {
            var (level, others) = (joins[i].Level, below.Count + i);
            query = joins[i].Join.Onto(query, row => At(row, level, others), context);
        }

        var columns = new ResultColumns();
        var result = Expression.Parameter(query.ElementType, "x");
        var total = below.Count + joins.Count;
        var read = levels.Select((level, i) => Read(columns, level, At(result, i, total), i == 0 ? parentOf : null,
            [.. joins.Index().Where(j => j.Item.Level == i)
                .Select(j => Expression.Property(JoinedRow.Within(result, joins.Count - 1 - j.Index), JoinedRow.Other))])).ToList();
        Query = columns.Of(query, result);
        Form = new PageForm(read, columns.Count);
    }

    /// <summary>Null when its result could not be read.</summary>
    public IQueryable? Query { get; }
    public PageForm Form { get; }

    /// <summary>The row of a level in a row of the query, beside which so many others stand.</summary>
    private Expression At(Expression row, int level, int others)
    {
        if (level > 0)
            return Expression.Property(JoinedRow.Within(row, others - level), JoinedRow.Other);
        row = JoinedRow.Within(row, others);
        return _parentOf is null ? row : Expression.Property(row, nameof(RelatedPair<>.Item));
    }

    /// <summary>The rows of the upper levels in their order, those below within it.</summary>
    private IQueryable Ordered(IQueryable query, List<PageLevel> levels)
    {
        var row = Expression.Parameter(query.ElementType, "x");
        return Keyset.OrderBy(query, [
            .. levels.SelectMany((level, i) => level.Order.Select(k =>
                (k with { Value = Expression.Lambda(Lambdas.Inline(k.Value, At(row, i, levels.Count - 1)), row) }, level.Backward))),
        ]);
    }

    private static PageFormLevel Read(ResultColumns columns, PageLevel level, Expression row, LambdaExpression? parentOf, IReadOnlyList<Expression> joined)
    {
        var first = columns.Count;
        columns.Add(level.Reader, row);
        var parent = parentOf is null ? first : columns.Place(Lambdas.Inline(parentOf, row));
        var keys = level.Order.Select(k => columns.Place(Lambdas.Inline(k.Value, row))).ToArray();
        var joins = level.Joins.Select((j, i) => j.Columns(joined[i]).Select(columns.Place).ToArray()).ToArray();
        return new(
            new(level.Reader, first, columns.KindsFrom(first), keys[^1]), parent - first, [.. keys.Select(k => k - first)],
            [.. joins.Select((places, i) => (level.Joins[i], places.Select(p => p - first).ToArray()))]);
    }
}

/// <param name="Parent">The column of the parent's id, within the level.</param>
/// <param name="Keys">The columns of the sort keys.</param>
/// <param name="Joins">The single rows beside it, with their columns.</param>
internal sealed record PageFormLevel(RowLevel Rows, int Parent, int[] Keys, (LookupJoin Join, int[] Columns)[] Joins);

/// <summary>How the result of a page's statement is read, whatever the values of the request.</summary>
internal sealed class PageForm(IReadOnlyList<PageFormLevel> levels, int width)
{
    /// <summary>The number of columns.</summary>
    public int Width => width;
    public int Parent => levels[0].Parent;
    public ReadOnlyMemory<int> Keys => levels[0].Keys;
    /// <summary>What of the operation's planned reads is in the statement.</summary>
    public int SparedReads { get; } = levels.Count - 1 + levels.Sum(l => l.Joins.Sum(j => j.Join.Reads));

    public LevelRows[] Empty(int expected) => [.. levels.Select(l => new LevelRows(l.Rows, expected))];

    /// <summary>The table of the page, with those of the lists and single rows that belong to it.</summary>
    /// <param name="below">The request's lists, of which the statement may bring none.</param>
    public EntityTable Tables(LevelRows[] rows, IReadOnlyList<NestedList> below)
    {
        var tables = Array.ConvertAll(rows, r => r.Table());
        for (var i = 0; i < tables.Length; i++)
        {
            var (level, table) = (levels[i], tables[i]);
            foreach (var (join, columns) in level.Joins)
                table.Relate(join.Field, join.Table(Array.ConvertAll(columns, table.Column), table.Count));
            if (i > 0)
                tables[i - 1].Relate(below[i - 1].Field, below[i - 1].Pages(table, rows[i].Starts(tables[i - 1].Count), level.Keys));
        }

        return tables[0];
    }
}
