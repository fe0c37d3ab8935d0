using System.Linq.Expressions;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What orders are told apart by, whatever is counted of them; they count on their day.</summary>
internal static class OrderRows
{
    public static Expression<Func<Order, FactAttributes>> Attributes { get; } = o => new FactAttributes { Channel = o.Channel, OwnerId = o.OwnerId };

    private static readonly Expression<Func<Order, FactRow>> Common = o => new FactRow
    {
        Fact = o.Id,
        CustomerId = o.CustomerId,
        Day = o.Day,
        Hour = o.Hour,
        TransactionDay = o.Day,
        Currency = o.Currency,
        Channel = o.Channel,
        Owner = o.OwnerId,
        SalesTeam = o.Owner!.TeamId,
        ShippingCountry = o.ShippingCountry,
        ShippingRegion = o.ShippingRegion,
        ShippingCity = o.ShippingCity,
        OrderAttribute = AskedAttribute.Of(o.Attributes),
        Campaign = o.CampaignId,
    };

    /// <param name="own">What is counted.</param>
    public static IQueryable<TRow> Of<TRow>(
        FactContext context, IQueryable<Order> orders, IReadOnlySet<string> columns, Expression<Func<Order, TRow>> own) where TRow : FactRow =>
        context.Rows(orders, columns, o => o.CustomerId, Attributes, FactQuery.With(Common, own));

    /// <summary>The row of what belongs to an order.</summary>
    public static Expression<Func<T, TRow>> Whole<T, TRow>(Expression<Func<T, Order>> order, Expression<Func<T, TRow>> own) where TRow : FactRow =>
        FactQuery.With(Expression.Lambda<Func<T, FactRow>>(Conditions.Replace(Common.Body, Common.Parameters[0], order.Body), order.Parameters), own);
}
