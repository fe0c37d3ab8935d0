using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Reports;

namespace CrmGraph.TestKit;

/// <summary>An operation as clients send it.</summary>
public sealed record UsualOperation(string Name, string Query, object? Variables = null);

/// <summary>Every list, every metric, and what makes one or the other dear: lists inside one another, filters, orders, groups, segments, reports.</summary>
public static class UsualOperations
{
    private const string Years = "{last: {count: 36, unit: MONTH}}", Month = "{last: {count: 30, unit: DAY}}";
    private const string Six
        = "revenue { value } orders { value } averageOrderValue { value } activeCustomers { value } newCustomers { value } retentionRate { value }";

    /// <summary>All of them; <paramref name="segment"/> is the id of one that exists.</summary>
    public static IEnumerable<UsualOperation> All(Schema schema, string segment) =>
        [.. Lists(schema), .. Nested(), .. Filters(segment), .. Orders(), .. Metrics(), .. Groups(segment), .. Reports()];

    /// <summary>The root lists by page, and counted.</summary>
    private static IEnumerable<UsualOperation> Lists(Schema schema) =>
        from field in schema.QueryType!.Fields
        where field.Type.Named.Name.EndsWith("Connection", StringComparison.Ordinal) && !field.Arguments.Any(a => a.IsRequired)
        let leaf = ((ObjectType)((ObjectType)field.Type.Named).Field("nodes")!.Type.Named).Fields.First(f => f.Type.Named is ScalarType)
        from one in new UsualOperation[]
        {
            new($"{field.Name}, 50", $"{{ {field.Name}(first: 50) {{ nodes {{ {leaf.Name} }} }} }}"),
            new($"{field.Name}, counted", $"{{ {field.Name} {{ totalCount }} }}"),
        }
        select one;

    private static IEnumerable<UsualOperation> Nested() =>
    [
        new("1,000 customers", "{ customers(first: 1000) { nodes { id name country region email } } }"),
        new("customers, figures", "{ customers(first: 200) { nodes { name orderCount lastPurchase moneySpent { currency grossAmount } owner { name } } } }"),
        new(
            "customers > orders > lines",
            "{ customers(first: 20) { nodes { name orders(first: 5) { nodes { number lines { nodes { amount product { name } } } } } } } }"),
        new("customers > everything", "{ customers(first: 50) { nodes { name attributes { key } stages { stage } interactions(first: 5) { nodes { id } } "
            + "tickets(first: 5) { nodes { id } } surveyResponses(first: 5) { nodes { id } } } } }"),
        new("customers > orders counted", "{ customers(first: 100) { nodes { name orders { totalCount } } } }"),
        new("orders > customer > orders", "{ orders(first: 100) { nodes { number customer { name orders(first: 10) { nodes { number } } } } } }"),
        new(
            "customers > orders where lines",
            "{ customers(first: 50) { nodes { name orders(first: 5, where: {lines: {some: {product: {name: {contains: \"a\"}}}}}) { nodes { number } } } } }"),
        new("customers > orders by amount", "{ customers(first: 50) { nodes { name orders(first: 5, order: [{grossAmount: DESC}]) { nodes { number } } } } }"),
        new("500 customers > 20 orders", "{ customers(first: 500) { nodes { name orders(first: 20) { nodes { number } } } } }"),
    ];

    private static IEnumerable<UsualOperation> Filters(string segment)
    {
        (string Name, string Where)[] filters =
        [
            ("country", "{country: {eq: \"Germany\"}}"),
            ("name contains", "{name: {contains: \"zz\"}}"),
            ("name startsWith", "{name: {startsWith: \"an\"}}"),
            ("email endsWith", "{email: {endsWith: \".com\"}}"),
            ("tags", "{tags: {some: {eq: \"vip\"}}}"),
            ("figures", "{orderCount: {gte: 5}, lastPurchase: {gte: \"2020-01-01\"}}"),
            ("moneySpent", "{moneySpent: {amount: {gt: 1000}}}"),
            ("spentIn", $"{{spentIn: {{period: {Years}, amount: {{gt: 1000}}}}}}"),
            ("ordersIn", $"{{ordersIn: {{period: {Years}, count: {{gt: 3}}}}}}"),
            ("lastNpsScore", "{lastNpsScore: {gte: 9}}"),
            ("orders some", "{orders: {some: {channel: {eq: \"Store\"}}}}"),
            ("orders none", "{orders: {none: {number: {endsWith: \"7\"}}}}"),
            ("orders some lines some", "{orders: {some: {lines: {some: {product: {name: {contains: \"zz\"}}}}}}}"),
            ("orders some customer orders some", "{orders: {some: {customer: {orders: {some: {number: {contains: \"zz\"}}}}}}}"),
            ("tickets none", "{tickets: {none: {subject: {contains: \"zz\"}}}}"),
            ("not or", "{not: {or: [{country: {eq: \"Germany\"}}, {age: {gte: 40}}]}}"),
            ("segment", $"{{segments: {{in: [\"{segment}\"]}}}}"),
        ];
        foreach (var (name, where) in filters)
        {
            yield return new($"where {name}", $"{{ customers(first: 20, where: {where}) {{ nodes {{ id }} }} }}");
            yield return new($"where {name}, counted", $"{{ customers(first: 20, where: {where}) {{ totalCount }} }}");
        }

        yield return new(
            "a region's customers of a month, by name",
            "{ customers(first: 50, where: {region: {eq: \"Europe\"}, createdAt: {gte: \"2025-11-01T00:00:00Z\", lt: \"2025-12-01T00:00:00Z\"}}, "
            + "order: [{name: ASC}]) { nodes { id name email } pageInfo { hasNextPage endCursor } } }");
        yield return new(
            "a month's orders, by amount",
            "{ orders(first: 50, where: {orderedAt: {gte: \"2025-11-01T00:00:00Z\", lt: \"2025-12-01T00:00:00Z\"}}, "
            + "order: [{grossAmount: DESC}]) { nodes { id number } } }");
        yield return new("orders where customer", "{ orders(first: 20, where: {customer: {name: {contains: \"zz\"}}}) { nodes { id } } }");
        yield return new("orders where customer tickets", "{ orders(where: {customer: {tickets: {some: {subject: {contains: \"zz\"}}}}}) { totalCount } }");
        yield return new(
            "segment preview",
            "{ segmentPreview(definition: {country: {eq: \"Germany\"}, orderCount: {gte: 3}}) { count sample(first: 5) { id } } }");
        yield return new(
            "segment members",
            "query ($id: ID!) { segment(id: $id) { members(first: 100) { totalCount nodes { id name } } } }",
            new { id = segment });
    }

    private static IEnumerable<UsualOperation> Orders() =>
        from order in new[] {
            "{name: ASC}",
            "{moneySpent: DESC}",
            "{orderCount: DESC}",
            "{lastPurchase: DESC}",
            "{owner: {name: ASC}}",
            "{country: ASC}, {city: DESC}",
            "{region: ASC}" }
        select new UsualOperation($"order {order}", $"{{ customers(first: 20, order: [{order}]) {{ nodes {{ id }} }} }}");

    private static IEnumerable<UsualOperation> Metrics()
    {
        foreach (var metric in MetricCatalog.All)
            foreach (var (name, period) in new[] { ("30 days", Month), ("3 years", Years) })
                yield return new($"{metric.Key}, {name}", $"{{ metrics(period: {period}) {{ totals {{ {metric.Key} {{ value }} }} }} }}");
        yield return new("six metrics, 30 days, compared", $"{{ metrics(period: {Month}, compareTo: PREVIOUS_PERIOD) {{ totals {{ {Six} }} }} }}");
        yield return new("six metrics by month, 3 years", $"{{ metrics(period: {Years}, grain: MONTH) {{ bucketTotals {{ {Six} }} }} }}");
        yield return new("revenue by day, 3 years", $"{{ metrics(period: {Years}, grain: DAY) {{ bucketTotals {{ revenue {{ value }} }} }} }}");
        yield return new("totalCustomers by day, 3 years", $"{{ metrics(period: {Years}, grain: DAY) {{ bucketTotals {{ totalCustomers {{ value }} }} }} }}");
        yield return new("retentionRate by month, 3 years", $"{{ metrics(period: {Years}, grain: MONTH) {{ bucketTotals {{ retentionRate {{ value }} }} }} }}");
        yield return new(
            "activeCustomers by month, 3 years",
            $"{{ metrics(period: {Years}, grain: MONTH) {{ bucketTotals {{ activeCustomers {{ value }} }} }} }}");
        yield return new(
            "six metrics where country, 3 years",
            $"{{ metrics(period: {Years}, where: {{customer: {{country: {{eq: \"Germany\"}}}}}}) {{ totals {{ {Six} }} }} }}");
        yield return new(
            "revenue where product, 3 years",
            $"{{ metrics(period: {Years}, where: {{product: {{name: {{contains: \"a\"}}}}}}) {{ totals {{ revenue {{ value }} }} }} }}");
        yield return new("revenue where customer orders",
            $"{{ metrics(period: {Years}, where: {{customer: {{orders: {{some: {{number: {{contains: \"zz\"}}}}}}}}}}) {{ totals {{ revenue "
            + $"{{ value }} }} }} }}");
    }

    private static IEnumerable<UsualOperation> Groups(string segment)
    {
        foreach (var by in new[] {
            "CHANNEL",
            "REGION",
            "OWNER",
            "PRODUCT_CATEGORY",
            "AGE_BAND",
            "REGION, CHANNEL",
            "CITY, CHANNEL, AGE_BAND",
            "CITY, CHANNEL, AGE_BAND], first: 5, order: [{revenue: DESC}" })
            foreach (var period in new[] { Month, Years })
                yield return new($"revenue, buyers by {by}, {(period == Month ? "30 days" : "3 years")}",
                    $"{{ metrics(period: {period}, groupBy: [{by}]) {{ groupTotals {{ revenue {{ value }} activeCustomers {{ value }} }} }} }}");
        yield return new("totalCustomers by region", $"{{ metrics(period: {Years}, groupBy: [REGION]) {{ groupTotals {{ totalCustomers {{ value }} }} }} }}");
        yield return new(
            "revenue by segment",
            $"{{ metrics(period: {Years}, groupBy: [SEGMENT], segments: [\"{segment}\"]) {{ groupTotals {{ revenue {{ value }} }} }} }}");
        yield return new(
            "revenue by channel and month",
            $"{{ metrics(period: {Years}, groupBy: [CHANNEL], grain: MONTH) {{ rows {{ revenue {{ value }} }} }} }}");
    }

    /// <summary>The sections of the built-in reports that need no parameters.</summary>
    private static IEnumerable<UsualOperation> Reports() =>
        from template in ReportTemplates.Load()
        from section in template.Content.Sections
        where section.Operation is not null
        select new UsualOperation($"{template.Key}: {section.Heading}", section.Operation!,
            template.Content.Parameters.Where(p => p.Default is not null && section.Operation!.Contains("$" + p.Name, StringComparison.Ordinal))
                .ToDictionary(p => p.Name, p => p.Default));
}
