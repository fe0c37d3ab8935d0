using System.Threading.Channels;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Rows;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Imports;

/// <summary>Writes a batch in one transaction: <c>CrmWriter.WriteAsync</c>.</summary>
public delegate Task<IngestOutcome> WriteBatch(IngestBatch batch, WriteOptions options, CancellationToken cancellationToken);

/// <summary>A file to import.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Open">Opens it; the importer closes it.</param>
public sealed record ImportFile(string Name, Func<Stream> Open);

/// <summary>How far an import is.</summary>
/// <param name="Position">Bytes of the file that were read, as it stands on disk; null when the stream does not tell.</param>
public readonly record struct ImportProgress(string File, long Rows, long? Position);

public sealed record ImportOptions
{
    /// <summary>Who imports: his row rules bound what he may touch.</summary>
    public Caller Caller { get; init; } = Caller.System;
    /// <summary>Refused rows go here as CSV: file, line, rule, field, message, row.</summary>
    public TextWriter? Rejects { get; init; }
    /// <summary>The files that the map looks up in, by their names.</summary>
    public IReadOnlyList<ImportFile> Lookups { get; init; } = [];
    /// <summary>The database that the map looks up in, before anything is written.</summary>
    public IDbContextFactory<CrmDbContext>? Stored { get; init; }
    /// <summary>How many refused rows the report itself holds.</summary>
    public int RejectedInReport { get; init; }
    /// <summary>What is written will be undone (<see cref="WriteTrial"/>): the report says so, and shows the first records.</summary>
    public bool IsDryRun { get; init; }
    /// <summary>Of a dry run: how many records the report shows.</summary>
    public int Samples { get; init; } = 5;
    public IProgress<ImportProgress>? Progress { get; init; }
}

/// <summary>
/// Imports files by a map. One task reads and maps rows, another writes batches, and a bounded queue between them holds the reader back, so
/// memory does not grow with the file. Each batch is one transaction; every row is idempotent, so an import that was killed is simply run again.
/// </summary>
/// <param name="write">Null: rows are only mapped, and nothing is asked of a database.</param>
public sealed class Importer(WriteBatch? write, TimeProvider clock, ImportLimits? limits = null)
{
    private readonly ImportLimits _limits = limits ?? new ImportLimits();

    /// <summary>What stops the import on the way (a missing column, an unreadable file) stands in the report's error; what was written until then stays.</summary>
    public async Task<ImportReport> RunAsync(
        ImportMap map,
        IReadOnlyList<ImportFile> files,
        ImportOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new ImportOptions();
        var started = clock.GetTimestamp();
        var tally = new ImportTally();
        var rejects = new RejectLog(options.Rejects, options.RejectedInReport, _limits.RejectedRowCharacters);
        var queue = Channel.CreateBounded<FilledBatch>(new BoundedChannelOptions(_limits.WaitingBatches) { SingleReader = true, SingleWriter = true });
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var reader = new FileImport(map, tally, rejects, options.Progress, _limits, today);
        var writer = new BatchConsumer(write, options, tally, rejects);
        var error = await ReadTablesAsync(reader, new LookupTables(map, options, _limits, today), cancellationToken)
            ?? await RunPipelineAsync(reader, writer, files, queue, cancellationToken);
        rejects.Flush();
        var report = tally.ToReport();
        if (error is null && report is { RowsUsed: 0, Refused: [var most, ..] })
            error = new ImportException(
                ImportErrorCodes.NothingUsed,
                $"No row was used; {report.RowsRefused} were refused, most of them as {most.Rule}: {most.Example}");
        return report with
        {
            Map = map.Name,
            Source = map.Source,
            Files = [.. files.Select(file => file.Name)],
            DryRun = write is null || options.IsDryRun,
            Seconds = Math.Round(clock.GetElapsedTime(started).TotalSeconds, 3),
            AbsentColumns = reader.AbsentColumns,
            UnusedColumns = reader.UnusedColumns,
            Rejected = rejects.Kept([.. files.Select(file => file.Name)]),
            Samples = writer.Samples,
            Error = error is null ? null : new ImportError(error.Code, error.Message),
        };
    }

    /// <summary>What is wrong with what the map looks up in.</summary>
    private static async Task<ImportException?> ReadTablesAsync(FileImport reader, LookupTables tables, CancellationToken cancellationToken)
    {
        try
        {
            reader.Tables = await tables.ReadAsync(cancellationToken);
            return null;
        }
        catch (ImportException exception)
        {
            return exception;
        }
    }

    private static async Task<ImportException?> RunPipelineAsync(
        FileImport reader, BatchConsumer writer, IReadOnlyList<ImportFile> files, Channel<FilledBatch> queue, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAllAsync(reader, files, queue.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in queue.Reader.ReadAllAsync(cancellationToken))
                await writer.WriteAsync(batch, cancellationToken);
        }
        catch (Exception exception)
        {
            // The reader may wait for room in the queue: wake it, and let it end before its file is closed.
            await stop.CancelAsync();
            await reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (exception is ImportException end)
                return end;
            if (DatabaseEngine.IsFull(exception))
                return new ImportException(
                    ImportErrorCodes.StorageFull,
                    "The disk of the database is full. What was written until then stays; make room and import the file again.",
                    exception);
            if (DatabaseEngine.IsAway(exception))
                return new ImportException(
                    ErrorCodes.Unavailable,
                    "The database cannot be reached any more. What was written until then stays; import the file again in a moment.",
                    exception);
            throw;
        }
        return await reading;
    }

    /// <summary>The error that ended reading; batches read until then are still written.</summary>
    private static async Task<ImportException?> ReadAllAsync(
        FileImport reader,
        IReadOnlyList<ImportFile> files,
        ChannelWriter<FilledBatch> queue,
        CancellationToken cancellationToken)
    {
        try
        {
            foreach (var file in files)
                await reader.ReadAsync(file, queue, cancellationToken);
            return null;
        }
        catch (ImportException exception)
        {
            return exception;
        }
        finally
        {
            queue.Complete();
        }
    }
}
