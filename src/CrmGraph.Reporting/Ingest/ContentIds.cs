using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CrmGraph.Reporting.Ingest;

/// <summary>
/// Ids for rows that have none in their source: UUID version 8 (RFC 9562, 5.8) from the row's parent, its content and how many rows of the same
/// parent and content came before. One instance per file; about 40 bytes per distinct row. Not safe for concurrent use.
/// </summary>
public sealed class ContentIds
{
    // 64 bits of the hash tell contents apart: a collision only numbers a row 1 instead of 0, the same way on every run.
    private readonly Dictionary<ulong, int> _occurrences = [];

    /// <summary>The id of the next row with this parent and content.</summary>
    /// <param name="parent">The order of a line, the customer of another fact.</param>
    /// <param name="kind">Keeps equal contents of different kinds apart.</param>
    public Guid Next(RecordKind kind, Guid parent, ReadOnlySpan<char> content)
    {
        var digest = Digest(kind, parent, content);
        var key = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        var n = _occurrences.GetValueOrDefault(key);
        _occurrences[key] = n + 1;
        return Make(digest, n);
    }

    /// <summary>A fixed id from a name: the guest customers.</summary>
    public static Guid Fixed(string name) => Make(SHA256.HashData(Encoding.UTF8.GetBytes(name)), 0);

    private static byte[] Digest(RecordKind kind, Guid parent, ReadOnlySpan<char> content)
    {
        var size = 17 + Encoding.UTF8.GetByteCount(content);
        var buffer = size <= 1024 ? stackalloc byte[size] : new byte[size];
        buffer[0] = (byte)kind;
        parent.TryWriteBytes(buffer[1..], bigEndian: true, out _);
        Encoding.UTF8.GetBytes(content, buffer[17..]);
        return SHA256.HashData(buffer);
    }

    private static Guid Make(ReadOnlySpan<byte> digest, int occurrence)
    {
        Span<byte> bytes = stackalloc byte[20];
        digest[..16].CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], occurrence);
        var id = SHA256.HashData(bytes).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
