using System.Linq.Expressions;

namespace CrmGraph.Data.Statements;

/// <summary>The columns that a statement selects, while it is made.</summary>
internal sealed class ResultColumns
{
    private readonly List<Expression> _columns = [];
    private readonly List<(ColumnKind Kind, bool IsNullable)> _kinds = [];
    private bool _isReadable = true;

    public int Count => _columns.Count;

    /// <summary>The columns of an entity's reader, one after the other.</summary>
    public void Add(EntityReader reader, Expression row)
    {
        _columns.AddRange(reader.Columns(row));
        _kinds.AddRange(reader.Properties.Select(p => (p.Kind, p.IsNullable)));
    }

    /// <summary>Where a further value stands. EF reads a column once; so do we.</summary>
    public int Place(Expression value)
    {
        value = ExpressionTexts.Column(value);
        if (_columns.FindIndex(c => ExpressionTexts.Same(c, value)) is var known and >= 0)
            return known;
        if (ColumnKind.Of(value.Type) is not { } kind)
        {
            _isReadable = false;
            return -1;
        }

        _columns.Add(value);
        _kinds.Add((kind, true));
        return Count - 1;
    }

    /// <summary>The kinds of the columns from one on.</summary>
    public (ColumnKind Kind, bool IsNullable)[] KindsFrom(int first) => [.. _kinds.Skip(first)];

    /// <summary>A query of these columns; null when they cannot be read.</summary>
    public IQueryable? Of(IQueryable query, ParameterExpression row) => !_isReadable || Count is 0 or > WideRow.MaximumColumns ? null
        : query.Provider.CreateQuery(Expression.Call(
            typeof(Queryable), nameof(Queryable.Select), [query.ElementType, typeof(WideRow)], query.Expression, Expression.Quote(
                WideRow.Projection(row, _columns))));

    private static class ExpressionTexts
    {
        /// <summary>An expression without what changes only its nullability.</summary>
        public static Expression Column(Expression value) => value switch
        {
            UnaryExpression { NodeType: ExpressionType.Convert } convert when Plain(convert.Type) == Plain(convert.Operand.Type) => Column(convert.Operand),
            MemberExpression { Member.Name: nameof(Nullable<int>.Value), Expression: { } inner } when Nullable.GetUnderlyingType(inner.Type) == value.Type =>
                Column(inner),
            _ => value,
        };

        private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

        /// <summary>Whether two expressions over the same row are the same column: the same property of the same thing.</summary>
        public static bool Same(Expression a, Expression b) => (a, b) switch
        {
            (MemberExpression x, MemberExpression y) => x.Member.Name == y.Member.Name && x.Member.DeclaringType == y.Member.DeclaringType
                && x.Expression is { } p
                && y.Expression is { } q
                && Same(p, q),
            (ParameterExpression x, ParameterExpression y) => x == y,
            (MethodCallExpression x, MethodCallExpression y) => x.Method == y.Method && x.Arguments.Count == y.Arguments.Count
                && x.Arguments.Zip(y.Arguments).All(p => Same(p.First, p.Second)),
            (ConstantExpression x, ConstantExpression y) => Equals(x.Value, y.Value),
            _ => false,
        };
    }
}
