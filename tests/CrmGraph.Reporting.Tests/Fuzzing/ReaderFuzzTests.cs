using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Paging;
using CrmGraph.Reporting.Querying.Sorting;
using CrmGraph.Reporting.Tests.Imports;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Fuzzing;

/// <summary>Cursors, import maps and files that nobody wrote properly: each is read or refused by name, in bounded memory.</summary>
public sealed class ReaderFuzzTests
{
    private static readonly string[] MapPieces =
    [
        ":", "- ", "\n", "\n  ", "{", "}", "[", "]", "\"", "'", "= ", "&a", "*a", "!!str ", "|", ">", "%", "#", "? ", "<<: ", "\t", "---\n", "const: ",
        "expr: ", "column: ", "when: ", "format: ", "replace: {pattern: '(a+)+$', with: x}",
        "(", "concat(", "if(", "$1", "$0", "$99999", "1e999", "~", "null", "zone: Asia/Shanghai", "encoding: utf-16", "delimiter: ''", "skipLines: 99999999999",
    ];

    private static readonly string[] RowPieces = [",", ";", "\"", "\"\"", "\r\n", "\n", "\r", "\t", "\\", "é", "中", "-", "1e99", "$", "%", "€",
        "9999999999999999999999", "2026-02-30", "=1+1", "\uFFFD", " "];

    private const string Map = """
        source: shop
        file: {delimiter: ',', encoding: utf-8}
        defaults: {numbers: "1,234.56", dates: [iso, "yyyy-MM-dd"], zone: Europe/London, currency: EUR}
        columns:
          price: {column: [price, Price], type: number}
          left: {expr: "left(name, 1) + right(name, 1)"}
          shifted: {expr: "format_date(add_months(add_days(date(at), n * 9999), n), 'yyyy')"}
          ratio: {expr: "round(price / (n - 1), 2) * number(n)"}
        rules:
          - skip: nothing
            when: is_empty(name) and length(left) < 3
          - reject: negative
            when: price < 0 or ratio > 1000000
        records:
          - customer: {key: id, name: {column: name, replace: {pattern: '^(\w+)\s', with: "$1"}}, email: mail, country: country, occupation: left}
          - product: {key: sku, name: "= upper(sku)"}
          - order: {key: order, orderedAt: at, customer: id, number: shifted, line: {product: sku, quantity: n, unitPrice: price}}
        """;

    private const string Rows = "id,name,mail,country,order,at,sku,n,price\n1,Ann,ann@example.com,DE,o1,2026-01-02,s1,2,3.50\n"
        + "2,\"Li, Bo\",,CN,o2,2026-01-03T10:00:00Z,s2,1,\"1,000.00\"\n";

    [Fact]
    public Task Every_text_is_a_cursor_of_its_order_or_refused()
    {
        var context = new FilterContext { Moment = ReportingMoment.Of(new Settings(), new ManualTimeProvider()) };
        var order = SortBuilder.Build<Order>(null, DefaultOrder.Parse("-OrderedAt Number", "Id"), context);
        var good = Cursor.Write(order, [new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "SO-1", Guid.NewGuid()]);
        return Fuzz.RunAsync(20_000, random =>
        {
            var text = Spoilt(good, random);
            try
            {
                var values = Cursor.Read(text, order, "after", new());
                Assert.Equal(values, Cursor.Read(Cursor.Write(order, values), order, "after", new()));
                Assert.All(values.OfType<string>(), value => Assert.True(FoldedText.IsStorable(value)));
            }
            catch (GraphQLException e)
            {
                Assert.Equal(ErrorCodes.InvalidCursor, e.Error.Code);
            }
        });
    }

    [Fact]
    public Task Every_text_is_a_map_or_is_refused_with_its_mistakes() => Fuzz.RunAsync(2_000, random =>
    {
        var text = Hostile.Change(Map, random, MapPieces);
        try
        {
            Assert.NotEmpty(ImportMap.Parse(text, "map.yaml").Name);
        }
        catch (ImportException e)
        {
            Assert.True(e.Code == ImportErrorCodes.MapInvalid && e.Message.Length is > 0 and < 1_000_000, $"{e.Code} {e.Message}: {text}");
        }
    });

    [Fact]
    public async Task Every_file_is_imported_or_told_what_is_wrong_with_it()
    {
        var map = ImportMap.Parse(Map, "map.yaml");
        await Fuzz.RunAsync(3_000, async random =>
        {
            var bytes = Encoding.UTF8.GetBytes(Hostile.Change(Rows, random, RowPieces));
            if (random.Next(3) == 0)
                bytes = Hostile.Change(bytes, random);

            var report = await new Importer(null, TimeProvider.System).RunAsync(map, [ImportRun.File(bytes)], new ImportOptions { RejectedInReport = 100 });

            if (report.Error is null)
                report.AssertAddsUp();
            else
                Assert.NotEmpty(report.Error.Message);
        });
    }

    [Fact]
    public async Task Every_map_that_is_accepted_can_be_run_over_any_file() => await Fuzz.RunAsync(700, async random =>
    {
        ImportMap map;
        try
        {
            map = ImportMap.Parse(Hostile.Change(Map, random, MapPieces), "map.yaml");
        }
        catch (ImportException)
        {
            return;
        }

        var report = await new Importer(null, TimeProvider.System).RunAsync(
            map,
            [ImportRun.File(Hostile.Change(Rows, random, RowPieces))],
            new ImportOptions { RejectedInReport = 100 });

        Assert.True(report.Error is null || report.Error.Message.Length > 0);
    });

    /// <summary>A cursor with changed letters, or with changed bytes under a right checksum, which anyone can compute.</summary>
    private static string Spoilt(string good, Random random)
    {
        if (random.Next(3) == 0)
            return Hostile.Change(good, random, ["=", "A", "-", "_", "AAAA"]);
        var bytes = Base64Url.DecodeFromChars(good)[..^4];
        byte[] body = [.. bytes[..4], .. Hostile.Change(bytes[4..], random)];
        return Base64Url.EncodeToString([.. body, .. SHA256.HashData(body)[..4]]);
    }
}
