using System.Linq.Expressions;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What opportunities are told apart and chosen by, whatever is counted of them.</summary>
internal static class OpportunityRows
{
    public static IReadOnlyList<string> Tables { get; } = ["opportunities", "products"];

    public static Expression<Func<Opportunity, FactAttributes>> Attributes { get; } = o => new FactAttributes { Channel = o.Channel, OwnerId = o.OwnerId };

    private static readonly Expression<Func<Opportunity, FactRow>> Common = o => new FactRow
    {
        Fact = o.Id,
        CustomerId = o.CustomerId,
        Currency = o.Currency,
        Channel = o.Channel,
        Owner = o.OwnerId,
        SalesTeam = o.Owner!.TeamId,
        Stage = o.Stage,
        LossReason = o.LossReason,
        Product = o.ProductId,
        ProductCategory = o.Product!.Category,
    };

    public static bool Tell(MetricDimension dimension) => dimension is MetricDimension.Stage or MetricDimension.LossReason or MetricDimension.Currency
        or MetricDimension.Product or MetricDimension.ProductCategory;

    /// <summary>They have a product, and no lines.</summary>
    public static bool Suit(FactFilter filter) => filter.Line is null;

    /// <summary>Those that fulfil a condition on products.</summary>
    public static IQueryable<Opportunity> Chosen(FactFilter filter, IQueryable<Opportunity> opportunities) => filter.Product is { } product
        ? opportunities.Where(Conditions.OfRelated<Opportunity, Product>(product, nameof(Opportunity.ProductId), nameof(Opportunity.Product)))
        : opportunities;

    /// <param name="own">The day, and what is counted.</param>
    public static IQueryable<TRow> Of<TRow>(
        FactContext context, Expression<Func<Opportunity, bool>> which, IReadOnlySet<string> columns, Expression<Func<Opportunity, TRow>> own)
        where TRow : FactRow =>
        context.Rows(
            Chosen(context.Filter, context.Database.Opportunities.AsNoTracking().Where(which)), columns, o => o.CustomerId, Attributes, Whole(own));

    /// <summary>A row with what it is told apart by.</summary>
    public static Expression<Func<Opportunity, TRow>> Whole<TRow>(Expression<Func<Opportunity, TRow>> own) where TRow : FactRow =>
        FactQuery.With(Common, own);
}
