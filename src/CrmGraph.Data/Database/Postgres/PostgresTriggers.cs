using CrmGraph.Data.Database.Triggers;
using CrmGraph.Data.Model;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>The trigger scripts of PostgreSQL. They loop over <c>crm_tables</c>, the list of tables as a table that is gone with their transaction.</summary>
internal static class PostgresTriggers
{
    public static TriggerText Text { get; } = new(
        "create temporary table crm_tables (name text, whole text, whole_id text, moment text, day text, customer text, history_id text, is_fact boolean, "
        + "is_early boolean, has_changes boolean, has_history boolean) on commit drop;\n"
        + $"insert into crm_tables values\n{string.Join(",\n", Tables.All.Select(Row))};\n"
        + TriggerText.Files("postgres"));

    private static string Row(StoredTable table) =>
        "(" + string.Join(", ", Value(table.Name), Value(table.PartOf is { } whole ? Tables.Of(whole).Name : null), Value(table.WholeId),
            Value(table.DatedColumns.FirstOrDefault(c => c.HasHour)?.Moment), Value(table.Day), Value(table.Customer), Value(HistoryId(table)),
            table.IsFact, table.Has(TableTraits.Early), table.Has(TableTraits.Changes), table.Has(TableTraits.History)) + ")";

    /// <summary>The expression by which the history names a row <c>o</c>.</summary>
    private static string HistoryId(StoredTable table) =>
        table.Key.Split('/') is { Length: > 1 } keys ? string.Join(" || '/' || ", keys.Select(k => $"o.\"{k}\"")) : $"o.\"{table.Key}\"::text";

    private static string Value(string? text) => text is null ? "null" : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
