using System.Collections;
using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;

namespace CrmGraph.Data.Database;

#pragma warning disable EF9100 // What EF itself does with a query's constants.
/// <summary>
/// A query that is translated and never run: of its executor <c>CreateDbCommand</c> wants the statement alone. What would read the rows is left out, and
/// the rest is not compiled to machine code: both together cost as much as the translation.
/// </summary>
internal sealed class TranslatedQuery : ExpressionVisitor
{
    private TranslatedQuery()
    {
    }

    /// <summary><c>CreateDbCommand</c> asks for rows without a type, and nothing else does.</summary>
    public static bool Is<T>() => typeof(T) == typeof(IEnumerable);

    public static Func<QueryContext, T> Executor<T>(Expression<Func<QueryContext, T>> query, ILiftableConstantProcessor constants, bool precompiled)
    {
        var unread = new TranslatedQuery().VisitAndConvert(query, nameof(Executor));
        return ((Expression<Func<QueryContext, T>>)constants.InlineConstants(unread, precompiled)).Compile(preferInterpretation: true);
    }

    protected override Expression VisitLambda<T>(Expression<T> node) =>
        node.Parameters.Any(p => p.Type == typeof(DbDataReader)) ? Expression.Lambda<T>(Unread(node.ReturnType), node.Parameters) : base.VisitLambda(node);

    /// <summary>Nodes of EF's own that cannot be looked into.</summary>
    protected override Expression VisitExtension(Expression node) => node;

    private static UnaryExpression Unread(Type type) =>
        Expression.Throw(Expression.Constant(new NotSupportedException("A query whose rows have no type is only translated.")), type);
}
