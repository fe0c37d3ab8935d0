using System.Text.Json;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Imports;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>Fields of orders and tickets through every door: mutations, bulk, files, plain SQL; and out again by filters, orders and groups.</summary>
public sealed class FactFieldTests
{
    private const string Read = """
        { tickets(order: [{priority: DESC}]) { nodes { priority topic reopenedAt reopenCount resolvedAt attributes { key value } } }
          surveyResponses(order: [{question: DESC}]) { nodes { kind question score weight } }
          orders(order: [{shippingCity: ASC}]) { nodes { shippingCountry shippingRegion shippingCity shippingPostalCode attributes { key value } } } }
        """;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Single_bulk_and_file_write_the_same(DatabaseKind kind)
    {
        var single = await AfterAsync(kind, client => client.DataAsync("""
            mutation {
              a: upsertTicket(input: {openedAt: "2026-03-01T00:00:00Z", priority: URGENT, topic: "Delivery", resolvedAt: "2026-03-02T00:00:00Z", reopenedAt: "2026-03-03T00:00:00Z", attributes: [{key: "line", value: "Tea"}]}) { errors { ... on Error { message } } }
              b: upsertTicket(input: {openedAt: "2026-03-01T00:00:00Z", priority: LOW, reopenCount: 2}) { errors { ... on Error { message } } }
              d: upsertSurveyResponse(input: {answeredAt: "2026-03-01T00:00:00Z", kind: CSAT, score: 4, question: "Delivery", weight: 1.25}) { errors { ... on Error { message } } }
              e: upsertSurveyResponse(input: {answeredAt: "2026-03-01T00:00:00Z", kind: CSAT, score: 4}) { errors { ... on Error { message } } }
              c: upsertOrder(input: {orderedAt: "2026-03-01T00:00:00Z", amount: 5, shippingCountry: "DE", shippingRegion: "BY", shippingCity: "München", shippingPostalCode: "80331", attributes: [{key: "gift", value: "yes"}]}) { errors { ... on Error { message } } }
            }
            """));
        var bulk = await AfterAsync(kind, client => client.DataAsync("""
            mutation {
              a: upsertTickets(input: {tickets: [
                {openedAt: "2026-03-01T00:00:00Z", priority: URGENT, topic: "Delivery", resolvedAt: "2026-03-02T00:00:00Z", reopenedAt: "2026-03-03T00:00:00Z", attributes: [{key: "line", value: "Tea"}]},
                {openedAt: "2026-03-01T00:00:00Z", priority: LOW, reopenCount: 2}]}) { errors { ... on Error { message } } }
              d: upsertSurveyResponses(input: {responses: [{answeredAt: "2026-03-01T00:00:00Z", kind: CSAT, score: 4, question: "Delivery", weight: 1.25},
                {answeredAt: "2026-03-01T00:00:00Z", kind: CSAT, score: 4}]}) { errors { ... on Error { message } } }
              c: upsertOrders(input: {orders: [{orderedAt: "2026-03-01T00:00:00Z", amount: 5, shippingCountry: "DE", shippingRegion: "BY", shippingCity: "München", shippingPostalCode: "80331", attributes: [{key: "gift", value: "yes"}]}]}) { errors { ... on Error { message } } }
            }
            """));
        await using var crm = await WriterFixture.CreateAsync(kind);
        await ImportRun.WriteAsync(crm, ImportMap.Parse("""
            source: shop
            defaults: {currency: EUR}
            records:
              - ticket: {key: K, openedAt: {const: 2026-03-01}, priority: P, topic: T, resolvedAt: R, reopenedAt: O, reopenCount: N, attributes: {line: L}}
              - surveyResponse: {key: K, answeredAt: {const: 2026-03-01}, kind: {const: csat}, score: {const: 4}, question: T, weight: W}
              - order: {key: K, when: C != '', orderedAt: {const: 2026-03-01}, amount: {const: 5}, shippingCountry: S, shippingRegion: G, shippingCity: C, shippingPostalCode: Z, attributes: [gift]}
            """, "map.yaml"),
            ImportRun.File("K,P,R,O,N,S,G,C,Z,L,gift,T,W\n1,urgent,2026-03-02,2026-03-03,,DE,BY,München,80331,Tea,yes,Delivery,1.25\n2,Low,,,2,,,,,,,,\n"));
        await using var client = new GraphQLClient(crm.Database);
        Assert.Equal(single, bulk);
        Assert.Equal(single, (await client.DataAsync(Read)).GetRawText());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_order_names_its_campaign_by_id_or_outside_id_through_every_door(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await using var client = new GraphQLClient(crm.Database);
        await client.DataAsync("""
            mutation { upsertCampaigns(input: {campaigns: [{externalIds: [{source: "shop", key: "spring"}], name: "Spring"}]}) { errors { ... on Error { message } } } }
            """);
        await ImportRun.WriteAsync(crm, ImportMap.Parse("""
            source: shop
            defaults: {currency: EUR}
            records:
              - order: {key: K, orderedAt: {const: 2026-03-01}, amount: {const: 5}, campaign: C}
            """, "map.yaml"), ImportRun.File("K,C\n1,spring\n2,\n"));
        var written = await client.DataAsync("""
            mutation {
              named: upsertOrder(input: {orderedAt: "2026-03-02T00:00:00Z", currency: "EUR", amount: 7, number: "N", campaign: {externalId: {source: "shop", key: "spring"}}}) { order { campaignId campaign { name } } }
              unknown: upsertOrder(input: {orderedAt: "2026-03-02T00:00:00Z", amount: 7, campaign: {externalId: {source: "shop", key: "autumn"}}}) { order { id } errors { ... on Error { message } } }
            }
            """);
        Assert.Equal("Spring", written.GetProperty("named").GetProperty("order").GetProperty("campaign").GetProperty("name").GetString());
        Assert.Contains(
            "There is no campaign",
            written.GetProperty("unknown").GetProperty("errors")[0].GetProperty("message").GetString(),
            StringComparison.Ordinal);
        const string Counts = """
            { some: orders(where: {campaign: {name: {eq: "Spring"}}}) { totalCount } none: orders(where: {campaignId: {eq: null}}) { totalCount }
              metrics(period: {range: {from: "2026-03-01", before: "2026-04-01"}}, groupBy: [CAMPAIGN], currency: "EUR") { rows { campaign { name } revenue { value } campaignRevenue { value } } } }
            """;
        var before = await client.DataAsync(Counts);
        Assert.Equal((2, 1), (Count(before, "some"), Count(before, "none")));
        Assert.Equal(
            [" 5 ", "Spring 12 12"],
            Rows(before, "metrics").Select(r =>
                $"{(r.GetProperty("campaign") is { ValueKind: JsonValueKind.Object } c ? c.GetProperty("name").GetString() : "")} "
                    + $"{r.GetProperty("revenue").GetProperty("value")} {Credited(r)}").Order(StringComparer.Ordinal));
        await client.DataAsync("""
            mutation { upsertOrders(input: {orders: [{externalIds: [{source: "shop", key: "1"}], campaign: null}]}) { errors { ... on Error { message } } } }
            """);
        Assert.Equal((1, 2), (Count(await client.DataAsync(Counts), "some"), Count(await client.DataAsync(Counts), "none")));

        static int Count(JsonElement data, string name) => data.GetProperty(name).GetProperty("totalCount").GetInt32();
        static string Credited(JsonElement row) => row.GetProperty("campaignRevenue").GetProperty("value") is { ValueKind: JsonValueKind.Number } v
            && v.GetDecimal() != 0 ? v.ToString() : "";
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_opportunity_names_its_product_through_every_door_and_is_counted_by_it(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await using var client = new GraphQLClient(crm.Database);
        await ImportRun.WriteAsync(crm, ImportMap.Parse("""
            source: crm
            defaults: {currency: EUR}
            records:
              - product: {key: P, name: P, category: C, when: P != ''}
              - opportunity: {key: K, name: K, stage: S, status: S, openedAt: {const: 2026-03-01}, closedAt: {const: 2026-03-05}, amount: A, product: P}
            """, "map.yaml"), ImportRun.File("K,S,A,P,C\n1,won,100,GTX Pro,GTX\n2,lost,70,GTX Pro,GTX\n3,won,50,MG Special,MG\n4,won,9,,\n"));
        var written = await client.DataAsync("""
            mutation {
              one: upsertOpportunity(input: {name: "5", stage: "won", status: WON, openedAt: "2026-03-02T00:00:00Z", closedAt: "2026-03-05T00:00:00Z", amount: 3, currency: "EUR",
                product: {externalId: {source: "crm", key: "MG Special"}}}) { opportunity { productId product { name category } } }
              unknown: upsertOpportunity(input: {name: "6", stage: "won", openedAt: "2026-03-02T00:00:00Z", product: {externalId: {source: "crm", key: "?"}}}) {
                opportunity { id } errors { ... on Error { message } } }
              none: upsertOpportunities(input: {opportunities: [{externalIds: [{source: "crm", key: "2"}], amount: 71}]}) { errors { ... on Error { message } } }
            }
            """);
        Assert.Equal("MG Special", written.GetProperty("one").GetProperty("opportunity").GetProperty("product").GetProperty("name").GetString());
        Assert.Contains(
            "There is no product crm:?; write the product first.", written.GetProperty("unknown").GetProperty("errors")[0].GetProperty("message").GetString(),
            StringComparison.Ordinal);
        const string Asked = """
            { some: opportunities(where: {product: {category: {eq: "GTX"}}}) { totalCount } none: opportunities(where: {productId: {eq: null}}) { totalCount }
              metrics(period: {month: "2026-03"}, groupBy: [PRODUCT], currency: "EUR", order: [{wonAmount: DESC}]) {
                rows { product { name } wonAmount { value } winRate { value reason } opportunitiesOpened { value } salesCycleDays { value } revenue { value reason } } }
              ofCategory: metrics(period: {month: "2026-03"}, groupBy: [PRODUCT_CATEGORY], currency: "EUR") { rows { productCategory wonAmount { value } } }
              ofOne: metrics(period: {month: "2026-03"}, where: {product: {name: {startsWith: "gtx"}}}, currency: "EUR") {
                totals { opportunitiesOpened { value } openOpportunities { value } wonAmount { value } lostAmount { value } averageDealSize { value } } }
              ofLine: metrics(period: {month: "2026-03"}, where: {line: {kind: {eq: SALE}}}, currency: "EUR") { totals { wonAmount { value reason } } }
              facts(metric: "wonAmount", period: {month: "2026-03"}, cell: [{dimension: PRODUCT_CATEGORY, key: "MG"}], currency: "EUR") {
                value totalCount nodes { opportunity { name product { name } } } } }
            """;
        var data = await client.DataAsync(Asked);
        Assert.Equal((2, 1), (data.GetProperty("some").GetProperty("totalCount").GetInt32(), data.GetProperty("none").GetProperty("totalCount").GetInt32()));
        Assert.Equal(
            ["GTX Pro 100 0.5 2 4", "MG Special 53 1 2 3.5", " 9 1 1 4"],
            Rows(data, "metrics").Select(r => string.Join(' ', [
                r.GetProperty("product") is { ValueKind: JsonValueKind.Object } p ? p.GetProperty("name").GetString() : "",
                .. new[] { "wonAmount", "winRate", "opportunitiesOpened", "salesCycleDays" }
                    .Select(m => r.GetProperty(m).GetProperty("value").GetRawText())])));
        Assert.Equal(
            [" 9", "GTX 100", "MG 53"],
            Rows(data, "ofCategory").Select(r => $"{r.GetProperty("productCategory")} {r.GetProperty("wonAmount").GetProperty("value")}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(
            ["2", "0", "100", "71", "100"],
            data.GetProperty("ofOne").GetProperty("totals").EnumerateObject().Select(m => m.Value.GetProperty("value").GetRawText()));
        Assert.Equal("UNSUPPORTED_FILTER", data.GetProperty("ofLine").GetProperty("totals").GetProperty("wonAmount").GetProperty("reason").GetString());
        Assert.Equal((53, 2), (data.GetProperty("facts").GetProperty("value").GetInt32(), data.GetProperty("facts").GetProperty("totalCount").GetInt32()));
        await client.DataAsync("""
            mutation { upsertOpportunities(input: {opportunities: [{externalIds: [{source: "crm", key: "1"}], product: null}]}) { errors { ... on Error { message } } } }
            """);
        Assert.Equal(2, (await client.DataAsync(Asked)).GetProperty("none").GetProperty("totalCount").GetInt32());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task They_are_found_grouped_and_emptied(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        await client.DataAsync("""
            mutation { upsertOrders(input: {orders: [
              {externalIds: [{source: "s", key: "1"}], orderedAt: "2026-03-01T00:00:00Z", currency: "EUR", amount: 5, shippingCountry: "DE", shippingCity: "KÖLN"},
              {orderedAt: "2026-03-01T00:00:00Z", currency: "EUR", amount: 7, shippingCountry: "FR"}, {orderedAt: "2026-03-01T00:00:00Z", currency: "EUR", amount: 1}]}) { errors { ... on Error { message } } }
              upsertTickets(input: {tickets: [{openedAt: "2026-03-01T00:00:00Z", priority: HIGH, kind: COMPLAINT, topic: "Delivery"}, {openedAt: "2026-03-01T00:00:00Z", kind: COMPLAINT}]}) { errors { ... on Error { message } } }
              upsertSurveyResponses(input: {responses: [{answeredAt: "2026-03-01T00:00:00Z", kind: NPS, score: 9, question: "Recommend"},
                {answeredAt: "2026-03-01T00:00:00Z", kind: CSAT, score: 5, question: "Delivery"}, {answeredAt: "2026-03-01T00:00:00Z", kind: CSAT, score: 2}]}) { errors { ... on Error { message } } }
              upsertOpportunities(input: {opportunities: [{name: "D", stage: "S", currency: "EUR", openedAt: "2026-03-01T00:00:00Z", closedAt: "2026-03-02T00:00:00Z", status: LOST, lossReason: "price"}]}) { errors { ... on Error { message } } } }
            """);
        await database.ExecuteAsync("update orders set shipping_city = 'PARIS' where shipping_country = 'FR'");
        var data = await client.DataAsync("""
            { a: orders(where: {shippingCity: {contains: "öl"}}) { totalCount } b: orders(where: {shippingCountry: {in: ["FR"]}, shippingCity: {startsWith: "pa"}}) { totalCount }
              c: tickets(where: {priority: {in: [HIGH, URGENT]}, reopenCount: {eq: 0}}) { totalCount } d: tickets(where: {priority: {eq: null}}) { totalCount }
              m: metrics(period: {range: {from: "2026-03-01", until: "2026-04-01"}}, groupBy: [SHIPPING_COUNTRY], currency: "EUR") { rows { shippingCountry revenue { value } unitsSold { value } complaints { value reason } } }
              p: metrics(period: {range: {from: "2026-03-01", until: "2026-04-01"}}, groupBy: [TICKET_PRIORITY]) { rows { ticketPriority complaints { value } } }
              q: metrics(period: {range: {from: "2026-03-01", until: "2026-04-01"}}, groupBy: [TICKET_TOPIC]) { rows { ticketTopic complaints { value } } }
              r: metrics(period: {range: {from: "2026-03-01", until: "2026-04-01"}}, groupBy: [LOSS_REASON]) { rows { lossReason opportunitiesLost { value } } }
              u: metrics(period: {range: {from: "2026-03-01", until: "2026-04-01"}}, groupBy: [SURVEY_QUESTION]) {
                rows { surveyQuestion nps { value } csat { value } csatResponses { value } } }
              v: surveyResponses(where: {question: {startsWith: "Del"}}) { totalCount }
              s: opportunities(where: {lossReason: {eq: "price"}}) { totalCount } t: tickets(where: {topic: {eq: "Delivery"}}) { totalCount } }
            """);
        foreach (var list in "abcdstv")
            Assert.Equal(1, data.GetProperty(list.ToString()).GetProperty("totalCount").GetInt32());
        Assert.Equal(["DE 5", "FR 7", " 1"], Rows(data, "m").Select(r => $"{r.GetProperty("shippingCountry")} {r.GetProperty("revenue").GetProperty("value")}")
            .OrderByDescending(x => x[0] != ' ')
            .ThenBy(x => x, StringComparer.Ordinal));
        Assert.All(Rows(data, "m"), r => Assert.Equal("UNSUPPORTED_GROUPING", r.GetProperty("complaints").GetProperty("reason").GetString()));
        Assert.Equal(
            [" 1", "HIGH 1"],
            Rows(data, "p").Select(r => $"{r.GetProperty("ticketPriority")} {r.GetProperty("complaints").GetProperty("value")}").Order(StringComparer.Ordinal));

        Assert.Equal(
            [" 1", "Delivery 1"],
            Rows(data, "q").Select(r => $"{r.GetProperty("ticketTopic")} {r.GetProperty("complaints").GetProperty("value")}").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["  0 1", "Delivery  100 1", "Recommend 100  0"],
            Rows(data, "u").Select(r => $"{r.GetProperty("surveyQuestion")} {r.GetProperty("nps").GetProperty("value")} "
                + $"{r.GetProperty("csat").GetProperty("value")} {r.GetProperty("csatResponses").GetProperty("value")}").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["price 1"], Rows(data, "r").Select(r => $"{r.GetProperty("lossReason")} {r.GetProperty("opportunitiesLost").GetProperty("value")}"));

        await client.DataAsync(
            """mutation { upsertOrder(input: {externalIds: [{source: "s", key: "1"}], shippingCity: null}) { errors { ... on Error { message } } } }""");
        Assert.Equal(0, (await client.DataAsync("""{ a: orders(where: {shippingCity: {contains: "öl"}}) { totalCount } }""")).GetProperty("a")
            .GetProperty("totalCount")
            .GetInt32());
    }

    /// <summary>Worked by hand; the margins are also R's: 1.96 * sqrt(cov.wt(cbind(x), w, method = "ML")$cov / (sum(w)^2 / sum(w^2))).</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Responses_count_by_their_weights_where_that_is_asked(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        var refused = await client.DataAsync("""
            mutation { upsertSurveyResponses(input: {responses: [
              {answeredAt: "2026-03-01T00:00:00Z", kind: NPS, score: 9, weight: 2}, {answeredAt: "2026-03-01T00:00:00Z", kind: NPS, score: 10},
              {answeredAt: "2026-03-01T00:00:00Z", kind: NPS, score: 3, weight: 0.5}, {answeredAt: "2026-03-01T00:00:00Z", kind: NPS, score: 8, weight: 1.5},
              {answeredAt: "2026-03-01T00:00:00Z", kind: CSAT, score: 6, scaleMaximum: 7, weight: 3}, {answeredAt: "2026-03-01T00:00:00Z", kind: CSAT, score: 2},
              {answeredAt: "2026-03-01T00:00:00Z", kind: NPS, score: 8, weight: -1}, {answeredAt: "2026-03-01T00:00:00Z", kind: NPS, score: 8, weight: 100000.1}]})
              { outcome { rows { message } } } }
            """);
        Assert.Equal(
            ["weight is -1; it must be 0 to 100000.", "weight is 100000.1; it must be 0 to 100000."],
            refused.GetProperty("upsertSurveyResponses").GetProperty("outcome").GetProperty("rows").EnumerateArray()
                .Select(r => r.GetProperty("message").GetString()).OfType<string>());
        var totals = (await client.DataAsync("""
            { metrics(period: {range: {from: "2026-03-01", until: "2026-04-01"}}) { totals {
              a: nps(weighted: true) { ...S } b: nps { ...S } c: promoterShare(weighted: true) { ...S } d: passives(weighted: true) { value }
              e: npsMeanScore(weighted: true) { ...S } f: csatMeanScore(weighted: true) { ...S } g: csatMeanScore { ...S } } } }
            fragment S on ScoreMetric { value numerator denominator sampleSize effectiveSampleSize marginOfError }
            """)).GetProperty("metrics").GetProperty("totals");
        // Weights 2, 1, 0.5, 1.5: 5 in all, their squares 7.5; 25 / 7.5 = 3.33. CSAT of 1 to 5: 1 + 4 x 5/6 and 2.
        Assert.Equal(
            ["50 2.5 5 4 3.333333333333 72.014998438", "25 1 4 4 4 81.257307364", "60 3 5 4 3.333333333333 52.592318831",
                "8.3 41.5 5 4 3.333333333333 2.039718804",
                "3.75 15 4 2 1.6 1.565573644", "3.166666666667 6.333333333333 2 2 2 1.616917506"],
            new[] { "a", "b", "c", "e", "f", "g" }.Select(m => Score(totals.GetProperty(m))));
        Assert.Equal("1.5", totals.GetProperty("d").GetProperty("value").ToString());

        static string Score(JsonElement score) => string.Join(
            ' ', score.EnumerateObject().Select(p => p.Name == "marginOfError" ? Math.Round(p.Value.GetDecimal(), 9) / 1.0000000000m : p.Value.GetDecimal()));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Attributes_are_found_changed_moved_and_go_with_their_row(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        const string Keys = "externalIds: [{source: \"s\", key: \"1\"}]";
        await client.DataAsync("""mutation { upsertCustomers(input: {customers: [{externalIds: [{source: "s", key: "A"}], name: "A"},"""
            + """ {externalIds: [{source: "s", key: "B"}], name: "B"}]}) { errors { ... on Error { message } } } }""");
        foreach (var (customer, attributes, shown) in new[]
        {
            ("A", """[{key: "gift", value: "Yes"}, {key: "x", value: "1"}]""", "gift=Yes x=1"), ("A", """[{key: "gift", value: "NO"}]""", "gift=NO x=1"),
            ("B", """[{key: "x", value: null}]""", "gift=NO"), ("B", """[]""", "gift=NO"),
        })
        {
            foreach (var (mutation, at) in new[] { ("upsertOrder", "orderedAt"), ("upsertTicket", "openedAt") })
            {
                var written = await client.DataAsync($$"""
                    mutation { {{mutation}}(input: {
                      {{Keys}}, {{at}}: "2026-03-01T00:00:00Z", customer: {externalId: {source: "s", key: "{{customer}}"} }, attributes: {{attributes}}
                    }) { errors { ... on Error { message } } } }
                    """);
                Assert.DoesNotContain("message", written.GetRawText(), StringComparison.Ordinal);
            }

            var data = await client.DataAsync(
                "{ o: orders { nodes { customer { name } attributes { key value } } } t: tickets { nodes { customer { name } attributes { key value } } } }");
            foreach (var list in new[] { "o", "t" })
            {
                var row = Assert.Single(data.GetProperty(list).GetProperty("nodes").EnumerateArray());
                Assert.Equal((customer, shown), (row.GetProperty("customer").GetProperty("name").GetString(), string.Join(
                    ' ',
                    row.GetProperty("attributes").EnumerateArray().Select(a => $"{a.GetProperty("key")}={a.GetProperty("value")}"))));
            }
        }

        const string Gift = """{some: {key: {eq: "gift"}, value: {contains: "no"}}}""";
        var found = await client.DataAsync($$"""{ a: orders(where: {attributes: {{Gift}} }) { totalCount } b: tickets(where: {attributes: {{Gift}} }) """
            + $$"""{ totalCount } c: customers(where: {orders: {some: {attributes: {{Gift}} } }, tickets: {some: {attributes: {{Gift}} } } }) """
            + $$"""{ totalCount } }""");
        foreach (var list in "abc")
            Assert.Equal(1, found.GetProperty(list.ToString()).GetProperty("totalCount").GetInt32());
        await database.ExecuteAsync("delete from tickets");
        await database.ExecuteAsync("delete from orders");
        Assert.Empty(await database.QueryAsync("select 1 from order_attributes union all select 1 from ticket_attributes"));
        var deletions = await database.QueryAsync(
            "select count(*) from history where \"table\" in ('order_attributes', 'ticket_attributes') and operation = 'D' and row_id like '%/x'");
        Assert.Equal("2", $"{deletions[0][0]}");
    }

    private static IEnumerable<JsonElement> Rows(JsonElement data, string table) => data.GetProperty(table).GetProperty("rows").EnumerateArray();

    private static async Task<string> AfterAsync(DatabaseKind kind, Func<GraphQLClient, Task<JsonElement>> write)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        Assert.DoesNotContain("message", (await write(client)).GetRawText(), StringComparison.Ordinal);
        return (await client.DataAsync(Read)).GetRawText();
    }
}
