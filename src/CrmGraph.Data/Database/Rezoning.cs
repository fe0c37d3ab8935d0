using System.Data.Common;
using System.Globalization;
using CrmGraph.Data.Model;

namespace CrmGraph.Data.Database;

/// <summary>Moves the company to another reporting zone: the setting, and day and hour of every fact.</summary>
public static class Rezoning
{
    private static readonly List<DatedColumn> Columns = [.. Tables.All.SelectMany(t => t.DatedColumns)];

    /// <summary>The zone of this IANA name; null when this machine has none of that name.</summary>
    public static TimeZoneInfo? Find(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId && zone.Id == name ? zone : null;

    /// <summary>
    /// Writes the setting and rewrites the facts in the caller's transaction; other writers wait for its end. Returns the number of rows rewritten.
    /// Order lines follow their orders by trigger, figures too. Derived columns leave no history.
    /// </summary>
    internal static async Task<long> RunAsync(
        DatabaseEngine engine,
        DbConnection connection,
        DbTransaction transaction,
        TimeZoneInfo zone,
        CancellationToken cancellationToken)
    {
        await engine.LockTablesAsync(connection, transaction, [.. Columns.Select(c => c.Table).Distinct(), "order_lines"], cancellationToken);
        await ExecuteAsync(connection, transaction, $"update settings set reporting_zone = '{zone.Id}'", cancellationToken);
        await engine.PauseHistoryAsync(connection, transaction, cancellationToken);
        var rows = 0L;
        foreach (var column in Columns)
            rows += await RewriteAsync(engine, connection, transaction, zone, column, cancellationToken);
        await engine.ResumeHistoryAsync(connection, transaction, cancellationToken);
        return rows;
    }

    /// <summary>Fills the days that are missing beside their moment: of columns that a migration has added.</summary>
    internal static async Task FillAsync(DatabaseEngine engine, DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var column in Columns)
        {
            if (await ValueAsync(connection, transaction, $"select 1 from {column.Table} where {column.Day} is null and {column.Moment} is not null limit 1",
                cancellationToken) is null)
                continue;
            var zone = (string)(await ValueAsync(connection, transaction, "select reporting_zone from settings", cancellationToken))!;
            await RewriteAsync(engine, connection, transaction, TimeZoneInfo.FindSystemTimeZoneById(zone), column, cancellationToken);
        }
    }

    /// <summary>One statement for each stretch of time in which the zone's offset stays the same: SQLite knows no zones.</summary>
    private static async Task<long> RewriteAsync(
        DatabaseEngine engine, DbConnection connection, DbTransaction transaction, TimeZoneInfo zone,
        DatedColumn column, CancellationToken cancellationToken)
    {
        var range = await RangeAsync(connection, transaction, column.Table, column.Moment, cancellationToken);
        if (range is not { } between)
            return 0;
        var rows = 0L;
        foreach (var (from, until, offset) in Stretches(zone, between.First, between.Last))
            rows += await ExecuteAsync(
                connection,
                transaction,
                engine.RezoneSql(column.Table, column.Moment, column.Day, column.HasHour, from, until, offset),
                cancellationToken);
        return rows;
    }

    internal static IEnumerable<(DateTime From, DateTime Until, TimeSpan Offset)> Stretches(TimeZoneInfo zone, DateTime first, DateTime last)
    {
        var from = first;
        while (from <= last)
        {
            var offset = zone.GetUtcOffset(from);
            var until = from;
            // Offsets stay for days at least; the hour and then the second of the change are found by halving.
            while (until <= last && zone.GetUtcOffset(until.AddDays(1)) == offset)
                until = until.AddDays(1);
            until = until > last ? last.AddTicks(10) : ChangeBetween(zone, until, until.AddDays(1), offset);
            yield return (from, until, offset);
            from = until;
        }
    }

    private static DateTime ChangeBetween(TimeZoneInfo zone, DateTime same, DateTime other, TimeSpan offset)
    {
        while ((other - same).Ticks > TimeSpan.TicksPerSecond)
        {
            var middle = same + TimeSpan.FromTicks((other - same).Ticks / 2);
            if (zone.GetUtcOffset(middle) == offset)
                same = middle;
            else
                other = middle;
        }
        return new DateTime(other.Ticks - other.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);
    }

    private static async Task<(DateTime First, DateTime Last)?> RangeAsync(
        DbConnection connection, DbTransaction transaction, string table, string moment, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Names from the list above.
        command.CommandText = $"select min({moment}), max({moment}) from {table}";
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (await reader.IsDBNullAsync(0, cancellationToken))
            return null;
        return (DateTime.SpecifyKind(reader.GetDateTime(0), DateTimeKind.Utc), DateTime.SpecifyKind(reader.GetDateTime(1), DateTimeKind.Utc));
    }

    private static async Task<object?> ValueAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Names from the list above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    internal static string Literal(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    internal static async Task<int> ExecuteAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Names from the list above, numbers and the checked name of a zone.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
