using System.Linq.Expressions;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying.Lookups;

/// <summary>The rows of a <see cref="LookupField"/> in the statement of their parents' list: joined to them, at most one to each.</summary>
/// <param name="field">The field that shows them.</param>
/// <param name="property">The parents' property.</param>
/// <param name="reads">What the statement spares of the operation's planned reads.</param>
internal abstract class LookupJoin(string field, string property, int reads, string columns)
{
    public string Field { get; } = field;
    public int Reads { get; } = reads;
    /// <summary>Equal for joins that select the same.</summary>
    private string Key { get; } = $"{field}({columns})";

    /// <summary>The query with these rows beside its own: its rows are then <see cref="JoinedRow{TRow,TOther}"/>.</summary>
    /// <param name="parentOf">From a row of the query to the parent in it.</param>
    public IQueryable Onto(IQueryable query, Func<Expression, Expression> parentOf, ResolverContext context)
    {
        var row = Expression.Parameter(query.ElementType, "x");
        var id = Expression.Lambda(Nullable(Expression.Property(parentOf(row), property)), row);
        var (rows, key) = Rows(context);
        var other = Expression.Parameter(rows.ElementType, "y");
        var both = JoinedRow.Of(row, other);
        return query.Provider.CreateQuery(Expression.Call(
            typeof(Queryable), nameof(Queryable.LeftJoin), [row.Type, other.Type, typeof(Guid?), both.ReturnType],
            query.Expression, rows.Expression, Expression.Quote(id), Expression.Quote(key), Expression.Quote(both)));
    }

    /// <summary>Adds what decides the SQL.</summary>
    public static void AddTo(ExpressionShape shape, IReadOnlyList<LookupJoin> joins)
    {
        shape.Word(joins.Count);
        foreach (var join in joins)
            shape.Word(join.Key);
    }

    /// <summary>What is read of a joined row: its columns, and last the key, which is missing where there is no row.</summary>
    public abstract IReadOnlyList<Expression> Columns(Expression row);

    /// <summary>The rows, from those columns.</summary>
    public abstract ColumnarTable Table(RowColumn[] columns, int rows);

    protected abstract (IQueryable Rows, LambdaExpression Key) Rows(ResolverContext context);

    protected static Expression Nullable(Expression id) => Expression.Convert(id, typeof(Guid?));
}

internal sealed class LookupJoin<T>(EntityReader<T> reader, string field, string property, string key, int reads, Func<ResolverContext, IQueryable<T>> rows)
    : LookupJoin(field, property, reads, reader.Key) where T : class
{
    private readonly Expression<Func<T, Guid>> _key = GuidProperty.Expression<T>(key);

    public override IReadOnlyList<Expression> Columns(Expression row) => [.. reader.Columns(row), Lambdas.Inline(_key, row)];

    public override ColumnarTable Table(RowColumn[] columns, int rows) => reader.Table(columns, rows);

    /// <summary>Whether a row of <see cref="Table"/> stands for none.</summary>
    public static bool IsMissing(EntityTable<T> table, int row) => table.Columns[^1].IsNull(row);

    protected override (IQueryable Rows, LambdaExpression Key) Rows(ResolverContext context) =>
        (rows(context), Expression.Lambda<Func<T, Guid?>>(Nullable(_key.Body), _key.Parameters));
}

/// <summary>A row with the one that belongs to it.</summary>
internal sealed class JoinedRow<TRow, TOther>
{
    public TRow Row { get; set; } = default!;
    public TOther? Other { get; set; }
}

internal static class JoinedRow
{
    public const string Row = nameof(JoinedRow<,>.Row);
    public const string Other = nameof(JoinedRow<,>.Other);

    public static LambdaExpression Of(ParameterExpression row, ParameterExpression other)
    {
        var joined = typeof(JoinedRow<,>).MakeGenericType(row.Type, other.Type);
        return Expression.Lambda(
            Expression.MemberInit(
                Expression.New(joined),
                Expression.Bind(joined.GetProperty(Row)!, row),
                Expression.Bind(joined.GetProperty(Other)!, other)), row, other);
    }

    /// <summary>The row to which others were joined, that many times.</summary>
    public static Expression Within(Expression joined, int times) => times == 0 ? joined : Within(Expression.Property(joined, Row), times - 1);
}
