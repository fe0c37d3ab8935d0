using System.Linq.Expressions;

namespace CrmGraph.Data.Statements;

/// <summary>Functions put together into one, for queries.</summary>
internal static class Lambdas
{
    /// <summary>The body of a function with its parameter replaced.</summary>
    public static Expression Inline(LambdaExpression function, Expression argument) =>
        new ParameterReplacer(function.Parameters[0], argument).Visit(function.Body);

    /// <summary>Both conditions.</summary>
    public static Expression<Func<T, bool>> And<T>(this Expression<Func<T, bool>> left, Expression<Func<T, bool>> right) =>
        Expression.Lambda<Func<T, bool>>(Expression.AndAlso(left.Body, Inline(right, left.Parameters[0])), left.Parameters[0]);

    private sealed class ParameterReplacer(ParameterExpression parameter, Expression replacement) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? replacement : node;
    }
}
