using System.Globalization;
using System.IO.Compression;
using System.Text;
using CrmGraph.Reporting.Imports;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

public sealed class MappingTests
{
    private const string Customers = "source: shop\nrecords:\n  - customer: {key: id, name: name, country: {column: country, optional: true}}\n";

    [Fact]
    public async Task One_row_makes_a_customer_a_product_an_order_and_a_line()
    {
        const string map = """
            source: shop
            defaults: {zone: Europe/Berlin, currency: EUR, numbers: "1.234,56", dates: dd.MM.yyyy HH:mm}
            file: {delimiter: semicolon}
            records:
              - teamMember: {key: Verkäufer, name: Verkäufer}
              - customer: {key: Kunde, name: {column: [Kundenname, Name]}, owner: Verkäufer}
              - product: {key: Artikel, category: {column: Gruppe, values: {A: Food, B: Drinks}, otherwise: Other}}
              - order:
                  key: Beleg
                  orderedAt: Datum
                  owner: Verkäufer
                  line: {product: Artikel, quantity: Menge, unitPrice: Preis, discount: {column: Rabatt, default: "0"}}
            """;
        const string file = "Beleg;Datum;Kunde;Name;Artikel;Gruppe;Menge;Preis;Rabatt;Verkäufer\n17;01.07.2024 10:30;K1;Müller GmbH;A-1;B;2;1.234,50;;Anna\n";
        var report = await ImportRun.TryAsync(map, file);
        report.AssertAddsUp();
        Assert.Equal(["TeamMember", "Product", "Customer", "Order"], report.Samples().Select(sample => sample["record"]));
        Assert.Equal("Drinks", report.Only("Product")["category"]);
        Assert.Equal("shop:Anna", report.Only("Customer")["owner"]);
        var order = report.Only("Order");
        Assert.Equal("shop:K1", order["customer"]);
        Assert.Equal(new DateTime(2024, 7, 1, 8, 30, 0, DateTimeKind.Utc), order["orderedAt"]);
        Assert.Equal("EUR", order["currency"]);
        var line = (Dictionary<string, object?>)Assert.Single((List<object>)order["lines"]!);
        Assert.Equal(1234.50m, line["unitPrice"]);
        Assert.Equal(2m, line["quantity"]);
        Assert.Equal(0m, line["discount"]);
    }

    [Fact]
    public async Task A_row_tells_all_its_mistakes_and_counts_once()
    {
        var report = await ImportRun.TryAsync(
            "source: shop\nrecords:\n  - customer: {key: id, birthDate: born}\n  - order: {key: order, orderedAt: at, amount: a}\n",
            "id,born,order,at,a\n1,soon,,never,x\n2,2000-01-01,o2,2024-01-01,5\n");
        report.AssertAddsUp();
        var refused = Assert.Single(report.Rejected);
        Assert.Equal("customer.birthDate", refused.Field);
        Assert.All(
            ["'soon' is not a date", "order.key: 'order.key' has no value", "order.orderedAt: 'never'", "order.amount: 'x' is not a number"],
            text => Assert.Contains(text, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_import_that_refuses_every_row_has_failed()
    {
        var report = await ImportRun.TryAsync(
            "source: shop\nrecords:\n  - order: {key: id, orderedAt: at, amount: a}\n",
            "id,at,a\n1,soon,1\n2,never,1\n3,2024-01-01,x\n");
        report.AssertAddsUp();
        Assert.Equal(ImportErrorCodes.NothingUsed, report.Error?.Code);
        Assert.Contains("'soon' is not a date", report.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_reject_skip_and_route_and_every_row_is_counted_once()
    {
        const string map = """
            source: shop
            rules:
              - reject: price-zero
                when: price = 0
              - skip: test-orders
                when: starts_with(id, 'TEST')
              - route: returns
                when: starts_with(id, 'C')
            records:
              - order: {route: main, key: id, orderedAt: day, line: {unitPrice: price}}
              - order: {route: returns, key: id, orderedAt: day, line: {unitPrice: price, kind: {const: RETURN}}}
            """;
        const string file
            = "id,day,price\n1,2024-01-01,5\nC2,2024-01-02,5\n3,2024-01-03,0\nTEST4,2024-01-04,5\n5,soon,5\n6,2024-01-06,x\n7,2024-01-07\n,2024-01-08,1\n";
        var report = await ImportRun.TryAsync(map, file);
        report.AssertAddsUp();
        Assert.Equal((8, 2, 1, 5), (report.RowsRead, report.RowsUsed, report.RowsSkipped, report.RowsRefused));
        Assert.Equal(new NamedCount("test-orders", 1), Assert.Single(report.Skipped));
        Assert.Equal(new NamedCount("returns", 1), Assert.Single(report.Routed));
        Assert.Equal(
            ["4 price-zero ", "6 invalid-value order.orderedAt", "7 invalid-value rules.price-zero", "8 ragged-row ", "9 missing-value order.key"],
            report.Rejected.Select(row => $"{row.Line} {row.Rule} {row.Field}"));
    }

    [Fact]
    public async Task Refused_rows_go_to_a_file_with_line_rule_message_and_the_row_itself()
    {
        using var rejects = new StringWriter(CultureInfo.InvariantCulture);
        var map = Reporting.Imports.Maps.ImportMap.Parse(Customers, "m");
        await new Importer(null, TimeProvider.System).RunAsync(
            map,
            [ImportRun.File("id,name,country\n1,\"a\"b\",x\n2,\"says \"\"hi\"\"\",\n")],
            new ImportOptions { Rejects = rejects });
        var lines = rejects.ToString().Split("\r\n");
        Assert.Equal("file,line,rule,field,message,row", lines[0]);
        Assert.StartsWith("file.csv,2,bad-quote,,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",\"1,\"\"a\"\"b\"\",x\"", lines[1], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public async Task A_column_that_is_missing_names_the_header_that_was_found()
    {
        var report = await ImportRun.TryAsync(Customers, "id;nome\n1;x\n");
        Assert.Equal(ImportErrorCodes.ColumnMissing, report.Error!.Code);
        Assert.Contains("Is file.delimiter right?", report.Error.Message, StringComparison.Ordinal);
        report = await ImportRun.TryAsync(Customers, "id,nam\n1,x\n");
        Assert.Contains("has no column name (did you mean 'nam'?). Found: the header id, nam.", report.Error!.Message, StringComparison.Ordinal);
        report = await ImportRun.TryAsync(Customers, "ID , Name\n1,x\n");
        Assert.Null(report.Error);
        Assert.Equal(["country"], report.AbsentColumns);
    }

    [Fact]
    public async Task The_first_value_of_a_key_holds_and_contradictions_are_counted()
    {
        var report = await ImportRun.TryAsync(Customers, "id,name,country\n1,,UK\n1,Ada,UK\n1,Ada,FR\n2,Bob,DE\n");
        Assert.Equal(new NamedCount("customer.country", 1), Assert.Single(report.Contradictions));
        Assert.Equal(
            ["shop:1 - UK", "shop:1 Ada -", "shop:2 Bob DE"],
            report.Samples().Select(sample => $"{sample["key"]} {sample.GetValueOrDefault("name") ?? "-"} {sample.GetValueOrDefault("country") ?? "-"}"));
    }

    [Fact]
    public async Task Free_attributes_are_named_columns_or_all_other_columns()
    {
        const string map = "source: shop\nrecords:\n  - customer: {key: id, attributes: {shoeSize: size}, allOtherColumns: true, exceptColumns: [secret]}\n";
        var report = await ImportRun.TryAsync(map, "id,size,colour,secret,pet\n1,42,red,x,\n");
        var attributes = (Dictionary<string, string?>)report.Only("Customer")["attributes"]!;
        Assert.Equal(new Dictionary<string, string?> { ["shoeSize"] = "42", ["colour"] = "red" }, attributes);
    }

    [Fact]
    public async Task Files_without_header_are_read_by_position_and_short_rows_can_be_padded()
    {
        const string map = "source: shop\nfile: {header: false, raggedRows: pad, empty: ['-', NULL]}\nrecords:\n  - customer: {key: 1, name: 2, city: 3}\n";
        var report = await ImportRun.TryAsync(map, "1,Ada,London\n2,Bob\n3,-,NULL\n4,x,y,\n5,x,y,z\n");
        report.AssertAddsUp();
        Assert.Equal(4, report.RowsUsed);
        Assert.Equal(5, Assert.Single(report.Rejected).Line);
        Assert.Equal("London", report.Samples()[0]["city"]);
        Assert.False(report.Samples()[2].ContainsKey("name"));
    }

    [Fact]
    public async Task Values_are_replaced_changed_in_case_and_translated_in_this_order()
    {
        const string map = """
            source: shop
            records:
              - customer:
                  key: {column: id, replace: [{pattern: '\.0$', with: ""}, {pattern: '^0+', with: ""}], case: lower}
                  gender: {column: sex, case: upper, values: {M: MALE, F: FEMALE}, otherwise: ~}
                  tags: {column: tags, split: "/"}
                  birthDate: {column: born, invalid: empty}
            """;
        var report = await ImportRun.TryAsync(map, "id,sex,tags,born\n00A7.0,m,x/y / x,never\n");
        var customer = report.Only("Customer");
        Assert.Equal("shop:a7", customer["key"]);
        Assert.Equal("Male", customer["gender"]);
        Assert.Equal(["x", "y"], (IEnumerable<string>)customer["tags"]!);
        Assert.Equal(new NamedCount("customer.birthDate", 1), Assert.Single(report.IgnoredValues));
    }

    [Fact]
    public async Task A_pattern_that_would_backtrack_for_ever_takes_no_time()
    {
        const string map = "source: shop\nrecords:\n  - customer: {key: {column: id, replace: {pattern: '^(a+)+$', with: x}}}\n";
        var report = await ImportRun.TryAsync(map, "id\n" + new string('a', 5_000) + "!\n" + new string('a', 5_000) + "\n");
        Assert.Equal((2, 0), (report.RowsUsed, report.RowsRefused));
        Assert.Equal("shop:x", report.Samples()[1]["key"]);
    }

    [Theory]
    [InlineData("gb18030")]
    [InlineData("utf-16")]
    [InlineData("utf-8")]
    [InlineData("big5")]
    public async Task Chinese_files_are_read_in_their_encoding(string encoding)
    {
        var map = $"source: crm\nfile: {{encoding: {encoding}}}\nrecords:\n  - customer: {{key: 编号, name: 客户名稱}}\n";
        var bytes = (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes(
            "編號,客户名稱\n1,\u5ba2\u6236\n".Replace('編', '编').Replace('號', '号'));
        if (encoding == "big5")
            (map, bytes) = (map.Replace("编号", "id", StringComparison.Ordinal).Replace("客户名稱", "name", StringComparison.Ordinal),
                CodePagesEncodingProvider.Instance.GetEncoding("big5")!.GetBytes("id,name\n1,\u5ba2\u6236\n"));
        var report = await ImportRun.TryAsync(map, ImportRun.File(bytes));
        Assert.Null(report.Error);
        Assert.Equal("\u5ba2\u6236", report.Only("Customer")["name"]);
    }

    [Fact]
    public async Task A_byte_order_mark_wins_over_the_map()
    {
        var bytes = new UnicodeEncoding(bigEndian: true, byteOrderMark: true).GetPreamble().Concat(Encoding.BigEndianUnicode.GetBytes("id,name\n1,é\n"))
            .ToArray();
        var report = await ImportRun.TryAsync(
            Customers.Replace("records", "file: {encoding: gb18030}\nrecords", StringComparison.Ordinal),
            ImportRun.File(bytes));
        Assert.Equal("é", report.Only("Customer")["name"]);
    }

    [Fact]
    public async Task Bytes_that_are_not_of_the_encoding_refuse_the_row()
    {
        var report = await ImportRun.TryAsync(Customers, ImportRun.File(Encoding.Latin1.GetBytes("id,name\n1,Müller\n2,Bob\n")));
        Assert.Equal(Reporting.Imports.Rows.RefusalRules.InvalidCharacter, Assert.Single(report.Rejected).Rule);
        Assert.Equal(1, report.RowsUsed);
    }

    [Fact]
    public async Task Gzip_is_known_by_its_first_bytes_and_a_cut_one_is_told()
    {
        var text = "id,name\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},name {i * 7919 % 104729}\n"));
        var whole = Zipped(text);
        var report = await ImportRun.TryAsync(Customers, ImportRun.File(whole));
        Assert.Equal((50_000, 50_000), (report.RowsRead, report.RowsUsed));
        report = await ImportRun.TryAsync(Customers, ImportRun.File(whole[..(whole.Length / 2)]));
        Assert.Equal(ImportErrorCodes.FileUnreadable, report.Error!.Code);
        report.AssertAddsUp();
    }

    [Theory]
    [InlineData("PK\u0003\u0004rest", "ZIP archive")]
    [InlineData("", "is empty")]
    public async Task A_file_that_is_none_is_told(string content, string message)
    {
        var report = await ImportRun.TryAsync(Customers, content);
        Assert.Equal(ImportErrorCodes.FileUnreadable, report.Error!.Code);
        Assert.Contains(message, report.Error.Message, StringComparison.Ordinal);
    }

    private static byte[] Zipped(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return memory.ToArray();
    }
}
