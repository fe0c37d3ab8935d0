using System.Globalization;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>Imports into both databases, with the shape of Online Retail: lines of orders, cancellations, guests, exact repeats.</summary>
public sealed class ImporterTests
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    private const string Sales = Header
        + "536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
        + "536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom\n"
        + "536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
        + "C536379,85123A,,-1,2010-12-01 09:41:00,2.55,17850.0,United Kingdom\n"
        + "536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom\n"
        + "536544,22139,RETROSPOT,2,2010-12-01 14:32:00,4.125,,EIRE\n"
        + "536365,22139,RETROSPOT,1,2010-12-01 08:26:00,1.005,17850.0,France\n"
        + "A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom\n"
        + "536600,85123a,other case,4,2010-12-02 10:00:00,1.00,12345.0,Spain\n";

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Sales_returns_guests_and_repeats_are_stored_and_the_rest_is_refused_under_its_rule(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var report = await ImportRun.WriteAsync(crm, ReadyMaps.Load("online-retail"), ImportRun.File(Sales));
        report.AssertAddsUp();
        Assert.Null(report.Error);
        Assert.Equal((9, 7, 0, 2), (report.RowsRead, report.RowsUsed, report.RowsSkipped, report.RowsRefused));
        Assert.Equal(["price-negative", "price-zero"], report.Refused.Select(refused => refused.Rule).Order());
        Assert.Equal(1, report.RepeatedRows);
        Assert.Equal(new NamedCount("customer.country", 1), Assert.Single(report.Contradictions, count => count.Name == "customer.country"));

        // By hand: 2 x 6 x 2.55 + 6 x 3.39 + 1 x 1.005 = 51.945; 4 x 1.00; the guest's 2 x 4.125 stands apart.
        const string sales = "from order_lines l join customers c on c.id = l.customer_id where l.kind = 'SALE'";
        Assert.Equal("559450", await ScalarAsync(crm, $"select sum(l.amount) {sales} and not c.is_guest"));
        Assert.Equal("82500", await ScalarAsync(crm, $"select sum(l.amount) {sales} and c.is_guest"));
        Assert.Equal("25500", await ScalarAsync(crm, "select sum(amount) from order_lines where kind = 'RETURN'"));
        Assert.Equal("4", await ScalarAsync(crm, "select count(*) from orders"));
        Assert.Equal("7", await ScalarAsync(crm, "select count(*) from order_lines"));
        Assert.Equal("2", await ScalarAsync(crm, "select count(*) from customers where not is_guest"));
        Assert.Equal("4", await ScalarAsync(crm, "select count(*) from products"));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Importing_the_same_file_again_changes_nothing(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var map = ReadyMaps.Load("online-retail");
        var file = ImportRun.File(Header + Rows(seed: 7, count: 600));
        // Small batches: orders and repeats span them.
        var limits = new ImportLimits { BatchRows = 50 };
        var first = await ImportRun.WriteAsync(crm, map, file, limits: limits);
        var before = await DatabaseContents.OfAsync(crm);
        crm.Database.Clock.Advance(TimeSpan.FromHours(1));
        var again = await ImportRun.WriteAsync(crm, map, file, limits: limits);
        Assert.Equal(before, await DatabaseContents.OfAsync(crm));
        Assert.All(again.Records, count => Assert.Equal((0, 0, 0), (count.Created, count.Updated, count.Refused)));
        Assert.Equal((first.RowsRead, first.RowsUsed, first.RowsRefused), (again.RowsRead, again.RowsUsed, again.RowsRefused));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lines_beyond_those_an_order_may_have_are_refused_row_by_row_and_the_same_ones_again(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind, new CrmLimits { LinesPerOrder = 25 });
        // The second half of the lines are exact repeats of the first; the other order is as large as one may be.
        var lines = Enumerable.Range(0, 40).Select(i => $"1,P{i % 20},thing,1,2011-01-01 10:00:00,1.00,17850.0,France\n")
            .Concat(Enumerable.Range(0, 25).Select(i => $"2,P{i},thing,1,2011-01-01 10:00:00,1.00,17850.0,France\n"));
        var file = ImportRun.File(Header + string.Concat(lines));
        var limits = new ImportLimits { BatchRows = 4 };

        var first = await ImportRun.WriteAsync(crm, ReadyMaps.Load("online-retail"), file, limits: limits);
        var before = await DatabaseContents.OfAsync(crm);
        crm.Database.Clock.Advance(TimeSpan.FromHours(1));
        var again = await ImportRun.WriteAsync(crm, ReadyMaps.Load("online-retail"), file, limits: new ImportLimits { BatchRows = 7 });

        foreach (var report in new[] { first, again })
        {
            report.AssertAddsUp();
            Assert.Equal((65, 50, 15), (report.RowsRead, report.RowsUsed, report.RowsRefused));
            Assert.Equal((RefusalCodes.TooManyLines, 15L, 27L), Assert.Single(report.Refused.Select(r => (r.Rule, r.Rows, r.FirstLine))));
            Assert.Equal(Enumerable.Range(27, 15), report.Rejected.Select(r => (int)r.Line));
        }

        Assert.Equal(["25", "25"], (await crm.Database.QueryAsync("select count(*) from order_lines group by order_id")).Select(r => r[0]!.ToString()));
        Assert.Equal("500000", await ScalarAsync(crm, "select sum(gross_amount) from orders"));
        Assert.Equal(before, await DatabaseContents.OfAsync(crm));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_killed_import_that_is_run_again_ends_like_one_that_was_not(DatabaseKind kind)
    {
        var map = ReadyMaps.Load("online-retail");
        var file = ImportRun.File(Header + Rows(seed: 11, count: 600));
        await using var whole = await WriterFixture.CreateAsync(kind);
        await using var killed = await WriterFixture.CreateAsync(kind);
        var expected = await ImportRun.WriteAsync(whole, map, file);

        using var kill = new CancellationTokenSource();
        var batches = 0;
        await using var writes = killed.Writer.ForImport();
        var dying = new Importer(
            async (batch, options, cancellationToken) =>
            {
                if (++batches == 4)
                    await kill.CancelAsync();
                return await writes.WriteAsync(batch, options, cancellationToken);
            },
            TimeProvider.System,
            new ImportLimits { BatchRows = 70 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dying.RunAsync(map, [file], cancellationToken: kill.Token));
        Assert.NotEqual("0", await ScalarAsync(killed, "select count(*) from order_lines"));

        var report = await ImportRun.WriteAsync(killed, map, file, limits: new ImportLimits { BatchRows = 130 });
        Assert.Equal(expected.RowsUsed, report.RowsUsed);
        foreach (var sql in Summaries)
            Assert.Equal(await ScalarAsync(whole, sql), await ScalarAsync(killed, sql));
    }

    [Fact]
    public async Task A_full_disk_ends_an_import_with_a_code_and_what_was_written_is_counted()
    {
        var batches = 0;
        var importer = new Importer(
            (_, _, _) => ++batches < 3
                ? Task.FromResult(new IngestOutcome())
                : throw new DbUpdateException("", new SqliteException("database or disk is full", 13)),
            TimeProvider.System, new ImportLimits { BatchRows = 70 });

        var report = await importer.RunAsync(ReadyMaps.Load("online-retail"), [ImportRun.File(Header + Rows(seed: 11, count: 600))]);

        Assert.Equal(ImportErrorCodes.StorageFull, report.Error?.Code);
        Assert.InRange(report.RowsUsed, 1, report.RowsRead - 1);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_the_database_refuses_goes_back_to_its_row(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        const string map = "source: shop\nrecords:\n  - customer: {key: id, email: mail}\n  - ticket: {key: ticket, openedAt: day, csat: score}\n";
        const string text
            = "id,mail,ticket,day,score\n1,ada@example.com,T1,2024-01-01,5\n2,bob@example.com,T2,2024-01-02,9\n3,carl@example.com,T3,2024-01-03,1\n";
        using var rejects = new StringWriter(CultureInfo.InvariantCulture);
        var report = await ImportRun.WriteAsync(
            crm,
            ImportMap.Parse(map, "m"),
            ImportRun.File(text),
            new ImportOptions { Rejects = rejects, RejectedInReport = 10 });
        report.AssertAddsUp();
        Assert.Equal((2, 1), (report.RowsUsed, report.RowsRefused));
        var rejected = Assert.Single(report.Rejected);
        Assert.Equal(
            (3, RefusalCodes.OutOfRange, "ticket.csat", "2,bob@example.com,T2,2024-01-02,9"),
            (rejected.Line, rejected.Rule, rejected.Field, rejected.Row));
        Assert.Contains("\"2,bob@example.com,T2,2024-01-02,9\"", rejects.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_kind_of_record_can_be_imported(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        const string map = """
            source: all
            defaults: {currency: EUR}
            records:
              - team: {key: team, name: team}
              - teamMember: {key: who, name: who, email: mail, team: team, active: {const: "yes"}}
              - customer: {key: id, name: name, owner: who, lifecycleStage: {const: Sales Qualified}, attributes: [name]}
              - product: {key: product, category: {const: Books}}
              - order: {key: id, orderedAt: day, number: id, amount: {const: "12.50"}}
              - interaction: {occurredAt: day, kind: {const: call}, durationSeconds: {const: "60"}, owner: who}
              - ticket: {key: id, openedAt: day, kind: {const: COMPLAINT}, agent: who, csat: {const: "4"}}
              - surveyResponse: {answeredAt: day, kind: {const: NPS}, score: {const: "9"}}
              - opportunity: {key: id, openedAt: day, name: name, stage: {const: New}, status: {const: OPEN}, amount: {const: "1000"}, probability: {const: "45%"}, history: {stage: {const: Idea}, enteredAt: day}}
              - contract: {key: id, startDay: day, plan: {const: Gold}, monthlyAmount: {const: "9.99"}}
              - campaign: {key: campaign, name: campaign}
              - campaignSpend: {campaign: campaign, day: day, channel: {const: web}, amount: {const: "100"}}
              - exchangeRate: {currency: {const: USD}, day: day, rate: {const: "0.92345678"}}
            """;
        const string text = "id,name,who,mail,team,product,day,campaign\n1,Ada,Zoe,zoe@example.com,North,P1,2024-03-01,Spring\n";
        var report = await ImportRun.WriteAsync(crm, ImportMap.Parse(map, "m"), ImportRun.File(text));
        Assert.True(report is { Error: null, RowsUsed: 1 }, string.Join('\n', report.Rejected));
        foreach (var table in new[] {
            "sales_teams",
            "team_members",
            "products",
            "orders",
            "order_lines",
            "interactions",
            "tickets",
            "survey_answers",
            "opportunities",
            "contracts",
            "campaigns",
            "campaign_spend",
            "exchange_rates",
            "customer_attributes" })
            Assert.Equal("1", await ScalarAsync(crm, $"select count(*) from {table}"));
        Assert.Equal("125000", await ScalarAsync(crm, "select gross_amount from orders"));
        Assert.Equal("92345678", await ScalarAsync(crm, "select rate from exchange_rates"));
        Assert.Equal("45", await ScalarAsync(crm, "select probability from opportunities"));
        Assert.Equal("2", await ScalarAsync(crm, "select count(*) from opportunity_stages"));
        var again = await ImportRun.WriteAsync(crm, ImportMap.Parse(map, "m"), ImportRun.File(text));
        Assert.All(again.Records, count => Assert.Equal((0, 0, 0), (count.Created, count.Updated, count.Refused)));
    }

    private static readonly string[] Summaries =
    [
        "select count(*) from orders", "select sum(gross_amount) from orders", "select sum(returned_amount) from orders", "select count(*) from order_lines",
        "select sum(quantity) from order_lines",
        "select count(*) from customers", "select count(*) from products", "select count(*) from external_ids",
    ];

    /// <summary>Rows with orders that come back later, exact repeats, guests and refusals.</summary>
    private static string Rows(int seed, int count)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, count).Select(_ =>
        {
            var order = random.Next(60);
            var customer = order % 7 == 0 ? "" : $"{10_000 + order % 20}.0";
            var cancelled = order % 10 == 3;
            return $"{(cancelled ? "C" : "")}{order},P{random.Next(8)},thing,{(cancelled ? -1 : 1) * (1 + random.Next(3))},2011-01-{1 + order % 28:00} "
                + $"10:00:00,{random.Next(4)}.25,{customer},Country {random.Next(2)}\n";
        }));
    }

    private static async Task<string> ScalarAsync(WriterFixture crm, string sql) =>
        Convert.ToString((await crm.Database.QueryAsync(sql)).Single()[0], CultureInfo.InvariantCulture)!;
}
