using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting.Customers;

/// <summary>
/// In which currency customers' money is compared when none is named: the reporting currency, or the only one there is, as metrics show it.
/// </summary>
internal static class MoneyCurrency
{
    /// <exception cref="GraphQLException">Nothing was sold in the reporting currency, and there are several others.</exception>
    public static string Of(FilterContext context)
    {
        var reporting = context.Moment.Currency;
        if (context.Database is not { } database || database.CustomerMoney.Any(m => m.Currency == reporting))
            return reporting;
        var first = database.CustomerMoney.Min(m => (string?)m.Currency);
        var last = database.CustomerMoney.Max(m => (string?)m.Currency);
        return first == last ? first ?? reporting : throw new GraphQLException(ErrorCodes.InvalidArgument,
            $"No customer has money in {reporting}, the reporting currency, but in several others, {first} and {last} among them, which cannot be compared: name a `currency` in the filter, or set the reporting currency to one of them.");
    }
}
