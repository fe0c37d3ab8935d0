using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>A condition on customers, put on rows of a rollup: row rules and simple filters read nothing else of the customer.</summary>
internal sealed record SalesCondition(
    SalesAttributes Needs, Expression<Func<SalesDay, bool>> OnSums, Expression<Func<SalesDayCustomers, bool>> OnSets)
{
    /// <summary>Null when the condition reads what no rollup has.</summary>
    public static SalesCondition? Of(Expression<Func<Customer, bool>> condition)
    {
        var sums = new OnRow(condition.Parameters[0], Expression.Parameter(typeof(SalesDay), "d"));
        var sets = new OnRow(condition.Parameters[0], Expression.Parameter(typeof(SalesDayCustomers), "d"));
        var (onSums, onSets) = (sums.Visit(condition.Body), sets.Visit(condition.Body));
        return sums.Fails
            ? null
            : new(sums.Needs, Expression.Lambda<Func<SalesDay, bool>>(onSums, sums.Row), Expression.Lambda<Func<SalesDayCustomers, bool>>(onSets, sets.Row));
    }

    private sealed class OnRow(ParameterExpression customer, ParameterExpression row) : ExpressionVisitor
    {
        public ParameterExpression Row => row;
        public SalesAttributes Needs { get; private set; }
        public bool Fails { get; private set; }

        protected override Expression VisitMember(MemberExpression node)
        {
            if (node.Expression != customer)
                return base.VisitMember(node);
            switch (node.Member.Name)
            {
                case nameof(Customer.IsGuest):
                    // Sets are of known customers only.
                    return row.Type == typeof(SalesDay) ? Expression.Not(Expression.Property(row, nameof(SalesDay.IsKnown))) : Expression.Constant(false);
                case nameof(Customer.Region):
                    return Take(SalesAttributes.Region, nameof(ISalesSlice.Region));
                case nameof(Customer.Country):
                    return Take(SalesAttributes.Country, nameof(ISalesSlice.Country));
                case nameof(Customer.OwnerId):
                    return Take(SalesAttributes.Scope, nameof(ISalesSlice.ScopeId));
                default:
                    Fails = true;
                    return node;
            }
        }

        // The customer as a whole: his rows elsewhere, or a column that has no property.
        protected override Expression VisitParameter(ParameterExpression node)
        {
            Fails |= node == customer;
            return node;
        }

        private MemberExpression Take(SalesAttributes attribute, string property)
        {
            Needs |= attribute;
            return Expression.Property(row, property);
        }
    }
}
