using System.Globalization;
using System.Text;
using System.Text.Json;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Model;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// One prepared statement, bound and stepped through SQLite's own interface: the provider's parameters would box every value and
/// look every one up by name.
/// </summary>
internal sealed class SqliteSink : RowSink
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private SqliteBulkNotes? notes;

    // What is bound stays bound: a value like that of the row before (a customer's id, a currency, a null) is not bound again. Every parameter begins as null.
    private readonly Guid?[] ids;
    private readonly DateTime?[] moments;
    private readonly DateOnly?[] days;
    private readonly long?[] numbers;
    private readonly string?[] texts;

    private SqliteSink(SqliteConnection connection, string sql, int columns)
    {
        (ids, moments, days, numbers, texts) = (new Guid?[columns], new DateTime?[columns], new DateOnly?[columns], new long?[columns], new string?[columns]);
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    public static SqliteSink Open<T>(SqliteConnection connection, BulkTable<T> table, OnExisting? existing) where T : class
    {
        // An upsert's rows may be old ones. Whether triggers are fired is decided where the statement is prepared.
        var notes = existing is null ? SqliteBulkNotes.Begin(connection, table.Name) : null;
        try
        {
            return new SqliteSink(connection, InsertSql(table, existing), table.Columns.Count) { notes = notes };
        }
        catch
        {
            notes?.Write();
            throw;
        }
    }

    private static string InsertSql<T>(BulkTable<T> table, OnExisting? existing) where T : class
    {
        var sql = new StringBuilder()
            .Append(
                CultureInfo.InvariantCulture,
                $"INSERT INTO {table.Name} ({Names(table.Columns)}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"?{i + 1}"))})");
        if (existing is null)
            return sql.ToString();
        sql.Append(CultureInfo.InvariantCulture, $" ON CONFLICT ({Names(table.Key)}) DO ");
        var changed = table.Changed.ToList();
        var compared = changed.Where(c => c != "updated_at").ToList();
        if (existing == OnExisting.Keep || compared.Count == 0)
            return sql.Append("NOTHING").ToString();
        return sql
            .Append("UPDATE SET ").AppendJoin(", ", changed.Select(c => $"\"{c}\" = excluded.\"{c}\""))
            .Append(" WHERE ").AppendJoin(" OR ", compared.Select(c => $"{table.Name}.\"{c}\" IS NOT excluded.\"{c}\"")).ToString();
    }

    public override void BeginRow()
    {
    }

    public override void Write(int column, Guid? value)
    {
        if (ids[column] == value)
            return;
        ids[column] = value;
        if (value is not { } id)
        {
            WriteNull(column);
            return;
        }
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        Check(raw.sqlite3_bind_blob(statement, column + 1, bytes));
    }

    public override void Write(int column, DateTime? value)
    {
        if (moments[column] == value)
            return;
        moments[column] = value;
        if (value is not { } moment)
        {
            WriteNull(column);
            return;
        }
        // The text that Microsoft.Data.Sqlite writes: equality compares texts. The standard format (and its Z left out) is several times as fast.
        int length;
        Span<byte> text = stackalloc byte[40];
        moment = Instants.ToStored(moment);
        if (moment.Ticks % TimeSpan.TicksPerSecond != 0)
            moment.TryFormat(text, out length, "yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        else if (moment.TryFormat(text, out length, "u", CultureInfo.InvariantCulture))
            length--;
        Check(raw.sqlite3_bind_text(statement, column + 1, text[..length]));
    }

    public override void Write(int column, DateOnly? value)
    {
        if (days[column] == value)
            return;
        days[column] = value;
        if (value is not { } day)
        {
            WriteNull(column);
            return;
        }
        Span<byte> text = stackalloc byte[16];
        day.TryFormat(text, out var length, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Check(raw.sqlite3_bind_text(statement, column + 1, text[..length]));
    }

    public override void Write(int column, string? value)
    {
        if (texts[column] == value)
            return;
        texts[column] = value;
        if (value is null)
        {
            WriteNull(column);
            return;
        }
        // An empty span would be a null pointer, and that NULL.
        if (value.Length is 0 or > 200)
        {
            Check(raw.sqlite3_bind_text(statement, column + 1, value));
            return;
        }
        Span<byte> text = stackalloc byte[value.Length * 3];
        Check(raw.sqlite3_bind_text(statement, column + 1, text[..Encoding.UTF8.GetBytes(value, text)]));
    }

    public override void Write(int column, long? value)
    {
        if (numbers[column] == value)
            return;
        numbers[column] = value;
        if (value is { } number)
            Check(raw.sqlite3_bind_int64(statement, column + 1, number));
        else
            WriteNull(column);
    }

    public override void Write(int column, int? value) => Write(column, (long?)value);

    public override void Write(int column, bool? value) => Write(column, value is { } flag ? flag ? 1L : 0L : (long?)null);

    public override void Write(int column, byte[]? value)
    {
        if (value is null)
            WriteNull(column);
        else
            Check(value.Length == 0 ? raw.sqlite3_bind_zeroblob(statement, column + 1, 0) : raw.sqlite3_bind_blob(statement, column + 1, value));
    }

    public override void Write(int column, List<string>? value) =>
        Write(column, value is null ? null : value.Count == 0 ? "[]" : JsonSerializer.Serialize(value));

    public override void EndRow()
    {
        var result = raw.sqlite3_step(statement);
        if (result != raw.SQLITE_DONE)
        {
            var message = raw.sqlite3_errmsg(database).utf8_to_string();
            raw.sqlite3_reset(statement);
            throw new SqliteException(message, result);
        }
        Check(raw.sqlite3_reset(statement));
    }

    public override Task CompleteAsync(CancellationToken cancellationToken)
    {
        return WriteNotes() is { } refusal ? throw refusal : Task.CompletedTask;
    }

    private SqliteException? WriteNotes()
    {
        var due = notes;
        notes = null;
        return due?.Write();
    }

    public override ValueTask DisposeAsync()
    {
        statement.Dispose();
        // Of what was written until a failure: the caller may go on.
        WriteNotes();
        return ValueTask.CompletedTask;
    }

    private static string Names(IEnumerable<string> columns) => string.Join(", ", columns.Select(c => $"\"{c}\""));

    private void WriteNull(int column) => Check(raw.sqlite3_bind_null(statement, column + 1));

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw new SqliteException(raw.sqlite3_errmsg(database).utf8_to_string(), result);
    }
}
