using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Querying;

/// <summary>Codes of filters, sorts and pages for which the engine has none.</summary>
public static class QueryErrorCodes
{
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "more than `Crm:FilterConditions`, `Crm:FilterDepth` or `Crm:InListValues`",
        "save a part of it as a segment, or ask in parts")]
    public const string FilterTooLarge = "FILTER_TOO_LARGE";
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "aggregates of more groups or different values than `Crm:AggregateGroups`",
        "group by fewer fields, or ask for fewer rows")]
    public const string TooManyGroups = "TOO_MANY_GROUPS";
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "an `order` of more entries than `Crm:SortKeys`, with an entry that is null, or with an unknown locale",
        "fewer entries; a locale that the message names")]
    public const string InvalidSort = "INVALID_SORT";
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "`moneySpent` or `spentIn` without `currency` where the customers' money is in several currencies and some of it has no exchange rate",
        "write the rates, or name a `currency` in the filter")]
    public const string MixedCurrency = "MIXED_CURRENCY";
    [ErrorCode(ErrorPlace.Field, 200, "a sort by the rules of a locale that the database does not have", "install ICU, or sort by `name`")]
    public const string LocaleNotAvailable = "LOCALE_NOT_AVAILABLE";
}
