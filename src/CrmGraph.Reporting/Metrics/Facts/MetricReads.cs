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
    internal static MetricReads Rates { get; } = Of("exchange_rates");
    internal static MetricReads Contracts { get; } = Of("contracts");
    /// <summary>Of the marks of rollups: whoever makes one changes these, or the settings when all are made anew.</summary>
    internal static MetricReads Rollups { get; } = Of("orders", "customers", "settings");
    internal static MetricReads Names { get; } = Of("team_members", "segments", "customers", "products", "sales_teams", "campaigns");

    private static MetricReads Of(params IEnumerable<string> tables) => new(new HashSet<string>(tables, StringComparer.Ordinal), null, DateOnly.MaxValue);
}
