using System.Globalization;
using CrmGraph.Data.Model;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// What the triggers of an insert check and note row by row (customers that are there, changes, marks of rollups, figures of customers), done once for all
/// rows of a bulk insert: SQLite has no triggers by statement. Meanwhile the connection fires none. What they do is half of the processor time of an insert
/// of orders of one line; half of the rest are copies of the pages that a row touches, which SQLite keeps where a trigger might refuse the row.
/// A table with other triggers than ours fires all; those that would note a row are kept still by a row of <c>bulk_inserts</c>, in this transaction.
/// </summary>
/// <param name="before">The last row that was there.</param>
/// <param name="still">What the triggers do that are not fired; null where they are.</param>
internal sealed class SqliteBulkNotes(SqliteConnection connection, StoredTable table, long before, SqliteInsertTriggers? still)
{
    // Without indexes the new rows are read alone, from the end of the table.
    private string NewRows => string.Create(CultureInfo.InvariantCulture, $"{table.Name} NOT INDEXED WHERE rowid > {before}");

    /// <returns>Null where nothing is noted by a trigger either: tables that tell no changes, and the filling of an empty database.</returns>
    public static SqliteBulkNotes? Begin(SqliteConnection connection, string name)
    {
        if (Tables.With(TableTraits.Changes).FirstOrDefault(t => t.Name == name) is not { } table
            || Execute(connection, $"SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = '{SqliteChanges.TriggerOfInserts(name)}'") is null)
            return null;
        var still = SqliteInsertTriggers.Of(connection, table);
        if (still is null)
            Execute(connection, $"INSERT INTO bulk_inserts VALUES ('{name}')");
        var before = (long)Execute(connection, $"SELECT ifnull(max(rowid), 0) FROM {name}")!;
        if (still is not null)
            Fire(connection, triggers: false);
        return new(connection, table, before, still);
    }

    /// <summary>Checks and notes what was inserted.</summary>
    /// <returns>Why a row is refused: it and those behind it are taken out again.</returns>
    public SqliteException? Write()
    {
        // A full disk and whoever stops a statement end the transaction.
        var isOver = raw.sqlite3_get_autocommit(connection.Handle!) != 0;
        SqliteException? refusal;
        try
        {
            refusal = isOver ? null : still?.Refused.Select(Refusal).FirstOrDefault(r => r is not null);
        }
        finally
        {
            // Whatever fails: the connection goes back to the pool, and whoever has it next counts on them.
            if (still is not null)
                Fire(connection, triggers: true);
        }

        if (isOver)
            return null;
        if (still is null)
            Execute(connection, $"DELETE FROM bulk_inserts WHERE \"table\" = '{table.Name}'");
        if (still is { Filled: { } filled })
            Execute(
                connection,
                string.Create(CultureInfo.InvariantCulture, $"UPDATE {table.Name} SET {filled.Change} WHERE rowid > {before} AND ({filled.When})"));
        Execute(connection, Changes);
        if (table.Entity == typeof(Order))
            Execute(connection, Orders);
        return refusal;
    }

    private SqliteException? Refusal((string When, string Message) refused)
    {
        if (Execute(connection, $"SELECT min({table.Name}.rowid) FROM {NewRows} AND ({refused.When})") is not long first)
            return null;
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"DELETE FROM {table.Name} WHERE rowid >= {first}"));
        return new SqliteException(refused.Message, raw.SQLITE_CONSTRAINT, raw.SQLITE_CONSTRAINT_TRIGGER);
    }

    private static void Fire(SqliteConnection connection, bool triggers)
    {
        const int EnableTrigger = 1003;
        var result = raw.sqlite3_db_config(connection.Handle!, EnableTrigger, triggers ? 1 : 0, out _);
        if (result != raw.SQLITE_OK)
            throw new SqliteException(raw.sqlite3_errmsg(connection.Handle!).utf8_to_string(), result);
    }

    private string Changes => $"""
        DELETE FROM changes WHERE "table" = '{table.Name}' AND {(table.Day is null ? $"from_day IS NULL AND EXISTS (SELECT 1 FROM {NewRows})"
            : $"from_day IN (SELECT {table.Day} FROM {NewRows})")};
        INSERT INTO changes ("transaction", "table", from_day, to_day, changed_at)
        SELECT DISTINCT 0, '{table.Name}', {table.Day ?? "NULL"}, {table.Day ?? "NULL"}, CURRENT_TIMESTAMP FROM {NewRows};
        """;

    private string Orders => $"""
        INSERT INTO rollup_marks (day)
        SELECT DISTINCT day FROM {NewRows} AND NOT EXISTS (SELECT 1 FROM rollup_marks m WHERE m.day = orders.day AND m.is_final = 0);
        INSERT INTO customer_figures (customer_id, first_purchase_day, last_purchase_day, order_count)
        SELECT customer_id, min(day), max(day), count(*) FROM {NewRows} AND kind = 'SALE' AND cancelled_at IS NULL GROUP BY customer_id
        ON CONFLICT (customer_id) DO UPDATE SET
            first_purchase_day = min(ifnull(first_purchase_day, excluded.first_purchase_day), excluded.first_purchase_day),
            last_purchase_day = max(ifnull(last_purchase_day, excluded.last_purchase_day), excluded.last_purchase_day),
            order_count = order_count + excluded.order_count;
        INSERT INTO customer_money (customer_id, currency, gross_amount, returned_amount)
        SELECT customer_id, currency, sum(gross_amount), sum(returned_amount) FROM {NewRows} AND cancelled_at IS NULL
        GROUP BY customer_id, currency HAVING sum(gross_amount) <> 0 OR sum(returned_amount) <> 0
        ON CONFLICT (customer_id, currency) DO UPDATE SET
            gross_amount = gross_amount + excluded.gross_amount, returned_amount = returned_amount + excluded.returned_amount;
        """;

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names from the list of tables, and a number.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
