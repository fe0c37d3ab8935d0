using System.Globalization;
using System.Text.Json;
using System.Xml;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>
/// Scalars beyond the specification's five. Names and wire forms are HotChocolate's; their addresses are those of its published
/// specifications.
/// </summary>
public static partial class Scalars
{
    private const string Specifications = "https://scalars.graphql.org/chillicream/";

    public static ScalarType Long { get; } = Integer<long>("Long", long.MinValue, long.MaxValue, static n => n, "A signed 64-bit integer.");

    public static ScalarType Short { get; }
        = Integer<short>("Short", short.MinValue, short.MaxValue, static n => (short)n, "A whole number between -32768 and 32767.");

    public static ScalarType Decimal { get; } = new("Decimal")
    {
        Description = "An exact decimal number of up to 28 digits, written as a JSON number.",
        SpecifiedByUrl = Specifications + "decimal.html",
        ClrType = typeof(decimal),
        ParseLiteral = static node => ParseDecimal(NumberText(node, "Decimal")),
        ParseValue = static value => value.ValueKind == JsonValueKind.Number ? ParseDecimal(value.GetRawText()) : throw NotA("Decimal", "a number", value),
        Write = static (writer, value) => writer.WriteNumberValue(DecimalOf(value)),
    };

    public static ScalarType DateTime { get; } = Textual<DateTime>("DateTime", "date-time",
        "An instant with its offset from UTC, such as `2026-01-31T14:30:00Z`.", InstantOf, static value => value switch
    {
        System.DateTime d => (d.Kind == DateTimeKind.Local ? d.ToUniversalTime() : d).ToString(
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
            CultureInfo.InvariantCulture),
        DateTimeOffset o when o.Offset == TimeSpan.Zero => o.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        DateTimeOffset o => o.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        _ => null,
    });

    public static ScalarType LocalDate { get; } = Textual<DateOnly>("LocalDate", "local-date", "A day of the calendar, such as `2026-01-31`.",
        static text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
        static value => value is DateOnly day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null);

    public static ScalarType LocalTime { get; } = Textual<TimeOnly>("LocalTime", "local-time", "A time of the day, such as `14:30:00`.",
        static text => TimeOnly.TryParseExact(text, "HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && !text.EndsWith('.')
            ? time
            : null,
        static value => value is TimeOnly time ? time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) : null);

    public static ScalarType Uuid { get; } = Textual<Guid>("UUID", "uuid", "A UUID, such as `0198f0a2-7b1c-7d2e-9f3a-4b5c6d7e8f90`.",
        static text => Guid.TryParseExact(text, "D", out var id) ? id : null,
        static value => value is Guid id ? id.ToString("D") : null);

    public static ScalarType Duration { get; }
        = Textual<TimeSpan>("Duration", "duration", "A length of time by ISO 8601 in weeks, days, hours, minutes and seconds, such as `P1DT2H30M`.",
        DurationOf,
        static value => value is TimeSpan time ? XmlConvert.ToString(time) : null);

    public static ScalarType Uri { get; } = new("URI")
    {
        Description = "A URI by RFC 3986.",
        SpecifiedByUrl = Specifications + "uri.html",
        ClrType = typeof(Uri),
        ParseLiteral = static node => node is StringValueNode s ? UriOf(s.Value) : throw NotA("URI", "a string", node),
        ParseValue = static value => value.ValueKind == JsonValueKind.String ? UriOf(Text(value)) : throw NotA("URI", "a string", value),
        Write = static (writer, value) => writer.WriteStringValue(value switch
        {
            System.Uri u => u.IsAbsoluteUri ? u.AbsoluteUri : u.OriginalString,
            string s => s,
            _ => throw NotA("URI", "a URI", value),
        }),
    };

    public static ScalarType Any { get; } = new("Any")
    {
        Description = "Any JSON value.",
        SpecifiedByUrl = Specifications + "any.html",
    };

    /// <summary>All scalars of the engine.</summary>
    public static IReadOnlyList<ScalarType> All => Catalog.All;

    public static ScalarType? ByName(string name)
    {
        foreach (var scalar in All)
            if (scalar.Name == name)
                return scalar;
        return null;
    }

    /// <summary>A class of its own because the order in which the parts of a partial class are initialised is not defined.</summary>
    private static class Catalog
    {
        public static readonly IReadOnlyList<ScalarType> All = [.. Specified, Long, Short, Decimal, DateTime, LocalDate, LocalTime, Uuid, Duration, Uri, Any];
    }

    private static ScalarType Integer<T>(string name, long least, long most, Func<long, T> make, string description)
        where T : struct => new(name)
        {
            Description = description,
            SpecifiedByUrl = $"{Specifications}{name.ToLowerInvariant()}.html",
            ClrType = typeof(T),
            ParseLiteral = node => make(Whole(node, least, most, name)),
            ParseValue = value => make(Whole(value, least, most, name)),
            Write = (writer, value) => writer.WriteNumberValue(Whole(value, least, most, name)),
        };

    /// <summary>A scalar whose wire form is a string. <paramref name="parse"/> and <paramref name="print"/> answer null for what does not fit.</summary>
    private static ScalarType Textual<T>(string name, string page, string description, Func<string, T?> parse, Func<object, string?> print)
        where T : struct => new(name)
        {
            Description = description,
            SpecifiedByUrl = $"{Specifications}{page}.html",
            ClrType = typeof(T),
            ParseLiteral = node => node is StringValueNode s ? parse(s.Value) ?? throw NotThis(name, description, s.Value) : throw NotA(name, "a string", node),
            ParseValue = value => value.ValueKind == JsonValueKind.String
                ? parse(Text(value)) ?? throw NotThis(name, description, Text(value))
                : throw NotA(name, "a string", value),
            Write = (writer, value) => writer.WriteStringValue(
                print(value) ?? (value is string s && parse(s) is not null ? s : throw NotA(name, "such a value", value))),
        };

    private static FormatException NotThis(string name, string description, string text) =>
        new($"{name} cannot be \"{Cut(text)}\". It is {char.ToLowerInvariant(description[0])}{description[1..]}");

    private static decimal ParseDecimal(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"Decimal cannot hold {Cut(text)}; its largest value is {decimal.MaxValue}.");

    private static decimal DecimalOf(object value)
    {
        try
        {
            return value switch
            {
                decimal d => d,
                int or long or short or byte or sbyte or uint or ulong or ushort or double or float => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
                _ => throw NotA("Decimal", "a number", value),
            };
        }
        catch (OverflowException)
        {
            throw NotA("Decimal", "a finite number of at most 28 digits", value);
        }
    }

    /// <summary>RFC 3339 with up to seven digits of a second; the offset is required, the value is in UTC.</summary>
    private static DateTime? InstantOf(string text)
    {
        var upper = text.ToUpperInvariant();
        var offset = upper.EndsWith('Z') ? upper.Length - 1 : upper.Length - 6;
        if (offset < 19 || upper[10] != 'T' || upper[offset - 1] == '.' || (upper[offset] != 'Z' && upper[offset + 3] != ':'))
            return null;
        return DateTimeOffset.TryParseExact(upper, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant.UtcDateTime
            : null;
    }

    /// <summary>Years and months are refused: they have no fixed length.</summary>
    private static TimeSpan? DurationOf(string text)
    {
        var days = text.IndexOf('T') is var t and >= 0 ? text.AsSpan(0, t) : text;
        if (days.ContainsAny('Y', 'M'))
            return null;
        try
        {
            return text.EndsWith('W') && text.StartsWith('P')
                && int.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var weeks)
                ? TimeSpan.FromDays(7L * weeks)
                : XmlConvert.ToTimeSpan(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static Uri UriOf(string text) =>
        System.Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var uri)
            ? uri
            : throw new FormatException($"URI cannot be \"{Cut(text)}\"; write it as RFC 3986 has it.");
}
