namespace CrmGraph.Reporting.Imports.Maps;

/// <summary>Gives every column that a map uses a number.</summary>
internal sealed class ColumnRegister
{
    private sealed class Entry(IReadOnlyList<string> names, int position, FieldSource? derived)
    {
        public IReadOnlyList<string> Names => names;
        public int Position => position;
        public FieldSource? Derived => derived;
        public bool IsDemanded { get; set; }
        public bool IsNeeded { get; set; }
    }

    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, int> _derived = new(StringComparer.Ordinal);

    public bool IsDerived(string name) => _derived.ContainsKey(name);

    public void AddDerived(string name, FieldSource source)
    {
        _derived.Add(name, _entries.Count);
        _entries.Add(new Entry([name], 0, source));
    }

    /// <param name="isOptional">This use does not mind when the file has no such column.</param>
    /// <param name="isNeeded">There is no record without a value of this column, whatever the file options say.</param>
    public int ByName(IReadOnlyList<string> names, bool isOptional, bool isNeeded) =>
        names.Count == 1 && _derived.TryGetValue(names[0], out var derived)
            ? derived
            : Use(
                _entries.FindIndex(entry => entry.Position == 0 && entry.Derived is null && entry.Names.SequenceEqual(names)),
                names,
                0,
                isOptional,
                isNeeded);

    public int ByPosition(int position, bool isOptional, bool isNeeded) =>
        Use(_entries.FindIndex(entry => entry.Position == position && entry.Derived is null), [], position, isOptional, isNeeded);

    public IReadOnlyList<ColumnReference> Finish(bool allowsMissingColumns) =>
        [.. _entries.Select(
            entry => new ColumnReference(entry.Names, entry.Position, allowsMissingColumns ? !entry.IsNeeded : !entry.IsDemanded, entry.Derived))];

    private int Use(int found, IReadOnlyList<string> names, int position, bool isOptional, bool isNeeded)
    {
        if (found < 0 || (position == 0 && names.Count == 0))
        {
            found = _entries.Count;
            _entries.Add(new Entry(names, position, null));
        }
        _entries[found].IsDemanded |= !isOptional;
        _entries[found].IsNeeded |= isNeeded;
        return found;
    }
}
