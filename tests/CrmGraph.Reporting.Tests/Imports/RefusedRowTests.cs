using System.Globalization;
using System.Text;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>A row is written whole or not at all: a refused one leaves what a file without it leaves.</summary>
public sealed class RefusedRowTests
{
    private const string Everything
        = "select (select count(*) from customers where not is_guest) + (select count(*) from products) + (select count(*) from external_ids)";

    [Theory]
    [InlineData("order: {key: K, orderedAt: A, amount: B}", "2025-01-01,999999999999")]
    [InlineData("product: {key: P}\n  - order: {key: K, orderedAt: A, line: {product: P, quantity: 1, amount: B}}", "2025-01-01,999999999999")]
    [InlineData("order: {orderedAt: A, owner: B, amount: {const: 5}}", "2025-01-01,nobody")]
    [InlineData("interaction: {key: K, occurredAt: A, durationSeconds: B}", "2025-01-01,-1")]
    [InlineData("ticket: {key: K, openedAt: A, csat: B}", "2025-01-01,9")]
    [InlineData("ticket: {key: K, openedAt: A, resolvedAt: B}", "2025-01-01,2024-01-01")]
    [InlineData("surveyResponse: {key: K, kind: {const: nps}, answeredAt: A, score: B}", "2025-01-01,11")]
    [InlineData("opportunity: {key: K, openedAt: A, stage: {const: won}, status: {const: won}, closedAt: B}", "2025-01-01,2024-01-01")]
    [InlineData("contract: {key: K, startDay: A, endDay: B}", "2025-01-01,2024-01-01")]
    public async Task The_only_row_of_a_customer_leaves_none_when_it_is_refused(string record, string values)
    {
        foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
        {
            await using var crm = await WriterFixture.CreateAsync(kind);
            var map = $"source: s\ndefaults: {{currency: EUR}}\nrecords:\n  - customer: {{key: C, country: Land}}\n  - {record}\n";
            var file = ImportRun.File($"C,Land,K,P,A,B\nc,DE,k,p,{values}\n");

            await using (var trial = crm.Writer.Try())
            {
                var dry = await new Importer(trial.WriteAsync, TimeProvider.System).RunAsync(
                    ImportMap.Parse(map, "map.yaml"),
                    [file],
                    new ImportOptions { IsDryRun = true });
                Assert.Equal((0L, 1L), (dry.RowsUsed, dry.RowsRefused));
                Assert.All(dry.Records, count => Assert.Equal(0, count.Created));
            }
            var report = await ImportRun.WriteAsync(crm, ImportMap.Parse(map, "map.yaml"), file);

            Assert.Equal((0L, 1L), (report.RowsUsed, report.RowsRefused));
            Assert.Equal("0", Assert.Single(await crm.Database.QueryAsync(Everything))[0]!.ToString());
        }
    }

    [Fact]
    public async Task A_customer_has_the_fields_of_the_rows_that_are_used()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        const string map = "source: s\nrecords:\n  - customer: {key: C, country: Land, city: City, email: Mail}\n  - ticket: {key: K, openedAt: A, csat: B}\n";

        var report = await ImportRun.WriteAsync(crm, ImportMap.Parse(map, "map.yaml"), ImportRun.File(
            "C,Land,City,Mail,K,A,B\nc,DE,Berlin,,1,2025-01-01,9\nc,DE,,,2,2025-01-01,5\nd,FR,,no address,3,2025-01-01,5\nd,FR,,,4,2025-01-01,5\n"));

        Assert.Equal((2L, 2L), (report.RowsUsed, report.RowsRefused));
        Assert.Equal([2L, 4L], report.Rejected.Select(row => row.Line));
        Assert.Equal(
            ["c|DE|", "d|FR|"],
            (await crm.Database.QueryAsync("select name, country, city from customers where not is_guest order by name")).Select(row => string.Join('|', row)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_file_with_refused_rows_equals_the_file_without_them(int seed)
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("CRMGRAPH_FUZZ") ?? "1", CultureInfo.InvariantCulture) * 3;
        for (var round = 0; round < Math.Max(1, rounds); round++)
        {
            var random = new Random(seed * 10_000 + round);
            var rows = Enumerable.Range(0, 40).Select(_ => RandomRow(random)).ToList();
            var limits = new ImportLimits { BatchRows = random.Next(1, 30) };
            await using var whole = await WriterFixture.CreateAsync(seed % 2 == 0 ? DatabaseKind.Sqlite : DatabaseKind.Postgres);
            var report = await ImportRun.WriteAsync(whole, Map, File(rows), limits: limits);
            report.AssertAddsUp();
            var refused = report.Rejected.Select(row => (int)row.Line - 2).ToHashSet();
            await using var clean = await WriterFixture.CreateAsync(seed % 2 == 0 ? DatabaseKind.Sqlite : DatabaseKind.Postgres);
            var again = await ImportRun.WriteAsync(clean, Map, File(rows.Where((_, i) => !refused.Contains(i))), limits: limits);

            Assert.Equal((0L, report.RowsUsed), (again.RowsRefused, again.RowsUsed));
            Assert.Equal(report.Contradictions, again.Contradictions);
            Assert.Equal(await ContentsAsync(clean), await ContentsAsync(whole));
        }
    }

    private static readonly ImportMap Map = ImportMap.Parse("""
        source: s
        defaults: {currency: EUR}
        records:
          - teamMember: {key: Owner, manager: Boss}
          - customer: {key: Customer, country: Land, email: Mail, owner: Owner}
          - product: {key: Article, category: Group}
          - order: {key: No, orderedAt: At, line: {product: Article, quantity: Quantity, unitPrice: Price}}
          - ticket: {when: not is_empty(Csat), openedAt: At, csat: Csat, agent: Boss}
        """, "map.yaml");

    private static ImportFile File(IEnumerable<string> rows)
        => ImportRun.File("Owner,Boss,Customer,Land,Mail,Article,Group,No,At,Quantity,Price,Csat\n" + string.Concat(rows.Select(row => row + "\n")));

    private static string RandomRow(Random random)
    {
        var fields = new List<string>();
        foreach (var choices in new[]
        {
            new[] { "o1", "o2", "o3", "" }, ["", "", "o1", "o2", "o3", "o9"], ["c1", "c2", "c3", ""], ["DE", "FR", ""], ["", "", "a@example.com", "no address"],
            ["p1", "p2", ""], ["food", ""], ["1", "2", "3", "4", "5"], ["2025-01-01", "2025-01-02", "1700-01-01"], ["1", "2"], ["1", "5", "999999999999"],
            ["", "", "3", "9"],
        })
            fields.Add(random.GetItems(choices, 1)[0]);
        return string.Join(',', fields);
    }

    private static async Task<string> ContentsAsync(WriterFixture crm)
    {
        var contents = new StringBuilder();
        foreach (var sql in new[]
        {
            "select c.name, c.country, c.email, m.name from customers c left join team_members m on m.id = c.owner_id where not c.is_guest order by 1",
            "select m.name, b.name from team_members m left join team_members b on b.id = m.manager_id order by 1",
            "select name, category from products order by 1",
            "select e.key, o.day, o.gross_amount, o.currency, c.name from orders o join external_ids e on e.id = o.id join customers c on c.id = o.customer_id order by 1",
            "select o.day, o.gross_amount, p.name, l.quantity, l.unit_price from orders o join order_lines l on l.order_id = o.id left join products p on p.id = l.product_id order by 1, 2, 3, 4, 5",
            "select t.day, t.csat, c.name, m.name from tickets t join customers c on c.id = t.customer_id left join team_members m on m.id = t.agent_id order by 1, 2, 3, 4",
            "select count(*) from external_ids",
            "select currency from settings",
        })
            foreach (var row in await crm.Database.QueryAsync(sql))
                contents.AppendLine(string.Join('|', row));
        return contents.ToString();
    }
}
