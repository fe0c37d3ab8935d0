using System.Buffers.Binary;
using System.Text;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>
/// Rows in PostgreSQL's binary COPY format, in a buffer that grows with its largest row. The provider's importer goes through its type handlers for
/// every value; measured for the demo company, that was two thirds of the program's own time.
/// </summary>
internal sealed class PostgresRows
{
    /// <summary>The room that rows have at first. From 85,000 bytes on, an array is collected only with all of the memory: measured, a second of pauses in a seeding.</summary>
    public const int StartBytes = 1 << 16;

    private const int TextOid = 25;
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly int FirstDay = new DateOnly(2000, 1, 1).DayNumber;
    private static readonly long FirstTick = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private byte[] buffer = new byte[StartBytes];
    private int length;

    public PostgresRows() => Header.CopyTo(Take(Header.Length));

    public int Length => length;

    /// <summary>What was written since the last time.</summary>
    public ReadOnlyMemory<byte> Flush()
    {
        var written = buffer.AsMemory(0, length);
        length = 0;
        return written;
    }

    public void BeginRow(int columns) => BinaryPrimitives.WriteInt16BigEndian(Take(2), (short)columns);

    public void End() => BinaryPrimitives.WriteInt16BigEndian(Take(2), -1);

    public void WriteNull() => WriteNumber(-1);

    public void Write(Guid value) => value.TryWriteBytes(Field(16), bigEndian: true, out _);

    /// <summary>Microseconds since 2000.</summary>
    public void Write(DateTime value) => Write((value.Ticks - FirstTick) / TimeSpan.TicksPerMicrosecond);

    public void Write(DateOnly value) => Write(value.DayNumber - FirstDay);

    public void Write(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(8), value);

    public void Write(int value) => BinaryPrimitives.WriteInt32BigEndian(Field(4), value);

    public void Write(bool value) => Field(1)[0] = value ? (byte)1 : (byte)0;

    public void Write(ReadOnlySpan<byte> value) => value.CopyTo(Field(value.Length));

    public void Write(string value)
    {
        var at = length;
        var room = Field(Encoding.UTF8.GetMaxByteCount(value.Length));
        SetLength(at, Encoding.UTF8.GetBytes(value, room));
    }

    /// <summary>An array of one dimension that begins with 1 and holds no nulls; an empty one has no dimension.</summary>
    public void Write(List<string> values)
    {
        var at = length;
        Field(0);
        WriteNumber(values.Count == 0 ? 0 : 1);
        WriteNumber(0);
        WriteNumber(TextOid);
        if (values.Count > 0)
        {
            WriteNumber(values.Count);
            WriteNumber(1);
        }
        foreach (var value in values)
            Write(value);
        SetLength(at, length - at - sizeof(int));
    }

    private void SetLength(int at, int bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(at), bytes);
        length = at + sizeof(int) + bytes;
    }

    private Span<byte> Field(int bytes)
    {
        WriteNumber(bytes);
        return Take(bytes);
    }

    private void WriteNumber(int number) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), number);

    private Span<byte> Take(int bytes)
    {
        if (bytes > buffer.Length - length)
            Array.Resize(ref buffer, checked(Math.Max(buffer.Length * 2, length + bytes)));
        var taken = buffer.AsSpan(length, bytes);
        length += bytes;
        return taken;
    }
}
