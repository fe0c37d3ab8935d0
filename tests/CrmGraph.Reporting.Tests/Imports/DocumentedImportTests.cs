using System.Text.RegularExpressions;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>The examples of docs/import.md are run as they stand there.</summary>
public sealed partial class DocumentedImportTests
{
    private static readonly string Page = ReadPage();

    [Fact]
    public void Every_whole_map_is_valid()
    {
        var maps = Blocks(Page, "yaml").Where(yaml => yaml.StartsWith("source:", StringComparison.Ordinal)).ToList();

        Assert.True(maps.Count >= 5);
        Assert.All(maps, yaml => ImportMap.Parse(yaml, "import.md"));
    }

    [Fact]
    public async Task The_last_state_of_each_ticket_is_kept()
    {
        var section = Section("### rows");
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);

        var report = await ImportAsync(crm, Blocks(section, "yaml")[0], Blocks(section, "csv")[0]);

        Assert.Equal((2L, 2L), (report.RowsUsed, report.RowsSkipped));
        Assert.Equal("T1|solved T2|open", await ReadAsync(crm, "select e.key, t.subject from tickets t join external_ids e on e.id = t.id order by 1"));
    }

    [Fact]
    public async Task Repeated_rows_are_left_out()
    {
        var section = Section("### rows");
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);

        var report = await ImportAsync(crm, Blocks(section, "yaml")[1], Blocks(section, "csv")[1]);

        Assert.Equal((2L, 1L), (report.RowsUsed, report.RowsSkipped));
        Assert.Equal(
            "call|Ada call|Bob",
            await ReadAsync(crm, "select i.subject, c.name from interactions i join customers c on c.id = i.customer_id order by 2"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_stored_price_is_looked_up(DatabaseKind kind)
    {
        var section = Section("### Looking up in stored rows");
        await using var crm = await WriterFixture.CreateAsync(kind);
        await ImportAsync(crm, Blocks(section, "yaml")[0], Blocks(section, "csv")[0]);

        var report = await ImportAsync(crm, Blocks(section, "yaml")[1], Blocks(section, "csv")[1]);

        Assert.Equal((1L, 1L), (report.RowsUsed, report.RowsRefused));
        Assert.Equal("45000|EUR", await ReadAsync(crm, "select gross_amount, currency from orders"));
    }

    [Fact]
    public async Task A_price_is_looked_up()
    {
        var section = Section("### Looking up in another file");
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);

        var report = await ImportAsync(crm, Blocks(section, "yaml")[0], Blocks(section, "csv")[1], ("prices.csv", Blocks(section, "csv")[0]));

        Assert.Equal((1L, 1L), (report.RowsUsed, report.RowsRefused));
        Assert.Equal("45000", await ReadAsync(crm, "select gross_amount from orders"));
    }

    [Fact]
    public async Task Headers_and_lines_come_from_two_files_in_both_orders()
    {
        var section = Section("### Headers and lines in two files");
        var (headers, lines) = (Blocks(section, "csv")[0], Blocks(section, "csv")[1]);
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        await ImportAsync(crm, Blocks(section, "yaml")[0], headers);
        var report = await ImportAsync(crm, Blocks(section, "yaml")[1], lines);

        Assert.Equal(("NOT_FOUND", 4L), (report.Rejected[0].Rule, report.Rejected[0].Line));
        const string orders = "select e.key, c.name, o.day, o.gross_amount from orders o join external_ids e on e.id = o.id join customers c on c.id = "
            + "o.customer_id order by 1";
        Assert.Equal("1|Ada|2025-05-01|70000 2|Bob|2025-05-02|0", await ReadAsync(crm, orders));

        var looked = Regex.Matches(section, "`((?:customer|orderedAt): \\{.*?)`").Select(match => match.Groups[1].Value).ToList();
        await using var other = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        var map = Blocks(section, "yaml")[1].Replace("records:", "records:\n  - " + looked[1], StringComparison.Ordinal)
            .Replace("mode: update", looked[0], StringComparison.Ordinal);
        var first = await ImportAsync(other, map, lines, ("orders.csv", headers));
        await ImportAsync(other, Blocks(section, "yaml")[0], headers);

        Assert.Equal((2L, 1L), (first.RowsUsed, first.RowsRefused));
        Assert.Equal("1|Ada|2025-05-01|70000 2|Bob|2025-05-02|0", await ReadAsync(other, orders));
    }

    private static Task<ImportReport> ImportAsync(
        WriterFixture crm,
        string map,
        string text,
        params (string Name, string Text)[] lookups) => ImportRun.WriteAsync(
        crm, ImportMap.Parse(map, "import.md"), ImportRun.File(text), new ImportOptions
        {
            RejectedInReport = 100,
            Lookups = [.. lookups.Select(lookup => ImportRun.File(lookup.Text, lookup.Name))]
        });

    private static async Task<string> ReadAsync(WriterFixture crm, string sql)
        => string.Join(' ', (await crm.Database.QueryAsync(sql)).Select(row => string.Join('|', row)));

    private static string Section(string title)
    {
        var start = Page.IndexOf(title + "\n", StringComparison.Ordinal);
        var end = Page.IndexOf("\n##", start + title.Length, StringComparison.Ordinal);
        return Page[start..end];
    }

    private static List<string> Blocks(string text, string language)
        => [.. Block().Matches(text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value)];

    private static string ReadPage()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CrmGraph.sln")))
            folder = folder.Parent!;
        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "import.md")).ReplaceLineEndings("\n");
    }

    [GeneratedRegex("```(\\w+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
