using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CrmGraph.GraphQL.Types;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CrmGraph.Data.Database;

/// <summary>
/// Tells of every statement that the graph sends, with the names of OpenTelemetry's conventions for databases: what it does to which table and how
/// long that took. Its text and its values are left out.
/// </summary>
public static class StatementTelemetry
{
    /// <summary>The name of the <see cref="ActivitySource"/> and of the <see cref="Meter"/>.</summary>
    public const string Name = "CrmGraph.Database";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "db.client.operation.duration",
        "s",
        "Time of a statement until its first row.");

    /// <summary>Whether anybody wants to know, beside the operation's tally.</summary>
    internal static bool IsWanted => Durations.Enabled || Source.HasListeners();

    /// <summary>Tells of a statement that has ended, or brought its first row.</summary>
    internal static void Record(DatabaseEngine engine, StatementTally? tally, string sql, TimeSpan duration, Exception? failure)
    {
        tally?.Add(sql, duration);
        if (!IsWanted)
            return;
        var (operation, table) = StatementSummary.Of(sql);
        var tags = new TagList { { "db.system.name", engine.SystemName }, { "db.operation.name", operation } };
        if (table is not null)
            tags.Add("db.collection.name", table);
        if (failure is not null)
            tags.Add("error.type", failure is DbException { SqlState: { } state } ? state : failure.GetType().Name);
        Durations.Record(duration.TotalSeconds, tags);
        var summary = table is null ? operation : $"{operation} {table}";
        // Made when it is over, so that nothing need be carried through the command.
        using var activity = Source.StartActivity(
            summary,
            ActivityKind.Client,
            default(ActivityContext),
            tags,
            startTime: TimeProvider.System.GetUtcNow() - duration);
        activity?.SetTag("db.query.summary", summary);
        if (failure is not null)
            activity?.SetStatus(ActivityStatusCode.Error);
    }
}

/// <summary>What a statement does, to which table: its first word, and the first name behind FROM, INTO or UPDATE.</summary>
internal static class StatementSummary
{
    private static readonly char[] Blanks = [' ', '\n', '\r', '\t', '(', ';'];
    private static readonly string[] Before = ["FROM", "INTO", "UPDATE"];

    public static (string Operation, string? Table) Of(string sql)
    {
        var words = sql.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return ("UNKNOWN", null);
        var at = Array.FindIndex(words, w => Before.Contains(w, StringComparer.OrdinalIgnoreCase));
        return (words[0].ToUpperInvariant(), at >= 0 && at + 1 < words.Length && words[at + 1].Trim('"') is { Length: > 0 } name
            && !name.Equals("SELECT", StringComparison.OrdinalIgnoreCase) ? name : null);
    }
}

/// <summary>Hears of the statements that EF sends.</summary>
internal sealed class StatementInterceptor(DatabaseEngine engine) : DbCommandInterceptor
{
    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        StatementTelemetry.Record(engine, StatementTally.Current, command.CommandText, eventData.Duration, null);
        return result;
    }

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        DbDataReader result,
        CancellationToken cancellationToken = default) =>
        new(ReaderExecuted(command, eventData, result));

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        StatementTelemetry.Record(engine, StatementTally.Current, command.CommandText, eventData.Duration, null);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        int result,
        CancellationToken cancellationToken = default) =>
        new(NonQueryExecuted(command, eventData, result));

    public override object? ScalarExecuted(DbCommand command, CommandExecutedEventData eventData, object? result)
    {
        StatementTelemetry.Record(engine, StatementTally.Current, command.CommandText, eventData.Duration, null);
        return result;
    }

    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        object? result,
        CancellationToken cancellationToken = default) =>
        new(ScalarExecuted(command, eventData, result));

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData)
        => StatementTelemetry.Record(engine, StatementTally.Current, command.CommandText, eventData.Duration, eventData.Exception);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        CommandFailed(command, eventData);
        return Task.CompletedTask;
    }
}
