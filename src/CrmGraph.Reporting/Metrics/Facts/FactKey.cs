using System.Linq.Expressions;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>By what a statement groups rows, and which of them it groups.</summary>
/// <param name="Row">The row of which the expressions are.</param>
/// <param name="Columns">The columns of the key; all rows are one group when there are none.</param>
/// <param name="Condition">Of the rows that are grouped; null for all.</param>
internal sealed record FactKey(ParameterExpression Row, IReadOnlyList<MemberAssignment> Columns, Expression? Condition)
{
    public IEnumerable<Expression> Expressions => Condition is null ? Columns.Select(c => c.Expression) : Columns.Select(c => c.Expression).Append(Condition);
}
