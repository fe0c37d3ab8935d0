using System.Globalization;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Expressions;

/// <summary>A function of the expression language.</summary>
/// <param name="Evaluate">Gets the arguments unevaluated, so that <c>if</c> and <c>coalesce</c> look only at what they need.</param>
internal sealed record Function(string Name, int Minimum, int Maximum, string Signature, Func<IReadOnlyList<Expression>, IRowValues, Value> Evaluate)
{
    private const int Many = 100;

    /// <summary>By name. A new function is one line here, and one in the documentation.</summary>
    public static IReadOnlyDictionary<string, Function> All { get; } = new Function[]
    {
        new("if", 3, 3, "if(condition, then, else)", (a, r) => (Operands.Truth(a[0].Evaluate(r), "if") ? a[1] : a[2]).Evaluate(r)),
        new("coalesce", 1, Many, "coalesce(a, b, ...)", Coalesce),
        new("is_empty", 1, 1, "is_empty(value)", (a, r) => Value.Of(a[0].Evaluate(r).IsEmpty)),
        new("concat", 1, Many, "concat(a, b, ...)", (a, r) => Operands.Text(string.Concat(a.Select(item => item.Evaluate(r).Text)))),
        new("join", 2, Many, "join(separator, a, b, ...)", Join),
        new("length", 1, 1, "length(text)", (a, r) => Value.Of((decimal)a[0].Evaluate(r).Text.Length)),
        new("lower", 1, 1, "lower(text)", (a, r) => Value.Of(a[0].Evaluate(r).Text.ToLowerInvariant())),
        new("upper", 1, 1, "upper(text)", (a, r) => Value.Of(a[0].Evaluate(r).Text.ToUpperInvariant())),
        new("trim", 1, 1, "trim(text)", (a, r) => Value.Of(a[0].Evaluate(r).Text.Trim())),
        new("substring", 2, 3, "substring(text, start from 1, length)", Substring),
        new("left", 2, 2, "left(text, length)", (a, r) => Value.Of(Slice(a[0].Evaluate(r).Text, 1, Operands.Whole(a[1].Evaluate(r), r, "left")))),
        new("right", 2, 2, "right(text, length)", Right),
        new("before", 2, 2, "before(text, mark)", (a, r) => Cut(a, r, (text, at, _) => text[..at], whole: true)),
        new("after", 2, 2, "after(text, mark)", (a, r) => Cut(a, r, (text, at, mark) => text[(at + mark.Length)..], whole: false)),
        new("replace", 3, 3, "replace(text, old, new)", Replace),
        new(
            "starts_with",
            2,
            2,
            "starts_with(text, start)",
            (a, r) => Value.Of(a[0].Evaluate(r).Text.StartsWith(a[1].Evaluate(r).Text, StringComparison.Ordinal))),
        new("ends_with", 2, 2, "ends_with(text, end)", (a, r) => Value.Of(a[0].Evaluate(r).Text.EndsWith(a[1].Evaluate(r).Text, StringComparison.Ordinal))),
        new("contains", 2, 2, "contains(text, part)", (a, r) => Value.Of(a[0].Evaluate(r).Text.Contains(a[1].Evaluate(r).Text, StringComparison.Ordinal))),
        new("number", 1, 1, "number(text)", (a, r) => OrEmpty(a[0], r, value => Value.Of(Operands.Number(value, r, "number")))),
        new("is_number", 1, 1, "is_number(text)", IsNumber),
        new("text", 1, 1, "text(value)", (a, r) => Value.Of(a[0].Evaluate(r).Text)),
        new("abs", 1, 1, "abs(number)", (a, r) => OrEmpty(a[0], r, value => Value.Of(Math.Abs(Operands.Number(value, r, "abs"))))),
        new("round", 1, 2, "round(number, digits)", Round),
        new("floor", 1, 1, "floor(number)", (a, r) => OrEmpty(a[0], r, value => Value.Of(Math.Floor(Operands.Number(value, r, "floor"))))),
        new("min", 1, Many, "min(a, b, ...)", (a, r) => Extreme(a, r, -1, "min")),
        new("max", 1, Many, "max(a, b, ...)", (a, r) => Extreme(a, r, 1, "max")),
        new("date", 1, 1, "date(text)", (a, r) => OrEmpty(a[0], r, value => Value.OfDay(Operands.Day(value, r, "date")))),
        new("is_date", 1, 1, "is_date(text)", IsDate),
        new("add_days", 2, 2, "add_days(date, days)", (a, r) => Shift(a, r, "add_days", (day, count) => day.AddDays(count))),
        new("add_months", 2, 2, "add_months(date, months)", (a, r) => Shift(a, r, "add_months", (day, count) => day.AddMonths(count))),
        new("days_between", 2, 2, "days_between(from, until)", DaysBetween),
        new("format_date", 2, 2, "format_date(date, pattern)", FormatDate),
        new("line", 0, 0, "line()", (_, r) => Value.Of((decimal)r.Line)),
        new("file_name", 0, 0, "file_name()", (_, r) => Value.Of(r.FileName)),
    }.ToDictionary(function => function.Name, StringComparer.Ordinal);

    private static Value OrEmpty(Expression argument, IRowValues row, Func<Value, Value> then)
    {
        var value = argument.Evaluate(row);
        return value.IsEmpty ? value : then(value);
    }

    private static Value Coalesce(IReadOnlyList<Expression> arguments, IRowValues row)
    {
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(row);
            if (!value.IsEmpty)
                return value;
        }
        return Value.Empty;
    }

    private static Value Join(IReadOnlyList<Expression> arguments, IRowValues row) =>
        Operands.Text(string.Join(
            arguments[0].Evaluate(row).Text,
            arguments.Skip(1).Select(argument => argument.Evaluate(row)).Where(value => !value.IsEmpty).Select(value => value.Text)));

    private static Value Substring(IReadOnlyList<Expression> arguments, IRowValues row)
    {
        var text = arguments[0].Evaluate(row).Text;
        var start = Operands.Whole(arguments[1].Evaluate(row), row, "substring");
        var length = arguments.Count > 2 ? Operands.Whole(arguments[2].Evaluate(row), row, "substring") : text.Length;
        return Value.Of(Slice(text, start, length));
    }

    /// <summary>From the place counted from 1; what lies outside the text is left out.</summary>
    private static string Slice(string text, int start, int length)
    {
        var from = Math.Clamp(start - 1L, 0, text.Length);
        var until = Math.Clamp(start - 1L + length, from, text.Length);
        return text[(int)from..(int)until];
    }

    private static Value Right(IReadOnlyList<Expression> arguments, IRowValues row)
    {
        var text = arguments[0].Evaluate(row).Text;
        var length = Math.Clamp(Operands.Whole(arguments[1].Evaluate(row), row, "right"), 0, text.Length);
        return Value.Of(text[^length..]);
    }

    /// <summary>Splits at the first mark; without one, "before" is the whole text and "after" is empty.</summary>
    private static Value Cut(IReadOnlyList<Expression> arguments, IRowValues row, Func<string, int, string, string> take, bool whole)
    {
        var text = arguments[0].Evaluate(row).Text;
        var mark = arguments[1].Evaluate(row).Text;
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? Value.Of(whole ? text : "") : Value.Of(take(text, at, mark));
    }

    private static Value Replace(IReadOnlyList<Expression> arguments, IRowValues row)
    {
        var old = arguments[1].Evaluate(row).Text;
        var text = arguments[0].Evaluate(row).Text;
        if (old.Length == 0)
            return Value.Of(text);
        var replacement = arguments[2].Evaluate(row).Text;
        return replacement.Length <= old.Length || (long)text.Length * replacement.Length <= 10L * Operands.MaximumCharacters
            ? Operands.Text(text.Replace(old, replacement, StringComparison.Ordinal))
            : throw new ValueException("replace() would make too long a text");
    }

    private static Value IsNumber(IReadOnlyList<Expression> arguments, IRowValues row)
    {
        var value = arguments[0].Evaluate(row);
        return Value.Of(value.Kind == ValueKind.Number || (value.Kind == ValueKind.Text && row.Numbers.TryParse(value.Text, true, out _)));
    }

    private static Value IsDate(IReadOnlyList<Expression> arguments, IRowValues row)
    {
        var value = arguments[0].Evaluate(row);
        return Value.Of(value.Kind is ValueKind.Day or ValueKind.Moment
            || (value.Kind == ValueKind.Text && row.Dates.TryParseDay(value.Text, row.Today, neverInFuture: false, out _)));
    }

    private static Value Round(IReadOnlyList<Expression> arguments, IRowValues row)
    {
        var value = arguments[0].Evaluate(row);
        if (value.IsEmpty)
            return value;
        var digits = arguments.Count > 1 ? Operands.Whole(arguments[1].Evaluate(row), row, "round") : 0;
        return digits is >= 0 and <= 20
            ? Value.Of(Math.Round(Operands.Number(value, row, "round"), digits, MidpointRounding.ToEven))
            : throw new ValueException("round() takes 0 to 20 digits");
    }

    private static Value Extreme(IReadOnlyList<Expression> arguments, IRowValues row, int sign, string name)
    {
        var best = Value.Empty;
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(row);
            if (!value.IsEmpty && (best.IsEmpty || Operands.Compare(value, best, row, name) * sign > 0))
                best = value;
        }
        return best;
    }

    private static Value Shift(IReadOnlyList<Expression> arguments, IRowValues row, string name, Func<DateOnly, int, DateOnly> shift)
    {
        var date = arguments[0].Evaluate(row);
        var count = arguments[1].Evaluate(row);
        if (date.IsEmpty || count.IsEmpty)
            return Value.Empty;
        try
        {
            return Value.OfDay(shift(Operands.Day(date, row, name), Operands.Whole(count, row, name)));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new ValueException($"{name}({date.Text}, {count.Text}) is no date of the calendar");
        }
    }

    private static Value DaysBetween(IReadOnlyList<Expression> arguments, IRowValues row)
    {
        var from = arguments[0].Evaluate(row);
        var until = arguments[1].Evaluate(row);
        return from.IsEmpty || until.IsEmpty
            ? Value.Empty
            : Value.Of((decimal)(Operands.Day(until, row, "days_between").DayNumber - Operands.Day(from, row, "days_between").DayNumber));
    }

    private static Value FormatDate(IReadOnlyList<Expression> arguments, IRowValues row)
    {
        var date = arguments[0].Evaluate(row);
        if (date.IsEmpty)
            return date;
        var local = date.Kind == ValueKind.Day
            ? date.Day.ToDateTime(TimeOnly.MinValue)
            : TimeZoneInfo.ConvertTimeFromUtc(Operands.Moment(date, row, "format_date"), row.Dates.Zone);
        try
        {
            return Value.Of(local.ToString(arguments[1].Evaluate(row).Text, CultureInfo.InvariantCulture));
        }
        catch (FormatException)
        {
            throw new ValueException("format_date() was given a pattern that is none; example: yyyy-MM");
        }
    }
}
