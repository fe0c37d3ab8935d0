using System.Collections.Immutable;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Tables and days that a query reads: a committed change outside of them cannot change its answer.</summary>
/// <param name="Tables">Names of database tables.</param>
/// <param name="From">The first day of facts that matters; null for all of the past.</param>
/// <param name="Until">The first day that no longer matters.</param>
public sealed record MetricReads(IReadOnlySet<string> Tables, DateOnly? From, DateOnly Until)
{
    /// <summary>Of whichever facts: row rules, filters, groups and guests follow the customer of today.</summary>
    internal static IReadOnlyList<string> OfFacts { get; } = ["settings", "customers"];

    /// <summary>What a condition on a customer can reach: through facts, owners and teams, nearly everything. Tables that tell no changes follow from these.</summary>
    internal static IReadOnlyList<string> OfCustomers { get; } = [.. Data.Model.Tables.With(TableTraits.Changes).Select(t => t.Name)];

    internal static MetricReads Settings { get; } = Of("settings");
    internal static MetricReads Formulas { get; } = Of("custom_metrics");
    internal static MetricReads Attributes { get; } = Of("customer_attributes", "customers");
    private static MetricReads OrderAttributes { get; } = Of("order_attributes", "customers");
    private static MetricReads TicketAttributes { get; } = Of("ticket_attributes", "customers");
    internal static MetricReads AttributesBy(MetricDimension dimension) => dimension switch
    {
        MetricDimension.OrderAttribute => OrderAttributes,
        MetricDimension.TicketAttribute => TicketAttributes,
        _ => Attributes,
    };

    internal static MetricReads Rates { get; } = Of("exchange_rates");
    internal static MetricReads Contracts { get; } = Of("contracts");
    /// <summary>Of the marks of rollups: whoever makes one changes these, or the settings when all are made anew.</summary>
    internal static MetricReads Rollups { get; } = Of("orders", "customers", "settings");
    internal static MetricReads Names { get; } = Of("team_members", "segments", "customers", "products", "sales_teams", "campaigns");

    /// <summary>Facts that count on the day by which the database tells their changes, and on no other.</summary>
    private static readonly HashSet<string> _dated = [.. Data.Model.Tables.With(TableTraits.Dated).Select(t => t.Name)];

    /// <summary>Whether these tables have facts of days alone.</summary>
    public static bool AreDated(ImmutableArray<string> tables) => tables.All(_dated.Contains);

    /// <summary>For an answer to which a fact of any day counts: it may be the first of its kind.</summary>
    public MetricReads OfAllTime() => this with { From = null, Until = DateOnly.MaxValue };

    /// <summary>Whether a commit may have changed the answer.</summary>
    public bool IsTouchedBy(CommitNotice notice)
    {
        var dated = false;
        foreach (var table in notice.Tables)
        {
            if (!Tables.Contains(table))
                continue;
            if (notice.FromDay is null || notice.ToDay is null || !_dated.Contains(table))
                return true;
            dated = true;
        }

        return dated && (From is null || notice.ToDay >= From) && notice.FromDay < Until;
    }

    private static MetricReads Of(params IEnumerable<string> tables) => new(new HashSet<string>(tables, StringComparer.Ordinal), null, DateOnly.MaxValue);
}
