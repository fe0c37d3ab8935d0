using System.Data.Common;
using CrmGraph.Data.Model;
using Microsoft.Data.Sqlite;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// Folds again the texts whose folded form is not what this program makes of them: the rule has changed, or plain SQL wrote letters whose case
/// SQLite does not know. Run after migrations; PostgreSQL does it in one of them.
/// </summary>
internal static class SqliteFolding
{
    public static async Task RunAsync(SqliteConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        connection.CreateFunction("crm_fold", (string? text) => FoldedText.Fold(text), isDeterministic: true);
        connection.CreateFunction(
            "crm_search_text", (string? name, string? email, string? phone) => SearchText.Of(name, email, phone), isDeterministic: true);
        foreach (var (table, folded) in await FoldedColumnsAsync(connection, transaction, cancellationToken))
        {
            var fold = $"crm_fold({folded[..^"_folded".Length]})";
            await Rezoning.ExecuteAsync(connection, transaction, $"update {table} set {folded} = {fold} where {folded} is not {fold}", cancellationToken);
        }

        const string Searched = "crm_search_text(name, email, phone)";
        await Rezoning.ExecuteAsync(
            connection, transaction, $"update customers set search_text = {Searched} where search_text is not {Searched}", cancellationToken);
    }

    private static async Task<IReadOnlyList<(string Table, string Column)>> FoldedColumnsAsync(
        SqliteConnection connection,
        DbTransaction transaction,
        CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = (SqliteTransaction)transaction;
        command.CommandText
            = "select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table' and c.name like '%\\_folded' escape '\\'";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            columns.Add((reader.GetString(0), reader.GetString(1)));
        return columns;
    }
}
