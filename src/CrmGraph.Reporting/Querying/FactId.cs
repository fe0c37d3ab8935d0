using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Querying;

/// <summary>The id of a customer's fact as global ids carry it: with the customer under whom it stood when the id was written.</summary>
public readonly record struct FactId(Guid CustomerId, Guid Id);

/// <summary>A fact id as 32 bytes: the customer's, then the fact's.</summary>
public sealed class FactIdCodec : INodeIdCodec
{
    public Type ValueType => typeof(FactId);

    public byte[] Encode(object value)
    {
        var (customer, id) = (FactId)value;
        return [.. customer.ToByteArray(bigEndian: true), .. id.ToByteArray(bigEndian: true)];
    }

    public object? Decode(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 32 ? new FactId(new(bytes[..16], bigEndian: true), new(bytes[16..], bigEndian: true)) : null;
}
