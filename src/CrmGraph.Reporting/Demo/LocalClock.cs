namespace CrmGraph.Reporting.Demo;

/// <summary>The company's life is drawn in local time; rows need instants, days and hours.</summary>
internal sealed class LocalClock(TimeZoneInfo zone, DateTime asOf)
{
    /// <summary>Local time of the moment at which the data ends.</summary>
    public DateTime Now { get; } = TimeZoneInfo.ConvertTimeFromUtc(asOf, zone);

    public DateOnly Today => DateOnly.FromDateTime(Now);

    /// <summary>The moment, or one of today where it has not come yet.</summary>
    public DateTime Before(DateTime local, Draw draw)
        => local < Now ? local : Now.AddTicks(-(long)((1 - draw.Uniform()) * Now.TimeOfDay.Ticks) - TimeSpan.TicksPerSecond);

    /// <summary>To whole seconds; a time that the clocks skip becomes the one an hour later.</summary>
    public LocalMoment At(DateTime local)
    {
        var second = new DateTime(local.Ticks - local.Ticks % TimeSpan.TicksPerSecond);
        if (zone.IsInvalidTime(second))
            second = second.AddHours(1);
        return new(TimeZoneInfo.ConvertTimeToUtc(second, zone), DateOnly.FromDateTime(second), second.Hour);
    }
}

internal readonly record struct LocalMoment(DateTime Utc, DateOnly Day, int Hour);
