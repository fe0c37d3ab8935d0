using System.IO.Compression;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Suggesting;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

public sealed class MapSuggesterTests
{
    private const string German = "Bestellnr.;Kundennummer;Kundenname;E-Mail;Bestelldatum;"
        + "Artikelnummer;Artikelbezeichnung;Warengruppe;Menge;Einzelpreis;Rabatt;Währung;"
        + "Verkäufer;Geändert am;Bemerkung\n1001;K1;Müller GmbH;a@b.example;31.12.2025;A1;Grüner Tee;Tee;3;1.234,50;0,00;EUR;Jörg;01.01.2026;\n"
        + "1002;K2;Schäfer;c@d.example;01.01.2026;A2;Tasse;Geschirr;1;12,90;1,00;EUR;Anna;02.01.2026;eilig\n";

    private const string Chinese = "客户编号,客户名称,性别,出生日期,手机号,邮箱,省份,城市,客户来源,负责人,创建时间,会员等级\n"
        + "C1,张三,男,1990年5月1日,13800000000,z@x.example,广东,深圳,微信,李四,2025/3/1 10:20,金卡\n"
        + "C2,王五,女,1985年12月20日,13900000000,w@x.example,浙江,杭州,抖音,李四,2025/11/21 8:05,银卡\n";

    private const string English = "Deal ID\tDeal Name\tCompany\tStage\t"
        + "Amount ($)\tProbability\tExpected Close\tCreated At\tSales Rep\tLoss Reason\tProduct\tSkype ID\n"
        + "1\tBig\tAcme\tProposal\t\"$12,000.50\"\t50%\t12/31/2025\t01/15/2025\tBob\t\tGTX Pro\t\n"
        + "2\tSmall\tBeta\tClosed Won\t$2,000.00\t100%\t05/06/2025\t02/03/2025\tBob\t\tMG Special\t\n"
        + "3\tThird\tCeta\tClosed Lost\t$900.00\t0%\t05/06/2025\t02/03/2025\tAnn\tPrice\tGTX Pro\t\n";

    [Fact]
    public async Task Headers_in_German_Chinese_and_English_become_fields_and_the_map_imports_every_row()
    {
        await CheckAsync(Encoding.GetEncoding("iso-8859-1").GetBytes(German), 2, "orders", "order.key", "customer.key", "customer.name",
            "customer.email", "order.orderedAt",
            "product.key", "product.name", "product.category", "order.line.quantity", "order.line.unitPrice", "order.line.discount", "order.currency",
            "teamMember.name", "", "order.attributes");
        await CheckAsync(CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes(Chinese), 2, "customers", "customer.key",
            "customer.name", "customer.gender",
            "customer.birthDate", "customer.phone", "customer.email", "customer.region", "customer.city", "customer.acquisitionChannel", "teamMember.name",
            "customer.createdAt", "customer.attributes");
        await CheckAsync(Encoding.UTF8.GetBytes(English), 3, "opportunities", "opportunity.key", "opportunity.name", "customer.name", "opportunity.stage",
            "opportunity.amount", "opportunity.probability", "opportunity.expectedCloseDay", "opportunity.openedAt", "teamMember.name",
                "opportunity.lossReason", "product.name", "");
    }

    [Theory]
    [InlineData("opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        + "1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,2016-10-20,2017-03-01,1054\n",
        "opportunity.key, teamMember.name, product.name, customer.name, opportunity.stage, opportunity.openedAt, "
        + "opportunity.expectedCloseDay, opportunity.amount")]
    [InlineData("Response ID,Customer,Survey question,NPS score,Weight,Comment,Date\n1,Acme,Delivery,9,1.25,fine,2026-03-01\n",
        "surveyResponse.key, customer.name, surveyResponse.question, surveyResponse.score, surveyResponse.weight, surveyResponse.comment, surveyResponse.answeredAt")]
    public async Task Products_of_opportunities_and_questions_of_surveys_are_told_by_their_headers(string file, string targets)
    {
        var suggestion = await MapSuggester.SuggestAsync(new(Encoding.UTF8.GetBytes(file)), CancellationToken.None);
        Assert.Empty(suggestion.Problems);
        Assert.Equal(targets, string.Join(", ", suggestion.Columns.Select(c => string.Join(' ', c.Targets))));
    }

    [Fact]
    public async Task A_slip_in_forty_rows_refuses_its_row_and_leaves_the_column_what_it_is()
    {
        string[] rows = [.. Enumerable.Range(1, 42).Select(i => i switch
        {
            7 => "A7,K7,yesterday,12.50",
            30 => "A30,K30,2026-02-03,twelve",
            _ => $"A{i},K{i},2026-01-{1 + (i % 28):00},{i}.50",
        })];
        var suggestion = await MapSuggester.SuggestAsync(
            new(Encoding.UTF8.GetBytes("order id,customer id,order date,amount\n" + string.Join('\n', rows) + "\n")), CancellationToken.None);
        Assert.Empty(suggestion.Problems);
        Assert.Equal(
            "order.key, customer.key, order.orderedAt, order.amount", string.Join(", ", suggestion.Columns.Select(c => string.Join(' ', c.Targets))));

        // As many as every tenth are no slips any more.
        var many = rows.Select((r, i) => i % 8 == 0 ? r.Replace("2026-", "", StringComparison.Ordinal) : r);
        var half = await MapSuggester.SuggestAsync(
            new(Encoding.UTF8.GetBytes("order id,customer id,order date,amount\n" + string.Join('\n', many) + "\n")), CancellationToken.None);
        Assert.DoesNotContain("order.orderedAt", half.Columns.SelectMany(c => c.Targets));
    }

    private static async Task CheckAsync(byte[] file, int rows, string list, params string[] targets)
    {
        var suggestion = await MapSuggester.SuggestAsync(new(file), CancellationToken.None);
        Assert.Empty(suggestion.Problems);
        Assert.Equal(targets, suggestion.Columns.Select(c => string.Join(", ", c.Targets)));
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        var report = await ImportRun.WriteAsync(
            crm, ImportMap.Parse(suggestion.Map, "map"), new ImportFile("file", () => new MemoryStream(file)));
        Assert.Equal((rows, rows), (report.RowsRead, report.RowsUsed));
        Assert.Equal((long)rows, (await crm.Database.QueryAsync($"select count(*) from {list}{(list == "customers" ? " where not is_guest" : "")}"))[0][0]);
    }

    [Theory]
    [InlineData("Record Id,Contact Owner.id,Contact Owner,First Name,Last Name,Email", "zoho-contacts")]
    [InlineData("Record ID,First Name,Last Name,Email,Contact owner,Lifecycle Stage", "hubspot-contacts")]
    [InlineData("Id,IsDeleted,AccountId,Name,StageName,CloseDate", "salesforce-opportunities")]
    [InlineData("客户名称,客户编号,客户级别,来源", "fxiaoke-accounts")]
    [InlineData("name,email,phone,country", null)]
    [InlineData("id,name,amount,stage,owner", null)]
    public async Task A_file_of_a_known_system_gets_its_ready_map_and_no_other_does(string header, string? map)
    {
        var suggestion = await MapSuggester.SuggestAsync(new(Encoding.UTF8.GetBytes(header + "\n")), CancellationToken.None);
        Assert.Equal(map, suggestion.ReadyMap);
        Assert.Equal(map is null, suggestion.Columns.All(c => c.Reason != ImportColumnReason.ReadyMap));
    }

    [Fact]
    public void Every_ready_map_for_files_with_a_header_says_by_which_columns_it_is_known() =>
        Assert.Equal(["cdnow-sample"], ReadyMaps.Names.Where(name => ReadyMaps.Load(name).Marks.Count == 0));

    [Fact]
    public async Task The_beginning_of_a_packed_file_is_enough_and_a_file_without_a_header_is_told_by_its_values()
    {
        var lines = string.Concat(Enumerable.Range(1, 20_000).Select(i =>
            $"{i * 7919 % 10_007} 2025{i % 12 + 1:00}{i % 28 + 1:00} {i % 9} {i % 97}.{i % 89:00}\n"));
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(lines));
        var suggestion = await MapSuggester.SuggestAsync(new(packed.ToArray()[..8_000]), CancellationToken.None);
        Assert.Equal(["customer.key", "order.orderedAt", "", "order.amount"], suggestion.Columns.Select(c => string.Join(", ", c.Targets)));
        Assert.Empty(suggestion.Problems);
    }

    [Fact]
    public async Task Choices_win_and_what_is_wrong_is_said()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var client = new GraphQLClient(database);
        const string Ask = "query($file: ImportFileInput!) { importMapSuggestion(file: $file) { map notes columns { targets reason } } }";
        var head = Convert.ToBase64String(Encoding.UTF8.GetBytes("a,b,c\n1,2,3\n"));
        var chosen = (await client.DataAsync(Ask, new
        {
            file = new
            {
                head, source = "shop", choices = new object[] { new { column = 1, target = "ticket.key" }, new { column = 2,
                target = "ticket.subject" }, new { column = 3 } }
            },
        })).GetProperty("importMapSuggestion");
        Assert.Equal(["ticket.key", "ticket.subject", ""], chosen.GetProperty("columns").EnumerateArray().Select(c => string.Join(",",
            c.GetProperty("targets").EnumerateArray())));
        Assert.Contains("- ticket:\n      key: \"a\"\n      subject: \"b\"\n", chosen.GetProperty("map").GetString(), StringComparison.Ordinal);

        async Task<string?> CodeAsync(object file, Caller? caller = null) => await client.CodeAsync(Ask, new { file }, caller);
        Assert.Equal(ErrorCodes.InvalidArgument, await CodeAsync(new { head = "no base64!" }));
        Assert.Equal(ErrorCodes.InvalidArgument, await CodeAsync(new { head, choices = new[] { new { column = 1, target = "ticket.colour" } } }));
        Assert.Equal(ErrorCodes.InvalidArgument, await CodeAsync(new { head, choices = new[] { new { column = 4, target = "ticket.key" } } }));
        Assert.Equal(ErrorCodes.InvalidArgument, await CodeAsync(
            new { head, choices = new[] { new { column = 1, target = "ticket.key" }, new { column = 2, target = "ticket.key" } } }));
        Assert.Equal(ImportErrorCodes.FileUnreadable, await CodeAsync(new { head = "" }));
        Assert.Equal(ImportErrorCodes.FileUnreadable, await CodeAsync(new { head = Convert.ToBase64String("PK\u0003\u0004workbook"u8) }));
        Assert.Equal(ImportErrorCodes.LimitExceeded, await CodeAsync(new { head = Convert.ToBase64String(new byte[MapSuggester.HeadBytes + 1]) }));
        Assert.Equal(ImportErrorCodes.LimitExceeded, await CodeAsync(new
        {
            head = Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join(',',
            Enumerable.Range(1, 501).Select(i => "c" + i))))
        }));
        Assert.Equal(ErrorCodes.NotAuthorized, await CodeAsync(new { head }, new("analyst", Role.Analyst, null, null)));
    }

    [Fact]
    public async Task Any_bytes_get_a_map_that_can_be_read_or_a_reason()
    {
        var random = new Random(17);
        string[] cells = ["id", "Name", "日期", "Betrag", "1,5", "2025-01-02", "\"", "a\"b", "[x]", "=1", "", " ", "x\ty", "\u0001", "Order ID", "'",
            "{", "#", "\\", "客户", "1e9", "~"];
        for (var i = 0; i < 300; i++)
        {
            var text = string.Join("\n", Enumerable.Range(0, random.Next(5)).Select(_ => string.Join(",;\t"[random.Next(3)], Enumerable.Range(0,
                random.Next(1, 6))
                .Select(_ => cells[random.Next(cells.Length)]))));
            var bytes = random.Next(4) == 0 ? [.. Encoding.UTF8.GetBytes(text), (byte)random.Next(256), (byte)random.Next(256)] : Encoding.UTF8.GetBytes(text);
            try
            {
                var suggestion = await MapSuggester.SuggestAsync(new(bytes), CancellationToken.None);
                // What cannot be used says why, and is no error of writing YAML.
                Assert.DoesNotContain(suggestion.Problems, p => p.Contains("YAML", StringComparison.Ordinal));
            }
            catch (ImportException e)
            {
                Assert.Equal(ImportErrorCodes.FileUnreadable, e.Code);
            }
        }
    }
}
