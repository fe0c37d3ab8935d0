using System.Data.Common;
using System.Text;
using CrmGraph.Data.Model;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// The triggers that write the old row of an update or deletion to the table history, and those that fold a text which a plain writer wrote without
/// its folded form. SQLite's triggers must name every column, so they are made from the catalog: a new column cannot be forgotten.
/// </summary>
internal static class SqliteHistory
{
    public static async Task RecreateAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        await ExecuteAsync(connection, transaction, SqliteTriggers.Anew(await TextAsync(connection, transaction, cancellationToken)), cancellationToken);

    public static async Task<string> TextAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var (table, key, customer) in Tables.With(TableTraits.History).Select(t => (t.Name, t.Key, t.Customer)))
        {
            var columns = await ColumnsAsync(connection, transaction, table, cancellationToken);
            text.AppendLine(History(table, key, customer, columns, "update", 'U')).AppendLine(History(table, key, customer, columns, "delete", 'D'));
            if (columns.Where(c => columns.Any(f => f.Name == c.Name + "_folded")).Select(c => c.Name).ToList() is { Count: > 0 } folded)
                text.AppendLine(Folding(table, folded));
        }

        return text.ToString();
    }

    public static async Task DropAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var table in Tables.With(TableTraits.History))
            await ExecuteAsync(
                connection,
                transaction,
                $"DROP TRIGGER IF EXISTS {table.Name}_history_update; DROP TRIGGER IF EXISTS {table.Name}_history_delete;",
                cancellationToken);
    }

    private static string History(string table, string key, string? customer, IReadOnlyList<(string Name, string Type)> columns, string operation, char letter)
    {
        var row = string.Join(", ", columns.Select(c => $"'{c.Name}', {Text(c)}"));
        var id = string.Join(" || '/' || ", key.Split('/').Select(k => Text(columns.Single(c => c.Name == k))));
        var owner = customer is null ? "NULL" : "OLD." + customer;
        return $"""
            CREATE TRIGGER {table}_history_{operation} AFTER {operation} ON {table}
            BEGIN
                INSERT INTO history ("table", row_id, customer_id, operation, changed_at, "row")
                VALUES ('{table}', {id}, {owner}, '{letter}', strftime('%Y-%m-%d %H:%M:%f', 'now'), json_object({row}));
            END;
            """;
    }

    /// <summary>Ids are shown as PostgreSQL shows them; a list is JSON already.</summary>
    private static string Text((string Name, string Type) column)
    {
        var name = $"OLD.\"{column.Name}\"";
        return column switch
        {
            { Type: "BLOB" } => $"lower(substr(hex({name}), 1, 8) || '-' || substr(hex({name}), 9, 4) || '-' || substr(hex({name}), 13, 4) || '-' || "
                + $"substr(hex({name}), 17, 4) || '-' || substr(hex({name}), 21))",
            { Name: "tags" or "interests" } => $"json({name})",
            _ => name,
        };
    }

    /// <summary>
    /// SQLite's lower() knows ASCII only. A missing folded text is filled with it; a changed text is folded again only when it is ASCII, since
    /// otherwise the writer's own folded text, which this cannot tell from a stale one, would be spoilt.
    /// </summary>
    private static string Folding(string table, IReadOnlyList<string> names)
    {
        var missing = string.Join(" OR ", names.Select(n => $"(ifnull(NEW.{n}_folded, '') = '' AND ifnull(NEW.{n}, '') <> '')"));
        var fill = string.Join(", ", names.Select(n => $"{n}_folded = iif(ifnull({n}_folded, '') = '', lower({n}), {n}_folded)"));
        var stale = string.Join(
            " OR ",
            names.Select(n => $"(NEW.{n} IS NOT OLD.{n} AND NEW.{n}_folded IS OLD.{n}_folded AND NEW.{n}_folded IS NOT lower(NEW.{n}))"));
        var change = string.Join(
            ", ",
            names.Select(n => $"{n}_folded = iif({n} IS NOT OLD.{n} AND {n} NOT GLOB '*[^ -~]*' OR {n} IS NULL, lower({n}), {n}_folded)"));
        return $"""
            CREATE TRIGGER {table}_fold AFTER INSERT ON {table} WHEN {missing}
            BEGIN UPDATE {table} SET {fill} WHERE rowid = NEW.rowid; END;
            CREATE TRIGGER {table}_fold_change AFTER UPDATE ON {table} WHEN {stale}
            BEGIN UPDATE {table} SET {change} WHERE rowid = NEW.rowid; END;
            """;
    }

    private static async Task<IReadOnlyList<(string Name, string Type)>> ColumnsAsync(
        DbConnection connection, DbTransaction transaction, string table, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "select name, type from pragma_table_info(@table)";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@table", table);
        command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            columns.Add((reader.GetString(0), reader.GetString(1)));
        return columns;
    }

    private static async Task ExecuteAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Names from the list above and the catalog.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
