using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>
/// A place in an order: the values of the sort keys of a row. Bound to the order by a hash and guarded by a checksum, so that a cursor of
/// another list or order, or one that was changed, is refused. The row itself need not exist any more.
/// </summary>
internal static class Cursor
{
    private const int ChecksumBytes = 4;

    public static string Write(IReadOnlyList<SortKey> order, IReadOnlyList<object?> values)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Signature(order));
        foreach (var value in values)
            Write(writer, value);
        writer.Write(Checksum(bytes.ToArray()));
        return Base64Url.EncodeToString(bytes.ToArray());
    }

    /// <summary>The values of a cursor. Throws HC0078 when it is not a cursor of this order.</summary>
    /// <param name="argument">The argument that holds it: <c>after</c> or <c>before</c>.</param>
    public static IReadOnlyList<object?> Read(string cursor, IReadOnlyList<SortKey> order, string argument, CrmLimits limits)
    {
        if (cursor.Length > limits.CursorCharacters || !Base64Url.IsValid(cursor))
            throw Invalid(cursor, argument);
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length < 2 * ChecksumBytes
            || !Checksum(bytes.AsSpan(0, bytes.Length - ChecksumBytes)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - ChecksumBytes)))
            throw Invalid(cursor, argument);
        using var reader = new BinaryReader(new MemoryStream(bytes, 0, bytes.Length - ChecksumBytes), Encoding.UTF8);
        if (!reader.ReadBytes(ChecksumBytes).AsSpan().SequenceEqual(Signature(order)))
            throw Invalid(
                cursor,
                argument,
                " It belongs to another list or order: use cursors only with the list and the `order` of the page that they came from.");
        try
        {
            var values = order.Select(_ => Value(reader)).ToArray();
            for (var i = 0; i < values.Length; i++)
                if (values[i] is { } value ? value.GetType() != TypeOf(order[i]) : !order[i].IsNullable)
                    throw Invalid(cursor, argument);
            // What no row can hold was not written here, whatever the checksum says; PostgreSQL refuses such texts.
            if (reader.BaseStream.Position < reader.BaseStream.Length || values.OfType<string>().Any(text => !FoldedText.IsStorable(text)))
                throw Invalid(cursor, argument);
            return values;
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            throw Invalid(cursor, argument);
        }
    }

    private static Type TypeOf(SortKey key) => Nullable.GetUnderlyingType(key.Value.ReturnType) ?? key.Value.ReturnType;

    private static void Write(BinaryWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.Write((byte)0); break;
            case string s: writer.Write((byte)1); writer.Write(s); break;
            case int i: writer.Write((byte)2); writer.Write(i); break;
            case long l: writer.Write((byte)3); writer.Write(l); break;
            case DateTime t: writer.Write((byte)4); writer.Write(t.Ticks); break;
            case DateOnly d: writer.Write((byte)5); writer.Write(d.DayNumber); break;
            case Guid g: writer.Write((byte)6); writer.Write(g.ToByteArray()); break;
            default: throw new System.Diagnostics.UnreachableException($"{value.GetType()} cannot stand in a cursor.");
        }
    }

    private static object? Value(BinaryReader reader) => reader.ReadByte() switch
    {
        0 => null,
        1 => reader.ReadString(),
        2 => reader.ReadInt32(),
        3 => reader.ReadInt64(),
        4 => new DateTime(reader.ReadInt64(), DateTimeKind.Utc),
        5 => DateOnly.FromDayNumber(reader.ReadInt32()),
        6 => new Guid(reader.ReadBytes(16)),
        var tag => throw new FormatException($"Unknown value tag {tag}."),
    };

    private static byte[] Signature(IReadOnlyList<SortKey> order) =>
        Checksum(
            Encoding.UTF8.GetBytes(order[0].Value.Parameters[0].Type.Name + ':' + string.Join(',', order.Select(k => (k.Descending ? "-" : "+") + k.Name))));

    private static byte[] Checksum(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes)[..ChecksumBytes];

    private static GraphQLException Invalid(string cursor, string argument, string reason = "") => new(
        new GraphQLError($"The cursor specified in `{argument}` has an invalid format.{reason}")
        {
            Code = ErrorCodes.InvalidCursor,
            Extensions = new Dictionary<string, object?> { ["argument"] = argument, ["cursor"] = cursor.Length <= 256 ? cursor : cursor[..256] + "..." },
        });
}
