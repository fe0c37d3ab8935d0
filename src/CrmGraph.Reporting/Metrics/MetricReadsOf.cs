namespace CrmGraph.Reporting.Metrics;

/// <summary>Tables and days of a plan.</summary>
internal static class MetricReadsOf
{
    public static MetricReads Plan(MetricPlan plan)
    {
        var tables = new HashSet<string>(StringComparer.Ordinal) { "settings" };
        DateOnly? from = plan.Windows.Min(w => w.Days.From);
        foreach (var source in plan.Reads.Keys)
        {
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
            // A stock comes from everything before; so does who is new.
            if (source is FactSource.Lifecycle or FactSource.Pipeline)
                from = null;
        }

        if (plan.Reads.Values.Any(r => r.Any(Measures.IsMoney)))
            tables.Add("exchange_rates");
        // Row rules, filters, groups and guests follow the customer of today.
        tables.Add("customers");
        if (plan.Filter.Customer is not null || plan.HasSegments)
        {
            // A condition on a customer can reach any of his facts, of any day.
            tables.UnionWith(["orders", "order_lines", "tickets", "survey_answers", "opportunities", "contracts", "interactions", "customer_figures", "customer_money",
                "customer_attributes", "external_ids", "customer_stages", "segments", "segment_members", "products"]);
            from = null;
        }

        if (plan.Query.GroupBy.Contains(MetricDimension.Owner))
            tables.Add("team_members");
        return new(tables, from, plan.Windows.Max(w => w.Days.Until));
    }
}
