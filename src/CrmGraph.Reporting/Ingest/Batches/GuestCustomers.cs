using System.Security.Cryptography;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>Which of the <see cref="Guests"/> holds a fact without a customer.</summary>
public static class GuestCustomers
{
    public static bool IsGuest(Guid customerId)
    {
        Span<byte> bytes = stackalloc byte[16];
        customerId.TryWriteBytes(bytes, bigEndian: true, out _);
        return bytes[15] < Guests.Count && customerId == Guests.IdOf(bytes[15]);
    }

    /// <summary>The guest for a fact: by its outside key, so the same fact always finds the same guest; by its id when it has none.</summary>
    public static Guid For(ExternalKey key, Guid factId)
    {
        Span<byte> digest = stackalloc byte[32];
        if (key.IsNone)
            SHA256.HashData(factId.ToByteArray(bigEndian: true), digest);
        else
            SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Source}\n{key.Key}"), digest);
        return Guests.IdOf(digest[0] % Guests.Count);
    }
}
