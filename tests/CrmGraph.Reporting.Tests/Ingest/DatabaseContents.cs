using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>All rows of all tables that hold what the CRM knows, as text, in the order of their keys: to compare a database with itself at another time.</summary>
internal static class DatabaseContents
{
    public static async Task<string> OfAsync(WriterFixture crm, string? except = null)
    {
        var text = new System.Text.StringBuilder();
        await using var context = await crm.Contexts.CreateDbContextAsync();
        foreach (var entity in context.Model.GetEntityTypes().OrderBy(e => e.GetTableName(), StringComparer.Ordinal))
        {
            if (entity.GetTableName() is "history" or "changes" or "calendar" or "owner_departures" or "rollup_marks" or "data_stamps")
                continue;
            var columns = entity.GetProperties().Select(p => p.GetColumnName()).Where(c => c != except).Select(c => $"\"{c}\"");
            var rows = await crm.Database.QueryAsync($"select {string.Join(", ", columns)} from {entity.GetTableName()}");
            text.AppendLine(entity.GetTableName());
            foreach (var row in rows.Select(r => string.Join('|', r.Select(Shown))).Order(StringComparer.Ordinal))
                text.AppendLine(row);
        }

        return text.ToString();
    }

    private static string Shown(object? value) => value switch
    {
        null => "-",
        byte[] bytes => Convert.ToHexString(bytes),
        string[] words => string.Join(',', words),
        DateTime moment => moment.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };
}
