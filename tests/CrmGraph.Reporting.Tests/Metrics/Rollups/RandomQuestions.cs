using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;

namespace CrmGraph.Reporting.Tests.Metrics.Rollups;

/// <summary>Questions for metrics of orders, half of which some rollup covers.</summary>
internal sealed class RandomQuestions(SampleCrm crm, Random random)
{
    private static readonly string[] Groupings =
        ["", "", "CHANNEL", "REGION", "COUNTRY", "OWNER", "CHANNEL, REGION", "CHANNEL, OWNER", "REGION, COUNTRY", "ACQUISITION_CHANNEL", "COUNTRY, OWNER",
        "CITY", "CITY, CHANNEL", "AGE_BAND", "LIFECYCLE_STAGE, REGION", "INDUSTRY", "GENDER, CUSTOMER_KIND", "OCCUPATION", "CUSTOMER",
        "WEEKDAY", "MONTH_OF_YEAR, REGION", "RFM_GROUP", "VALUE_CLASS, CHANNEL", "CLUSTER, PROBABILITY_ALIVE", "NEW_OR_RETURNING"];

    private static readonly string[] NotOfLives = ["CHANNEL", "WEEKDAY", "MONTH_OF_YEAR", "NEW_OR_RETURNING"];

    private static readonly string[] Grains = ["", "", "grain: DAY", "grain: WEEK", "grain: MONTH", "grain: HOUR", "grain: QUARTER", "grain: FISCAL_YEAR"];

    private static readonly string[] Filters =
    [
        "", "", "", "customer: {region: {eq: \"North\"}}", "customer: {region: {in: [\"North\", \"South\"]}, country: {neq: \"Germany\"}}",
        "customer: {or: [{country: {eq: null}}, {region: {eq: \"South\"}}]}", "channel: {in: [\"web\", \"store\"]}", "channel: {eq: null}",
        "knownCustomersOnly: true", "customer: {kind: {eq: COMPANY}}", "customer: {not: {country: {eq: \"China\"}}}, channel: {neq: \"web\"}",
        "customer: {orders: {some: {grossAmount: {gt: 50}}}}", "customer: {city: {neq: \"Anywhere\"}}", "customer: {birthDate: {gt: \"1980-01-01\"}}",
        "customer: {lifecycleStage: {neq: LEAD}}, channel: {eq: \"web\"}", "customer: {orderCount: {gt: 1}}", "channel: {contains: \"e\"}",
    ];

    private static readonly string[] Compared = ["", "", "compareTo: PREVIOUS_PERIOD", "compareTo: PREVIOUS_YEAR"];

    private const string Values = "revenue { value reason previous } grossRevenue { value } returns { value reason } orders { value reason previous } "
        + "averageOrderValue { value reason } activeCustomers { value reason previous } purchaseFrequency { value reason } "
        + "oneTimeBuyers { value previous } discountRate { value reason } medianOrderValue { value reason previous }";

    private const string Lives = "customersAtStart { value reason } customersAtEnd { value reason previous } newCustomers { value previous } "
        + "lostCustomers { value previous } reactivatedCustomers { value reason } retentionRate { value reason previous }";

    public (string Text, Caller Caller) Next()
    {
        var lives = random.Next(2) == 0;
        // Customers do not come and go by channel, nor by the hour.
        var (grouping, grain, filter) = (
            One([.. Groupings.Where(g => !lives || !NotOfLives.Any(n => g.Contains(n, StringComparison.Ordinal)))]),
            One([.. Grains.Where(g => !lives || !g.EndsWith("HOUR", StringComparison.Ordinal))]),
            One([.. Filters.Where(f => !lives || !f.Contains("channel", StringComparison.Ordinal))]));
        var period = grain == "grain: HOUR" ? "last: {count: 3, unit: DAY}" : One(
            "last: {count: 3, unit: MONTH}", "last: {count: 90, unit: DAY}", "range: {from: \"1990-01-01\", until: \"2049-12-31\"}", "toDate: YEAR");
        if (period.StartsWith("range", StringComparison.Ordinal) && (grouping.Length > 0 || grain != "grain: MONTH"))
            grain = "";
        string[] arguments = [$"period: {{{period}}}", grain, grouping.Length == 0 ? "" : $"groupBy: [{grouping}]", One(Compared),
            filter.Length == 0 ? "" : $"where: {{{filter}}}",
            One("", "", "", "currency: \"USD\"", "currency: \"CNY\""),
            random.Next(5) == 0 && grouping.Length > 0 ? $"first: 2, order: [{{{(lives ? "customersAtEnd" : "revenue")}: DESC}}]" : ""];
        var parts = One("rows", "rows", "rows totals", "rows totals groupTotals bucketTotals", "totals", "groupTotals").Split(' ')
            .Select(p => $"{p} {{ {(p == "totals" ? "" : "key ")}{(lives ? Lives : Values)} }}");
        return ($"{{ metrics({string.Join(", ", arguments.Where(a => a.Length > 0))}) {{ {string.Join(' ', parts)} }} }}", AnyCaller());
    }

    private Caller AnyCaller()
    {
        var owners = crm.Members.Take(3).Select(m => m.Id).Order().ToList();
        return random.Next(4) switch
        {
            0 => new("rep", Role.Representative, owners[0], [owners[0]]),
            1 => new("manager", Role.Manager, owners[0], owners),
            2 => new("analyst", Role.Analyst, null, null),
            _ => Caller.System,
        };
    }

    private T One<T>(params T[] of) => of[random.Next(of.Length)];
}
