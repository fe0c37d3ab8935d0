using System.Runtime.ExceptionServices;
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
    /// <summary>How many batches may be written at once (<see cref="CrmWriter.AtOnce"/>); rows that others need are written one batch after the other.</summary>
    public int Writers { get; init; } = 1;
}

/// <summary>
/// Imports files by a map. One task reads and maps rows, others write batches, and bounded queues between them (<see cref="Lanes"/>) hold the reader back,
/// so memory does not grow with the file. Each batch is one transaction; every row is idempotent, so an import that was killed is simply run again.
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
        var lanes = new Lanes(map, write is null || options.IsDryRun ? 1 : options.Writers, _limits);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var reader = new FileImport(map, tally, rejects, options.Progress, _limits, today);
        BatchConsumer[] writers = [.. Enumerable.Range(0, lanes.Count).Select(_ => new BatchConsumer(write, options, tally, rejects))];
        var error = await ReadTablesAsync(reader, new LookupTables(map, options, _limits, today), cancellationToken)
            ?? await RunPipelineAsync(reader, writers, files, lanes, cancellationToken);
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
            Samples = writers[0].Samples,
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
        FileImport reader, BatchConsumer[] writers, IReadOnlyList<ImportFile> files, Lanes lanes, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAllAsync(reader, files, lanes, stop.Token), CancellationToken.None);
        if (await WriteAllAsync(writers, lanes, stop) is not { } failure)
            return await reading;
        // The reader may wait for room in a queue: it is woken, and ends before its file is closed.
        await reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (failure.SourceException is ImportException end)
            return end;
        if (DatabaseEngine.IsFull(failure.SourceException))
            return new ImportException(
                ImportErrorCodes.StorageFull,
                "The disk of the database is full. What was written until then stays; make room and import the file again.",
                failure.SourceException);
        if (DatabaseEngine.IsAway(failure.SourceException))
            return new ImportException(
                ErrorCodes.Unavailable,
                "The database cannot be reached any more. What was written until then stays; import the file again in a moment.",
                failure.SourceException);
        failure.Throw();
        return null;
    }

    /// <returns>The first failure, if there was one: it ends reading and the other writers, whose open batches leave nothing behind.</returns>
    private static async Task<ExceptionDispatchInfo?> WriteAllAsync(BatchConsumer[] writers, Lanes lanes, CancellationTokenSource stop)
    {
        ExceptionDispatchInfo? first = null;
        await Task.WhenAll(writers.Select((writer, lane) => Task.Run(
            async () =>
            {
                try
                {
                    await foreach (var batch in lanes.From(lane).ReadAllAsync(stop.Token))
                    {
                        await writer.WriteAsync(batch, stop.Token);
                        lanes.Open();
                    }
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(exception), null);
                    await stop.CancelAsync();
                }
            },
            CancellationToken.None)));
        return first;
    }

    /// <summary>The error that ended reading; batches read until then are still written.</summary>
    private static async Task<ImportException?> ReadAllAsync(
        FileImport reader,
        IReadOnlyList<ImportFile> files,
        Lanes lanes,
        CancellationToken cancellationToken)
    {
        try
        {
            foreach (var file in files)
                await reader.ReadAsync(file, lanes, cancellationToken);
            return null;
        }
        catch (ImportException exception)
        {
            return exception;
        }
        finally
        {
            lanes.Complete();
        }
    }
}
