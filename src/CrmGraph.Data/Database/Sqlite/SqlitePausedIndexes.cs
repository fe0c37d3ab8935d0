using System.Globalization;
using CrmGraph.Data.Model;
using Microsoft.Data.Sqlite;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// Indexes whose keys do not grow with time (customers, amounts, products) are written to all over: of a million orders, each batch changed nearly every page
/// of each. So an import that has brought more rows than a small table had goes on without them, and they are made again at its end, by sorting. What finds
/// rows by their key, id or day stays, also what finds a customer's: others go on reading. They stand in <c>paused_indexes</c> meanwhile, so that whoever
/// opens the database makes again what a killed import has left.
/// </summary>
internal sealed class SqlitePausedIndexes
{
    /// <summary>An import drops no index of a table that had more rows before: those who work with it are used to its lists.</summary>
    public const int MostRowsBefore = 200_000;

    private readonly SqliteConnection connection;
    private readonly PausedRows rows;
    private readonly Dictionary<string, long> before;
    private readonly List<string> paused = [];

    private SqlitePausedIndexes(SqliteConnection connection, PausedRows rows, Dictionary<string, long> before) =>
        (this.connection, this.rows, this.before) = (connection, rows, before);

    public static async Task<SqlitePausedIndexes> BeginAsync(SqliteConnection connection, PausedRows rows, CancellationToken cancellationToken)
    {
        var before = new Dictionary<string, long>();
        foreach (var table in Grown())
            if (await LastRowAsync(connection, table, cancellationToken) is <= MostRowsBefore and var last)
                before.Add(table, last);
        return new(connection, rows, before);
    }

    /// <summary>Drops the indexes of tables into which the import has brought enough rows, or makes them again where there are many now.</summary>
    /// <returns>Whether some were made: this changes the connection's settings.</returns>
    public async Task<bool> PauseAsync(CancellationToken cancellationToken)
    {
        foreach (var (table, had) in before.ToList())
        {
            var brought = await LastRowAsync(connection, table, cancellationToken) - had;
            if (brought < rows.Least || brought < had)
                continue;
            before.Remove(table);
            paused.Add(table);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var (name, sql) in await ScatteredAsync(connection, table, cancellationToken))
            {
                await ExecuteAsync(connection, "insert or replace into paused_indexes values (@name, @sql)", cancellationToken, ("@name", name), ("@sql", sql));
                await ExecuteAsync(connection, $"drop index \"{name}\"", cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        foreach (var table in paused)
            if (await LastRowAsync(connection, table, cancellationToken) > rows.Most)
            {
                paused.Clear();
                await ResumeAsync(connection, cancellationToken);
                return true;
            }
        return false;
    }

    /// <summary>Makes the dropped indexes again, each in a transaction: others write in between.</summary>
    public static async Task ResumeAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        if (await ReadAsync(connection, "select 1, 1 from sqlite_master where name = 'paused_indexes'", cancellationToken) is []
            || await ReadAsync(connection, "select name, sql from paused_indexes order by name", cancellationToken) is not { Count: > 0 } paused)
            return;
        // As when a database is filled: only with temporary files does SQLite sort in blocks, which bounds the memory, and by the other thread.
        await ExecuteAsync(connection, "PRAGMA temp_store = FILE; PRAGMA cache_size = -16384; PRAGMA threads = 1", cancellationToken);
        foreach (var (name, sql) in paused)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            // Another process may have made it meanwhile.
            if (await ReadAsync(connection, "select name, sql from paused_indexes where name = @name", cancellationToken, ("@name", name)) is [])
                continue;
            if (await ReadAsync(connection, "select name, type from sqlite_master where name = @name", cancellationToken, ("@name", name)) is [])
                await ExecuteAsync(connection, sql, cancellationToken);
            await ExecuteAsync(connection, "delete from paused_indexes where name = @name", cancellationToken, ("@name", name));
            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>What an import of facts lets grow: facts, their parts, and outside ids.</summary>
    private static IEnumerable<string> Grown() =>
        Tables.OfCustomers.Where(t => t.Entity != typeof(Customer) && t.PartOf != typeof(Customer)).Select(t => t.Name)
            .Append(Tables.Of(typeof(ExternalId)).Name);

    private static async Task<IReadOnlyList<(string Name, string Sql)>> ScatteredAsync(
        SqliteConnection connection, string table, CancellationToken cancellationToken)
    {
        HashSet<string> growing = ["id", "day", .. Tables.All.Single(t => t.Name == table).DatedColumns.SelectMany(c => new[] { c.Day, c.Moment })];
        const string Indexes = """
            select i.name, i.sql, c.name from sqlite_master i join pragma_index_info(i.name) c on c.seqno = 0
            where i.type = 'index' and i.tbl_name = @table and i.sql is not null and c.name is not null
            """;
        await using var command = connection.CreateCommand();
        command.CommandText = Indexes;
        command.Parameters.AddWithValue("@table", table);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            if (!growing.Contains(reader.GetString(2)))
                found.Add((reader.GetString(0), reader.GetString(1)));
        return found;
    }

    // Rows are written behind each other, so that the last one's number tells how many there are, near enough.
    private static async Task<long> LastRowAsync(SqliteConnection connection, string table, CancellationToken cancellationToken) =>
        long.Parse((await ReadAsync(connection, $"select ifnull(max(rowid), 0), 1 from {table}", cancellationToken))[0].First, CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<(string First, string Second)>> ReadAsync(
        SqliteConnection connection, string sql, CancellationToken cancellationToken, params (string Name, string Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add((reader.GetString(0), reader.GetString(1)));
        return rows;
    }

    private static async Task ExecuteAsync(
        SqliteConnection connection, string sql, CancellationToken cancellationToken, params (string Name, string Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, (string Name, string Value)[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Our own text, names of tables, and what the catalog says of indexes.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}

/// <summary>When an import goes without some indexes of a table.</summary>
/// <param name="Least">How many rows it must have brought.</param>
/// <param name="Most">How many rows the table may have: others wait while an index of more is made, and they wait for half a minute.</param>
internal sealed record PausedRows(long Least = 40_000, long Most = 5_000_000);
