namespace CrmGraph.Benchmarks.Http;

/// <summary>Global ids by hand: base64 of the type's name, a colon and the id's 16 bytes in network order; a fact has its customer's before its own.</summary>
internal static class GlobalId
{
    private const int Longest = 48;

    public static string Text(ReadOnlySpan<byte> prefix, Guid id)
    {
        Span<byte> bytes = stackalloc byte[Longest];
        return Convert.ToBase64String(bytes[..Write(bytes, prefix, id)]);
    }

    /// <summary>Answers the length.</summary>
    public static int Write(Span<byte> bytes, ReadOnlySpan<byte> prefix, Guid id)
    {
        prefix.CopyTo(bytes);
        id.TryWriteBytes(bytes[prefix.Length..], bigEndian: true, out _);
        return prefix.Length + 16;
    }

    public static int Write(Span<byte> bytes, ReadOnlySpan<byte> prefix, Guid customer, Guid id)
    {
        var length = Write(bytes, prefix, customer);
        id.TryWriteBytes(bytes[length..], bigEndian: true, out _);
        return length + 16;
    }
}
