using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>
/// Remembers for one kind of record which keys the file has brought, and which fields. The first row that has a value for a field wins; a later
/// row adds only what was missing. So a file that contradicts itself (a customer under two countries) still ends in one state, and writing it
/// again changes nothing. A hash of each value is kept, to count the contradictions. Large files have millions of keys: all of them lie in few arrays, which
/// the collector need not walk through.
/// </summary>
internal sealed class KeyTracker(RecordPlan plan, int attributeCount, ImportLimits limits)
{
    private const int KeysPerBlock = 1_024;
    private const int ShortKeyCharacters = 15;

    /// <summary>The fields and attributes that can have a value which does not name the record.</summary>
    private readonly int[] _told = [.. Enumerable.Range(0, plan.Schema.Fields.Count + attributeCount).Where(index => CanBeTold(plan, index))];
    private readonly Dictionary<UInt128, int> _places = [];
    private readonly List<int[]> _blocks = [];
    private readonly List<(int Place, int Told)> _setSinceCommit = [];
    private readonly List<UInt128> _keysSinceCommit = [];

    /// <summary>Empties the values that earlier rows have brought.</summary>
    /// <param name="onConflict">Told the index of each field whose value differs from the one that was first.</param>
    /// <returns>False when the row says nothing new about this key.</returns>
    public bool Merge(RecordValues values, Action<int> onConflict)
    {
        var isNew = Find(values, out var place);
        var hashes = HashesOf(place);
        var saysMore = isNew;
        for (var i = 0; i < _told.Length; i++)
        {
            if (Hash(values, _told[i]) is not { } hash)
                continue;
            if (hashes[i] == 0)
            {
                Set(place, i, hash);
                saysMore = true;
                continue;
            }
            if (hashes[i] != hash)
                onConflict(_told[i]);
            Clear(values, _told[i]);
        }
        return saysMore;
    }

    /// <summary>Of what is told by one row as a whole: whether this is the first row about the key. What another row says otherwise, or more, is a conflict.</summary>
    public bool IsFirst(RecordValues values, Action<int> onConflict)
    {
        var isNew = Find(values, out var place);
        var hashes = HashesOf(place);
        for (var i = 0; i < _told.Length; i++)
        {
            if (Hash(values, _told[i]) is not { } hash || hashes[i] == hash)
                continue;
            if (isNew)
                Set(place, i, hash);
            else
                onConflict(_told[i]);
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
        foreach (var (place, told) in _setSinceCommit)
            HashesOf(place)[told] = 0;
        foreach (var key in _keysSinceCommit)
            _places.Remove(key);
        Commit();
    }

    private void Set(int place, int told, int hash)
    {
        HashesOf(place)[told] = hash;
        _setSinceCommit.Add((place, told));
    }

    /// <summary>Where the hashes of the values lie that rows have brought about the record's key; true when it is the first.</summary>
    private bool Find(RecordValues values, out int place)
    {
        var key = Packed(values.IdentityText!);
        if (_places.TryGetValue(key, out place))
            return false;
        if (_places.Count == limits.RememberedKeys)
            throw new ImportException(
                ImportErrorCodes.LimitExceeded,
                $"The file has more than {limits.RememberedKeys} different keys of one kind. Import it in parts.");
        place = _places.Count;
        if (place / KeysPerBlock == _blocks.Count)
            _blocks.Add(new int[KeysPerBlock * _told.Length]);
        _places.Add(key, place);
        _keysSinceCommit.Add(key);
        return true;
    }

    private Span<int> HashesOf(int place) => _blocks[place / KeysPerBlock].AsSpan(place % KeysPerBlock * _told.Length, _told.Length);

    /// <summary>A short key itself, of a longer one 120 bits of its hash, which no short one has.</summary>
    private static UInt128 Packed(string key)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Clear();
        if (key.Length <= ShortKeyCharacters && Ascii.IsValid(key))
        {
            for (var i = 0; i < key.Length; i++)
                bytes[i] = (byte)key[i];
            bytes[ShortKeyCharacters] = (byte)key.Length;
        }
        else
        {
            SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan()), bytes);
            bytes[ShortKeyCharacters] = byte.MaxValue;
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    private static bool CanBeTold(RecordPlan plan, int index) => index >= plan.Schema.Fields.Count
        || (plan.Places[index] >= 0 && plan.Schema.Fields[index] is var field && field != plan.Schema.Key && !plan.Schema.Identity.Contains(field));

    /// <summary>Null where the row says nothing. Never 0, which marks a field that no row has had yet.</summary>
    private int? Hash(RecordValues values, int index)
    {
        var value = Get(values, index);
        return value.IsEmpty ? null : value.ContentHash(index < plan.Schema.Fields.Count && plan.Schema.Fields[index].Type.IsCurrency) | 1;
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
