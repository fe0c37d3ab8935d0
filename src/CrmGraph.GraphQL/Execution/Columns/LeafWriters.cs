using System.Text.Json;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Columns;

/// <summary>Pairs of scalar and CLR type whose values can always be written as they are, so that they need not be tried before.</summary>
internal static class LeafWriters
{
    private static readonly Dictionary<(ScalarType, Type), Delegate> Typed = new()
    {
        [(Scalars.String, typeof(string))] = (Action<Utf8JsonWriter, string>)(static (w, v) => w.WriteStringValue(v)),
        [(Scalars.ID, typeof(string))] = (Action<Utf8JsonWriter, string>)(static (w, v) => w.WriteStringValue(v)),
        [(Scalars.Int, typeof(int))] = (Action<Utf8JsonWriter, int>)(static (w, v) => w.WriteNumberValue(v)),
        [(Scalars.Int, typeof(int?))] = (Action<Utf8JsonWriter, int?>)(static (w, v) => w.WriteNumberValue(v!.Value)),
        [(Scalars.Long, typeof(long))] = (Action<Utf8JsonWriter, long>)(static (w, v) => w.WriteNumberValue(v)),
        [(Scalars.Long, typeof(long?))] = (Action<Utf8JsonWriter, long?>)(static (w, v) => w.WriteNumberValue(v!.Value)),
        [(Scalars.Boolean, typeof(bool))] = (Action<Utf8JsonWriter, bool>)(static (w, v) => w.WriteBooleanValue(v)),
        [(Scalars.Boolean, typeof(bool?))] = (Action<Utf8JsonWriter, bool?>)(static (w, v) => w.WriteBooleanValue(v!.Value)),
        [(Scalars.Uuid, typeof(Guid))] = (Action<Utf8JsonWriter, Guid>)(static (w, v) => w.WriteStringValue(v)),
        [(Scalars.Uuid, typeof(Guid?))] = (Action<Utf8JsonWriter, Guid?>)(static (w, v) => w.WriteStringValue(v!.Value)),
        [(Scalars.Decimal, typeof(decimal))] = (Action<Utf8JsonWriter, decimal>)(static (w, v) => w.WriteNumberValue(v)),
        [(Scalars.DateTime, typeof(DateTime))] = (Action<Utf8JsonWriter, DateTime>)WriteInstant,
        [(Scalars.DateTime, typeof(DateTime?))] = (Action<Utf8JsonWriter, DateTime?>)(static (w, v) => WriteInstant(w, v!.Value)),
        [(Scalars.LocalDate, typeof(DateOnly))] = (Action<Utf8JsonWriter, DateOnly>)WriteDay,
        [(Scalars.LocalDate, typeof(DateOnly?))] = (Action<Utf8JsonWriter, DateOnly?>)(static (w, v) => WriteDay(w, v!.Value)),
    };

    // Written by the scalar itself, but never refused.
    private static readonly HashSet<(ScalarType, Type)> Safe =
    [
        (Scalars.String, typeof(string)), (Scalars.ID, typeof(string)), (Scalars.ID, typeof(int)), (Scalars.ID, typeof(long)), (Scalars.ID, typeof(Guid)),
        (Scalars.Int, typeof(int)), (Scalars.Int, typeof(short)), (Scalars.Long, typeof(long)), (Scalars.Long, typeof(int)), (Scalars.Boolean, typeof(bool)),
        (Scalars.Uuid, typeof(Guid)), (Scalars.Decimal, typeof(decimal)), (Scalars.DateTime, typeof(DateTime)), (Scalars.LocalDate, typeof(DateOnly)),
    ];

    /// <summary>Writes values of a type as a scalar without boxing them; null where there is no such pair.</summary>
    public static Action<Utf8JsonWriter, T>? Find<T>(ScalarType scalar)
        => Typed.TryGetValue((scalar, typeof(T)), out var write) ? (Action<Utf8JsonWriter, T>)write : null;

    // In UTC the writer's own form is the scalar's: up to seven digits of a second, no zeros at the end.
    private static void WriteInstant(Utf8JsonWriter writer, DateTime value) => writer.WriteStringValue(value.Kind switch
    {
        DateTimeKind.Utc => value,
        DateTimeKind.Local => value.ToUniversalTime(),
        _ => DateTime.SpecifyKind(value, DateTimeKind.Utc),
    });

    private static void WriteDay(Utf8JsonWriter writer, DateOnly value)
    {
        Span<byte> text = stackalloc byte[10];
        value.TryFormat(text, out var length, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }

    public static bool IsSafe(ScalarType scalar, Type type) => Safe.Contains((scalar, type));

    /// <summary>A column that reads a pure property while writing; null when its values must be looked at first.</summary>
    public static Column? TryReader(PlannedField field, ObjectGroup owner, FieldReader reader)
    {
        if (!reader.IsPure || field.Definition.Type.Nullable is not ScalarType scalar || !Typed.TryGetValue((scalar, reader.ValueType), out var write))
            return null;
        var isNonNull = field.Definition.Type is NonNullType;
        return reader switch
        {
            FieldReader<string> r => new ReaderColumn<string>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, string>)write),
            FieldReader<int> r => new ReaderColumn<int>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, int>)write),
            FieldReader<int?> r => new ReaderColumn<int?>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, int?>)write),
            FieldReader<long> r => new ReaderColumn<long>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, long>)write),
            FieldReader<long?> r => new ReaderColumn<long?>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, long?>)write),
            FieldReader<bool> r => new ReaderColumn<bool>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, bool>)write),
            FieldReader<bool?> r => new ReaderColumn<bool?>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, bool?>)write),
            FieldReader<Guid> r => new ReaderColumn<Guid>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, Guid>)write),
            FieldReader<Guid?> r => new ReaderColumn<Guid?>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, Guid?>)write),
            FieldReader<DateTime> r => new ReaderColumn<DateTime>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, DateTime>)write),
            FieldReader<DateTime?> r => new ReaderColumn<DateTime?>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, DateTime?>)write),
            FieldReader<DateOnly> r => new ReaderColumn<DateOnly>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, DateOnly>)write),
            FieldReader<DateOnly?> r => new ReaderColumn<DateOnly?>(field, owner, isNonNull, r, (Action<Utf8JsonWriter, DateOnly?>)write),
            _ => null,
        };
    }

    /// <summary>Whether a non-null field must still be looked through for nulls.</summary>
    public static bool CanBeNull(FieldReader reader) => !reader.ValueType.IsValueType || Nullable.GetUnderlyingType(reader.ValueType) is not null;
}
