using System.Data.Common;
using System.Globalization;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Model;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// The table <c>changes</c> on SQLite, filled by row triggers for every writer: one row for each table and day, taken out and put in again under the next
/// number. Since writers follow each other, whatever has a greater number than a state was committed after it.
/// </summary>
internal static class SqliteChanges
{
    private const string Since = """
        select "table", min(from_day), max(to_day), max(from_day is null), max(sequence) from changes where sequence > @since group by "table"
        union all
        select null, null, null, null, max(sequence) from changes
        """;

    public static string Triggers(StoredTable stored)
    {
        var (table, day) = (stored.Name, stored.Day);
        var former = day is null ? "" : Note(table, day, "OLD", $" WHERE OLD.{day} <> NEW.{day}");
        return $"""
            CREATE TRIGGER {TriggerOfInserts(table)} AFTER INSERT ON {table} WHEN NOT EXISTS (SELECT 1 FROM bulk_inserts WHERE "table" = '{table}')
            BEGIN {Note(table, day, "NEW")} END;
            CREATE TRIGGER {table}_changes_update AFTER UPDATE ON {table} BEGIN {Note(table, day, "NEW")} {former} END;
            CREATE TRIGGER {table}_changes_delete AFTER DELETE ON {table} BEGIN {Note(table, day, "OLD")} END;

            """;
    }

    public static string TriggerOfInserts(string table) => table + "_changes_insert";

    /// <summary>Every table changed on every day: after a filling without triggers.</summary>
    public static async Task NoteAllAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var table in Tables.With(TableTraits.Changes))
            await Rezoning.ExecuteAsync(connection, transaction, Note(table.Name, null, ""), cancellationToken);
    }

    /// <returns>The number of the last change that the connection sees, and what changed after the given one; nothing of that when none is given.</returns>
    public static async Task<(string Position, IReadOnlyList<CommitNotice> Notices)> SinceAsync(
        DbConnection connection,
        DbTransaction? transaction,
        string? position,
        CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Since;
        var since = command.CreateParameter();
        (since.ParameterName, since.Value) = ("@since", position is null ? long.MaxValue : long.Parse(position, CultureInfo.InvariantCulture));
        command.Parameters.Add(since);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (last, notices) = (0L, new List<CommitNotice>());
        while (await reader.ReadAsync(cancellationToken))
        {
            last = reader.IsDBNull(4) ? last : Math.Max(last, reader.GetInt64(4));
            if (!reader.IsDBNull(0))
                notices.Add(reader.GetInt64(3) == 1
                    ? new([reader.GetString(0)], null, null)
                    : new([reader.GetString(0)], reader.GetFieldValue<DateOnly>(1), reader.GetFieldValue<DateOnly>(2)));
        }

        return (last.ToString(CultureInfo.InvariantCulture), notices);
    }

    public static bool HasSeen(string position, string earlier) =>
        long.Parse(position, CultureInfo.InvariantCulture) >= long.Parse(earlier, CultureInfo.InvariantCulture);

    // Not INSERT OR REPLACE: a trigger's conflict clause gives way to that of the statement that fires it.
    private static string Note(string table, string? day, string row, string condition = "")
    {
        var value = day is null ? "NULL" : $"{row}.{day}";
        var found = condition.Length == 0 ? " WHERE" : $"{condition} AND";
        return $"""
            DELETE FROM changes{found} "table" = '{table}' AND from_day IS {value};
            INSERT INTO changes ("transaction", "table", from_day, to_day, changed_at) SELECT 0, '{table}', {value}, {value}, CURRENT_TIMESTAMP{condition};
            """;
    }
}
