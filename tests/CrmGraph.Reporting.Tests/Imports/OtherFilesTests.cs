using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>Lookups in other files, the last row of each key, rows that repeat, and outside ids that are the server's own.</summary>
public sealed class OtherFilesTests
{
    private const string Prices = "records:\n  - product: {key: Article}\n  - order: {key: No, orderedAt: At, line: {product: Article, quantity: Quantity, "
        + "unitPrice: {column: Article, lookup: {file: prices.csv, key: SKU, value: Price MISSING}}}}\n";
    private const string Orders = "No,At,Article,Quantity\n1,2025-05-01,pen,3\n2,2025-05-02,ink,1\n";

    [Fact]
    public async Task A_value_is_looked_up_in_another_file()
    {
        var report = await RunAsync(Prices.Replace(" MISSING", "", StringComparison.Ordinal), Orders, "SKU,Price\npen,1.50\npen,1.50\n,9\n");

        Assert.Equal((1L, 1L), (report.RowsUsed, report.RowsRefused));
        Assert.Equal(("invalid-value", "order.line.unitPrice", 3L), (report.Rejected[0].Rule, report.Rejected[0].Field, report.Rejected[0].Line));
        Assert.Contains("'ink' is not in prices.csv", report.Rejected[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_key_may_be_empty_and_has_the_default()
    {
        var map = Prices.Replace("Price MISSING}", "Price, missing: empty}, default: 2", StringComparison.Ordinal);
        var report = await RunAsync(map, Orders, "SKU,Price\npen,1.50\n");

        Assert.Equal((2L, 0L), (report.RowsUsed, report.RowsRefused));
    }

    [Theory]
    [InlineData("SKU,Price\npen,1\npen,2\n", ImportErrorCodes.LookupInvalid, "line 3: 'pen'")]
    [InlineData("SKU,Cost\npen,1\n", ImportErrorCodes.ColumnMissing, "prices.csv has no column Price")]
    [InlineData("", ImportErrorCodes.FileUnreadable, "prices.csv is empty")]
    [InlineData(null, ImportErrorCodes.LookupInvalid, "prices.csv, which is not there")]
    [InlineData("SKU,Price\na,1\nb,1\nc,1\nd,1\n", ImportErrorCodes.LimitExceeded, "3 keys")]
    public async Task A_table_that_cannot_be_used_is_told_before_a_row_is_read(string? prices, string code, string message)
    {
        var report = await RunAsync(Prices.Replace(" MISSING", "", StringComparison.Ordinal), Orders, prices);

        Assert.Equal((0L, code), (report.RowsRead, report.Error!.Code));
        Assert.Contains(message, report.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("records: [{customer: {key: {column: A, lookup: {file: ../x.csv, key: B, value: C}}}}]", "without a folder")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {file: x.csv, key: B}}}}]", "'key' and 'value'")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {file: x.csv, key: B, vale: C}}}}]", "did you mean 'value'")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {file: x.csv, key: B, value: C, missing: skip}}}}]", "refuse, empty")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {stored: produkt, key: sku, value: name}}}}]", "product, customer")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {stored: product, key: sku}}}}]", "'value' (one of sku, name, category, price)")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {stored: customer, key: phone, value: city}}}}]", "'key' is one of key, email")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {stored: product, key: sku, value: phone}}}}]", "'value' is one of sku, name, category, price")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {stored: product, key: sku, value: name, file: x.csv}}}}]", "'file'")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {stored: product, key: sku, value: name, source: x}}}}]", "'source'")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {stored: product, key: sku, value: name, currency: EUR}}}}]", "'currency'")]
    [InlineData("records: [{customer: {key: {column: A, lookup: {stored: product, key: sku, value: price, currency: euros}}}}]", "'euros' is not a currency")]
    [InlineData("rows: {last: {key: A}}\nrecords: [{customer: {key: A}}]", "'last' needs 'key'")]
    [InlineData("rows: {distict: true}\nrecords: [{customer: {key: A}}]", "did you mean 'distinct'")]
    public void Mistakes_of_the_map_are_told(string map, string message)
    {
        var exception = Assert.Throws<ImportException>(() => ImportMap.Parse("source: s\n" + map, "map.yaml"));
        Assert.Equal(ImportErrorCodes.MapInvalid, exception.Code);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_last_row_of_a_key_counts()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        const string map = "source: s\nrows: {last: {key: Ticket, by: Changed}}\nrecords:\n  - ticket: {key: Ticket, openedAt: Opened, subject: State}\n";
        var report = await ImportRun.WriteAsync(crm, ImportMap.Parse(map, "map.yaml"), ImportRun.File(
            "Ticket,Changed,Opened,State\nA,2025-05-03,2025-05-01,solved\nB,2025-05-01,2025-05-01,new\nA,2025-05-02,2025-05-01,open\nB,2025-05-01,2025-05-01,waiting\nC,,2025-05-01,new\nA,2025-05-09,wrong,lost\n"));

        Assert.Equal((6L, 2L, 2L, 2L), (report.RowsRead, report.RowsUsed, report.RowsSkipped, report.RowsRefused));
        Assert.Equal(new NamedCount("not-last", 2), Assert.Single(report.Skipped));
        Assert.Equal(["solved", "waiting"], (await crm.Database.QueryAsync("select subject from tickets order by subject")).Select(row => row[0]));
        report.AssertAddsUp();
    }

    [Fact]
    public async Task Rows_of_more_keys_than_are_held_end_the_import_before_anything_is_written()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        var map = ImportMap.Parse("source: s\nrows: {last: {key: K, by: {column: N, type: number}}}\nrecords:\n  - customer: {key: K}\n", "map.yaml");
        var limits = new ImportLimits { HeldRows = 3 };
        var held = await ImportRun.WriteAsync(crm, map, ImportRun.File("K,N\na,1\nb,1\nc,1\nc,2\na,2\n"), limits: limits);
        var over = await ImportRun.WriteAsync(crm, map, ImportRun.File("K,N\nd,1\ne,1\nf,1\ng,1\n"), limits: limits);

        Assert.Equal((3L, 2L, null), (held.RowsUsed, held.RowsSkipped, held.Error));
        Assert.Equal(ImportErrorCodes.LimitExceeded, over.Error!.Code);
        Assert.Equal(3L, (await crm.Database.QueryAsync("select count(*) from customers where not is_guest"))[0][0]);
    }

    [Fact]
    public async Task Rows_that_are_alike_in_the_columns_of_the_map_count_once()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        const string map = "source: s\nrows: {distinct: true}\nrecords:\n  - interaction: {occurredAt: At, subject: Text}\n";
        var report = await ImportRun.WriteAsync(
            crm,
            ImportMap.Parse(map, "map.yaml"),
            ImportRun.File("At,Text,Loaded\n2025-05-01,a,1\n2025-05-01,a,2\n2025-05-01,b,3\n"));

        Assert.Equal((3L, 2L, 1L), (report.RowsRead, report.RowsUsed, report.RowsSkipped));
        Assert.Equal(new NamedCount("repeated-row", 1), Assert.Single(report.Skipped));
        Assert.Equal(2L, (await crm.Database.QueryAsync("select count(*) from interactions"))[0][0]);
    }

    [Fact]
    public async Task Tags_are_added_to_those_that_are_there()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        var map = ImportMap.Parse("source: s\nrecords:\n  - customer: {key: K, tags: Tags, addTags: More}\n", "map.yaml");
        await ImportRun.WriteAsync(crm, map, ImportRun.File("K,Tags,More\n1,a;b,\n"));
        await ImportRun.WriteAsync(crm, map, ImportRun.File("K,Tags,More\n1,,b;c\n"));
        Assert.Equal("a,b,c", string.Join(',', await crm.ReadAsync(async context => (await context.Customers.SingleAsync(c => !c.IsGuest)).Tags)));
        await ImportRun.WriteAsync(crm, map, ImportRun.File("K,Tags,More\n1,x,y\n"));
        Assert.Equal("x,y", string.Join(',', await crm.ReadAsync(async context => (await context.Customers.SingleAsync(c => !c.IsGuest)).Tags)));
    }

    [Theory]
    [InlineData("source: crmgraph:content\nrecords:\n  - customer: {key: K}\n")]
    [InlineData("source: s\nrecords:\n  - customer: {key: {column: K, source: 'CrmGraph:merged'}}\n")]
    [InlineData("source: s\nrecords:\n  - customer: {key: K, otherKeys: [{column: K, source: 'crmgraph:merged'}]}\n")]
    public async Task The_servers_own_sources_cannot_be_claimed(string map)
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        var report = await ImportRun.WriteAsync(crm, ImportMap.Parse(map, "map.yaml"), ImportRun.File("K\n1\n"));

        Assert.Equal(RefusalCodes.InvalidText, Assert.Single(report.Rejected).Rule);
        Assert.Equal(0L, (await crm.Database.QueryAsync("select count(*) from external_ids"))[0][0]);
    }

    private static Task<ImportReport> RunAsync(string map, string text, string? prices) =>
        new Importer(null, TimeProvider.System, new ImportLimits { LookupKeys = 3 }).RunAsync(
        ImportMap.Parse("source: s\n" + map, "map.yaml"), [ImportRun.File(text)], new ImportOptions
        {
            RejectedInReport = 100,
            Lookups = prices is null ? [] : [ImportRun.File(prices, "prices.csv")]
        });
}
