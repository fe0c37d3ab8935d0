using System.Globalization;

namespace CrmGraph.Reporting.Imports.Maps;

/// <summary>Takes the keys of one mapping, one after the other; what is left at the end is unknown, and an error.</summary>
internal sealed class MappingReader
{
    private readonly MappingNode _node;
    private readonly MapErrors _errors;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public MappingReader(MappingNode node, MapErrors errors) => (_node, _errors) = (node, errors);

    public MappingNode Node => _node;

    public MapNode? Find(string key)
    {
        _asked.Add(key);
        return _node.Entries.FirstOrDefault(entry => entry.Key.Text == key).Value;
    }

    public bool Has(string key) => Find(key) is not null;

    /// <summary>Null when absent or YAML's null.</summary>
    public string? Text(string key)
    {
        switch (Find(key))
        {
            case null: return null;
            case ScalarNode scalar: return scalar.IsNull ? null : scalar.Text;
            case var other:
                _errors.Add(other, $"'{key}' takes a text, not {other.Describe()}");
                return null;
        }
    }

    public bool? Flag(string key)
    {
        var text = Text(key);
        if (text is null or "true" or "false")
            return text is null ? null : text == "true";
        _errors.Add(Find(key)!, $"'{key}' is true or false, not '{text}'");
        return null;
    }

    public int? Count(string key, int maximum)
    {
        var text = Text(key);
        if (text is null)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= maximum)
            return count;
        _errors.Add(Find(key)!, $"'{key}' is a whole number from 0 to {maximum}, not '{text}'");
        return null;
    }

    /// <summary>One text or a list of texts; empty when absent.</summary>
    public IReadOnlyList<ScalarNode> Texts(string key)
    {
        switch (Find(key))
        {
            case null: return [];
            case ScalarNode scalar: return [scalar];
            case SequenceNode sequence:
                foreach (var item in sequence.Items.Where(item => item is not ScalarNode))
                    _errors.Add(item, $"'{key}' takes texts, not {item.Describe()}");
                return [.. sequence.Items.OfType<ScalarNode>()];
            case var other:
                _errors.Add(other, $"'{key}' takes a text or a list of texts, not {other.Describe()}");
                return [];
        }
    }

    /// <summary>Null when absent or unknown.</summary>
    public T? Choice<T>(string key, IReadOnlyDictionary<string, T> choices) where T : struct
        => ChoiceName(key, choices.Keys) is { } name ? choices[name] : null;

    public string? ChoiceName(string key, IEnumerable<string> choices)
    {
        var text = Text(key);
        if (text is null)
            return null;
        if (choices.Contains(text, StringComparer.Ordinal))
            return text;
        _errors.Add(Find(key)!, $"'{key}' is one of {string.Join(", ", choices)}, not '{text}'{Suggestion.For(text, choices)}");
        return null;
    }

    public MappingReader? Mapping(string key)
    {
        switch (Find(key))
        {
            case null: return null;
            case MappingNode mapping: return new MappingReader(mapping, _errors);
            case ScalarNode { IsNull: true }: return null;
            case var other:
                _errors.Add(other, $"'{key}' takes keys of its own, not {other.Describe()}");
                return null;
        }
    }

    public IReadOnlyList<MapNode> Items(string key)
    {
        switch (Find(key))
        {
            case null: return [];
            case SequenceNode sequence: return sequence.Items;
            case var other:
                _errors.Add(other, $"'{key}' takes a list (lines that begin with -), not {other.Describe()}");
                return [];
        }
    }

    /// <summary>Every key that nobody asked for is an error.</summary>
    public void Finish(string where, IEnumerable<string>? furtherKeys = null)
    {
        var known = _asked.Concat(furtherKeys ?? []).ToList();
        foreach (var entry in _node.Entries.Where(entry => !known.Contains(entry.Key.Text, StringComparer.Ordinal)))
            _errors.Add(entry.Key, $"{where} has no key '{entry.Key.Text}'{Suggestion.For(entry.Key.Text, known)}");
    }
}
