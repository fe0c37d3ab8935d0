using System.IO.Pipelines;

namespace CrmGraph.Reporting.Exports;

/// <summary>A column of an export: its heading and kind of value. Values are string, long, decimal, bool, DateOnly, DateTime (UTC), a list of strings or of <see cref="NamedValue"/>, or null.</summary>
public sealed record ExportColumn(string Name);

/// <summary>
/// Writes a table row by row as it comes. NDJSON says by its last line that it is whole; of CSV, which has no such place, the host cuts the
/// connection when <see cref="EndAsync"/> is not reached.
/// </summary>
public abstract class TableWriter(PipeWriter output)
{
    /// <summary>Bytes gathered before they are sent.</summary>
    private const int FlushBytes = 32 * 1024;

    protected PipeWriter Output { get; } = output;

    public abstract void Begin(IReadOnlyList<ExportColumn> columns);

    public abstract void Row(IReadOnlyList<object?> values);

    public virtual async ValueTask EndAsync(CancellationToken cancellationToken) => await Output.FlushAsync(cancellationToken);

    /// <summary>Sends what was gathered when it is worth a packet; waits for slow readers.</summary>
    public async ValueTask FlushWhenFullAsync(CancellationToken cancellationToken)
    {
        if (Output.UnflushedBytes >= FlushBytes)
            await Output.FlushAsync(cancellationToken);
    }
}

/// <summary>The formats of exports by their name in addresses. A new format is one class and one line here.</summary>
public static class ExportFormats
{
    public static IReadOnlyDictionary<string, ExportFormat> All { get; } = new Dictionary<string, ExportFormat>(StringComparer.OrdinalIgnoreCase)
    {
        ["csv"] = new("text/csv; charset=utf-8", output => new CsvTableWriter(output)),
        ["ndjson"] = new("application/x-ndjson", output => new NdjsonTableWriter(output)),
    };
}

public sealed record ExportFormat(string ContentType, Func<PipeWriter, TableWriter> Open)
{
    /// <summary>The content type without its parameters.</summary>
    public string MediaType => ContentType.Split(';')[0];
}
