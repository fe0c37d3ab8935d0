using System.Globalization;

namespace CrmGraph.Reporting.Imports.Values;

internal enum ValueKind { Empty, Text, Number, Flag, Moment, Day, List, Cleared }

/// <summary>One value on its way from a cell to a record. A moment is UTC, a day has no zone.</summary>
internal readonly struct Value
{
    private readonly object? _reference;
    private readonly decimal _number;

    private Value(ValueKind kind, object? reference, decimal number) => (Kind, _reference, _number) = (kind, reference, number);

    public static Value Empty => default;
    public ValueKind Kind { get; }
    public bool IsEmpty => Kind == ValueKind.Empty;

    /// <summary>Says that the field shall be empty, where <see cref="Empty"/> says nothing.</summary>
    public static Value Cleared { get; } = new(ValueKind.Cleared, null, 0);
    public bool IsCleared => Kind == ValueKind.Cleared;

    public static Value Of(string? text) => string.IsNullOrEmpty(text) ? default : new Value(ValueKind.Text, text, 0);
    public static Value Of(decimal number) => new(ValueKind.Number, null, number);
    public static Value Of(bool flag) => new(ValueKind.Flag, null, flag ? 1 : 0);
    public static Value OfMoment(DateTime utc) => new(ValueKind.Moment, null, utc.Ticks);
    public static Value OfDay(DateOnly day) => new(ValueKind.Day, null, day.DayNumber);
    public static Value OfList(IReadOnlyList<string> items) => items.Count == 0 ? default : new Value(ValueKind.List, items, 0);

    public decimal Number => _number;
    public bool Flag => _number != 0;
    public DateTime Moment => new((long)_number, DateTimeKind.Utc);
    public DateOnly Day => DateOnly.FromDayNumber((int)_number);
    public IReadOnlyList<string> List => (IReadOnlyList<string>)_reference!;

    /// <summary>The text as people write it; a list has its items between commas.</summary>
    public string Text => Kind switch
    {
        ValueKind.Empty or ValueKind.Cleared => "",
        ValueKind.Text => (string)_reference!,
        ValueKind.Number => Plain(_number),
        ValueKind.Flag => Flag ? "true" : "false",
        ValueKind.Moment => Moment.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        ValueKind.Day => Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => string.Join(", ", List),
    };

    /// <summary>Equal for values that mean the same; used to notice that two rows differ about one thing.</summary>
    public int ContentHash(bool ignoresCase) => Kind is ValueKind.Text or ValueKind.List
        ? (ignoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal).GetHashCode(Text)
        : HashCode.Combine(Kind, _number);

    public override string ToString() => Text;

    /// <summary>Without the trailing zeros that decimal arithmetic keeps.</summary>
    private static string Plain(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}

/// <summary>A value cannot be read as what it should be: refuses the row, with this message.</summary>
internal sealed class ValueException(string message) : Exception(message);
