using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Values;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Records;

/// <summary>The values of one record from one row, read by the schema that builds it.</summary>
internal sealed class RecordValues(RecordPlan plan, string mapSource, int attributeCapacity)
{
    // Rows wait for their batch, and most maps fill few of a record's fields.
    private readonly Value[] _values = new Value[plan.FilledCount];

    public RecordPlan Plan => plan;
    /// <summary>False when the row makes no such record.</summary>
    public bool IsPresent { get; set; }
    public long Line { get; set; }
    public WriteMode Mode => plan.Mode;
    /// <summary>Null when the record has no outside id of its own: it is then known by its content.</summary>
    public string? KeyText { get; set; }
    public RecordValues? Part { get; init; }
    /// <summary>Attribute values; names stand in the importer's list.</summary>
    public Value[] Attributes { get; } = attributeCapacity == 0 ? [] : new Value[attributeCapacity];
    public IReadOnlyList<string> AttributeNames { get; init; } = [];
    public Value[] OtherKeyValues { get; } = plan.OtherKeys.Count == 0 ? [] : new Value[plan.OtherKeys.Count];

    public RecordValues Copy()
    {
        var copy = new RecordValues(plan, mapSource, Attributes.Length) { AttributeNames = AttributeNames, Part = Part?.Copy() };
        CopyTo(copy);
        return copy;
    }

    /// <summary>Into the values of the same plan.</summary>
    public void CopyTo(RecordValues other)
    {
        (other.IsPresent, other.Line, other.KeyText) = (IsPresent, Line, KeyText);
        _values.CopyTo(other._values, 0);
        Attributes.CopyTo(other.Attributes, 0);
        OtherKeyValues.CopyTo(other.OtherKeyValues, 0);
        Part?.CopyTo(other.Part!);
    }

    public Value this[int index]
    {
        get => plan.Places[index] is >= 0 and var place ? _values[place] : Value.Empty;
        set
        {
            if (plan.Places[index] is >= 0 and var place)
                _values[place] = value;
        }
    }

    public Value this[FieldDefinition field] => this[field.Index];

    /// <summary>What names the record within its file; null when only its content does.</summary>
    public string? IdentityText => plan.Schema.Identity.Count == 0
        ? KeyText
        : string.Join('\n', plan.Schema.Identity.Select(part => part.Type.IsCurrency ? this[part].Text.ToUpperInvariant() : this[part].Text));

    public ExternalKey Key => KeyText is null ? default : new ExternalKey(SourceOf(plan.Schema.Key!), KeyText);

    public IReadOnlyList<ExternalKey>? MoreKeys
    {
        get
        {
            List<ExternalKey>? keys = null;
            for (var i = 0; i < OtherKeyValues.Length; i++)
            {
                if (!OtherKeyValues[i].IsEmpty)
                    (keys ??= []).Add(new ExternalKey(plan.OtherKeys[i].Source ?? mapSource, OtherKeyValues[i].Text));
            }
            return keys;
        }
    }

    public string? TextOrNull(FieldDefinition field) => this[field] is { IsEmpty: false } value ? value.Text : null;
    public decimal? NumberOrNull(FieldDefinition field) => this[field] is { IsEmpty: false } value ? value.Number : null;
    public IReadOnlyList<string>? ListOrNull(FieldDefinition field) => List(field).Value;
    public DateTime? MomentOrNull(FieldDefinition field) => this[field] is { IsEmpty: false } value ? value.Moment : null;
    public T? ChoiceOrNull<T>(FieldDefinition field) where T : struct, Enum => this[field] is { IsEmpty: false } value ? Enumerated<T>(value) : null;

    // An empty value says nothing about the field: the stored value stays as it is. A cleared one empties it.
    public Optional<string?> Text(FieldDefinition field) => this[field] is { IsEmpty: false } value ? new(value.IsCleared ? null : value.Text) : default;
    public Optional<decimal?> Number(FieldDefinition field) => this[field] is { IsEmpty: false } value ? new(value.IsCleared ? null : value.Number) : default;
    public Optional<int?> Integer(FieldDefinition field)
        => this[field] is { IsEmpty: false } value ? new(value.IsCleared ? null : Whole(field, value)) : default;
    public Optional<int> RequiredInteger(FieldDefinition field) => this[field] is { IsEmpty: false } value ? new((int)value.Number) : default;
    public Optional<bool> Flag(FieldDefinition field) => this[field] is { IsEmpty: false } value ? new(value.Flag) : default;
    public Optional<DateTime> Moment(FieldDefinition field) => this[field] is { IsEmpty: false } value ? new(value.Moment) : default;
    public Optional<DateTime?> OptionalMoment(FieldDefinition field)
        => this[field] is { IsEmpty: false } value ? new(value.IsCleared ? null : value.Moment) : default;
    public Optional<DateOnly> Day(FieldDefinition field) => this[field] is { IsEmpty: false } value ? new(value.Day) : default;
    public Optional<DateOnly?> OptionalDay(FieldDefinition field)
        => this[field] is { IsEmpty: false } value ? new(value.IsCleared ? null : value.Day) : default;
    public Optional<IReadOnlyList<string>?> List(FieldDefinition field)
        => this[field] is { IsEmpty: false } value ? new(value.IsCleared ? [] : value.List) : default;
    public Optional<T> Choice<T>(FieldDefinition field) where T : struct, Enum => this[field] is { IsEmpty: false } value ? new(Enumerated<T>(value)) : default;
    public Optional<T?> OptionalChoice<T>(FieldDefinition field) where T : struct, Enum
        => this[field] is { IsEmpty: false } value ? new(value.IsCleared ? null : Enumerated<T>(value)) : default;

    public RowRef Reference(FieldDefinition field) =>
        this[field] is { IsEmpty: false, IsCleared: false } value ? RowRef.Of(SourceOf(field), value.Text) : RowRef.None;

    public Optional<RowRef> OptionalReference(FieldDefinition field) => this[field].IsEmpty ? default : new(Reference(field));

    public IReadOnlyList<KeyValuePair<string, string?>>? AttributeList()
    {
        List<KeyValuePair<string, string?>>? list = null;
        for (var i = 0; i < Attributes.Length; i++)
        {
            if (!Attributes[i].IsEmpty)
                (list ??= []).Add(new(AttributeNames[i], Attributes[i].IsCleared ? null : Attributes[i].Text));
        }
        return list;
    }

    private string SourceOf(FieldDefinition field) => plan.Fields[field.Index]?.Source ?? mapSource;

    /// <summary>Percents may be broken in a file; beyond 0 to 100 they are left for the writer to refuse.</summary>
    private static int Whole(FieldDefinition field, Value value)
        => (int)(field.Type.Kind == FieldKind.Percent ? Math.Round(Math.Clamp(value.Number, -1, 101), MidpointRounding.ToEven) : value.Number);

    private static T Enumerated<T>(Value value) where T : struct, Enum => (T)Enum.ToObject(typeof(T), (int)value.Number);
}
