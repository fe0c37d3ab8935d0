using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using CrmGraph.GraphQL.Execution.Response;

namespace CrmGraph.GraphQL.Transport;

/// <summary>
/// The bytes of one answer before they are sent, so that its length can stand in the header. Grows by pieces from the shared pool: nothing
/// is copied while it grows, and a large answer needs no large array.
/// </summary>
public sealed class AnswerBuffer : IBufferWriter<byte>
{
    private const int FirstPiece = 4_096;
    private const int FurtherPieces = 65_536;
    private readonly byte[] _first = new byte[FirstPiece];
    private readonly List<(byte[] Bytes, int Length)> _full = [];
    private byte[] _current;
    private int _used;

    internal AnswerBuffer()
    {
        _current = _first;
        Json = new(this, ResultWriter.Options);
    }

    public long Length { get; private set; }

    internal Utf8JsonWriter Json { get; }

    /// <summary>The pieces in their order; valid until the buffer is returned.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces => _full.Select(p => new ReadOnlyMemory<byte>(p.Bytes, 0, p.Length)).Append(_current.AsMemory(0, _used));

    /// <summary>All of it, when it is one piece.</summary>
    public bool TryGetSingle(out ReadOnlySpan<byte> bytes)
    {
        bytes = _current.AsSpan(0, _used);
        return _full.Count == 0;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _current.Length - _used);
        _used += count;
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Make(sizeHint);
        return _current.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Make(sizeHint);
        return _current.AsSpan(_used);
    }

    internal void Clear()
    {
        foreach (var (bytes, _) in _full)
            if (bytes != _first)
                ArrayPool<byte>.Shared.Return(bytes);
        if (_current != _first)
            ArrayPool<byte>.Shared.Return(_current);
        _full.Clear();
        (_current, _used, Length) = (_first, 0, 0);
        Json.Reset();
    }

    private void Make(int sizeHint)
    {
        if (_current.Length - _used >= Math.Max(1, sizeHint))
            return;
        _full.Add((_current, _used));
        _current = ArrayPool<byte>.Shared.Rent(Math.Max(FurtherPieces, sizeHint));
        _used = 0;
    }
}

/// <summary>Buffers that are used again, so many at most.</summary>
public sealed class AnswerBuffers
{
    private const int Kept = 256;
    private readonly ConcurrentQueue<AnswerBuffer> _free = new();

    public AnswerBuffer Rent() => _free.TryDequeue(out var free) ? free : new();

    public void Return(AnswerBuffer buffer)
    {
        buffer.Clear();
        if (_free.Count < Kept)
            _free.Enqueue(buffer);
    }
}
