using System.Data.Common;
using System.Globalization;
using CrmGraph.Data.Changes;
using Npgsql;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>
/// The table <c>changes</c> on PostgreSQL, which triggers fill for every writer, in his transaction. A position is a snapshot; what is new is what it did not
/// see: sequence numbers would not do, since a transaction that began earlier may commit later.
/// </summary>
internal static class PostgresChanges
{
    private const string Since = """
        select n.snapshot::text, c."table", min(c.from_day), max(c.to_day), bool_or(c.from_day is null), bool_and(c.is_new)
        from (select pg_current_snapshot() as snapshot) n
        left join changes c
          on c."transaction" >= pg_snapshot_xmin($1::pg_snapshot)::text::bigint
         and not pg_visible_in_snapshot(c."transaction"::text::xid8, $1::pg_snapshot)
        group by 1, 2
        """;

    public static async Task<(string Position, IReadOnlyList<CommitNotice> Notices)> SinceAsync(
        NpgsqlConnection connection,
        DbTransaction? transaction,
        string? position,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            position is null ? "select pg_current_snapshot()::text, null" : Since,
            connection,
            (NpgsqlTransaction?)transaction);
        if (position is not null)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = position });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var notices = new List<CommitNotice>();
        while (await reader.ReadAsync(cancellationToken))
        {
            position = reader.GetString(0);
            if (!reader.IsDBNull(1))
                notices.Add(reader.GetBoolean(4)
                    ? new([reader.GetString(1)], null, null) { IsNew = reader.GetBoolean(5) }
                    : new([reader.GetString(1)], reader.GetFieldValue<DateOnly>(2), reader.GetFieldValue<DateOnly>(3)) { IsNew = reader.GetBoolean(5) });
        }

        return (position!, notices);
    }

    /// <summary>Snapshots are written <c>first running:first to come:those running between</c>. What one does not see the other must not have seen.</summary>
    public static bool HasSeen(string position, string earlier)
    {
        var ((next, running), (earlierNext, earlierRunning)) = (Read(position), Read(earlier));
        return next >= earlierNext && running.All(x => x >= earlierNext || earlierRunning.Contains(x));
    }

    private static (ulong Next, HashSet<ulong> Running) Read(string snapshot)
    {
        var parts = snapshot.Split(':');
        return (
            ulong.Parse(parts[1], CultureInfo.InvariantCulture),
            [.. parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(x => ulong.Parse(x, CultureInfo.InvariantCulture))]);
    }
}
