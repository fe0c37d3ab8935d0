using System.Globalization;
using CrmGraph.Reporting.Imports;
using Spectre.Console;

namespace CrmGraph.Tools.Commands;

/// <summary>What people see of an import: a progress bar in a terminal, plain lines elsewhere, and the report.</summary>
internal static class ImportScreen
{
    private const int RowsPerLine = 100_000;

    public static async Task<ImportReport> RunAsync(FileInfo[] files, bool isJson, Func<IProgress<ImportProgress>?, Task<ImportReport>> import)
    {
        if (isJson)
            return await import(null);
        if (Console.IsOutputRedirected)
            return await import(new PlainLines());
        ImportReport? report = null;
        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async screen => report = await import(new Bars(screen, files)));
        return report!;
    }

    public static void Write(ImportReport report, FileInfo? rejects)
    {
        Console.Out.WriteLine($"{(report.DryRun ? "Dry run: nothing was written. " : "")}{Count(report.RowsRead)} rows read in "
            + $"{report.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s: "
            + $"{Count(report.RowsUsed)} used, {Count(report.RowsSkipped)} skipped, {Count(report.RowsRefused)} refused.");
        if (report.RepeatedRows > 0)
            Console.Out.WriteLine($"{Count(report.RepeatedRows)} rows are exactly like an earlier one; they are counted as rows of their own.");
        if (report.BlankLines + report.CommentLines > 0)
            Console.Out.WriteLine($"{Count(report.BlankLines)} blank lines and {Count(report.CommentLines)} comment lines are no rows.");
        WriteCounts("Refused rows", ["rule", "field", "rows", "first line", "example"], report.Refused.Select(refused =>
            new[] { refused.Rule, refused.Field ?? "", Count(refused.Rows), Count(refused.FirstLine), refused.Example }));
        WriteCounts("Skipped rows", ["rule", "rows"], report.Skipped.Select(Row));
        WriteCounts("Routed rows", ["route", "rows"], report.Routed.Select(Row));
        WriteCounts("Records", ["record", "created", "updated", "unchanged", "refused"], report.Records.Select(record =>
            new[] { record.Kind.ToString(), Count(record.Created), Count(record.Updated), Count(record.Unchanged), Count(record.Refused) }));
        WriteCounts("Fields without a value", ["field", "rows"], report.MissingValues.Select(Row));
        WriteCounts("Values that could not be read and count as empty", ["field", "rows"], report.IgnoredValues.Select(Row));
        WriteCounts("Values that contradict an earlier row of the same key (the first holds)", ["field", "rows"], report.Contradictions.Select(Row));
        foreach (var warning in report.Warnings)
            Console.Out.WriteLine("Warning: " + warning);
        if (report.AbsentColumns.Count > 0)
            Console.Out.WriteLine("Columns of the map that the file does not have: " + string.Join(", ", report.AbsentColumns));
        if (report.UnusedColumns.Count > 0)
            Console.Out.WriteLine("Columns of the file that the map does not use: " + string.Join(", ", report.UnusedColumns));
        if (report.Samples.Count > 0)
            Console.Out.WriteLine("The first records would be:\n" + ImportReportJson.Write(report.Samples));
        if (report.RowsRefused > 0 && rejects is not null)
            Console.Out.WriteLine($"Refused rows are in {rejects}.");
        else if (report.RowsRefused > 0)
            Console.Out.WriteLine("--rejects FILE keeps the refused rows.");
    }

    private static string[] Row(NamedCount count) => [count.Name, Count(count.Count)];

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static void WriteCounts(string title, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in columns)
            table.AddColumn(Markup.Escape(column));
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        if (table.Rows.Count == 0)
            return;
        Console.Out.WriteLine(title + ":");
        Tables.Write(table);
    }

    private sealed class PlainLines : IProgress<ImportProgress>
    {
        private long _next = RowsPerLine;

        public void Report(ImportProgress value)
        {
            if (value.Rows < _next)
                return;
            _next = (value.Rows / RowsPerLine + 1) * RowsPerLine;
            Console.Out.WriteLine($"{value.File}: {Count(value.Rows)} rows read");
        }
    }

    private sealed class Bars(ProgressContext screen, FileInfo[] files) : IProgress<ImportProgress>
    {
        private readonly Dictionary<string, ProgressTask> _bars = [];

        public void Report(ImportProgress value)
        {
            if (!_bars.TryGetValue(value.File, out var bar))
            {
                var length = files.FirstOrDefault(file => file.Name == value.File) is { Exists: true } file ? file.Length : 0;
                _bars[value.File] = bar = screen.AddTask(Markup.Escape(value.File), maxValue: Math.Max(1, length));
                bar.IsIndeterminate = length == 0;
            }
            bar.Value = value.Position ?? 0;
        }
    }
}
