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
    private readonly List<(int[] Hashes, int Field)> _setSinceCommit = [];
    private readonly List<string> _keysSinceCommit = [];

    /// <summary>Empties the values that earlier rows have brought.</summary>
    /// <param name="onConflict">Told the index of each field whose value differs from the one that was first.</param>
    /// <returns>False when the row says nothing new about this key.</returns>
    public bool Merge(RecordValues values, Action<int> onConflict)
    {
        var isNew = Find(values, out var hashes);
        var saysMore = isNew;
        for (var i = 0; i < _width; i++)
        {
            if (Hash(values, i) is not { } hash)
                continue;
            if (hashes[i] == 0)
            {
                Set(hashes, i, hash);
                saysMore = true;
                continue;
            }
            if (hashes[i] != hash)
                onConflict(i);
            Clear(values, i);
        }
        return saysMore;
    }

    /// <summary>Of what is told by one row as a whole: whether this is the first row about the key. What another row says otherwise, or more, is a conflict.</summary>
    public bool IsFirst(RecordValues values, Action<int> onConflict)
    {
        var isNew = Find(values, out var hashes);
        for (var i = 0; i < _width; i++)
        {
            if (Hash(values, i) is not { } hash || hashes[i] == hash)
                continue;
            if (isNew)
                Set(hashes, i, hash);
            else
                onConflict(i);
        }
        return isNew;
    }

    /// <summary>What was told since the commit before is written and holds.</summary>
    public void Commit()
    {
        _setSinceCommit.Clear();
        _keysSinceCommit.Clear();
    }

    /// <summary>Forgets what was told since the commit: it was not written.</summary>
    public void Undo()
    {
        foreach (var (hashes, field) in _setSinceCommit)
            hashes[field] = 0;
        foreach (var key in _keysSinceCommit)
            _places.Remove(key);
        _hashes.RemoveRange(_hashes.Count - _keysSinceCommit.Count, _keysSinceCommit.Count);
        Commit();
    }

    private void Set(int[] hashes, int field, int hash)
    {
        hashes[field] = hash;
        _setSinceCommit.Add((hashes, field));
    }

    /// <summary>The hashes of the values that rows have brought about the record's key; true when it is the first.</summary>
    private bool Find(RecordValues values, out int[] hashes)
    {
        var key = values.IdentityText!;
        var isNew = !_places.TryGetValue(key, out var place);
        if (isNew)
        {
            if (_places.Count == limits.RememberedKeys)
                throw new ImportException(
                    ImportErrorCodes.LimitExceeded,
                    $"The file has more than {limits.RememberedKeys} different keys of one kind. Import it in parts.");
            place = _hashes.Count;
            _places.Add(key, place);
            _keysSinceCommit.Add(key);
            _hashes.Add(new int[_width]);
        }
        hashes = _hashes[place];
        return isNew;
    }

    /// <summary>Null where the row says nothing, or names the record. Never 0, which marks a field that no row has had yet.</summary>
    private int? Hash(RecordValues values, int index)
    {
        var field = index < plan.Schema.Fields.Count ? plan.Schema.Fields[index] : null;
        var value = Get(values, index);
        return value.IsEmpty || (field is not null && (field == plan.Schema.Key || plan.Schema.Identity.Contains(field)))
            ? null
            : value.ContentHash(field?.Type.IsCurrency == true) | 1;
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
