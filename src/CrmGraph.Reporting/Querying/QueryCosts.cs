using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying;

/// <summary>
/// The weights of what a query asks of the database, in one unit: about a comparison of an indexed column is ten. The first five are HotChocolate's.
/// </summary>
internal static class QueryCosts
{
    /// <summary>A field that runs a statement.</summary>
    public const double Statement = 10;
    /// <summary>A filter at all, beside its conditions.</summary>
    public const double Filter = 10;
    /// <summary>A condition on a value.</summary>
    public const double Compare = 10;
    /// <summary>A condition on a value that stands in the row beside: what is kept of each customer.</summary>
    public const double Kept = 50;
    /// <summary>A condition that looks into a text and so reads it of every row.</summary>
    public const double Match = 200;
    /// <summary>Looking for words in the names, email addresses and phone numbers of all customers.</summary>
    public const double Search = 500;
    public const double SortKey = 10;
    /// <summary>A key that no index has: the value is found for every row before the first is shown.</summary>
    public const double UnindexedKey = 500;
    /// <summary>Counting all rows of a list, not only those of the page.</summary>
    public const double Count = 250;
    /// <summary>A condition on other rows, which are looked up for every row.</summary>
    public const double RelatedRows = 1_000;
    /// <summary>Money of other rows, looked up and converted by the rate of each one's day, for every row.</summary>
    public const double ConvertedMoney = 2_500;
    /// <summary>How many other rows each row is taken to have.</summary>
    public const double RowsEach = 3;
    /// <summary>Membership of a saved segment, whose whole filter takes part.</summary>
    public const double Segment = 500;
    /// <summary>The share of its weight that a filter or order of a parent's own rows costs for each parent: the other rows of the list are not read.</summary>
    public const double OfParent = 0.125;
    /// <summary>One metric that sums orders, before the length of its period and before it is split.</summary>
    public const double Metric = 100;
    /// <summary>An analysis that reads every order of its customers.</summary>
    public const double Analysis = 2_000;

    /// <summary>What a batch resolver adds for each parent: a share of one statement.</summary>
    public const double ShareOfStatement = 2;

    public static IReadOnlyList<AppliedDirective> Weighs(double cost) => cost == 0 ? [] : [CostDirectives.Cost(cost)];
}
