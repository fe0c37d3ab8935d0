using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>
/// Remembers for one kind of record which keys the file has brought, and which fields. The first row that has a value for a field wins; a later
/// row adds only what was missing. So a file that contradicts itself (a customer under two countries) still ends in one state, and writing it
/// again changes nothing. A hash of each value is kept, to count the contradictions.
/// </summary>
internal sealed class KeyTracker(RecordPlan plan, int attributeCount, ImportLimits limits)
{
    private readonly int _width = plan.Schema.Fields.Count + attributeCount;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<int[]> _hashes = [];

    /// <summary>Empties the values that earlier rows have brought.</summary>
    /// <param name="onConflict">Told the index of each field whose value differs from the one that was first.</param>
    /// <returns>False when the row says nothing new about this key.</returns>
    public bool Merge(RecordValues values, Action<int> onConflict)
    {
        var isNew = !_places.TryGetValue(values.KeyText!, out var place);
        if (isNew)
        {
            if (_places.Count == limits.RememberedKeys)
                throw new ImportException(ImportErrorCodes.LimitExceeded, $"The file has more than {limits.RememberedKeys} different keys of one kind. Import it in parts.");
            place = _hashes.Count;
            _places.Add(values.KeyText!, place);
            _hashes.Add(new int[_width]);
        }
        var hashes = _hashes[place];
        var saysMore = isNew;
        for (var i = 0; i < _width; i++)
        {
            var value = Get(values, i);
            if (value.IsEmpty || plan.Schema.Key?.Index == i)
                continue;
            // 0 marks a field that no row has had yet.
            var hash = value.ContentHash() | 1;
            if (hashes[i] == 0)
            {
                hashes[i] = hash;
                saysMore = true;
                continue;
            }
            if (hashes[i] != hash)
                onConflict(i);
            Clear(values, i);
        }
        return saysMore;
    }

    private Value Get(RecordValues values, int index) =>
        index < plan.Schema.Fields.Count ? values[index] : values.Attributes[index - plan.Schema.Fields.Count];

    private void Clear(RecordValues values, int index)
    {
        if (index < plan.Schema.Fields.Count)
            values[index] = Value.Empty;
        else
            values.Attributes[index - plan.Schema.Fields.Count] = Value.Empty;
    }
}
