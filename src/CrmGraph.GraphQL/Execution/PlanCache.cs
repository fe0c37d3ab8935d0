namespace CrmGraph.GraphQL.Execution;

/// <summary>Validated documents with their plans by text, bounded in number and in characters; the least recently used goes first.</summary>
internal sealed class PlanCache(int maximumDocuments, long maximumCharacters)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<PreparedDocument>> _byText = new(StringComparer.Ordinal);
    private readonly LinkedList<PreparedDocument> _byUse = new();
    private long _characters;

    public PreparedDocument? Find(string text)
    {
        lock (_lock)
        {
            if (!_byText.TryGetValue(text, out var node))
                return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    public void Add(PreparedDocument document)
    {
        lock (_lock)
        {
            if (maximumDocuments <= 0 || _byText.ContainsKey(document.Text))
                return;
            _byText[document.Text] = _byUse.AddFirst(document);
            _characters += document.Text.Length;
            while (_byUse.Count > maximumDocuments || (_characters > maximumCharacters && _byUse.Count > 1))
            {
                var last = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _byText.Remove(last.Text);
                _characters -= last.Text.Length;
            }
        }
    }
}
