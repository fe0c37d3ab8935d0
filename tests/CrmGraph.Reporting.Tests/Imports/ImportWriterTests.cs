using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>On SQLite a batch is prepared before its turn to write: what others change meanwhile counts as if it had been prepared in its turn.</summary>
public sealed class ImportWriterTests
{
    private const string Map = """
        source: s
        defaults: {currency: EUR}
        records:
          - order: {key: No, customer: Customer, orderedAt: At, number: Number, amount: Price}
        """;

    private const string File = "No,Customer,At,Number,Price\n1,a,2026-01-01,n,7\n2,b,2026-01-02,n,7\n";

    [Theory]
    [InlineData("update orders set channel = 'web'", false)]
    [InlineData("update customers set tags = '[\"x\"]'", false)]
    [InlineData("insert into rollup_marks (day) values ('2020-01-01')", true)]
    [InlineData("delete from data_stamps", true)]
    public async Task What_others_changed_before_its_turn_is_kept(string sql, bool isNoFact)
    {
        await using var crm = await WithOrderAsync();
        await using var writes = crm.Writer.ForImport();
        await using (var connection = await crm.Database.Engine.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var import = ImportAsync(writes, File);
            while (writes.Ahead.Prepared == 0)
                await Task.Delay(2);
            await using (var command = connection.CreateCommand())
            {
                command.Transaction = transaction;
                command.CommandText = sql;
                await command.ExecuteNonQueryAsync();
            }
            await transaction.CommitAsync();
            await transaction.DisposeAsync();
            Assert.Equal(2, (await import).RowsUsed);
        }

        Assert.Equal((1, isNoFact ? 1 : 0), writes.Ahead);
        var channel = sql.Contains("web", StringComparison.Ordinal) ? "web" : "";
        Assert.Equal(
            [$"n|{channel}|70000", "n||70000"],
            (await crm.Database.QueryAsync("select number, channel, gross_amount from orders order by day")).Select(row => string.Join('|', row)));
    }

    [Fact]
    public async Task Batches_of_an_import_that_share_a_customer_are_prepared_one_after_the_other()
    {
        await using var crm = await WithOrderAsync();
        // One order with two keys: each row gives it another field, so that the second must see what the first has written.
        await crm.Database.QueryAsync("insert into external_ids (entity, source, key, customer_id, id) select 'ORDER', 's', '9', customer_id, id from orders");
        await using var writes = crm.Writer.ForImport();
        await using (var connection = await crm.Database.Engine.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            Task<ImportReport>[] imports =
            [
                ImportAsync(writes, "No,Customer,At,Number,Price\n1,a,2026-01-01,n,7\n"),
                ImportAsync(
                    writes,
                    "No,Customer,At,Channel\n9,a,2026-01-01,web\n",
                    Map.Replace("number: Number, amount: Price", "channel: Channel", StringComparison.Ordinal)),
            ];
            while (writes.Ahead.Prepared < 2)
                await Task.Delay(2);
            await transaction.CommitAsync();
            await transaction.DisposeAsync();
            foreach (var import in imports)
                Assert.Equal(1, (await import).RowsUsed);
        }

        Assert.Equal((2, 1), writes.Ahead);
        Assert.Equal(
            ["n|web|70000"],
            (await crm.Database.QueryAsync("select number, channel, gross_amount from orders order by day")).Select(row => string.Join('|', row)));
    }

    private static async Task<WriterFixture> WithOrderAsync()
    {
        var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        await ImportRun.WriteAsync(
            crm, ImportMap.Parse("source: s\nrecords:\n  - customer: {key: C}\n", "map.yaml"), ImportRun.File("C\na\nb\n"));
        await ImportRun.WriteAsync(crm, ImportMap.Parse(Map, "map.yaml"), ImportRun.File("No,Customer,At,Number,Price\n1,a,2026-01-01,,5\n"));
        return crm;
    }

    private static Task<ImportReport> ImportAsync(ImportWriter writes, string file, string map = Map) =>
        new Importer(writes.WriteAsync, TimeProvider.System).RunAsync(
            ImportMap.Parse(map, "map.yaml"), [ImportRun.File(file)], new ImportOptions { RejectedInReport = 9 });
}
