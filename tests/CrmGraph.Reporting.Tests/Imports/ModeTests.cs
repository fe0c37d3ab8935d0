using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>What the modes leave alone, what they fill, and what a map can empty.</summary>
public sealed class ModeTests
{
    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Keep_changes_nothing_of_what_was_there_and_fill_only_what_is_empty(DatabaseKind kind)
    {
        const string order = "order: {key: No, mode: MODE, orderedAt: D, channel: C, currency: Cu, line: {key: L, quantity: Q, unitPrice: P}}";
        const string header = "No,D,C,Cu,L,Q,P\n";
        foreach (var (mode, channel) in new[] { ("keep", ""), ("fill", "web") })
        {
            await using var crm = await WriterFixture.CreateAsync(kind);
            await ImportAsync(crm, order.Replace("MODE", "upsert", StringComparison.Ordinal), header + "1,2025-05-01,,EUR,a,1,10\n");

            var report = await ImportAsync(crm, order.Replace(
                "MODE",
                mode,
                StringComparison.Ordinal), header
                    + "1,2025-06-01,web,USD,a,2,10\n1,2025-06-01,web,USD,b,1,5\n2,2025-06-01,web,USD,c,1,5\n2,2025-06-01,web,USD,d,1,7\n"
                    + "2,2025-06-01,web,USD,e,1,1\n", batch: 1);

            Assert.Equal((5, 5), (report.RowsRead, report.RowsUsed));
            // What the file itself made is no order that was there: the rows of a new one add up, in batches of one row too.
            Assert.Equal($"2025-05-01|{channel}|EUR|100000 2025-06-01|web|USD|130000",
                await ReadAsync(crm, "select day, coalesce(channel, ''), currency, gross_amount from orders order by day"));
        }
    }

    [Theory]
    [InlineData(
        "customer: {key: K, mode: MODE, country: A, city: B, attributes: {x: C}}",
        "K,A,B,C\nk,DE,,\n",
        "K,A,B,C\nk,FR,Lyon,1\n",
        "select c.country, c.city, (select max(value) from customer_attributes) from customers c where not is_guest",
        "DE||",
        "DE|Lyon|1")]
    [InlineData(
        "product: {key: K, mode: MODE, name: A, category: B}",
        "K,A,B\nk,one,\n",
        "K,A,B\nk,two,food\n",
        "select name, category from products",
        "one|",
        "one|food")]
    [InlineData(
        "campaign: {key: K, mode: MODE, name: A, channel: B}",
        "K,A,B\nk,one,\n",
        "K,A,B\nk,two,ads\n",
        "select name, channel from campaigns",
        "one|",
        "one|ads")]
    [InlineData(
        "teamMember: {key: K, mode: MODE, name: A, email: B}",
        "K,A,B\nk,one,\n",
        "K,A,B\nk,two,a@example.com\n",
        "select name, email from team_members",
        "one|",
        "one|a@example.com")]
    [InlineData(
        "interaction: {key: K, mode: MODE, occurredAt: D, subject: A, channel: B}",
        "K,D,A,B\nk,2025-05-01,one,\n",
        "K,D,A,B\nk,2025-05-02,two,web\n",
        "select day, subject, channel from interactions",
        "2025-05-01|one|",
        "2025-05-01|one|web")]
    [InlineData(
        "ticket: {key: K, mode: MODE, openedAt: D, subject: A, csat: B}",
        "K,D,A,B\nk,2025-05-01,one,\n",
        "K,D,A,B\nk,2025-05-02,two,4\n",
        "select day, subject, csat from tickets",
        "2025-05-01|one|",
        "2025-05-01|one|4")]
    [InlineData(
        "surveyResponse: {key: K, mode: MODE, answeredAt: D, kind: A, score: B, comment: C}",
        "K,D,A,B,C\nk,2025-05-01,csat,4,\n",
        "K,D,A,B,C\nk,2025-05-02,nps,9,fine\n",
        "select kind, score, scale_maximum, comment from survey_answers",
        "CSAT|4|5|",
        "CSAT|4|5|fine")]
    [InlineData(
        "contract: {key: K, mode: MODE, startDay: D, monthlyAmount: A, currency: B, plan: C}",
        "K,D,A,B,C\nk,2025-05-01,,EUR,\n",
        "K,D,A,B,C\nk,2025-05-02,7,USD,gold\n",
        "select start_day, monthly_amount, currency, plan from contracts",
        "2025-05-01||EUR|",
        "2025-05-01|70000|USD|gold")]
    [InlineData(
        "opportunity: {key: K, mode: MODE, openedAt: D, stage: S, amount: A, currency: B, channel: C}",
        "K,D,S,A,B,C\nk,2025-05-01,new,,EUR,\n",
        "K,D,S,A,B,C\nk,2025-05-02,old,7,USD,web\n",
        "select day, stage, amount, currency, channel from opportunities",
        "2025-05-01|new||EUR|",
        "2025-05-01|new|70000|USD|web")]
    [InlineData(
        "campaign: {key: {const: c}, channel: {const: ads}}\n  - campaignSpend: {campaign: {const: c}, mode: MODE, day: D, amount: A}",
        "D,A\n2025-05-01,5\n",
        "D,A\n2025-05-01,7\n",
        "select amount from campaign_spend",
        "50000",
        "50000")]
    [InlineData(
        "exchangeRate: {currency: C, mode: MODE, day: D, rate: A}",
        "C,D,A\nUSD,2025-05-01,0.5\n",
        "C,D,A\nUSD,2025-05-01,0.7\n",
        "select rate from exchange_rates",
        "50000000",
        "50000000")]
    public async Task Every_kind_of_record_is_kept_and_filled(string record, string first, string second, string query, string kept, string filled)
    {
        foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
        {
            await using var crm = await WriterFixture.CreateAsync(kind);
            await ImportAsync(crm, record.Replace("MODE", "upsert", StringComparison.Ordinal), first);
            await ImportAsync(crm, record.Replace("MODE", "keep", StringComparison.Ordinal), second);
            Assert.Equal(kept, await ReadAsync(crm, query));
            await ImportAsync(crm, record.Replace("MODE", "fill", StringComparison.Ordinal), second);
            Assert.Equal(filled, await ReadAsync(crm, query));
            var update = await ImportAsync(crm, record.Replace("MODE", "update", StringComparison.Ordinal), second.Replace(
                "\nk,",
                "\nother,",
                StringComparison.Ordinal).Replace("USD,2025-05-01", "USD,2025-05-03", StringComparison.Ordinal)
                    .Replace("\n2025-05-01,7", "\n2025-05-03,7", StringComparison.Ordinal));
            Assert.Equal("NOT_FOUND", Assert.Single(update.Rejected).Rule);
        }
    }

    [Theory]
    [InlineData("contract: {key: K, mode: MODE, startDay: D, endDay: E}", "K,D,E\nk,2025-05-01,\n", "K,D,E\nk,2025-01-01,2025-02-01\n", "contract.endDay")]
    [InlineData("campaign: {key: K, mode: MODE, startDay: D, endDay: E}", "K,D,E\nk,2025-05-01,\n", "K,D,E\nk,2025-01-01,2025-02-01\n", "campaign.endDay")]
    [InlineData("ticket: {key: K, mode: MODE, openedAt: D, resolvedAt: E}", "K,D,E\nk,2025-05-01,\n", "K,D,E\nk,2025-01-01,2025-02-01\n", "ticket.resolvedAt")]
    [InlineData(
        "ticket: {key: K, mode: MODE, openedAt: D, firstResponseAt: E}",
        "K,D,E\nk,2025-05-01,\n",
        "K,D,E\nk,2025-01-01,2025-02-01\n",
        "ticket.firstResponseAt")]
    [InlineData(
        "opportunity: {key: K, mode: MODE, stage: {const: s}, status: S, openedAt: D, closedAt: E}",
        "K,S,D,E\nk,open,2025-01-01,\n",
        "K,S,D,E\nk,won,2025-01-01,2025-02-01\n",
        "opportunity.closedAt")]
    public async Task Rules_between_fields_hold_for_the_row_as_it_will_be(string record, string first, string second, string field)
    {
        foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
        {
            await using var crm = await WriterFixture.CreateAsync(kind);
            await ImportAsync(crm, record.Replace("MODE", "upsert", StringComparison.Ordinal), first);
            var fill = await ImportAsync(crm, record.Replace("MODE", "fill", StringComparison.Ordinal), second);
            var refused = Assert.Single(fill.Rejected);
            Assert.Equal(("INCONSISTENT", field), (refused.Rule, refused.Field));
            Assert.Contains("shop:k", refused.Message, StringComparison.Ordinal);
            // Nothing of the row is taken, so nothing of it can be wrong.
            var keep = await ImportAsync(crm, record.Replace("MODE", "keep", StringComparison.Ordinal), second);
            Assert.Equal((1, 0), (keep.RowsUsed, keep.RowsRefused));
        }
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Headers_and_lines_come_from_two_files(DatabaseKind kind)
    {
        const string headers = "source: shop\nrecords:\n  - customer: {key: Customer}\n  - order: {key: No, orderedAt: Date}\n";
        const string lines = "source: shop\nrecords:\n  - product: {key: Article}\n  - order:\n      key: OrderNo\n      mode: update\n"
            + "      line: {key: \"= OrderNo & '-' & Pos\", product: Article, quantity: Qty, unitPrice: Price}\n";
        const string file = "OrderNo,Pos,Article,Qty,Price\n1,1,A,2,5\n1,2,B,1,3\n2,1,A,1,5\n9,1,A,1,5\n";
        await using var crm = await WriterFixture.CreateAsync(kind);
        await MapAsync(crm, headers, "No,Date,Customer\n1,2025-05-01,c1\n2,2025-05-02,c2\n");
        for (var time = 0; time < 2; time++)
        {
            var report = await MapAsync(crm, lines, file);
            Assert.Equal("NOT_FOUND", Assert.Single(report.Rejected).Rule);
            Assert.Equal("2025-05-01|130000 2025-05-02|50000", await ReadAsync(crm, "select day, gross_amount from orders order by day"));
        }
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_map_can_empty_fields(DatabaseKind kind)
    {
        const string map = """
            source: shop
            defaults: {clear: "#N/A", currency: EUR}
            records:
              - customer: {key: K, name: {column: N}, email: E, city: {column: C, clear: [none, ""]}, birthDate: B, tags: T, attributes: {level: L}}
              - ticket: {key: K, openedAt: {const: 2025-05-01}, subject: C, csat: S, resolvedAt: R}
              - opportunity: {key: K, openedAt: {const: 2025-05-01}, stage: {const: new}, amount: S, probability: S}
            """;
        const string query = "select c.name, c.email, c.city, c.birth_date, c.tags, (select max(value) from customer_attributes), t.subject, t.csat, "
            + "t.resolved_at, o.amount, o.probability from customers c, tickets t, opportunities o where not c.is_guest";
        await using var crm = await WriterFixture.CreateAsync(kind);
        await MapAsync(crm, map, "K,N,E,C,B,T,L,S,R\nk,Ann,a@example.com,Rome,2000-01-01,\"x,y\",gold,4,2025-05-02\n");
        var full = await ReadAsync(crm, query);
        await MapAsync(crm, map, "K,N,E,C,B,T,L,S,R\nk,,,Rome,,,,,\n");
        Assert.Equal(full, await ReadAsync(crm, query));

        var report = await MapAsync(crm, map, "K,N,E,C,B,T,L,S,R\nk,Ann,#N/A,,#N/A,#N/A,#N/A,#N/A,#N/A\n");

        Assert.Equal(1, report.RowsUsed);
        Assert.Equal(kind == DatabaseKind.Sqlite ? "Ann||||[]||Rome||||" : "Ann||||||Rome||||", await ReadAsync(crm, query));
    }

    [Fact]
    public void What_cannot_be_empty_is_not_cleared()
    {
        var exception = Assert.Throws<ImportException>(
            () => ImportMap.Parse("source: s\nrecords:\n  - customer: {key: K, name: {column: N, clear: x}}\n", "map.yaml"));
        Assert.Contains("'customer.name' cannot be empty", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_first_money_is_in_the_reporting_currency_and_other_money_is_told(DatabaseKind kind)
    {
        const string map = "source: shop\nrecords:\n  - order: {key: K, orderedAt: D, currency: C, amount: A}\n";
        await using var crm = await WriterFixture.CreateAsync(kind);
        var first = await MapAsync(crm, map, "K,D,C,A\n1,2025-05-01,cny,5\n2,2025-05-01,CNY,6\n");
        Assert.Equal("CNY", await ReadAsync(crm, "select currency from settings"));
        Assert.Contains("The reporting currency is now CNY", Assert.Single(first.Warnings), StringComparison.Ordinal);

        var second = await MapAsync(crm, map, "K,D,C,A\n3,2025-05-01,USD,5\n");
        Assert.Equal("CNY", await ReadAsync(crm, "select currency from settings"));
        Assert.Contains("Money in USD", Assert.Single(second.Warnings), StringComparison.Ordinal);

        await MapAsync(crm, "source: shop\nrecords:\n  - exchangeRate: {currency: C, day: D, rate: R}\n", "C,D,R\nUSD,2025-01-01,7\n");
        Assert.Empty((await MapAsync(crm, map, "K,D,C,A\n4,2025-05-01,USD,5\n")).Warnings);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_currency_that_somebody_set_stays(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await crm.Database.ExecuteAsync("update settings set currency = 'GBP'");
        var report = await MapAsync(
            crm,
            "source: shop\nrecords:\n  - order: {key: K, orderedAt: D, currency: C, amount: A}\n",
            "K,D,C,A\n1,2025-05-01,CNY,5\n");
        Assert.Equal("GBP", await ReadAsync(crm, "select currency from settings"));
        Assert.Contains("Money in CNY", Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    private static Task<ImportReport> ImportAsync(WriterFixture crm, string record, string file, int batch = 100)
        => MapAsync(crm, $"source: shop\nrecords:\n  - {record}\n", file, batch);

    private static Task<ImportReport> MapAsync(WriterFixture crm, string map, string file, int batch = 100) =>
        ImportRun.WriteAsync(crm, ImportMap.Parse(map, "map.yaml"), ImportRun.File(file), limits: new ImportLimits { BatchRows = batch });

    private static async Task<string> ReadAsync(WriterFixture crm, string query) =>
        string.Join(' ', (await crm.Database.QueryAsync(query)).Select(row => string.Join('|', row.Select(Shown))));

    private static string Shown(object? value) => value switch
    {
        string[] words => string.Join(',', words),
        DateOnly day => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };
}
