using System.Reflection;

namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>A row that a batch touches, beside what the database holds of it.</summary>
internal sealed class Tracked<T>(T row, bool isNew) where T : class
{
    private static readonly Func<object, object> Clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!
        .CreateDelegate<Func<object, object>>();

    public T Row { get; } = row;
    public bool IsNew { get; } = isNew;
    public bool IsDeleted { get; set; }
    /// <summary>Not all columns were read: the row is only looked at.</summary>
    public bool IsPart { get; init; }
    /// <summary>The row as loaded; null until the first change.</summary>
    public T? Before { get; private set; }

    /// <summary>Called before the first assignment. Lists in rows are replaced, never changed in place, so a shallow copy is enough.</summary>
    public T Edit()
    {
        if (IsPart)
            throw new InvalidOperationException($"A {typeof(T).Name} of which only a part was read is not written.");
        if (!IsNew)
            Before ??= (T)Clone(Row);
        return Row;
    }
}

/// <summary>The rows of one table that a batch touches, by id, in the order in which they were met.</summary>
internal sealed class RowSet<T> where T : class
{
    private readonly Dictionary<Guid, Tracked<T>> _rows = [];

    public Dictionary<Guid, Tracked<T>>.ValueCollection Rows => _rows.Values;
    public Tracked<T>? Find(Guid id) => _rows.GetValueOrDefault(id);
    public void Load(Guid id, T row, bool isPart = false) => _rows.TryAdd(id, new Tracked<T>(row, isNew: false) { IsPart = isPart });

    public Tracked<T> Add(Guid id, T row)
    {
        var tracked = new Tracked<T>(row, isNew: true);
        _rows[id] = tracked;
        return tracked;
    }

    public List<T> Inserted() => [.. _rows.Values.Where(t => t is { IsNew: true, IsDeleted: false }).Select(t => t.Row)];
}
