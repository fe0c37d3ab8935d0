namespace CrmGraph.Tools.Schemas;

/// <summary>Schemas by their text, so that a file with thousands of cases builds each schema once.</summary>
public sealed class SchemaTexts
{
    private const int Kept = 100;
    private readonly Dictionary<string, SchemaText> _known = new(StringComparer.Ordinal);

    public SchemaText Of(string sdl)
    {
        if (_known.TryGetValue(sdl, out var known))
            return known;
        if (_known.Count == Kept)
            _known.Clear();
        return _known[sdl] = new SchemaText(sdl);
    }
}
