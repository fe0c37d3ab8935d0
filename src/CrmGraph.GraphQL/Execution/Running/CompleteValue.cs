using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>CompleteValue (section 6.4.3) for a whole column: lists are laid flat, objects grouped by type, leaves proved writable.</summary>
internal static class CompleteValue
{
    private static readonly ConditionalWeakTable<CompositeType, ConcurrentDictionary<Type, ObjectType?>> TypesOfValues = [];

    public static Column Complete(Executor executor, PlannedField field, ObjectGroup owner, IReadOnlyList<object?> values) =>
        Complete(executor, field, owner, null, field.Definition.Type, values);

    private static Column Complete(
        Executor executor,
        PlannedField field,
        ObjectGroup owner,
        ListColumn? container,
        GraphQLType type,
        IReadOnlyList<object?> values)
    {
        var isNonNull = type is NonNullType;
        return type.Nullable switch
        {
            ListType list => Lists(executor, field, owner, container, isNonNull, list, values),
            ScalarType scalar => Scalars(executor, field, owner, container, isNonNull, scalar, values),
            EnumType e => Enums(executor, field, owner, container, isNonNull, e, values),
            ObjectType o => Objects(executor, field, owner, container, isNonNull, o, values),
            _ => Abstract(executor, field, owner, container, isNonNull, (CompositeType)type.Nullable, values),
        };
    }

    /// <summary>Whether the slot has a value; if not, its error is noted.</summary>
    private static bool HasValue(Executor executor, Column column, int slot, object? value)
    {
        switch (value)
        {
            case null:
                if (column.IsNonNull)
                    executor.Errors.NullInNonNull(column, slot);
                return false;
            case FieldFailure failure:
                executor.Errors.Fail(column, slot, failure.Error);
                return false;
            case Exception e when column.Field.Definition.Type.Named is not CompositeType || !IsValue(column.Field, e):
                executor.Errors.Fail(column, slot, e);
                return false;
            default:
                return true;
        }
    }

    // The errors of a mutation's payload are exceptions that are values.
    private static bool IsValue(PlannedField field, Exception e) => field.Definition.Type.Named switch
    {
        ObjectType { ClrType: { } clr } => clr.IsInstanceOfType(e),
        UnionType union => union.Types.Any(t => t.ClrType?.IsInstanceOfType(e) == true),
        _ => false,
    };

    private static ListColumn Lists(
        Executor executor,
        PlannedField field,
        ObjectGroup owner,
        ListColumn? container,
        bool isNonNull,
        ListType type,
        IReadOnlyList<object?> values)
    {
        var starts = new int[values.Count];
        var lengths = new int[values.Count];
        var column = new ListColumn(field, owner, container, isNonNull, starts, lengths);
        if (OneTable(values) is { } table)
        {
            column.Items = Complete(executor, field, owner, column, type.OfType, Rows(executor, column, table, values, starts, lengths));
            return column;
        }

        var items = new List<object?>();
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = items.Count;
            lengths[i] = -1;
            if (HasValue(executor, column, i, values[i]))
                lengths[i] = Flatten(executor, column, i, values[i]!, items);
        }

        executor.Count(items.Count);
        column.Items = Complete(executor, field, owner, column, type.OfType, items);
        return column;
    }

    /// <summary>The table when all lists are rows of one; null otherwise.</summary>
    private static ColumnarTable? OneTable(IReadOnlyList<object?> values)
    {
        ColumnarTable? table = null;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not IRowList rows || (table is not null && !ReferenceEquals(table, rows.Table)))
                return null;
            table = rows.Table;
        }

        return table;
    }

    private static RowList<object> Rows(Executor executor, ListColumn column, ColumnarTable table, IReadOnlyList<object?> values, int[] starts, int[] lengths)
    {
        var items = new List<int>();
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = items.Count;
            var rows = (IRowList)values[i]!;
            lengths[i] = rows.Count;
            for (var j = 0; j < rows.Count; j++)
                items.Add(rows.RowAt(j));
        }

        executor.Count(items.Count);
        return new(table, items.ToArray());
    }

    private static int Flatten(Executor executor, ListColumn column, int slot, object value, List<object?> items)
    {
        var start = items.Count;
        try
        {
            if (value is string or not IEnumerable)
                throw new InvalidOperationException(
                    $"{column.Field.ParentType.Name}.{column.Field.Definition.Name} returned a {value.GetType().Name} where a list is expected.");
            foreach (var item in (IEnumerable)value)
                items.Add(item);
            return items.Count - start;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            items.RemoveRange(start, items.Count - start);
            executor.Errors.Fail(column, slot, e);
            return -1;
        }
    }

    private static LeafColumn Scalars(
        Executor executor,
        PlannedField field,
        ObjectGroup owner,
        ListColumn? container,
        bool isNonNull,
        ScalarType type,
        IReadOnlyList<object?> values)
    {
        var kept = new object?[values.Count];
        var column = new LeafColumn(field, owner, container, isNonNull, kept, (writer, value) => Write(writer, type, value));
        Type? safe = null;
        using var scratch = new Scratch();
        for (var i = 0; i < kept.Length; i++)
        {
            var value = values[i];
            if (!HasValue(executor, column, i, value))
                continue;
            if (value!.GetType() == safe || LeafWriters.IsSafe(type, value.GetType()))
            {
                safe = value.GetType();
                kept[i] = value;
                continue;
            }

            try
            {
                kept[i] = scratch.Write(type, value);
            }
            catch (Exception e)
            {
                executor.Errors.Fail(column, i, e);
            }
        }

        return column;
    }

    private static void Write(Utf8JsonWriter writer, ScalarType type, object value)
    {
        if (value is RawJson raw)
            writer.WriteRawValue(raw.Utf8, skipInputValidation: true);
        else
            type.Write(writer, value);
    }

    private static LeafColumn Enums(
        Executor executor,
        PlannedField field,
        ObjectGroup owner,
        ListColumn? container,
        bool isNonNull,
        EnumType type,
        IReadOnlyList<object?> values)
    {
        var kept = new object?[values.Count];
        var names = field.EnumNames(type);
        var column = new LeafColumn(field, owner, container, isNonNull, kept, (writer, value) => writer.WriteStringValue(names[value]));
        for (var i = 0; i < kept.Length; i++)
        {
            var value = values[i];
            if (!HasValue(executor, column, i, value))
                continue;
            if (names.ContainsKey(value!))
                kept[i] = value;
            else
                executor.Errors.Fail(column, i, new GraphQLError($"Enum \"{type}\" cannot represent value: {value}.") { Code = ErrorCodes.Internal });
        }

        return column;
    }

    private static ObjectColumn Objects(
        Executor executor,
        PlannedField field,
        ObjectGroup owner,
        ListColumn? container,
        bool isNonNull,
        ObjectType type,
        IReadOnlyList<object?> values)
    {
        var rows = new int[values.Count];
        var column = new ObjectColumn(field, owner, container, isNonNull, rows);
        var group = column.Group = new ObjectGroup(field.Selection!.For(type), column);
        if (values is IRowList list)
            AddRows(executor, column, rows, list);
        else
            for (var i = 0; i < rows.Length; i++)
                rows[i] = HasValue(executor, column, i, values[i]) ? Add(group, values[i]!, i) : -1;
        executor.Count(group.Count);
        return column;
    }

    private static void AddRows(Executor executor, ObjectColumn column, int[] rows, IRowList list)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var row = list.RowAt(i);
            rows[i] = row < 0 ? -1 : column.Group.Count;
            if (row >= 0)
                column.Group.AddRow(list.Table, row, i);
            else
                HasValue(executor, column, i, null);
        }
    }

    private static AbstractColumn Abstract(
        Executor executor,
        PlannedField field,
        ObjectGroup owner,
        ListColumn? container,
        bool isNonNull,
        CompositeType type,
        IReadOnlyList<object?> values)
    {
        var rows = new int[values.Count];
        var groupOf = new int[values.Count];
        var column = new AbstractColumn(field, owner, container, isNonNull, rows, groupOf);
        var numbers = new Dictionary<ObjectType, int>();
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = -1;
            if (!HasValue(executor, column, i, values[i]))
                continue;
            try
            {
                var value = values[i] is Row row ? row.Make() : values[i]!;
                var objectType = ResolveType(executor.Plan.Plan.Schema, type, field, value);
                if (!numbers.TryGetValue(objectType, out var number))
                {
                    numbers[objectType] = number = column.Groups.Count;
                    column.Groups.Add(new ObjectGroup(field.Selection!.For(objectType), column));
                }

                groupOf[i] = number;
                rows[i] = Add(column.Groups[number], value, i);
            }
            catch (Exception e)
            {
                executor.Errors.Fail(column, i, e);
            }
        }

        executor.Count(rows.Length);
        return column;
    }

    private static int Add(ObjectGroup group, object value, int slot)
    {
        group.Add(value, slot);
        return group.Count - 1;
    }

    /// <summary>ResolveAbstractType: by the type's own function, or the possible type whose CLR class the value is, the nearest first.</summary>
    private static ObjectType ResolveType(Schema schema, CompositeType type, PlannedField field, object value)
    {
        var name = type is InterfaceType i ? i.ResolveType?.Invoke(value) : (type as UnionType)?.ResolveType?.Invoke(value);
        if (name is null && value is IReadOnlyDictionary<string, object?> map)
            name = map.GetValueOrDefault("__typename") as string;
        var found = name is not null ? schema.Type(name) as ObjectType
            : TypesOfValues.GetOrCreateValue(type).GetOrAdd(value.GetType(), static (clr, a) => ByClass(a.schema, a.type, clr), (schema, type));
        return found is not null && schema.PossibleTypes(type).Contains(found) ? found : throw new InvalidOperationException(
            $"Abstract type \"{type}\" must resolve to one of its object types for {field.ParentType.Name}.{field.Definition.Name}; a value of {value.GetType()} resolved to {name ?? "none"}.");
    }

    private static ObjectType? ByClass(Schema schema, CompositeType type, Type clr)
    {
        for (Type? up = clr; up is not null; up = up.BaseType)
            foreach (var candidate in schema.PossibleTypes(type))
                if (candidate.ClrType == up)
                    return candidate;
        return schema.PossibleTypes(type).FirstOrDefault(t => t.ClrType?.IsAssignableFrom(clr) == true);
    }

    /// <summary>JSON that was written to prove that it can be.</summary>
    private sealed record RawJson(byte[] Utf8);

    private sealed class Scratch : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _buffer = new();
        private Utf8JsonWriter? _writer;

        public void Dispose() => _writer?.Dispose();

        public RawJson Write(ScalarType type, object value)
        {
            _writer ??= new Utf8JsonWriter(_buffer, ResultWriter.Options);
            _buffer.ResetWrittenCount();
            _writer.Reset(_buffer);
            type.Write(_writer, value);
            _writer.Flush();
            return _buffer.WrittenCount > 0
                ? new RawJson(_buffer.WrittenSpan.ToArray())
                : throw new InvalidOperationException($"The scalar {type.Name} wrote nothing.");
        }
    }
}
