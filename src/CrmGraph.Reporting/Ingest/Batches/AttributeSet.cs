using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>The free attributes of the rows of one kind that a batch touches.</summary>
/// <param name="make">From the row that has the attribute, its customer and the key to a new attribute.</param>
internal sealed class AttributeSet<T>(Func<Guid, Guid, string, T> make) where T : FreeAttribute
{
    private readonly Dictionary<Guid, Dictionary<string, Tracked<T>>> _rows = [];

    public IEnumerable<Tracked<T>> Rows => _rows.Values.SelectMany(of => of.Values);

    public void Load(Guid owner, T row) => Of(owner)[row.Key] = new(row, isNew: false);

    /// <summary>Attributes go with their row to another customer.</summary>
    public void MoveTo(Guid owner, Guid customer)
    {
        if (_rows.TryGetValue(owner, out var rows))
            foreach (var row in rows.Values.Where(r => r.Row.CustomerId != customer))
                row.Edit().CustomerId = customer;
    }

    /// <param name="mode">How the record treats the row; upsert for a row that was not there before.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Set(Guid owner, Guid customer, IReadOnlyList<KeyValuePair<string, string?>> attributes, WriteMode mode)
    {
        var any = false;
        foreach (var (key, value) in attributes)
        {
            var row = Of(owner).GetValueOrDefault(key);
            var present = row is { IsDeleted: false };
            if (mode == WriteMode.KeepExisting || (mode == WriteMode.FillMissing && present))
                continue;
            if (value is null ? !present : present && row!.Row.Value == value)
                continue;
            any = true;
            if (row is null)
                Of(owner)[key] = row = new(make(owner, customer, key), isNew: true);
            row.IsDeleted = value is null;
            row.Edit().Value = value ?? "";
        }

        return any;
    }

    private Dictionary<string, Tracked<T>> Of(Guid owner)
    {
        if (!_rows.TryGetValue(owner, out var rows))
            _rows.Add(owner, rows = new(StringComparer.Ordinal));
        return rows;
    }
}
