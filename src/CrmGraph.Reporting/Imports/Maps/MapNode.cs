using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CrmGraph.Reporting.Imports.Maps;

/// <summary>A piece of a map's YAML with its place in the text (line and column from 1).</summary>
internal abstract record MapNode(int Line, int Column)
{
    public abstract string Describe();
}

internal sealed record ScalarNode(int Line, int Column, string Text, bool IsQuoted) : MapNode(Line, Column)
{
    public bool IsNull => !IsQuoted && Text is "" or "~" or "null";
    public override string Describe() => $"'{Text}'";
}

internal sealed record MappingNode(int Line, int Column, IReadOnlyList<KeyValuePair<ScalarNode, MapNode>> Entries) : MapNode(Line, Column)
{
    public override string Describe() => "a mapping (key: value)";
}

internal sealed record SequenceNode(int Line, int Column, IReadOnlyList<MapNode> Items) : MapNode(Line, Column)
{
    public override string Describe() => "a list";
}

/// <summary>
/// Reads YAML into nodes. Anchors, aliases and tags are refused: a map needs none, and they are how small documents become huge ones.
/// </summary>
internal sealed class MapNodeReader
{
    private readonly Parser _parser;
    private readonly MapErrors _errors;
    private readonly int _depthLimit;
    private int _depth;

    private MapNodeReader(string yaml, MapErrors errors, int depthLimit)
    {
        _parser = new Parser(new StringReader(yaml));
        _errors = errors;
        _depthLimit = depthLimit;
    }

    /// <summary>Null when there is nothing to go on with; the errors say why.</summary>
    public static MapNode? Read(string yaml, MapErrors errors, ImportLimits limits)
    {
        var reader = new MapNodeReader(yaml, errors, limits.MapDepth);
        try
        {
            reader._parser.Consume<StreamStart>();
            if (!reader._parser.TryConsume<DocumentStart>(out _))
            {
                errors.Add(1, 1, "the map is empty");
                return null;
            }
            var node = reader.Node();
            reader._parser.Consume<DocumentEnd>();
            if (reader._parser.Accept<DocumentStart>(out var second))
                errors.Add((int)second.Start.Line, 1, "a map is one YAML document; a second one begins here");
            return node;
        }
        catch (YamlException exception)
        {
            errors.Add((int)exception.Start.Line, (int)exception.Start.Column, "this is not YAML: " + exception.Message.TrimEnd('.'));
            return null;
        }
        // What the parser throws where it lost its own way in a malformed text.
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            var last = reader._parser.Current?.End ?? Mark.Empty;
            errors.Add(Math.Max(1, (int)last.Line), Math.Max(1, (int)last.Column), "this is not YAML from here on");
            return null;
        }
    }

    private MapNode Node()
    {
        if (++_depth > _depthLimit)
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"nested more than {_depthLimit} deep");
        MapNode node;
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            Check(scalar);
            node = new ScalarNode((int)scalar.Start.Line, (int)scalar.Start.Column, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any));
        }
        else if (_parser.TryConsume<MappingStart>(out var mapping))
        {
            Check(mapping);
            node = Mapping(mapping);
        }
        else if (_parser.TryConsume<SequenceStart>(out var sequence))
        {
            Check(sequence);
            var items = new List<MapNode>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
                items.Add(Node());
            node = new SequenceNode((int)sequence.Start.Line, (int)sequence.Start.Column, items);
        }
        else
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "aliases (*name) are not used in maps");
        }
        _depth--;
        return node;
    }

    private MappingNode Mapping(MappingStart start)
    {
        var entries = new List<KeyValuePair<ScalarNode, MapNode>>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node();
            var value = Node();
            if (key is not ScalarNode name)
                _errors.Add(key, "a key is a text");
            else if (!keys.Add(name.Text))
                _errors.Add(key, $"'{name.Text}' stands here twice");
            else
                entries.Add(new(name, value));
        }
        return new MappingNode((int)start.Start.Line, (int)start.Start.Column, entries);
    }

    private static void Check(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
            throw new YamlException(node.Start, node.End, "anchors (&name) are not used in maps");
        if (!node.Tag.IsEmpty && node is not Scalar { Tag.Value: "!" })
            throw new YamlException(node.Start, node.End, "tags (!name) are not used in maps");
    }
}

/// <summary>Collects what is wrong with a map, so that all of it can be told at once.</summary>
internal sealed class MapErrors(int limit)
{
    private readonly List<(int Line, int Column, string Message)> _errors = [];

    public bool Any => _errors.Count > 0;

    public void Add(MapNode node, string message) => Add(node.Line, node.Column, message);

    public void Add(int line, int column, string message)
    {
        if (_errors.Count < limit)
            _errors.Add((line, column, message));
    }

    public ImportException ToException(string mapName) => new(
        ImportErrorCodes.MapInvalid,
        string.Join('\n', _errors.OrderBy(error => error.Line).ThenBy(error => error.Column)
            .Select(error => $"{mapName}, line {error.Line}, column {error.Column}: {error.Message}.")));
}
