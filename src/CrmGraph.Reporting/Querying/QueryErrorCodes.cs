namespace CrmGraph.Reporting.Querying;

/// <summary>Codes of filters, sorts and pages for which the engine has none.</summary>
public static class QueryErrorCodes
{
    public const string FilterTooLarge = "FILTER_TOO_LARGE";
    public const string InvalidSort = "INVALID_SORT";
}
