using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>The id of a customer's fact. It stays when the fact goes to another customer.</summary>
public readonly record struct FactId(Guid Id);

/// <summary>A fact id as 16 bytes. Earlier releases wrote the customer's before it; such ids are still read.</summary>
public sealed class FactIdCodec : INodeIdCodec
{
    public Type ValueType => typeof(FactId);

    public byte[] Encode(object value) => ((FactId)value).Id.ToByteArray(bigEndian: true);

    public object? Decode(ReadOnlySpan<byte> bytes) => bytes.Length is 16 or 32 ? new FactId(new(bytes[^16..], bigEndian: true)) : null;
}
