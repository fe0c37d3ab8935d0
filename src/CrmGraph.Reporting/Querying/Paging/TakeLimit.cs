using System.Collections.Frozen;
using System.Linq.Expressions;
using CrmGraph.Data.Statements;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>
/// How many rows a statement takes. PostgreSQL plans anew each time what has a parameter for it: of a number that it does not know it expects a tenth
/// of all rows. So usual numbers stand in the SQL, where the plan does not hang on other values.
/// </summary>
internal sealed class TakeLimit
{
    // Of pages; a statement may take one row more. Every one of them is a statement of its own.
    private static readonly FrozenSet<int> Usual
        = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 25, 30, 40, 50, 60, 75, 80, 100, 150, 200, 250, 300, 400, 500, 1000];

    private readonly object _rows;
    private readonly bool _isWritten;

    private TakeLimit(int rows, bool isWritten) => (_rows, Rows, _isWritten) = (rows, rows, isWritten);

    public int Rows { get; }

    /// <summary>A statement that is not kept.</summary>
    public static TakeLimit Once(int rows) => new(rows, isWritten: false);

    /// <summary>Rows of parents, which are found by the parents' ids.</summary>
    public static TakeLimit OfParents(int rows) => new(rows, IsUsual(rows));

    /// <summary>Rows of one list: of other conditions than those on its leading key the values decide by which index it is best read, unless the filter comes first.</summary>
    public static TakeLimit Of<T>(int rows, ListRequest<T> list, bool seesAll) =>
        new(rows, IsUsual(rows) && seesAll && (list.Where is null || list.FiltersFirst || LeadingKey.IsAllOf(list.Where, list.Order[0].Value)));

    private static bool IsUsual(int rows) => Usual.Contains(rows) || Usual.Contains(rows - 1);

    public void AddTo(ExpressionShape shape)
    {
        shape.Word(_isWritten ? Rows : 0);
        if (!_isWritten)
            shape.Value(null, null, _rows, typeof(int));
    }

    public IQueryable<T> Of<T>(IQueryable<T> rows) => rows.Provider.CreateQuery<T>(Expression.Call(
        typeof(Queryable), nameof(Queryable.Take), [typeof(T)], rows.Expression, _isWritten
            ? Keyset.Written(Rows)
            : QueryParameter.Of(_rows, typeof(int))));

    /// <summary>Looks for whatever of a row is not its leading key.</summary>
    private sealed class LeadingKey(MemberExpression? key) : ExpressionVisitor
    {
        private bool _isAll = true;

        public static bool IsAllOf(LambdaExpression where, LambdaExpression key)
        {
            var visitor = new LeadingKey(key.Body as MemberExpression);
            visitor.Visit(where.Body);
            return visitor._isAll;
        }

        protected override Expression VisitMember(MemberExpression node)
            => node.Expression is ParameterExpression && node.Member == key?.Member ? node : base.VisitMember(node);

        protected override Expression VisitParameter(ParameterExpression node)
        {
            _isAll = false;
            return node;
        }
    }
}
