using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Customers;

/// <summary>
/// Conditions on a customer's own figures: all-time from the figures that the database keeps, within a period from the facts.
/// Cancelled orders count nowhere. Money is that in the currency named, or all of it, converted.
/// </summary>
[FilterFields<Customer>]
public static class CustomerFilterFields
{
    public static IEnumerable<FilterField> Fields(FilterTypes types)
    {
        yield return FilterTypes.Value<Customer, int>("orderCount", FilterKind.Number, () => types.Int,
            _ => c => c.Figures == null ? 0 : c.Figures.OrderCount, cost: QueryCosts.Kept).With("The number of sales over all time.");
        yield return FilterTypes.Value<Customer, DateOnly?>("firstPurchase", FilterKind.Day, () => types.Day,
            _ => c => c.Figures == null ? null : c.Figures.FirstPurchaseDay, cost: QueryCosts.Kept).With("The day of the first sale.");
        yield return FilterTypes.Value<Customer, DateOnly?>("lastPurchase", FilterKind.Day, () => types.Day,
            _ => c => c.Figures == null ? null : c.Figures.LastPurchaseDay, cost: QueryCosts.Kept).With("The day of the last sale.");
        yield return new MoneyFilterField("moneySpent", () => Spent(types), MoneySpent, QueryCosts.ConvertedMoney).With("Sales less returns over all time.");
        yield return new ComputedFilterField("ordersIn", () => OrdersIn(types), OrdersInPeriod, QueryCosts.RelatedRows).With(
            "The number of sales in a period.");
        yield return new MoneyFilterField("spentIn", () => SpentIn(types), SpentInPeriod, QueryCosts.ConvertedMoney).With("Sales less returns in a period.");
        yield return FilterTypes.Value<Customer, int?>(
            "lastNpsScore",
            FilterKind.Number,
            () => types.Int,
            _ => LastScore(SurveyKind.Nps),
            cost: QueryCosts.RelatedRows).With("The score of the latest NPS survey response, 0 to 10.");
        yield return FilterTypes.Value<Customer, int?>(
            "lastCsatScore",
            FilterKind.Number,
            () => types.Int,
            _ => LastScore(SurveyKind.Csat),
            cost: QueryCosts.RelatedRows).With("The score of the latest CSAT survey response, on its own scale.");
        yield return new ComputedFilterField("age", () => types.Int, Age).With("The age in whole years, today in the reporting time zone.");
        yield return types.Rows<Customer, ExternalId>("externalIds", c => c.ExternalIds.Where(e => e.Entity == ExternalEntity.Customer))
            .With("The customer's ids in other systems.");
        // Saved segments and reports name it so.
        yield return types.Rows<Customer, SurveyResponse>("surveyAnswers", c => c.SurveyResponses)
            .With("The customer's survey responses.", deprecated: "Use `surveyResponses`.");
    }

    private static InputObjectType Spent(FilterTypes types) =>
        types.Registry.GetOrAdd("CustomerMoneySpentFilterInput", () => new InputObjectType("CustomerMoneySpentFilterInput", () =>
    [
        Currency(types.Registry),
        Amount(types),
    ])
        {
            Description = "Conditions on the money that a customer has spent over all time: sales less returns.",
        });

    private static InputObjectType OrdersIn(FilterTypes types) =>
        types.Registry.GetOrAdd("CustomerOrdersInFilterInput", () => new InputObjectType("CustomerOrdersInFilterInput", () =>
    [
        Period(types.Registry),
        new("count", new NonNullType(types.Int)) { Description = "Conditions on the number of sales; 0 for a customer without any." },
        new("where", types.Row(typeof(Order))) { Description = "Which sales count, apart from cancelled ones. If omitted, all of them." },
    ])
        {
            Description = "Conditions on the number of a customer's sales in a period.",
        });

    private static InputObjectType SpentIn(FilterTypes types) =>
        types.Registry.GetOrAdd("CustomerSpentInFilterInput", () => new InputObjectType("CustomerSpentInFilterInput", () =>
    [
        Period(types.Registry),
        Currency(types.Registry),
        Amount(types),
    ])
        {
            Description = "Conditions on the money that a customer has spent in a period: sales less returns.",
        });

    internal static InputValueDefinition Period(ITypeRegistry types) => new("period", new NonNullType(types.Input(typeof(PeriodInput))))
    {
        Description = "The days that count.",
    };

    private static InputValueDefinition Amount(FilterTypes types) => new("amount", new NonNullType(types.Decimal))
    {
        Description = "Conditions on the amount.",
    };

    internal static InputValueDefinition Currency(ITypeRegistry types) =>
        new("currency", types.Scalar("String"))
        {
            Description = "An ISO 4217 code: only money in this currency counts. If omitted, all money counts, converted to the reporting currency at the rate "
                + "of each day, or in the only currency there is. The request fails with MIXED_CURRENCY if some money cannot be converted."
        };

    private static Expression MoneySpent(Expression row, object value, FilterContext context)
    {
        var input = (InputObject)value;
        var (code, all) = CurrencyOf(input, null, context);
        Expression<Func<Customer, long>> spent = c => c.Money.Where(m => m.Currency == code).Sum(m => m.GrossAmount - m.ReturnedAmount);
        return Amount(input, Lambdas.Inline(all?.WithOthers(spent, null) ?? spent, row), context);
    }

    private static Expression OrdersInPeriod(Expression row, object value, FilterContext context)
    {
        var input = (InputObject)value;
        var counts = Sales(context.Moment.Days((PeriodInput)input.Fields["period"]!));
        if (input.Fields.TryGetValue("where", out var where))
            counts = counts.And(FilterBuilder.Inner<Order>((InputObject)FilterBuilder.NotNull(where, "where", input), context));
        Expression<Func<Customer, IEnumerable<Order>>> orders = c => c.Orders;
        var count = Expression.Call(typeof(Enumerable), nameof(Enumerable.Count), [typeof(Order)], Lambdas.Inline(orders, row), counts);
        return FilterBuilder.Operand((InputObject)input.Fields["count"]!, new(FilterKind.Number, count, context));
    }

    /// <summary>Which orders are sales of a period.</summary>
    internal static Expression<Func<Order, bool>> Sales(DayRange days)
    {
        var (from, until) = days;
        return o => o.Kind == OrderKind.Sale && o.CancelledAt == null && o.Day >= from && o.Day < until;
    }

    private static Expression SpentInPeriod(Expression row, object value, FilterContext context) =>
        Amount((InputObject)value, Lambdas.Inline(SpentIn((InputObject)value, context), row), context);

    /// <summary>Sales less returns in the period and currency of an input.</summary>
    internal static Expression<Func<Customer, long>> SpentIn(InputObject input, FilterContext context)
    {
        var days = context.Moment.Days((PeriodInput)input.Fields["period"]!);
        var (code, all) = CurrencyOf(input, days, context);
        var (from, until) = days;
        Expression<Func<Customer, long>> spent = c => c.Orders
            .Where(o => o.Currency == code && o.CancelledAt == null && o.Day >= from && o.Day < until)
            .Sum(o => o.GrossAmount - o.ReturnedAmount);
        return all?.WithOthers(spent, days) ?? spent;
    }

    private static Expression Amount(InputObject input, Expression amount, FilterContext context) =>
        FilterBuilder.Operand((InputObject)input.Fields["amount"]!, new(FilterKind.Decimal, amount, context) { Digits = FixedPoint.MoneyDigits });

    /// <returns>The currency named; or the one in which all money is counted, and how.</returns>
    private static (string Code, MoneyCurrency? All) CurrencyOf(InputObject input, DayRange? days, FilterContext context)
    {
        if (input.Fields.TryGetValue("currency", out var named))
            return (Known(Operands.Text(FilterBuilder.NotNull(named, "currency", input))), null);
        var all = MoneyCurrency.Of(context, days);
        return (all.Code, all);
    }

    private static string Known(string code) => CurrencyCodes.All.Contains(code)
        ? code
        : throw new GraphQLException(ErrorCodes.InvalidArgument, $"`currency` must be a code of ISO 4217 in capital letters such as EUR, not \"{code}\".");

    private static Expression<Func<Customer, int?>> LastScore(SurveyKind kind) => c => c.SurveyResponses
        .Where(a => a.Kind == kind)
        .OrderByDescending(a => a.AnsweredAt).ThenByDescending(a => a.Id)
        .Select(a => (int?)a.Score)
        .FirstOrDefault();

    /// <summary>An age is a range of birth dates; whoever was born on 29 February is a year older on 1 March of other years.</summary>
    private static Expression Age(Expression row, object value, FilterContext context)
    {
        // (today - birth date) in whole years = difference of the years, less one when month and day are still to come.
        var today = context.Moment.Today;
        int year = today.Year, month = today.Month, day = today.Day;
        Expression<Func<Customer, int?>> age = c => c.BirthDate == null
            ? null
            : year - c.BirthDate.Value.Year - (c.BirthDate.Value.Month > month || (c.BirthDate.Value.Month == month && c.BirthDate.Value.Day > day) ? 1 : 0);
        return FilterBuilder.Operand((InputObject)value, new(FilterKind.Number, Lambdas.Inline(age, row), context));
    }
}

/// <summary>A condition on money in one currency: it depends on what money there is, unless the currency is named.</summary>
internal sealed class MoneyFilterField(
    string name,
    Func<GraphQLType> type,
    Func<Expression, object, FilterContext, Expression> build,
    double cost = QueryCosts.Compare)
    : ComputedFilterField(name, type, build, cost)
{
    public override bool DependsOnCaller => true;

    public override ValueTask PrepareAsync(object value, FilterContext context, CancellationToken cancellationToken) =>
        MoneyCurrency.PrepareAsync((InputObject)value, context, cancellationToken);
}
