using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting.Metrics;

/// <summary>Tables and days that are read: by a plan, and by each of its statements.</summary>
internal static class MetricReadsOf
{
    public static MetricReads Settings { get; } = Table("settings");
    public static MetricReads ExchangeRates { get; } = Table("exchange_rates");
    public static MetricReads Contracts { get; } = Table("contracts");
    public static MetricReads Names { get; } = new(new HashSet<string>(StringComparer.Ordinal) { "team_members", "segments" }, null, DateOnly.MaxValue);

    /// <summary>All that a plan reads.</summary>
    public static MetricReads Plan(MetricPlan plan)
    {
        var tables = new HashSet<string>(StringComparer.Ordinal) { "settings", "customers" };
        var days = new DayRange(plan.Windows.Min(w => w.Days.From), plan.Windows.Max(w => w.Days.Until));
        var (from, until) = ((DateOnly?)days.From, days.Until);
        foreach (var reads in plan.Reads.Keys.Select(s => Source(plan, s, days)))
        {
            tables.UnionWith(reads.Tables);
            from = reads.From is null ? null : from;
            until = reads.Until > until ? reads.Until : until;
        }

        if (plan.Reads.Values.Any(r => r.Any(Measures.IsMoney)))
            tables.Add("exchange_rates");
        if (plan.Query.GroupBy.Contains(MetricDimension.Owner))
            tables.UnionWith(Names.Tables);
        return new(tables, from, until);
    }

    /// <summary>What the facts, stocks or events of a source on some days come from.</summary>
    public static MetricReads Source(MetricPlan plan, FactSource source, DayRange days)
    {
        // Row rules, filters, groups and guests follow the customer of today.
        var tables = new HashSet<string>(StringComparer.Ordinal) { "settings", "customers" };
        tables.UnionWith(source switch
        {
            FactSource.Orders => ["orders"],
            FactSource.Lines => ["order_lines", "products"],
            FactSource.Tickets => ["tickets"],
            FactSource.Surveys => ["survey_answers"],
            FactSource.ClosedOpportunities or FactSource.Pipeline => ["opportunities"],
            FactSource.Lifecycle => ["orders", "contracts", "customer_figures"],
            _ => ["campaign_spend"],
        });
        // A condition on a customer can reach any of his facts, of any day.
        if (plan.Filter.Customer is not null || plan.HasSegments)
            return new(new HashSet<string>([.. tables, .. OfCustomers], StringComparer.Ordinal), null, DateOnly.MaxValue);
        // A stock comes from everything before; so does who is new, lost or back.
        return new(tables, source is FactSource.Lifecycle or FactSource.Pipeline ? null : days.From, days.Until);
    }

    private static readonly string[] OfCustomers =
    [
        "orders", "order_lines", "tickets", "survey_answers", "opportunities", "contracts", "interactions", "customer_figures", "customer_money",
        "customer_attributes", "order_attributes", "order_payments", "ticket_attributes", "external_ids", "customer_stages", "segments", "segment_members", "products",
        "exchange_rates",
    ];

    private static MetricReads Table(string name) => new(new HashSet<string>(StringComparer.Ordinal) { name }, null, DateOnly.MaxValue);
}
