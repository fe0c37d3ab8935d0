using System.Collections;
using System.Globalization;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Querying.Filters;

/// <summary>
/// An operand among the values that can be stored. Stored numbers have a fixed number of digits and stored instants whole
/// microseconds, an operand may lie between two of them or beyond all: comparing with its neighbours keeps every operator exact.
/// </summary>
/// <param name="Floor">The greatest storable value that is not greater.</param>
/// <param name="Ceiling">The least storable value that is not less.</param>
/// <param name="Beyond">-1 when less than every storable value, 1 when greater, else 0.</param>
internal readonly record struct Operand(object Floor, object Ceiling, int Beyond = 0)
{
    public bool IsExact => Beyond == 0 && Floor.Equals(Ceiling);

    public static Operand Of(FilterSubject subject, object value) => subject.Kind switch
    {
        FilterKind.Decimal => OfDecimal(ToDecimal(value), subject.Digits),
        FilterKind.Number => OfNumber(value, subject.ValueType),
        FilterKind.Instant => OfInstant(Utc(value)),
        _ => Exactly(value),
    };

    private static Operand Exactly(object value) => new(value, value);

    private static Operand OfDecimal(decimal value, int digits)
    {
        var unit = 1m;
        for (var i = 0; i < digits; i++)
            unit *= 10;
        if (value > long.MaxValue / unit)
            return new(long.MaxValue, long.MaxValue, 1);
        if (value < long.MinValue / unit)
            return new(long.MinValue, long.MinValue, -1);
        // A decimal of many digits can be rounded by the multiplication, so the whole part is taken off first.
        var whole = decimal.Truncate(value);
        var part = (value - whole) * unit;
        var floor = (long)(whole * unit) + (long)decimal.Floor(part);
        return new(floor, decimal.IsInteger(part) ? floor : floor + 1);
    }

    private static Operand OfNumber(object value, Type type)
    {
        var number = ToDecimal(value);
        var (least, greatest) = type == typeof(int) ? (int.MinValue, int.MaxValue) : ((decimal)long.MinValue, (decimal)long.MaxValue);
        return number > greatest ? new(Convert.ChangeType(greatest, type, CultureInfo.InvariantCulture), 0, 1)
            : number < least ? new(Convert.ChangeType(least, type, CultureInfo.InvariantCulture), 0, -1)
            : Exactly(Convert.ChangeType(number, type, CultureInfo.InvariantCulture));
    }

    private static Operand OfInstant(DateTime value)
    {
        var rest = value.Ticks % TimeSpan.TicksPerMicrosecond;
        var floor = value.AddTicks(-rest);
        // The last microsecond of the year 9999 has no neighbour.
        if (rest > 0 && floor > DateTime.MaxValue.AddTicks(-TimeSpan.TicksPerMicrosecond))
            return new(floor, floor, 1);
        return new(floor, rest == 0 ? floor : floor.AddTicks(TimeSpan.TicksPerMicrosecond));
    }

    private static DateTime Utc(object value) => value switch
    {
        DateTimeOffset offset => offset.UtcDateTime,
        DateTime { Kind: DateTimeKind.Local } local => local.ToUniversalTime(),
        _ => DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc),
    };

    private static decimal ToDecimal(object value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture);
}

/// <summary>Reads operands that came through the coercion of arguments.</summary>
internal static class Operands
{
    public static string Text(object value)
    {
        var text = (string)value;
        return FoldedText.IsStorable(text)
            ? text
            : throw new GraphQLException(ErrorCodes.InvalidArgument, "A text in a filter must not hold U+0000 or half of a surrogate pair.");
    }

    /// <summary>The items of a list operand; a single value counts as a list of one.</summary>
    public static IEnumerable<object?> Items(object value) => value is IEnumerable list and not string ? list.Cast<object?>() : [value];
}
