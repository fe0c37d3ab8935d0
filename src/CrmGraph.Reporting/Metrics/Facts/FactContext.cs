using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Rollups;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Which facts count, whatever their source: those that a caller may see and a filter lets through.</summary>
/// <param name="Customers">
/// The condition on the customer of a fact: row rules, filter and segment together; null when every customer counts, guests included.
/// </param>
/// <param name="Rollups">For which days there are rollups; null when they are not to be used.</param>
internal sealed record FactContext(
    CrmDbContext Database, FactFilter Filter, Caller Caller, Expression<Func<Customer, bool>>? Customers, IReadOnlyList<AskedAttribute> Asked,
    RollupState? Rollups)
{
    public WordTables Words { get; } = new(Database, Asked);

    /// <summary>The facts that count, as rows with the columns asked for.</summary>
    /// <param name="own">Columns of the fact; may read its property Customer.</param>
    public IQueryable<TRow> Rows<T, TRow>(
        IQueryable<T> facts, IReadOnlySet<string> columns, Expression<Func<T, Guid>> customer, Expression<Func<T, FactAttributes>> attributes,
        Expression<Func<T, TRow>> own) where TRow : FactRow
    {
        var all = Database.Customers.AsNoTracking();
        return FactQuery.Project(
            Words, Filtered(facts, attributes), columns, own, customer, Customers is null ? all : all.Where(Customers), Customers is not null);
    }

    /// <summary>The facts that fulfil the condition on their channel and owner.</summary>
    public IQueryable<T> Filtered<T>(IQueryable<T> facts, Expression<Func<T, FactAttributes>> attributes)
    {
        if (Filter.Fact is not { } fact)
            return facts;
        var condition = new Attributes(fact.Parameters[0], (MemberInitExpression)attributes.Body).Visit(fact.Body);
        return facts.Where(Expression.Lambda<Func<T, bool>>(condition, attributes.Parameters[0]));
    }

    private sealed class Attributes(ParameterExpression row, MemberInitExpression by) : ExpressionVisitor
    {
        protected override Expression VisitMember(MemberExpression node)
        {
            if (node.Expression != row)
                return base.VisitMember(node);
            var value = ((MemberAssignment)by.Bindings.Single(b => b.Member.Name == node.Member.Name)).Expression;
            return value.Type == node.Type ? value : Expression.Convert(value, node.Type);
        }
    }
}
