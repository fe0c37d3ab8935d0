using System.Security.Cryptography;
using System.Text;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>
/// The 64 reserved customers that hold facts without a customer. Their ids are fixed, <c>00000000-0000-8000-8000-0000000000NN</c>, so every
/// database and every server agrees on them.
/// </summary>
public static class GuestCustomers
{
    public const int Count = 64;

    public static Guid IdOf(int number) => new(0, 0, 0x8000, 0x80, 0, 0, 0, 0, 0, 0, (byte)(InRange(number)));

    public static bool IsGuest(Guid customerId)
    {
        Span<byte> bytes = stackalloc byte[16];
        customerId.TryWriteBytes(bytes, bigEndian: true, out _);
        return bytes[15] < Count && customerId == IdOf(bytes[15]);
    }

    /// <summary>The guest for a fact: by its outside key, so the same fact always finds the same guest; by its id when it has none.</summary>
    public static Guid For(ExternalKey key, Guid factId)
    {
        Span<byte> digest = stackalloc byte[32];
        if (key.IsNone)
            SHA256.HashData(factId.ToByteArray(bigEndian: true), digest);
        else
            SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Source}\n{key.Key}"), digest);
        return IdOf(digest[0] % Count);
    }

    private static int InRange(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        return number;
    }
}
