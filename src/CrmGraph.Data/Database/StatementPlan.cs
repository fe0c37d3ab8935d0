using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CrmGraph.Data.Database;

/// <summary>How a database would run a statement whose values are not known. Nothing is run.</summary>
internal static partial class StatementPlan
{
    /// <summary>The generic plan of PostgreSQL: it looks at no value, so that nulls stand in their places.</summary>
    public static async Task<IReadOnlyList<string>> OfPostgresAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var numbered = NamedParameter().Replace(sql, m => Number(names, m.Value));
        var numbers = NumberedParameter().Matches(sql).Select(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        var count = Math.Max(names.Count, numbers.DefaultIfEmpty().Max());
        var values = count == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("null", count))})";
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ReadAsync(connection, "set local plan_cache_mode = force_generic_plan", [], 0, cancellationToken);
        await ReadAsync(connection, $"prepare crm_explained as {numbered}", [], 0, cancellationToken);
        try
        {
            return await ReadAsync(connection, $"explain execute crm_explained{values}", [], 0, cancellationToken);
        }
        finally
        {
            // Not with the transaction: a connection of the pool would keep it.
            await transaction.RollbackAsync(CancellationToken.None);
            await ReadAsync(connection, "deallocate crm_explained", [], 0, CancellationToken.None);
        }
    }

    public static Task<IReadOnlyList<string>> OfSqliteAsync(DbConnection connection, string sql, CancellationToken cancellationToken) =>
        ReadAsync(connection, "explain query plan " + sql, NamedParameter().Matches(sql).Select(m => m.Value).Distinct(), 3, cancellationToken);

    private static string Number(List<string> names, string name)
    {
        if (!names.Contains(name))
            names.Add(name);
        return "$" + (names.IndexOf(name) + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(
        DbConnection connection, string sql, IEnumerable<string> nulls, int column, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A statement of this program.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in nulls)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, DBNull.Value);
            command.Parameters.Add(parameter);
        }

        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            lines.Add(reader.GetString(column));
        return lines;
    }

    [GeneratedRegex(@"@\w+")]
    private static partial Regex NamedParameter();

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex NumberedParameter();
}
