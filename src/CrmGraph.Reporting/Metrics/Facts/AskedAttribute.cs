using System.Linq.Expressions;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The keys of the free attributes by which a question groups; null for none.</summary>
internal readonly record struct AttributeKeys(string? Customer, string? Order, string? Ticket)
{
    public string? Of(MetricDimension dimension) => dimension switch
    {
        MetricDimension.Attribute or MetricDimension.AttributeBand => Customer,
        MetricDimension.OrderAttribute => Order,
        MetricDimension.TicketAttribute => Ticket,
        _ => null,
    };
}

/// <summary>Stands in a row for the value of the free attribute that a question names, until the question is known.</summary>
internal static class AskedAttribute
{
    public static string? Of(IEnumerable<FreeFactAttribute> attributes) =>
        throw new InvalidOperationException($"{attributes} are read by a database alone.");

    /// <summary>The same expression with the value itself.</summary>
    public static Expression Named(Expression row, AttributeKeys keys) => new Naming(keys).Visit(row);

    private sealed class Naming(AttributeKeys keys) : ExpressionVisitor
    {
        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            if (node.Method.DeclaringType != typeof(AskedAttribute))
                return base.VisitMethodCall(node);
            var attributes = node.Arguments[0] is UnaryExpression { NodeType: ExpressionType.Convert } upcast ? upcast.Operand : node.Arguments[0];
            LambdaExpression value = attributes.Type == typeof(List<OrderAttribute>) ? Value<OrderAttribute>(keys.Order) : Value<TicketAttribute>(keys.Ticket);
            return Conditions.Replace(value.Body, value.Parameters[0], attributes);
        }

        // A captured key is a parameter of the statement.
        private static Expression<Func<List<T>, string?>> Value<T>(string? key) where T : FreeFactAttribute =>
            all => all.Where(a => a.Key == key).Select(a => a.Value).FirstOrDefault();
    }
}
