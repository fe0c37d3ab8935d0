using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Expressions;

/// <summary>Reads values as what an operation needs.</summary>
internal static class Operands
{
    /// <summary>Longest text that an operation makes: expressions cannot blow up memory.</summary>
    public const int MaximumCharacters = 100_000;

    public static Value Text(string text) =>
        text.Length <= MaximumCharacters ? Value.Of(text) : throw new ValueException($"a text of more than {MaximumCharacters} characters");

    public static decimal Number(Value value, IRowValues row, string operation) => value.Kind switch
    {
        ValueKind.Number => value.Number,
        ValueKind.Text when row.Numbers.TryParse(value.Text, percentIsHundredth: true, out var number) => number,
        _ => throw new ValueException($"'{value.Text}' is not a number ({operation})"),
    };

    public static int Whole(Value value, IRowValues row, string operation)
    {
        var number = Number(value, row, operation);
        return number == decimal.Truncate(number) && number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw new ValueException($"'{value.Text}' is not a whole number ({operation})");
    }

    /// <summary>Conditions are true or false; an empty one is false.</summary>
    public static bool Truth(Value value, string operation) => value.Kind switch
    {
        ValueKind.Flag => value.Flag,
        ValueKind.Empty => false,
        _ => throw new ValueException($"'{value.Text}' is neither true nor false ({operation}); compare it with something"),
    };

    public static DateOnly Day(Value value, IRowValues row, string operation) => value.Kind switch
    {
        ValueKind.Day => value.Day,
        ValueKind.Moment => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(value.Moment, row.Dates.Zone)),
        ValueKind.Text when row.Dates.TryParseDay(value.Text, row.Today, neverInFuture: false, out var day) => day,
        _ => throw new ValueException($"'{value.Text}' is not a date ({operation})"),
    };

    public static DateTime Moment(Value value, IRowValues row, string operation) => value.Kind switch
    {
        ValueKind.Moment => value.Moment,
        ValueKind.Day => row.Dates.ToUtc(value.Day.ToDateTime(TimeOnly.MinValue)),
        ValueKind.Text when row.Dates.TryParseMoment(value.Text, row.Today, out var moment) => moment,
        _ => throw new ValueException($"'{value.Text}' is not a date ({operation})"),
    };

    public static int Compare(Value left, Value right, IRowValues row, string operation)
    {
        if (left.Kind == ValueKind.Number || right.Kind == ValueKind.Number)
            return Number(left, row, operation).CompareTo(Number(right, row, operation));
        if (left.Kind == ValueKind.Moment || right.Kind == ValueKind.Moment)
            return Moment(left, row, operation).CompareTo(Moment(right, row, operation));
        if (left.Kind == ValueKind.Day || right.Kind == ValueKind.Day)
            return Day(left, row, operation).CompareTo(Day(right, row, operation));
        return string.CompareOrdinal(left.Text, right.Text);
    }
}
