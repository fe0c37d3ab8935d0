using System.CommandLine;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace CrmGraph.Tools.Commands;

/// <summary>Imports files by a map. Exit codes: 0 done, 1 failed, 2 wrong usage, wrong map, or a file that does not fit the map.</summary>
public static class ImportCommand
{
    private const int Failed = 1;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "CSV or other delimited text, plain or gzip; '-' reads standard input.",
            Arity = ArgumentArity.OneOrMore
        };
        var map = new Option<string>("--map", "-m")
        {
            Description = "A map: a YAML file, or the name of a ready one: " + string.Join(", ", ReadyMaps.Names) + ".",
            HelpName = "MAP",
            Required = true
        };
        var database = Database.Option();
        var rejects = new Option<FileInfo?>("--rejects", "-r")
        {
            Description = "Refused rows go to this CSV file, with line, rule and message.",
            HelpName = "FILE"
        };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Show what would become of the rows: everything is done and undone. Without a database it goes into an empty one."
        };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command("import", "Import files by a map (docs/import.md). Importing the same file again changes nothing.") {
            files,
            map,
            database,
            rejects,
            dryRun,
            json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new Request(
                parsed.GetValue(files)!,
                parsed.GetValue(map)!,
                parsed.GetValue(database),
                parsed.GetValue(rejects),
                parsed.GetValue(dryRun),
                parsed.GetValue(json)), cancellationToken));
        return command;
    }

    private sealed record Request(string[] Files, string Map, string? Database, FileInfo? Rejects, bool DryRun, bool Json);

    private static async Task<int> RunAsync(Request request, CancellationToken cancellationToken)
    {
        ImportMap map;
        try
        {
            map = LoadMap(request.Map);
        }
        catch (ImportException exception)
        {
            return Say(exception.Code, exception.Message, Failures.WrongUsage);
        }
        foreach (var name in request.Files.Where(name => name != "-" && !File.Exists(name)))
            return Say(
                ImportErrorCodes.FileUnreadable,
                Directory.Exists(name) ? $"{name} is a folder; name the files in it." : $"There is no file '{name}'.",
                Failures.WrongUsage);
        FileInfo[] files = [.. request.Files.Select(name => new FileInfo(name))];
        if (request.Rejects is { } log && files.Append(new FileInfo(request.Map)).Any(file => RealPath(file) == RealPath(log)))
            return Say(ErrorCodes.InvalidArgument, $"--rejects {log} would write over what is read; name another file.", Failures.WrongUsage);

        await using var database = await OpenDatabase.ForAsync(request.Database, request.DryRun, cancellationToken);
        await using var rejects = request.Rejects is null ? null : Create(request.Rejects);
        var writer = database.Services.GetRequiredService<CrmWriter>();
        await using var trial = writer.Try();
        await using var writes = writer.ForImport();
        var importer = new Importer(request.DryRun ? trial.WriteAsync : writes.WriteAsync, TimeProvider.System, ImportLimits.For(writer));
        if (database.IsEmptyOne && !request.Json)
            Console.Out.WriteLine("There is no database yet: the dry run goes into an empty one.");
        var options = new ImportOptions
        {
            Rejects = rejects, IsDryRun = request.DryRun, Lookups = Lookups(request.Map, map), Writers = writer.AtOnce,
            Stored = database.Services.GetRequiredService<IDbContextFactory<CrmDbContext>>(),
        };
        var report = await ImportScreen.RunAsync(
            files,
            request.Json,
            progress => importer.RunAsync(map, [.. files.Select(Source)], options with { Progress = progress }, cancellationToken));
        if (request.Json)
            Console.Out.WriteLine(ImportReportJson.Write(report));
        else
            ImportScreen.Write(report, request.Rejects);
        return report.Error switch
        {
            null => 0,
            { Code: ImportErrorCodes.ColumnMissing or ImportErrorCodes.LookupInvalid } error => Say(error.Code, error.Message, Failures.WrongUsage),
            var error => Say(error.Code, error.Message, Failed),
        };
    }

    /// <summary>A file if there is one, else a ready map.</summary>
    private static ImportMap LoadMap(string name)
    {
        if (Directory.Exists(name))
            throw new ImportException(ImportErrorCodes.MapUnknown, $"{name} is a folder; a map is a file, or the name of a ready one.");
        if (!File.Exists(name))
            return name.AsSpan().ContainsAny("./\\")
                ? throw new ImportException(ImportErrorCodes.MapUnknown, $"There is no file {name}.")
                : ReadyMaps.Load(name);
        try
        {
            return ImportMap.Parse(File.ReadAllText(name), Path.GetFileName(name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImportException(ImportErrorCodes.FileUnreadable, $"The map {name} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Files that the map looks up in stand beside it.</summary>
    private static IReadOnlyList<ImportFile> Lookups(string mapName, ImportMap map)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(mapName))!;
        return [.. map.LookupFiles.Select(name => new FileInfo(Path.Combine(folder, name))).Where(file => file.Exists).Select(Source)];
    }

    private static string RealPath(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;

    private static StreamWriter Create(FileInfo rejects)
    {
        try
        {
            return new StreamWriter(rejects.FullName, append: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--rejects {rejects} cannot be written: {exception.Message}");
        }
    }

    private static ImportFile Source(FileInfo file) => file.Name == "-"
        ? new ImportFile("standard input", Console.OpenStandardInput)
        : new ImportFile(
            file.Name,
            () => new FileStream(
                file.FullName, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 1 << 16 }));

    private static int Say(string code, string message, int exitCode)
    {
        Console.Error.WriteLine($"error: {message} ({code})");
        return exitCode;
    }
}
