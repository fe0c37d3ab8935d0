using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>Facts without a key are known by what they say, however a file writes it.</summary>
public sealed class ContentKeyTests
{
    private const string Map = """
        source: shop
        file: {delimiter: semicolon, trim: false}
        defaults: {numbers: "1,234.56", dates: [iso, d.M.yyyy], currency: EUR}
        rules:
          - route: o
            when: Kind = 'o'
          - route: i
            when: Kind = 'i'
          - route: t
            when: Kind = 't'
          - route: s
            when: Kind = 's'
          - route: d
            when: Kind = 'd'
          - route: c
            when: Kind = 'c'
        records:
          - customer: {key: Customer}
          - order: {route: o, orderedAt: At, number: Text, currency: Currency, amount: Number}
          - interaction: {route: i, occurredAt: At, kind: Choice, subject: Text}
          - ticket: {route: t, openedAt: At, kind: Choice, subject: Text}
          - surveyResponse: {route: s, answeredAt: At, kind: Choice, score: Number, comment: Text}
          - opportunity: {route: d, openedAt: At, name: Text, stage: {const: new}, amount: Number}
          - contract: {route: c, startDay: At, plan: Text, monthlyAmount: Number}
        """;

    private const string Header = "Kind;Customer;At;Text;Currency;Number;Choice\n";

    private const string Plain = Header
        + "o;c1;2025-07-01;Bon 7;EUR;1000;\n"
        + "o;c1;2025-07-01;Bon 7;EUR;1000;\n"
        + "i;c1;2025-07-01 10:00:00;caf\u00e9 au lait;;;call\n"
        + "t;c1;2025-07-01 10:00:00;broken;;;complaint\n"
        + "s;c1;2025-07-01;very good;;9;nps\n"
        + "d;c1;2025-07-01;Big deal;;5;\n"
        + "c;c1;2025-07-01;Gold;;5;\n";

    private const string OtherwiseWritten = Header
        + "o;c1;1.7.2025; Bon  7;eur;1,000.00;\n"
        + "o;c1;2025-07-01T00:00:00Z;Bon 7 ;Eur;1000.00001;\n"
        + "i;c1;2025-07-01T10:00:00.0000004Z;cafe\u0301 au\u00a0lait;;;Call\n"
        + "t;c1;2025-07-01T12:00:00+02:00;broken ;;;COMPLAINT\n"
        + "s;c1;01.07.2025;very  good;;9.0;NPS\n"
        + "d;c1;1.7.2025;Big deal ;;5;\n"
        + "c;c1;01.07.2025; Gold;;5.0;\n";

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_fact_is_one_however_the_file_writes_it(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var map = ImportMap.Parse(Map, "map.yaml");
        var first = await ImportRun.WriteAsync(crm, map, ImportRun.File(Plain));
        Assert.Equal((7, 7), (first.RowsRead, first.RowsUsed));

        var again = await ImportRun.WriteAsync(crm, map, ImportRun.File(OtherwiseWritten));

        Assert.Equal((7, 7), (again.RowsRead, again.RowsUsed));
        Assert.All(again.Records, count => Assert.Equal(0, count.Created));
        Assert.Equal("2", await CountAsync(crm, "orders"));
        Assert.Equal("2", await CountAsync(crm, "order_lines"));
        foreach (var table in new[] { "interactions", "tickets", "survey_answers", "opportunities", "contracts" })
            Assert.Equal("1", await CountAsync(crm, table));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_another_fact_stays_one(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var map = ImportMap.Parse(Map, "map.yaml");
        await ImportRun.WriteAsync(crm, map,
            ImportRun.File(Header + "o;c1;2025-07-01;Bon 7;EUR;10;\no;c1;2025-07-01;bon 7;EUR;10;\no;c1;2025-07-01;Bon 7;USD;10;\n"
            + "o;c1;2025-07-01;Bon 7;EUR;10.0001;\no;c1;2025-07-01;Bon 7;EUR;-10;\no;c2;2025-07-01;Bon 7;EUR;10;\n"));
        Assert.Equal("6", await CountAsync(crm, "orders"));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_fact_that_an_earlier_version_named_is_found_and_named_anew(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var map = ImportMap.Parse("source: shop\nrecords:\n  - customer: {key: C}\n  - order: {orderedAt: D, currency: Cu, amount: A}\n", "map.yaml");
        await ImportRun.WriteAsync(crm, map, ImportRun.File("C,D,Cu,A\nc1,2025-07-01,eur,10.00\n"));
        // SHA-256 of the kind, no parent, "shop:c1", the ticks of the day, no number, "eur" and "10.00", as it was made until now.
        await crm.Database.ExecuteAsync("update external_ids set key = '10c3ebc7f11e8b9dbbc32b3ed735bb48' where source = 'crmgraph:content'");

        await ImportRun.WriteAsync(crm, map, ImportRun.File("C,D,Cu,A\nc1,2025-07-01,eur,10.00\n"));
        await ImportRun.WriteAsync(crm, map, ImportRun.File("C,D,Cu,A\nc1,2025-07-01,EUR,10\n"));

        Assert.Equal("1", await CountAsync(crm, "orders"));
        Assert.Equal("2", await CountAsync(crm, "external_ids where source = 'crmgraph:content'"));
    }

    private static async Task<string> CountAsync(WriterFixture crm, string table)
        => (await crm.Database.QueryAsync($"select count(*) from {table}"))[0][0]!.ToString()!;
}
