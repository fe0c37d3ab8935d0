namespace CrmGraph.Reporting.Ingest.Records;

/// <summary>The id of a row in another system. <paramref name="Source"/> names the system; the pair is unique per kind of row.</summary>
public readonly record struct ExternalKey(string Source, string Key)
{
    public bool IsNone => Key is null;
    public override string ToString() => IsNone ? "(none)" : $"{Source}:{Key}";
}

/// <summary>How a record points at a row: by our id, by an outside id, or not at all (<c>default</c>).</summary>
public readonly record struct RowRef
{
    private RowRef(Guid id, ExternalKey key) => (Id, Key) = (id, key);

    public static RowRef None => default;
    public Guid Id { get; }
    public ExternalKey Key { get; }
    public bool IsNone => Id == Guid.Empty && Key.IsNone;
    public bool IsId => Id != Guid.Empty;

    public static RowRef Of(Guid id) => new(id, default);
    public static RowRef Of(ExternalKey key) => new(Guid.Empty, key);
    public static RowRef Of(string source, string key) => new(Guid.Empty, new ExternalKey(source, key));
    public static implicit operator RowRef(Guid id) => Of(id);
    public static implicit operator RowRef(ExternalKey key) => Of(key);

    public override string ToString() => IsId ? Id.ToString("D") : Key.ToString();
}
