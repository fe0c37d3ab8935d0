using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>Several batches are written at once where none needs what another brings: what is left is what one after the other leaves.</summary>
public sealed class LaneTests
{
    private const string Orders = """
        source: s
        defaults: {currency: EUR}
        records:
          - order:
              {key: No, customer: Customer, orderedAt: At, channel: Channel, number: Number, line: {product: Article, quantity: Quantity, unitPrice: Price}}
        """;

    private const string Tickets = """
        source: s
        records:
          - ticket: {key: No, customer: Customer, openedAt: At, channel: Channel, subject: Number, csat: Quantity}
        """;

    [Theory]
    [InlineData(1, Orders)]
    [InlineData(2, Orders)]
    [InlineData(3, Tickets)]
    [InlineData(4, Orders)]
    public async Task Several_writers_leave_what_one_leaves_also_when_they_were_killed(int seed, string text)
    {
        var map = ImportMap.Parse(text, "map.yaml");
        var rounds = int.Parse(Environment.GetEnvironmentVariable("CRMGRAPH_FUZZ") ?? "1", CultureInfo.InvariantCulture) * 2;
        for (var round = 0; round < Math.Max(1, rounds); round++)
        {
            var random = new Random(seed * 10_000 + round);
            var kind = (seed + round) % 2 == 0 ? DatabaseKind.Sqlite : DatabaseKind.Postgres;
            ImportFile[] files = [File(random, 150, "one.csv"), File(random, 60, "two.csv")];
            await using var one = await WithCustomersAsync(kind);
            await using var several = await WithCustomersAsync(kind);
            await using var killed = await WithCustomersAsync(kind);
            var limits = new ImportLimits { BatchRows = random.Next(1, 20) };
            var expected = await RunAsync(one, one.Writer.WriteAsync, map, files, writers: 1, limits);

            await using var writes = several.Writer.ForImport();
            var report = await RunAsync(several, writes.WriteAsync, map, files, writers: 3, limits);
            Assert.Equal(Told(expected), Told(report));
            Assert.Equal(await ContentsAsync(one), await ContentsAsync(several));

            await KillAsync(killed, map, files, limits, after: random.Next(1, 12));
            await using var again = killed.Writer.ForImport();
            await RunAsync(killed, again.WriteAsync, map, files, writers: 3, limits with { BatchRows = random.Next(1, 40) });
            Assert.Equal(await ContentsAsync(one), await ContentsAsync(killed));
        }
    }

    [Fact]
    public async Task Batches_are_at_the_database_at_once_and_no_order_or_customer_is_in_two_of_them()
    {
        var open = new ConcurrentDictionary<string, int>();
        var (atOnce, most) = (0, 0);
        async Task<IngestOutcome> WriteAsync(IngestBatch batch, WriteOptions options, CancellationToken cancellationToken)
        {
            var now = Interlocked.Increment(ref atOnce);
            InterlockedMax(ref most, now);
            // Until the first batch is written, customers take the first lane.
            string[] names =
            [
                .. batch.Orders.Select(o => $"order {o.Key.Key}")
                    .Concat(batch.Orders.Where(o => o.Origin > 200).Select(o => o.Customer.Value.Key.Key)).Distinct()
            ];
            foreach (var name in names)
                Assert.True(open.TryAdd(name, 1), name);
            await Task.Delay(3, cancellationToken);
            foreach (var name in names)
                open.TryRemove(name, out _);
            Interlocked.Decrement(ref atOnce);
            return new IngestOutcome();
        }
        var rows = Enumerable.Range(0, 600).Select(i => $"{i},{(i < 150 ? "first" : "c")}{i % 37},2025-01-01,web,n,p1,1,2\n");

        var report = await new Importer(WriteAsync, TimeProvider.System, new ImportLimits { BatchRows = 8 }).RunAsync(
            ImportMap.Parse(Orders, "map.yaml"), [ImportRun.File(Header + string.Concat(rows))], new ImportOptions { Writers = 3 });

        Assert.Null(report.Error);
        Assert.Equal(600, report.RowsUsed);
        Assert.Equal(3, most);
    }

    [Theory]
    [InlineData("customer: {key: Customer}\n  - order: {key: No, orderedAt: At, amount: Price}")]
    [InlineData("order: {customer: Customer, orderedAt: At, amount: Price}")]
    [InlineData("order: {key: No, orderedAt: At, amount: Price}")]
    [InlineData("order: {key: No, customer: Customer, orderedAt: At, line: {key: Number, product: Article, amount: Price}}")]
    [InlineData("payment: {order: No, paidAt: At, amount: Price}")]
    [InlineData("product: {key: Article}")]
    public async Task What_others_may_need_is_written_one_batch_after_the_other(string record)
    {
        var (atOnce, most) = (0, 0);
        var importer = new Importer(
            async (_, _, cancellationToken) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref atOnce));
                await Task.Delay(1, cancellationToken);
                Interlocked.Decrement(ref atOnce);
                return new IngestOutcome();
            },
            TimeProvider.System,
            new ImportLimits { BatchRows = 8 });
        var map = ImportMap.Parse($"source: s\ndefaults: {{currency: EUR}}\nrecords:\n  - {record}\n", "map.yaml");

        await importer.RunAsync(map, [File(new Random(1), 200)], new ImportOptions { Writers = 3 });

        Assert.Equal(1, most);
    }

    private const string Header = "No,Customer,At,Channel,Number,Article,Quantity,Price\n";

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    private static async Task KillAsync(WriterFixture crm, ImportMap map, ImportFile[] files, ImportLimits limits, int after)
    {
        using var kill = new CancellationTokenSource();
        await using var writes = crm.Writer.ForImport();
        var batches = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            crm,
            async (batch, options, cancellationToken) =>
            {
                if (Interlocked.Increment(ref batches) == after)
                    await kill.CancelAsync();
                return await writes.WriteAsync(batch, options, cancellationToken);
            },
            map, files, writers: 3, limits, kill.Token));
    }

    private static Task<ImportReport> RunAsync(
        WriterFixture crm,
        WriteBatch write,
        ImportMap map,
        ImportFile[] files,
        int writers,
        ImportLimits limits,
        CancellationToken cancellationToken = default) =>
        new Importer(write, TimeProvider.System, limits).RunAsync(
            map, files, new ImportOptions { RejectedInReport = 300, Stored = crm.Contexts, Writers = writers }, cancellationToken);

    /// <summary>What a report says beside the time that was taken.</summary>
    private static string Told(ImportReport report)
    {
        report.AssertAddsUp();
        return string.Join('\n', new[]
        {
            $"{report.RowsRead} {report.RowsUsed} {report.RowsRefused} {report.RepeatedRows} {report.Error}",
            string.Join(' ', report.Refused), string.Join(' ', report.Contradictions), string.Join(' ', report.Records), string.Join(' ', report.Warnings),
            string.Join('\n', report.Rejected),
        });
    }

    private static async Task<WriterFixture> WithCustomersAsync(DatabaseKind kind)
    {
        var crm = await WriterFixture.CreateAsync(kind);
        var map = ImportMap.Parse("source: s\nrecords:\n  - customer: {key: C, acquisitionChannel: From}\n  - product: {key: P, name: P}\n", "map.yaml");
        await ImportRun.WriteAsync(
            crm, map, ImportRun.File("C,From,P\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"c{i},{(i % 2 == 0 ? "web" : "store")},p{i % 4}\n"))));
        return crm;
    }

    /// <summary>Facts that come back later, also under another customer, and rows without a customer or a key, of unknown ones, and wrong ones.</summary>
    private static ImportFile File(Random random, int count, string name = "file.csv")
    {
        var text = new StringBuilder(Header);
        for (var i = 0; i < count; i++)
        {
            var no = random.Next(40);
            var customer = random.Next(12) == 0 ? random.Next(11) : no % 9 + 1;
            string[] fields =
            [
                random.Next(15) == 0 ? "" : $"{no}", customer == 0 ? "" : $"c{customer}", random.Next(20) == 0 ? "1700-01-01" : $"2025-01-0{no % 9 + 1}",
                random.GetItems(["web", "store", ""], 1)[0], random.GetItems(["a", "b", ""], 1)[0], random.GetItems(["p1", "p2", "p3", "", "p9"], 1)[0],
                $"{random.Next(1, 7)}", $"{random.Next(1, 4)}",
            ];
            text.AppendJoin(',', fields).Append('\n');
        }
        return ImportRun.File(text.ToString(), name);
    }

    private static async Task<string> ContentsAsync(WriterFixture crm)
    {
        var contents = new StringBuilder();
        foreach (var sql in new[]
        {
            "select e.key, o.day, o.kind, o.gross_amount, o.channel, o.number, o.currency, c.name, c.is_guest "
                + "from orders o left join external_ids e on e.id = o.id join customers c on c.id = o.customer_id",
            "select e.key, l.day, l.amount, l.quantity, l.unit_price, l.channel, p.name, c.is_guest from order_lines l "
                + "left join external_ids e on e.id = l.order_id left join products p on p.id = l.product_id join customers c on c.id = l.customer_id",
            "select e.key, t.day, t.csat, t.channel, t.subject, c.name, c.is_guest "
                + "from tickets t left join external_ids e on e.id = t.id join customers c on c.id = t.customer_id",
            "select c.name, f.first_purchase_day, f.last_purchase_day, f.order_count "
                + "from customer_figures f join customers c on c.id = f.customer_id where not c.is_guest",
            "select c.name, m.currency, m.gross_amount, m.returned_amount "
                + "from customer_money m join customers c on c.id = m.customer_id where not c.is_guest",
            "select sum(gross_amount), count(*) from customer_money m join customers c on c.id = m.customer_id where c.is_guest",
            "select distinct day from rollup_marks",
            "select entity, source, key from external_ids",
            "select currency from settings",
        })
            foreach (var row in (await crm.Database.QueryAsync(sql)).Select(row => string.Join('|', row)).Order(StringComparer.Ordinal))
                contents.AppendLine(row);
        return contents.ToString();
    }
}
