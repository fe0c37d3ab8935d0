using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace CrmGraph.GraphQL.Documents;

/// <summary>
/// Validated documents with their plans, bounded in number and in characters; the least recently used goes first. A document is found by its
/// text, by the bytes of the JSON string in which clients send it (so that a repeated request makes no text at all), and by its hash once a
/// client has registered it (automatic persisted operations).
/// </summary>
internal sealed class PlanCache
{
    /// <summary>JSON spellings, or hashes, kept for one document: clients have one each.</summary>
    private const int NamesPerDocument = 4;
    private readonly int _maximumDocuments;
    private readonly long _maximumCharacters;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<PreparedDocument>> _byText = new(StringComparer.Ordinal);
    private readonly Dictionary<byte[], LinkedListNode<PreparedDocument>> _byJson = new(new Bytes());
    private readonly Dictionary<byte[], LinkedListNode<PreparedDocument>>.AlternateLookup<ReadOnlySpan<byte>> _byJsonBytes;
    private readonly Dictionary<string, LinkedListNode<PreparedDocument>> _byHash = new(StringComparer.Ordinal);
    private readonly LinkedList<PreparedDocument> _byUse = new();
    private long _characters;

    public PlanCache(int maximumDocuments, long maximumCharacters)
    {
        (_maximumDocuments, _maximumCharacters) = (maximumDocuments, maximumCharacters);
        _byJsonBytes = _byJson.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public PreparedDocument? Find(string text)
    {
        lock (_lock)
            return _byText.TryGetValue(text, out var node) ? Used(node) : null;
    }

    /// <param name="json">The inside of a JSON string, escapes and all.</param>
    public PreparedDocument? FindJson(ReadOnlySpan<byte> json)
    {
        lock (_lock)
            return _byJsonBytes.TryGetValue(json, out var node) ? Used(node) : null;
    }

    /// <param name="hash">SHA-256 of the text in lower-case hexadecimal.</param>
    public PreparedDocument? FindHash(string hash)
    {
        lock (_lock)
            return _byHash.TryGetValue(hash, out var node) ? Used(node) : null;
    }

    public void Add(PreparedDocument document)
    {
        lock (_lock)
        {
            if (_maximumDocuments <= 0 || _byText.ContainsKey(document.Text))
                return;
            _byText[document.Text] = _byUse.AddFirst(document);
            _characters += document.Text.Length;
            while (_byUse.Count > _maximumDocuments || (_characters > _maximumCharacters && _byUse.Count > 1))
                Forget(_byUse.Last!.Value);
        }
    }

    /// <summary>The document of this text, when it is kept, is found by these bytes too.</summary>
    public void AddJson(string text, byte[] json)
    {
        lock (_lock)
            if (_byText.TryGetValue(text, out var node) && node.Value.JsonNames.Count < NamesPerDocument && _byJson.TryAdd(json, node))
                node.Value.JsonNames.Add(json);
    }

    /// <summary>The document of this text, when it is kept, is found by this hash too.</summary>
    public void AddHash(string text, string hash)
    {
        lock (_lock)
            if (_byText.TryGetValue(text, out var node) && _byHash.TryAdd(hash, node))
                node.Value.Hash = hash;
    }

    private PreparedDocument Used(LinkedListNode<PreparedDocument> node)
    {
        if (_byUse.First != node)
        {
            _byUse.Remove(node);
            _byUse.AddFirst(node);
        }

        return node.Value;
    }

    private void Forget(PreparedDocument last)
    {
        _byUse.RemoveLast();
        _byText.Remove(last.Text);
        foreach (var json in last.JsonNames)
            _byJson.Remove(json);
        if (last.Hash is { } hash)
            _byHash.Remove(hash);
        _characters -= last.Text.Length;
    }

    /// <summary>Bytes by content, under the seed of this process: nobody can choose documents that collide.</summary>
    private sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);
        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);
        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
        public int GetHashCode(ReadOnlySpan<byte> alternate) =>
            HashCode.Combine(string.GetHashCode(MemoryMarshal.Cast<byte, char>(alternate)), alternate.Length, alternate.IsEmpty ? 0 : alternate[^1]);
    }
}
