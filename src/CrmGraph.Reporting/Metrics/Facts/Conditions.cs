using System.Linq.Expressions;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Puts conditions together; a null one asks nothing.</summary>
internal static class Conditions
{
    public static Expression<Func<T, bool>>? And<T>(Expression<Func<T, bool>>? a, Expression<Func<T, bool>>? b)
    {
        if (a is null || b is null)
            return a ?? b;
        return Expression.Lambda<Func<T, bool>>(Expression.AndAlso(a.Body, Replace(b.Body, b.Parameters[0], a.Parameters[0])), a.Parameters[0]);
    }

    public static Expression<Func<T, bool>>? Or<T>(Expression<Func<T, bool>>? a, Expression<Func<T, bool>>? b)
    {
        if (a is null || b is null)
            return a ?? b;
        return Expression.Lambda<Func<T, bool>>(Expression.OrElse(a.Body, Replace(b.Body, b.Parameters[0], a.Parameters[0])), a.Parameters[0]);
    }

    public static Expression<Func<T, bool>> Not<T>(Expression<Func<T, bool>> a) => Expression.Lambda<Func<T, bool>>(Expression.Not(a.Body), a.Parameters);

    /// <summary>The condition on the row that a key names; a row without one fulfils none.</summary>
    public static Expression<Func<T, bool>> OfRelated<T, TRelated>(Expression<Func<TRelated, bool>> condition, string key, string related)
    {
        var row = Expression.Parameter(typeof(T), "x");
        var some = Expression.NotEqual(Expression.Property(row, key), Expression.Constant(null, typeof(Guid?)));
        var holds = Replace(condition.Body, condition.Parameters[0], Expression.Property(row, related));
        return Expression.Lambda<Func<T, bool>>(Expression.AndAlso(some, holds), row);
    }

    /// <summary>Whether it can be asked of values as well as by SQL: it calls nothing, but for whether a list has a value.</summary>
    public static bool IsOfValues(LambdaExpression condition)
    {
        var calls = new Calls();
        calls.Visit(condition.Body);
        return !calls.AnyOther;
    }

    public static Expression Replace(Expression body, ParameterExpression parameter, Expression by) => new Replacer(parameter, by).Visit(body);

    private sealed class Replacer(ParameterExpression parameter, Expression by) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? by : base.VisitParameter(node);
    }

    private sealed class Calls : ExpressionVisitor
    {
        public bool AnyOther { get; private set; }

        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            AnyOther |= node.Method.Name != nameof(Enumerable.Contains) || node.Method.DeclaringType == typeof(string)
                || node.Method.DeclaringType == typeof(Queryable);
            return base.VisitMethodCall(node);
        }
    }
}
