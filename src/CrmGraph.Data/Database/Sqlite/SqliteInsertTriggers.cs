using System.Text.RegularExpressions;
using CrmGraph.Data.Model;
using Microsoft.Data.Sqlite;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>What the triggers of a table do when a row is inserted, as the database has them, so that it can be done for many rows together.</summary>
/// <param name="Refused">When a row of the table is refused, and what is said then.</param>
/// <param name="Filled">What is filled in a row, and when.</param>
internal sealed partial record SqliteInsertTriggers(IReadOnlyList<(string When, string Message)> Refused, (string When, string Change)? Filled)
{
    /// <returns>Null where a trigger does something else: then it has to be fired.</returns>
    public static SqliteInsertTriggers? Of(SqliteConnection connection, StoredTable table)
    {
        var refused = new List<(string, string)>();
        (string, string)? filled = null;
        foreach (var (name, sql) in Inserting(connection, table.Name))
        {
            if (!name.StartsWith(table.Name + "_", StringComparison.Ordinal))
                return null;
            var own = name[(table.Name.Length + 1)..];
            if (own is "customer" or "whole" or "day" && Refusing().Match(sql) is { Success: true } refusing)
            {
                var message = refusing.Groups["message"].Value.Replace("''", "'", StringComparison.Ordinal);
                refused.Add((OfTable(refusing.Groups["when"].Value, table.Name), message));
            }
            else if (own is "fold" && Filling().Match(sql) is { Success: true } filling)
                filled = (OfTable(filling.Groups["when"].Value, table.Name), filling.Groups["change"].Value);
            // What SqliteBulkNotes writes.
            else if (own is not "changes_insert" && !(table.Entity == typeof(Order) && own is "figures_insert" or "rollup_insert"))
                return null;
        }
        return new(refused, filled);
    }

    private static List<(string Name, string Sql)> Inserting(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = @table COLLATE NOCASE";
        command.Parameters.AddWithValue("@table", table);
        using var reader = command.ExecuteReader();
        var found = new List<(string, string)>();
        while (reader.Read())
            if (!Other().IsMatch(reader.GetString(1)))
                found.Add((reader.GetString(0), reader.GetString(1)));
        return found;
    }

    private static string OfTable(string when, string table) => when.Replace("NEW.", table + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*CREATE\s+TRIGGER\s+\w+\s+(BEFORE|AFTER)\s+(UPDATE|DELETE)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Other();

    [GeneratedRegex(@"\bINSERT ON \w+\s+WHEN (?<when>.+)\s+BEGIN SELECT RAISE\(ABORT, '(?<message>([^']|'')*)'\); END$", RegexOptions.Singleline)]
    private static partial Regex Refusing();

    [GeneratedRegex(@"\bINSERT ON \w+\s+WHEN (?<when>.+)\s+BEGIN UPDATE \w+ SET (?<change>[^;]+) WHERE rowid = NEW\.rowid; END$", RegexOptions.Singleline)]
    private static partial Regex Filling();
}
