using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>Keys, and what stands beside each.</summary>
internal sealed class LookupTable(LookupDefinition lookup, StringComparer keys)
{
    private readonly Dictionary<string, Value> _values = new(keys);
    private readonly HashSet<string> _contested = new(keys);

    /// <summary>False when the key has another value already.</summary>
    /// <exception cref="ImportException">IMPORT_LIMIT_EXCEEDED.</exception>
    public bool TryAdd(string key, Value value, int keysAtMost, out Value earlier)
    {
        earlier = _values.GetValueOrDefault(key);
        if (!_values.TryAdd(key, value))
            return earlier.Text == value.Text;
        return _values.Count <= keysAtMost ? true : throw new ImportException(ImportErrorCodes.LimitExceeded, lookup.TooMany(keysAtMost));
    }

    /// <summary>From now on the key refuses rows: nobody knows which of its values is meant.</summary>
    public void Contest(string key) => _contested.Add(key);

    public Value Find(string key) => _contested.Contains(key) ? throw new ValueException(lookup.Contested(key)) : _values.GetValueOrDefault(key);
}
