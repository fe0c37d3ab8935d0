using System.Diagnostics;
using System.Linq.Expressions;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Customers;

/// <summary>Orders by a customer's figures, all-time or of a period.</summary>
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
        yield return new SortField("ordersIn", false, NoPeriod, "The number of sales in a period.")
        {
            IsIndexed = false,
            Cost = QueryCosts.RelatedRows,
            ReadsMoment = true,
            Arguments = new(types => Input(types, "CustomerOrdersInSortInput", "Sorts by the number of a customer's sales in a period."), OrdersIn),
        };
        yield return new SortField("spentIn", false, NoPeriod, "Sales less returns in a period.")
        {
            IsIndexed = false,
            Cost = QueryCosts.ConvertedMoney,
            ReadsMoment = true,
            Arguments = new(
                types => Input(
                    types, "CustomerSpentInSortInput", "Sorts by the money that a customer has spent in a period: sales less returns.",
                    CustomerFilterFields.Currency(types)),
                SpentIn),
        };
    }

    private static Expression NoPeriod(Expression row, FilterContext context) => throw new UnreachableException("The period is an argument.");

    private static InputObjectType Input(ITypeRegistry types, string name, string description, params InputValueDefinition[] more) =>
        types.GetOrAdd(name, () => new InputObjectType(name, () => [CustomerFilterFields.Period(types), .. more, SortArguments.Direction(types)])
        {
            Description = description,
        });

    private static SortField OrdersIn(InputObject input) => SortField.Of<Customer, int>(Name("ordersIn", input), context =>
    {
        var sales = CustomerFilterFields.Sales(context.Moment.Days((PeriodInput)input.Fields["period"]!));
        return c => c.Orders.AsQueryable().Count(sales);
    }, false);

    private static SortField SpentIn(InputObject input) =>
        SortField.Of<Customer, long>(Name("spentIn", input), context => CustomerFilterFields.SpentIn(input, context), false) with
        {
            PrepareAsync = (context, cancellationToken) => MoneyCurrency.PrepareAsync(input, context, cancellationToken),
        };

    /// <summary>Names a key by its arguments, as they were given: with a period that is relative to today cursors are good beyond midnight.</summary>
    private static string Name(string field, InputObject input) =>
        $"{field}({JsonSerializer.Serialize(input.Fields["period"])}{input.Fields.GetValueOrDefault("currency")})";
}
