using System.Collections;
using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>The rows of a <see cref="StoppableCommand"/>: each of them may be as long in coming as the first.</summary>
/// <param name="turn">Of a statement that writes; over when this is closed.</param>
internal sealed class StoppableReader(
    SqliteDataReader rows, StoppableConnection connection, IDisposable? turn, CancellationToken cancellationToken) : DbDataReader
{
    private readonly CancellationToken _stop = cancellationToken;

    /// <summary>For values as SQLite has them.</summary>
    public sqlite3_stmt Handle => rows.Handle!;

    public override int Depth => rows.Depth;
    public override int FieldCount => rows.FieldCount;
    public override bool HasRows => rows.HasRows;
    public override bool IsClosed => rows.IsClosed;
    public override int RecordsAffected => rows.RecordsAffected;
    public override object this[int ordinal] => rows[ordinal];
    public override object this[string name] => rows[name];

    public override bool Read() => connection.Run(rows.Read, _stop);

    public override Task<bool> ReadAsync(CancellationToken cancellationToken) => RunAsync(rows.Read, cancellationToken);

    public override bool NextResult() => connection.Run(rows.NextResult, _stop);

    public override Task<bool> NextResultAsync(CancellationToken cancellationToken) => RunAsync(rows.NextResult, cancellationToken);

    private Task<bool> RunAsync(Func<bool> run, CancellationToken cancellationToken)
    {
        var until = cancellationToken.CanBeCanceled ? cancellationToken : _stop;
        if (until.IsCancellationRequested)
            return Task.FromCanceled<bool>(until);
        return SqliteThreads.IsCurrent ? Task.FromResult(connection.Run(run, until)) : connection.RunAsync(run, new LockPatience(1), until);
    }

    public override bool GetBoolean(int ordinal) => rows.GetBoolean(ordinal);
    public override byte GetByte(int ordinal) => rows.GetByte(ordinal);
    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
        => rows.GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);
    public override char GetChar(int ordinal) => rows.GetChar(ordinal);
    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length)
        => rows.GetChars(ordinal, dataOffset, buffer, bufferOffset, length);
    public override string GetDataTypeName(int ordinal) => rows.GetDataTypeName(ordinal);
    public override DateTime GetDateTime(int ordinal) => rows.GetDateTime(ordinal);
    public override decimal GetDecimal(int ordinal) => rows.GetDecimal(ordinal);
    public override double GetDouble(int ordinal) => rows.GetDouble(ordinal);
    public override IEnumerator GetEnumerator() => new DbEnumerator(this);
    public override Type GetFieldType(int ordinal) => rows.GetFieldType(ordinal);
    public override T GetFieldValue<T>(int ordinal) => rows.GetFieldValue<T>(ordinal);
    public override float GetFloat(int ordinal) => rows.GetFloat(ordinal);
    public override Guid GetGuid(int ordinal) => rows.GetGuid(ordinal);
    public override short GetInt16(int ordinal) => rows.GetInt16(ordinal);
    public override int GetInt32(int ordinal) => rows.GetInt32(ordinal);
    public override long GetInt64(int ordinal) => rows.GetInt64(ordinal);
    public override string GetName(int ordinal) => rows.GetName(ordinal);
    public override int GetOrdinal(string name) => rows.GetOrdinal(name);
    public override DataTable? GetSchemaTable() => rows.GetSchemaTable();
    public override string GetString(int ordinal) => rows.GetString(ordinal);
    public override object GetValue(int ordinal) => rows.GetValue(ordinal);
    public override int GetValues(object[] values) => rows.GetValues(values);
    public override bool IsDBNull(int ordinal) => rows.IsDBNull(ordinal);

    public override void Close()
    {
        rows.Close();
        turn?.Dispose();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Close();
        base.Dispose(disposing);
    }
}
