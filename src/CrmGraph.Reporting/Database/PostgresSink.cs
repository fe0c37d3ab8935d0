using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace CrmGraph.Reporting.Database;

/// <summary>Binary COPY; for an upsert into a temporary table, from which one statement takes the rows over.</summary>
internal sealed class PostgresSink : RowSink
{
    private const string Staging = "crm_bulk";

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlBinaryImporter importer;
    private readonly string? takeOver;

    private PostgresSink(NpgsqlConnection connection, NpgsqlBinaryImporter importer, string? takeOver)
    {
        (this.connection, this.importer, this.takeOver) = (connection, importer, takeOver);
    }

    public static async Task<PostgresSink> OpenAsync<T>(
        NpgsqlConnection connection, BulkTable<T> table, OnExisting? existing, CancellationToken cancellationToken) where T : class
    {
        if (existing is null)
            return new(connection, await CopyAsync(connection, table.Name, table.Columns, cancellationToken), null);
        await ExecuteAsync(connection, $"create temporary table {Staging} (like {table.Name}, crm_row bigint generated always as identity) on commit drop", cancellationToken);
        return new(connection, await CopyAsync(connection, Staging, table.Columns, cancellationToken), TakeOverSql(table, existing.Value));
    }

    /// <summary>Rows are taken in the order of their keys, so that two writers never wait for each other in a circle; of equal keys the last one.</summary>
    private static string TakeOverSql<T>(BulkTable<T> table, OnExisting existing) where T : class
    {
        var columns = Names(table.Columns);
        var key = Names(table.Key);
        var changed = table.Changed.ToList();
        var compared = changed.Where(c => c != "updated_at").ToList();
        var sql = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"insert into {table.Name} as t ({columns}) select distinct on ({key}) {columns} from {Staging} order by {key}, crm_row desc on conflict ({key}) do ");
        if (existing == OnExisting.Keep || compared.Count == 0)
            return sql.Append("nothing").ToString();
        return sql
            .Append("update set ").AppendJoin(", ", changed.Select(c => $"\"{c}\" = excluded.\"{c}\""))
            .Append(" where ").AppendJoin(" or ", compared.Select(c => $"t.\"{c}\" is distinct from excluded.\"{c}\"")).ToString();
    }

    public override void BeginRow() => importer.StartRow();

    public override void Write(int column, Guid? value) => WriteOrNull(value, NpgsqlDbType.Uuid);

    public override void Write(int column, DateTime? value) => WriteOrNull(value is { } moment ? Instants.ToStored(moment) : (DateTime?)null, NpgsqlDbType.TimestampTz);

    public override void Write(int column, DateOnly? value) => WriteOrNull(value, NpgsqlDbType.Date);

    public override void Write(int column, string? value)
    {
        if (value is null)
            importer.WriteNull();
        else
            importer.Write(value, NpgsqlDbType.Text);
    }

    public override void Write(int column, long? value) => WriteOrNull(value, NpgsqlDbType.Bigint);

    public override void Write(int column, int? value) => WriteOrNull(value, NpgsqlDbType.Integer);

    public override void Write(int column, bool? value) => WriteOrNull(value, NpgsqlDbType.Boolean);

    public override void Write(int column, byte[]? value)
    {
        if (value is null)
            importer.WriteNull();
        else
            importer.Write(value, NpgsqlDbType.Bytea);
    }

    public override void Write(int column, List<string>? value)
    {
        if (value is null)
            importer.WriteNull();
        else
            importer.Write(value, NpgsqlDbType.Array | NpgsqlDbType.Text);
    }

    public override void EndRow()
    {
    }

    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await importer.CompleteAsync(cancellationToken);
        await importer.DisposeAsync();
        if (takeOver is null)
            return;
        await ExecuteAsync(connection, takeOver, cancellationToken);
        await ExecuteAsync(connection, $"drop table {Staging}", cancellationToken);
    }

    public override ValueTask DisposeAsync() => importer.DisposeAsync();

    private void WriteOrNull<TValue>(TValue? value, NpgsqlDbType type) where TValue : struct
    {
        if (value is { } known)
            importer.Write(known, type);
        else
            importer.WriteNull();
    }

    private static async Task<NpgsqlBinaryImporter> CopyAsync(NpgsqlConnection connection, string table, IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        var importer = await connection.BeginBinaryImportAsync($"copy {table} ({Names(columns)}) from stdin (format binary)", cancellationToken);
        importer.Timeout = TimeSpan.FromHours(1);
        return importer;
    }

    private static string Names(IEnumerable<string> columns) => string.Join(", ", columns.Select(c => $"\"{c}\""));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
