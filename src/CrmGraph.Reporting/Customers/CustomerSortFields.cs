using System.Diagnostics;
using System.Linq.Expressions;
using System.Text.Json;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
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
        yield return new SortField("ordersIn", false, NoValue, "The number of sales in a period.")
        {
            IsIndexed = false,
            Cost = QueryCosts.RelatedRows,
            ReadsMoment = true,
            Arguments = new(types => Input(types, "CustomerOrdersInSortInput", "Sorts by the number of a customer's sales in a period.",
                CustomerFilterFields.Period(types)), OrdersIn),
        };
        yield return new SortField("spentIn", false, NoValue, "Sales less returns in a period.")
        {
            IsIndexed = false,
            Cost = QueryCosts.ConvertedMoney,
            ReadsMoment = true,
            Arguments = new(
                types => Input(
                    types, "CustomerSpentInSortInput", "Sorts by the money that a customer has spent in a period: sales less returns.",
                    CustomerFilterFields.Period(types), CustomerFilterFields.Currency(types)),
                SpentIn),
        };
        yield return new SortField("nameInLocale", false, NoValue, "The name, as readers of a language expect it sorted: Chinese by pinyin.")
        {
            IsIndexed = false,
            Arguments = new(
                types => Input(
                    types, "CustomerNameInLocaleSortInput", "Sorts by name, by the rules of a language.",
                    new InputValueDefinition("locale", new NonNullType(types.Scalar("String")))
                    {
                        Description = "A BCP 47 tag such as `de`, `zh` or `sv-FI`. An unknown one is refused with the list of those that there are.",
                    }),
                NameInLocale),
        };
    }

    private static Expression NoValue(Expression row, FilterContext context) => throw new UnreachableException("The value depends on an argument.");

    private static InputObjectType Input(ITypeRegistry types, string name, string description, params InputValueDefinition[] arguments) =>
        types.GetOrAdd(name, () => new InputObjectType(name, () => [.. arguments, SortArguments.Direction(types)])
        {
            Description = description,
        });

    private static SortField OrdersIn(InputObject input) => SortField.Of<Customer, int>(Name("ordersIn", input), context =>
    {
        var sales = CustomerFilterFields.Sales(context.Moment.Days((PeriodInput)input.Fields["period"]!));
        return c => c.Orders.AsQueryable().Count(sales);
    }, false) with
    { IsIndexed = false };

    private static SortField SpentIn(InputObject input) =>
        SortField.Of<Customer, long>(Name("spentIn", input), context => CustomerFilterFields.SpentIn(input, context), false) with
        {
            IsIndexed = false,
            PrepareAsync = (context, cancellationToken) => MoneyCurrency.PrepareAsync(input, context, cancellationToken),
        };

    private static SortField NameInLocale(InputObject input)
    {
        var tag = (string)input.Fields["locale"]!;
        var locale = LocaleOrder.Find(tag) ?? throw new GraphQLException(QueryErrorCodes.InvalidSort,
            $"`locale: {JsonSerializer.Serialize(tag)}` is none of those by whose rules names can be sorted: {string.Join(", ", LocaleOrder.Locales)}.");
        Expression<Func<Customer, string>> name = c => c.Name;
        return new($"nameInLocale({locale})", false, (row, context) => LocaleOrder.Of(context.Database!, Lambdas.Inline(name, row), locale))
        {
            IsIndexed = false,
            PrepareAsync = async (context, cancellationToken) =>
            {
                if (!await LocaleOrder.IsThereAsync(context.Database!, locale, cancellationToken))
                    throw new GraphQLException(QueryErrorCodes.LocaleNotAvailable,
                        $"The database has no rules of `{locale}` to sort by: it runs without ICU. Sort by `name`, or install ICU.");
            },
        };
    }

    /// <summary>Names a key by its arguments, as they were given: with a period that is relative to today cursors are good beyond midnight.</summary>
    private static string Name(string field, InputObject input) =>
        $"{field}({JsonSerializer.Serialize(input.Fields["period"])}{input.Fields.GetValueOrDefault("currency")})";
}
