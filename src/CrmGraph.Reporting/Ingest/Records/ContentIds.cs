using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CrmGraph.Reporting.Ingest.Records;

/// <summary>
/// Ids for rows that have none in their source: UUID version 8 (RFC 9562, 5.8) from the row's content and how many rows of the same content came
/// before; and which lines without a key the file has told already. One instance per file; about 40 bytes per row. Not safe for concurrent use.
/// </summary>
public sealed class ContentIds
{
    // 64 bits of the hash tell contents apart: a collision only numbers a row 1 instead of 0, the same way on every run.
    private readonly Dictionary<ulong, int> _occurrences = [];
    private readonly List<ulong> _sinceMark = [];
    private readonly HashSet<Guid> _made = [];
    private readonly HashSet<Guid> _lines = [];
    private readonly List<Guid> _linesSinceMark = [];

    /// <summary>A row of the file tells this line. False when an earlier row did: then it is another line that is alike.</summary>
    internal bool Take(Guid line)
    {
        if (!_lines.Add(line))
            return false;
        _linesSinceMark.Add(line);
        return true;
    }

    internal bool IsTaken(Guid line) => _lines.Contains(line);

    /// <summary>The id of the next row with this parent and content.</summary>
    /// <param name="kind">Keeps equal contents of different kinds apart.</param>
    /// <param name="parent">What the ids of equal contents differ by.</param>
    /// <param name="content">Every value that tells rows apart, in a fixed layout.</param>
    internal Guid Next(RecordKind kind, Guid parent, ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[32];
        var text = content.Length <= 239 ? stackalloc byte[17 + content.Length] : new byte[17 + content.Length];
        text[0] = (byte)kind;
        parent.TryWriteBytes(text[1..], bigEndian: true, out _);
        content.CopyTo(text[17..]);
        SHA256.HashData(text, digest);
        var key = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        var n = _occurrences.GetValueOrDefault(key);
        _occurrences[key] = n + 1;
        _sinceMark.Add(key);
        return Make(digest, n);
    }

    /// <summary>Rows that the file made, where rows that were there are to be kept.</summary>
    internal void Made(IEnumerable<Guid> ids) => _made.UnionWith(ids);

    internal bool HasMade(Guid id) => _made.Contains(id);

    /// <summary>The id of a thing that has a name of its own and comes once.</summary>
    internal static Guid Of(string name) => Make(SHA256.HashData(Encoding.UTF8.GetBytes(name)), 0);

    /// <summary>From here on <see cref="Rewind"/> forgets: a batch that is tried again counts its rows again.</summary>
    internal void Mark()
    {
        _sinceMark.Clear();
        _linesSinceMark.Clear();
    }

    internal void Rewind()
    {
        foreach (var key in _sinceMark)
            if (--_occurrences[key] == 0)
                _occurrences.Remove(key);
        _lines.ExceptWith(_linesSinceMark);
        Mark();
    }

    private static Guid Make(ReadOnlySpan<byte> digest, int occurrence)
    {
        Span<byte> bytes = stackalloc byte[20];
        digest[..16].CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], occurrence);
        Span<byte> id = stackalloc byte[32];
        SHA256.HashData(bytes, id);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }
}
