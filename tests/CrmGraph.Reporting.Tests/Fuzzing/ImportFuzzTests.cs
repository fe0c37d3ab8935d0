using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Imports;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Fuzzing;

/// <summary>Random files of every kind of record: twice is once, in two parts is in one, and a dry run says what the run does.</summary>
public sealed class ImportFuzzTests
{
    private const int Cases = 4;

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public Task A_file_imported_twice_is_a_file_imported_once(DatabaseKind kind) => Fuzz.RunAsync(Cases, async random =>
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var rows = RandomFile.Rows(random, 80, repeats: true);
        var first = await ImportAsync(crm, rows, batch: 7);
        var before = await ContentsAsync(crm);

        var again = await ImportAsync(crm, [.. rows.Select(row => RandomFile.OtherwiseWritten(row, random))], batch: 11);

        Assert.Equal(before, await ContentsAsync(crm));
        Assert.Equal((first.RowsUsed, first.RowsSkipped, first.RowsRefused), (again.RowsUsed, again.RowsSkipped, again.RowsRefused));
        Assert.All(again.Records, count => Assert.Equal((0, 0), (count.Created, count.Updated)));
    });

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public Task A_file_in_two_parts_is_the_file(DatabaseKind kind) => Fuzz.RunAsync(Cases, async random =>
    {
        await using var whole = await WriterFixture.CreateAsync(kind);
        await using var parts = await WriterFixture.CreateAsync(kind);
        var rows = RandomFile.Rows(random, 80, repeats: false);
        var cut = random.Next(rows.Count);
        await ImportAsync(whole, rows, batch: 9);

        await ImportAsync(parts, rows[..cut], batch: 9);
        await ImportAsync(parts, rows[cut..], batch: 9);

        Assert.Equal(await ContentsAsync(whole), await ContentsAsync(parts));
    });

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public Task A_dry_run_says_what_the_run_does_and_leaves_nothing(DatabaseKind kind) => Fuzz.RunAsync(Cases, async random =>
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var rows = RandomFile.Rows(random, 60, repeats: true);
        await ImportAsync(crm, rows[..random.Next(20)], batch: 8);
        var before = await DatabaseContents.OfAsync(crm);

        var dry = await ImportAsync(crm, rows, batch: 8, isDryRun: true);
        var after = await DatabaseContents.OfAsync(crm);
        var real = await ImportAsync(crm, rows, batch: 8);

        Assert.Equal(before, after);
        Assert.True(dry.DryRun);
        Assert.Equal(Shown(real), Shown(dry));
    });

    private static string Shown(ImportReport report) => ImportReportJson.Write(report with { DryRun = false, Seconds = 0, Samples = [] });

    private static async Task<ImportReport> ImportAsync(WriterFixture crm, IReadOnlyList<string> rows, int batch, bool isDryRun = false)
    {
        await using var trial = crm.Writer.Try();
        await using var writes = crm.Writer.ForImport();
        var importer = new Importer(isDryRun ? trial.WriteAsync : writes.WriteAsync, crm.Database.Clock, new ImportLimits { BatchRows = batch });
        var file = ImportRun.File(RandomFile.Header + string.Concat(rows));
        var report = await importer.RunAsync(
            ImportMap.Parse(RandomFile.Map, "map.yaml"),
            [file],
            new ImportOptions { RejectedInReport = 1000, IsDryRun = isDryRun });
        report.AssertAddsUp();
        return report;
    }

    private static async Task<string> ContentsAsync(WriterFixture crm)
    {
        var text = new List<string>();
        foreach (var query in RandomFile.Contents)
            text.AddRange((await crm.Database.QueryAsync(query)).Select(row => query.Split(' ')[1] + string.Join('|', row)).Order(StringComparer.Ordinal));
        return string.Join('\n', text);
    }
}
