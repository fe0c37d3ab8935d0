using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Sqlite;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>A large import into small tables goes on without some of their indexes on SQLite. They come back, whatever becomes of the import.</summary>
public sealed class PausedIndexTests
{
    private const string Indexes = "select name, sql from sqlite_master where type = 'index' order by name";
    private const string OfAmounts = "select 1 from sqlite_master where name = 'ix_orders_gross_amount_id'";

    private static readonly ImportMap Map = ImportMap.Parse(
        """
        source: s
        defaults: {currency: EUR}
        records:
          - order: {key: No, customer: Customer, orderedAt: At, line: {product: P, quantity: Q, unitPrice: Price}}
        """,
        "map.yaml");

    [Fact]
    public async Task A_large_import_makes_all_indexes_again()
    {
        await using var crm = await WithCustomersAsync();
        var indexes = await TextAsync(crm, Indexes);
        await using (var writes = crm.Writer.ForImport())
        {
            await ImportAsync(writes, 1, 60);
            await ImportAsync(writes, 61, 70);

            // Rows are found by key, id and day, and so are a customer's.
            Assert.Empty(await TextAsync(crm, OfAmounts));
            Assert.Equal(
                [
                    "ix_external_ids_customer_id", "ix_order_lines_customer_id_order_id", "ix_order_lines_product_id_day_id",
                    "ix_orders_customer_id_day_of_sales", "ix_orders_customer_id_of_campaigns", "ix_orders_customer_id_ordered_at_id",
                    "ix_orders_gross_amount_id", "ix_orders_number_id", "ix_orders_owner_id_day",
                ],
                await TextAsync(crm, "select name from paused_indexes order by name"));
            // Others read and write.
            await crm.Database.QueryAsync("update orders set number = 'n' where gross_amount = 70000");
            Assert.Equal(["1"], await TextAsync(crm, "select count(*) from orders where number = 'n'"));
            await ImportAsync(writes, 71, 80);
        }

        Assert.Equal(indexes, await TextAsync(crm, Indexes));
        Assert.Empty(await TextAsync(crm, "select * from paused_indexes"));
        Assert.Equal(["ok"], await TextAsync(crm, "pragma integrity_check"));
        Assert.Equal(["80|80"], await TextAsync(crm, "select (select count(*) from orders), (select count(*) from order_lines)"));
    }

    [Fact]
    public async Task Whoever_opens_the_database_makes_the_indexes_that_a_killed_import_has_left()
    {
        await using var crm = await WithCustomersAsync();
        var indexes = await TextAsync(crm, Indexes);
        await using var writes = crm.Writer.ForImport();
        await ImportAsync(writes, 1, 60);
        await ImportAsync(writes, 61, 70);
        Assert.Empty(await TextAsync(crm, OfAmounts));

        await using (var other = DatabaseEngine.Create(crm.Database.ConnectionString, crm.Database.Clock))
            await other.MigrateAsync();

        Assert.Equal(indexes, await TextAsync(crm, Indexes));
        // The first import was not killed after all, and goes on.
        await ImportAsync(writes, 71, 80);
        await writes.DisposeAsync();
        Assert.Equal(indexes, await TextAsync(crm, Indexes));
        Assert.Equal(["80"], await TextAsync(crm, "select count(*) from orders"));
        Assert.Equal(["ok"], await TextAsync(crm, "pragma integrity_check"));
    }

    [Fact]
    public async Task Of_two_imports_at_once_the_first_that_ends_makes_them()
    {
        await using var crm = await WithCustomersAsync();
        var indexes = await TextAsync(crm, Indexes);
        await using var one = crm.Writer.ForImport();
        await using var two = crm.Writer.ForImport();
        await ImportAsync(one, 1, 30);
        await ImportAsync(two, 31, 60);
        await ImportAsync(one, 61, 70);
        await ImportAsync(two, 71, 80);
        await one.DisposeAsync();
        Assert.Equal(indexes, await TextAsync(crm, Indexes));

        await ImportAsync(two, 81, 90);
        await two.DisposeAsync();

        Assert.Equal(indexes, await TextAsync(crm, Indexes));
        Assert.Equal(["90"], await TextAsync(crm, "select count(*) from orders"));
    }

    [Fact]
    public async Task An_import_that_brings_less_than_there_was_leaves_the_indexes()
    {
        await using var crm = await WithCustomersAsync();
        await using (var writes = crm.Writer.ForImport())
            await ImportAsync(writes, 1, 60);

        await using var later = crm.Writer.ForImport();
        await ImportAsync(later, 61, 100);
        await ImportAsync(later, 101, 110);

        Assert.Empty(await TextAsync(crm, "select * from paused_indexes"));
        Assert.NotEmpty(await TextAsync(crm, OfAmounts));
    }

    [Fact]
    public async Task A_table_that_has_grown_large_has_its_indexes_before_the_import_ends()
    {
        await using var crm = await WithCustomersAsync();
        var indexes = await TextAsync(crm, Indexes);
        await using var writes = crm.Writer.ForImport();
        await ImportAsync(writes, 1, 60);
        await ImportAsync(writes, 61, 130);
        Assert.Empty(await TextAsync(crm, OfAmounts));

        await ImportAsync(writes, 131, 140);

        Assert.Equal(indexes, await TextAsync(crm, Indexes));
        await ImportAsync(writes, 141, 150);
        Assert.Equal(indexes, await TextAsync(crm, Indexes));
        Assert.Equal(["150"], await TextAsync(crm, "select count(*) from orders"));
    }

    private static async Task<WriterFixture> WithCustomersAsync()
    {
        var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        ((SqliteEngine)crm.Database.Engine).PausedRows = new PausedRows(Least: 25, Most: 120);
        await ImportRun.WriteAsync(
            crm,
            ImportMap.Parse("source: s\nrecords:\n  - customer: {key: C}\n  - product: {key: P, name: P}\n", "map.yaml"),
            ImportRun.File("C,P\na,p\nb,q\n"));
        return crm;
    }

    private static async Task ImportAsync(ImportWriter writes, int first, int last)
    {
        var rows = Enumerable.Range(first, last - first + 1)
            .Select(i => $"{i},{(i % 2 == 0 ? "a" : "b")},2026-01-{(i % 28) + 1:00},{(i % 3 == 0 ? "p" : "q")},1,{i}\n");
        var report = await new Importer(writes.WriteAsync, TimeProvider.System).RunAsync(
            Map, [ImportRun.File("No,Customer,At,P,Q,Price\n" + string.Concat(rows))], new ImportOptions { RejectedInReport = 9 });
        Assert.Equal((last - first + 1, null), (report.RowsUsed, report.Error));
    }

    private static async Task<string[]> TextAsync(WriterFixture crm, string sql) =>
        [.. (await crm.Database.QueryAsync(sql)).Select(row => string.Join('|', row))];
}
