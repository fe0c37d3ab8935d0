using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Suggesting;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph imports suggest FILE</c>: a map for a file that nobody has described yet. It needs no database.</summary>
internal static class ImportsCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create() => new("imports", "Prepares imports.") { Suggest() };

    private static Command Suggest()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "CSV or other delimited text, plain or gzip." };
        var source = new Option<string>("--source", "-s")
        {
            Description = "The system that the ids in the file belong to.", HelpName = "NAME", DefaultValueFactory = _ => "import",
        };
        var currency = new Option<string?>("--currency") { Description = "The currency of amounts if the file does not say.", HelpName = "CODE" };
        var made = new Option<bool>("--ignore-ready-maps") { Description = "Make a map even if a ready one fits." };
        var json = new Option<bool>("--json") { Description = "Print the suggestion as JSON." };
        var command = new Command("suggest",
            "Suggests a map for a file by its headers and first rows (docs/import.md); write it to a file and look it through.")
        {
            file, source, currency, made, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(file)!,
            head => new(head, parsed.GetValue(file)!.Name, parsed.GetValue(source)!, parsed.GetValue(currency)) { IgnoresReadyMaps = parsed.GetValue(made) },
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, Func<byte[], UnknownFile> describe, bool json, CancellationToken cancellationToken)
    {
        try
        {
            var suggestion = await MapSuggester.SuggestAsync(describe(await HeadAsync(file, cancellationToken)), cancellationToken);
            Console.Out.Write(json ? JsonSerializer.Serialize(suggestion, Json) + Environment.NewLine : Text(suggestion));
            return 0;
        }
        catch (ImportException e)
        {
            Console.Error.WriteLine($"error: {e.Message} ({e.Code})");
            return Failures.WrongUsage;
        }
    }

    private static async Task<byte[]> HeadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = file.OpenRead();
            var head = new byte[MapSuggester.HeadBytes];
            return head[..await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException(ImportErrorCodes.FileUnreadable, $"{file.Name} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The map, and what became of each column as comments in front of it: together they are a map.</summary>
    private static string Text(ImportMapSuggestion suggestion)
    {
        var text = new StringBuilder();
        if (suggestion.ReadyMap is { } ready)
            Comment($"The ready map '{ready}' fits: crmgraph import FILE --map {ready}");
        foreach (var column in suggestion.Columns)
        {
            var what = column.Targets.Count > 0 ? string.Join(", ", column.Targets) : "left out";
            Comment($"{column.Position} {column.Name}: {what} ({Words(column.Reason)})");
        }

        foreach (var note in suggestion.Notes)
            Comment("Note: " + Words(note));
        foreach (var problem in suggestion.Problems)
            Comment("Problem: " + problem);
        return text.Append(suggestion.Map).ToString();

        void Comment(string line) => text.Append("# ").AppendLine(line.ReplaceLineEndings(" "));
    }

    private static string Words<TEnum>(TEnum value) where TEnum : struct, Enum => ErrorLabels.Words(JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{value}"));
}
