using System.Globalization;
using System.Text;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Model;
using Npgsql;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>Binary COPY; for an upsert into a temporary table, from which one statement takes the rows over.</summary>
internal sealed class PostgresSink : RowSink
{
    private const string Staging = "crm_bulk";

    // A message of COPY, about; the provider sends it without another copy.
    private const int SentBytes = PostgresRows.StartBytes / 2;

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlRawCopyStream copy;
    private readonly int columns;
    private readonly string? takeOver;
    private readonly PostgresRows rows = new();
    private bool completed;

    private PostgresSink(NpgsqlConnection connection, NpgsqlRawCopyStream copy, int columns, string? takeOver)
    {
        (this.connection, this.copy, this.columns, this.takeOver) = (connection, copy, columns, takeOver);
    }

    public static async Task<PostgresSink> OpenAsync<T>(
        NpgsqlConnection connection, BulkTable<T> table, OnExisting? existing, CancellationToken cancellationToken) where T : class
    {
        if (existing is null)
            return new(connection, await CopyAsync(connection, table.Name, table.Columns, cancellationToken), table.Columns.Count, null);
        await ExecuteAsync(
            connection,
            $"create temporary table {Staging} (like {table.Name}, crm_row bigint generated always as identity) on commit drop",
            cancellationToken);
        return new(connection, await CopyAsync(connection, Staging, table.Columns, cancellationToken), table.Columns.Count, TakeOverSql(table, existing.Value));
    }

    /// <summary>Rows are taken in the order of their keys, so that two writers never wait for each other in a circle; of equal keys the last one.</summary>
    private static string TakeOverSql<T>(BulkTable<T> table, OnExisting existing) where T : class
    {
        var columns = Names(table.Columns);
        var key = Names(table.Key);
        var changed = table.Changed.ToList();
        var compared = changed.Where(c => c != "updated_at").ToList();
        var sql = new StringBuilder()
            .Append(CultureInfo.InvariantCulture,
                $"insert into {table.Name} as t ({columns}) select distinct on ({key}) {columns} from {Staging} order by {key}, "
                + $"crm_row desc on conflict ({key}) do ");
        if (existing == OnExisting.Keep || compared.Count == 0)
            return sql.Append("nothing").ToString();
        return sql
            .Append("update set ").AppendJoin(", ", changed.Select(c => $"\"{c}\" = excluded.\"{c}\""))
            .Append(" where ").AppendJoin(" or ", compared.Select(c => $"t.\"{c}\" is distinct from excluded.\"{c}\"")).ToString();
    }

    public override void BeginRow() => rows.BeginRow(columns);

    public override void Write(int column, Guid? value)
    {
        if (value is { } id)
            rows.Write(id);
        else
            rows.WriteNull();
    }

    public override void Write(int column, DateTime? value)
    {
        if (value is { } moment)
            rows.Write(Instants.ToStored(moment));
        else
            rows.WriteNull();
    }

    public override void Write(int column, DateOnly? value)
    {
        if (value is { } day)
            rows.Write(day);
        else
            rows.WriteNull();
    }

    public override void Write(int column, string? value)
    {
        if (value is not null)
            rows.Write(value);
        else
            rows.WriteNull();
    }

    public override void Write(int column, long? value)
    {
        if (value is { } number)
            rows.Write(number);
        else
            rows.WriteNull();
    }

    public override void Write(int column, int? value)
    {
        if (value is { } number)
            rows.Write(number);
        else
            rows.WriteNull();
    }

    public override void Write(int column, bool? value)
    {
        if (value is { } flag)
            rows.Write(flag);
        else
            rows.WriteNull();
    }

    public override void Write(int column, byte[]? value)
    {
        if (value is not null)
            rows.Write(value.AsSpan());
        else
            rows.WriteNull();
    }

    public override void Write(int column, List<string>? value)
    {
        if (value is not null)
            rows.Write(value);
        else
            rows.WriteNull();
    }

    public override void EndRow()
    {
        if (rows.Length >= SentBytes)
            copy.Write(rows.Flush().Span);
    }

    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        rows.End();
        await copy.WriteAsync(rows.Flush(), cancellationToken);
        completed = true;
        // What ends the COPY: its triggers run now.
        await copy.DisposeAsync();
        if (takeOver is null)
            return;
        await ExecuteAsync(connection, takeOver, cancellationToken);
        await ExecuteAsync(connection, $"drop table {Staging}", cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (!completed)
            await copy.CancelAsync();
    }

    private static async Task<NpgsqlRawCopyStream> CopyAsync(
        NpgsqlConnection connection,
        string table,
        IReadOnlyList<string> columns,
        CancellationToken cancellationToken)
    {
        var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} ({Names(columns)}) from stdin (format binary)", cancellationToken);
        copy.ReadTimeout = (int)TimeSpan.FromHours(1).TotalMilliseconds;
        return copy;
    }

    private static string Names(IEnumerable<string> columns) => string.Join(", ", columns.Select(c => $"\"{c}\""));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
