using System.Text;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Ingest;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>Runs a map over texts.</summary>
internal static class ImportRun
{
    public static ImportFile File(string text, string name = "file.csv") => File(Encoding.UTF8.GetBytes(text), name);

    public static ImportFile File(byte[] bytes, string name = "file.csv") => new(name, () => new MemoryStream(bytes));

    public static Task<ImportReport> TryAsync(string map, params ImportFile[] files) =>
        new Importer(null, TimeProvider.System).RunAsync(ImportMap.Parse(map, "map.yaml"), files, new ImportOptions { RejectedInReport = 100, Samples = 100 });

    public static Task<ImportReport> TryAsync(string map, string text) => TryAsync(map, File(text));

    public static async Task<ImportReport> WriteAsync(
        WriterFixture crm,
        ImportMap map,
        ImportFile file,
        ImportOptions? options = null,
        ImportLimits? limits = null,
        CancellationToken cancellationToken = default)
    {
        await using var writes = crm.Writer.ForImport();
        return await new Importer(writes.WriteAsync, TimeProvider.System, limits).RunAsync(
            map, [file], (options ?? new ImportOptions { RejectedInReport = 100 }) with { Stored = crm.Contexts }, cancellationToken);
    }

    public static Dictionary<string, object?>[] Samples(this ImportReport report) => [.. report.Samples.Cast<Dictionary<string, object?>>()];

    public static Dictionary<string, object?> Only(this ImportReport report, string record)
        => Assert.Single(report.Samples(), sample => (string?)sample["record"] == record);

    public static void AssertAddsUp(this ImportReport report)
    {
        Assert.Equal(report.RowsRead, report.RowsUsed + report.RowsSkipped + report.RowsRefused);
        Assert.Equal(report.RowsSkipped, report.Skipped.Sum(count => count.Count));
        Assert.Equal(report.RowsRefused, report.Refused.Sum(count => count.Rows));
    }
}
