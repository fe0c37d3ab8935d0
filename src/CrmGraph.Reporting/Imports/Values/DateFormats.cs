using System.Globalization;

namespace CrmGraph.Reporting.Imports.Values;

/// <summary>
/// The ways in which dates are written in a file, tried in turn: <c>iso</c>, <c>epoch-ms</c>, <c>epoch-s</c>, <c>excel</c> (days since
/// 1899-12-30), or a .NET pattern such as <c>dd/MM/yyyy HH:mm</c>. Times without an offset are local times of the zone: a time that the clock
/// skipped in spring moves forward by the hour that was skipped, a time that came twice in autumn is the first of the two. A year of two digits
/// is the one from 79 years ago to 20 years ahead; for what is never in the future, the last one that began.
/// </summary>
internal sealed record DateFormats(IReadOnlyList<string> Patterns, TimeZoneInfo Zone, CultureInfo Culture)
{
    public const string Iso = "iso", EpochMilliseconds = "epoch-ms", EpochSeconds = "epoch-s", Excel = "excel";

    public static DateFormats Default { get; } = new([Iso], TimeZoneInfo.Utc, CultureInfo.InvariantCulture);

    private static readonly string[] IsoPatterns =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd HH:mm:ss zzz", "yyyy-MM-dd HH:mm:ss 'UTC'",
    ];

    private const int YearsAhead = 20;

    private readonly bool[] _hasShortYear = [.. Patterns.Select(HasShortYear)];

    /// <summary>The moment in UTC.</summary>
    public bool TryParseMoment(string text, DateOnly today, out DateTime utc)
    {
        if (!TryParse(text, today, neverInFuture: false, out var local, out var isUtc))
        {
            utc = default;
            return false;
        }
        utc = isUtc ? local : ToUtc(local);
        return true;
    }

    /// <summary>The day as written; for moments with an offset or of an epoch, the day in the zone.</summary>
    public bool TryParseDay(string text, DateOnly today, bool neverInFuture, out DateOnly day)
    {
        var ok = TryParse(text, today, neverInFuture, out var local, out var isUtc);
        day = ok ? DateOnly.FromDateTime(isUtc ? TimeZoneInfo.ConvertTimeFromUtc(local, Zone) : local) : default;
        return ok;
    }

    public DateTime ToUtc(DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (ReferenceEquals(Zone, TimeZoneInfo.Utc))
            return DateTime.SpecifyKind(local, DateTimeKind.Utc);
        var offset = Zone.GetUtcOffset(local);
        if (Zone.IsInvalidTime(local))
            offset = Zone.GetUtcOffset(local.AddHours(-3));
        else if (Zone.IsAmbiguousTime(local))
            offset = Zone.GetAmbiguousTimeOffsets(local).Max();
        var ticks = Math.Clamp(local.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTime(ticks, DateTimeKind.Utc);
    }

    /// <summary>Why a text is none of the dates that it looks like; null when there is no more to say than the patterns.</summary>
    public string? WhyNot(string text)
    {
        if (!Patterns.Contains(Excel) || !IsSerial(text, out var days))
            return null;
        return days switch
        {
            < 0 => "serial numbers of Excel begin with 1",
            < 1 => "a serial number below 1 is a time without a day",
            >= 60 and < 61 => "serial number 60 is Excel's 29 February 1900, a day that never was",
            _ => null,
        };
    }

    private bool TryParse(string text, DateOnly today, bool neverInFuture, out DateTime moment, out bool isUtc)
    {
        for (var i = 0; i < Patterns.Count; i++)
        {
            var pattern = Patterns[i];
            var parsed = pattern switch
            {
                Iso => TryIso(text, out moment, out isUtc),
                EpochMilliseconds => TryEpoch(text, TimeSpan.TicksPerMillisecond, out moment, out isUtc),
                EpochSeconds => TryEpoch(text, TimeSpan.TicksPerSecond, out moment, out isUtc),
                Excel => TryExcel(text, out moment, out isUtc),
                _ => TryPattern(text, pattern, out moment, out isUtc),
            };
            if (!parsed)
                continue;
            if (_hasShortYear[i])
                moment = InCentury(moment, today, neverInFuture);
            return true;
        }
        (moment, isUtc) = (default, false);
        return false;
    }

    private static bool TryIso(string text, out DateTime moment, out bool isUtc)
    {
        isUtc = false;
        if (TryCommonIso(text, out moment))
            return true;
        if (!DateTime.TryParseExact(text, IsoPatterns, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out moment))
            return false;
        isUtc = moment.Kind == DateTimeKind.Utc || text.EndsWith("UTC", StringComparison.Ordinal);
        return true;
    }

    /// <summary>yyyy-MM-dd with HH:mm:ss or without: nearly every file, and ten times faster than the general parser (50 against 600 ns).</summary>
    private static bool TryCommonIso(string text, out DateTime moment)
    {
        moment = default;
        if (text.Length is not (10 or 19) || text[4] != '-' || text[7] != '-')
            return false;
        if (!Digits(text, 0, 4, out var year) || !Digits(text, 5, 2, out var month) || !Digits(text, 8, 2, out var day))
            return false;
        int hour = 0, minute = 0, second = 0;
        if (text.Length == 19 && (text[10] is not (' ' or 'T') || text[13] != ':' || text[16] != ':'
            || !Digits(text, 11, 2, out hour) || !Digits(text, 14, 2, out minute) || !Digits(text, 17, 2, out second)))
            return false;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        moment = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        return true;
    }

    private static bool Digits(string text, int start, int count, out int number)
    {
        number = 0;
        for (var i = start; i < start + count; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
                return false;
            number = number * 10 + (text[i] - '0');
        }
        return true;
    }

    private static bool TryEpoch(string text, long ticksPerUnit, out DateTime moment, out bool isUtc)
    {
        (moment, isUtc) = (default, true);
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return false;
        var ticks = decimal.Truncate(Math.Clamp(count, -1e18m, 1e18m) * ticksPerUnit) + DateTime.UnixEpoch.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        moment = new DateTime((long)ticks, DateTimeKind.Utc);
        return true;
    }

    private static bool TryExcel(string text, out DateTime moment, out bool isUtc)
    {
        (moment, isUtc) = (default, false);
        if (!IsSerial(text, out var days) || days is < 1 or (>= 60 and < 61) or >= 2_958_466)
            return false;
        // Excel counts a 29 February 1900 that never was: the days before it are one nearer to their numbers.
        var epoch = new DateTime(1899, 12, days < 60 ? 31 : 30, 0, 0, 0, DateTimeKind.Unspecified);
        moment = epoch.AddSeconds((double)Math.Round(days * 86_400m, 0, MidpointRounding.ToEven));
        return true;
    }

    private static bool IsSerial(string text, out decimal days) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out days);

    private bool TryPattern(string text, string pattern, out DateTime moment, out bool isUtc)
    {
        var parsed = DateTime.TryParseExact(text, pattern, Culture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces, out moment);
        isUtc = parsed && moment.Kind == DateTimeKind.Utc;
        return parsed;
    }

    /// <summary>.NET's own rule turns at a fixed year, so that somebody born in 1950 would be younger than somebody born in 1949.</summary>
    private DateTime InCentury(DateTime moment, DateOnly today, bool neverInFuture)
    {
        if (Culture.Calendar is not GregorianCalendar)
            return moment;
        var last = neverInFuture ? today : new DateOnly(today.Year + YearsAhead, 12, 31);
        var year = last.Year - (last.Year - moment.Year % 100) % 100;
        moment = moment.AddYears(year - moment.Year);
        return DateOnly.FromDateTime(moment) > last ? moment.AddYears(-100) : moment;
    }

    private static bool HasShortYear(string pattern) =>
        pattern is not (Iso or EpochMilliseconds or EpochSeconds or Excel) && pattern.Contains('y', StringComparison.Ordinal)
            && !pattern.Contains("yyy", StringComparison.Ordinal);
}
