using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Customers;

/// <summary>Orders by a customer's all-time figures.</summary>
[SortFields<Customer>]
public static class CustomerSortFields
{
    // Written with the customer, by a trigger.
    private static readonly Expression<Func<Customer, Guid>> FiguresId = c => c.Figures!.CustomerId;

    public static IEnumerable<SortField> Fields()
    {
        yield return SortField.Of<Customer, int>("orderCount", _ => c => c.Figures!.OrderCount, false, "The number of sales over all time.") with
        {
            RelatedId = FiguresId,
        };
        yield return SortField.Of<Customer, DateOnly?>(
            "firstPurchase", _ => c => c.Figures!.FirstPurchaseDay, true, "The day of the first sale.") with
        {
            RelatedId = FiguresId
        };
        yield return SortField.Of<Customer, DateOnly?>(
            "lastPurchase", _ => c => c.Figures!.LastPurchaseDay, true, "The day of the last sale.") with
        {
            RelatedId = FiguresId
        };
        yield return SortField.Of<Customer, long>("moneySpent", context =>
        {
            var currency = MoneyCurrency.Of(context, null);
            var code = currency.Code;
            return currency.WithOthers(c => c.Money.Where(m => m.Currency == code).Sum(m => m.GrossAmount - m.ReturnedAmount), null);
        }, false, "Sales less returns over all time, converted to the reporting currency at the rate of each day, or in the only currency there is. "
            + "The request fails with MIXED_CURRENCY if some money cannot be converted.") with
        {
            IsIndexed = false,
            Cost = QueryCosts.ConvertedMoney,
            ReadsMoment = true,
            PrepareAsync = (context, cancellationToken) => MoneyCurrency.PrepareAsync(context, null, cancellationToken)
        };
    }
}
