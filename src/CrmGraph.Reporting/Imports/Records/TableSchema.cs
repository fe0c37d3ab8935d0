using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Records;

/// <summary>A kind of record whose fields stand in a table: what maps may fill, and how it becomes members of the record, follows from the lines.</summary>
internal class TableSchema<TRecord> : RecordSchema where TRecord : IngestRecord, new()
{
    private static readonly MethodInfo Bind = typeof(TableSchema<TRecord>).GetMethod(nameof(SetterOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly Func<IngestBatch, List<TRecord>> _records;
    private readonly Dictionary<string, Action<TRecord, RecordValues>> _setters = [];

    /// <param name="records">Where a batch has the records of the kind.</param>
    public TableSchema(string name, RecordKind kind, IReadOnlyList<Field> fields, Func<IngestBatch, List<TRecord>> records) : base(name, kind)
    {
        _records = records;
        IsFact = fields.Any(IsCustomer);
        AddKey(required: !IsFact);
        foreach (var field in fields)
            _setters[field.Member.Name] = (Action<TRecord, RecordValues>)Bind.MakeGenericMethod(field.Member.PropertyType).Invoke(null, [field, Add(field)])!;
    }

    public override void Build(RecordValues values, BatchBuilder batch) => _records(batch.Batch).Add(Make(values));

    protected TRecord Make(RecordValues values)
    {
        var record = new TRecord { Origin = values.Line, Mode = values.Mode, Key = values.Key, MoreKeys = values.MoreKeys };
        foreach (var set in _setters.Values)
            set(record, values);
        return record;
    }

    protected FieldDefinition Find(string name) => Fields.Single(field => field.Name == name);

    /// <summary>A member that no line fills, or not alone.</summary>
    protected void Set<T>(Expression<Func<TRecord, T>> member, Func<RecordValues, T> read)
    {
        var property = (PropertyInfo)((MemberExpression)member.Body).Member;
        var set = property.SetMethod!.CreateDelegate<Action<TRecord, T>>();
        _setters[property.Name] = (record, values) => set(record, read(values));
    }

    private FieldDefinition Add(Field field) =>
        IsCustomer(field) ? AddCustomer()
        : field.IsReference ? AddReference(field.Name, clearable: field.IsClearable)
        : Add(field.Name, FieldType.Of(field), clearable: field.IsClearable);

    private static bool IsCustomer(Field field) => field is { Name: "customer", IsReference: true };

    /// <summary>The values' method that returns what the member is, and the member's own accessor.</summary>
    private static Action<TRecord, RecordValues> SetterOf<T>(Field field, FieldDefinition definition)
    {
        var read = typeof(RecordValues).GetMethods()
            .Where(m => m.IsGenericMethod == field.Type.IsEnum && m.GetParameters() is [{ ParameterType: var taken }] && taken == typeof(FieldDefinition))
            .Select(m => m.IsGenericMethod ? m.MakeGenericMethod(field.Type) : m).Single(m => m.ReturnType == typeof(T))
            .CreateDelegate<Func<RecordValues, FieldDefinition, T>>();
        var set = field.Member.SetMethod!.CreateDelegate<Action<TRecord, T>>();
        return (record, values) => set(record, read(values, definition));
    }
}
