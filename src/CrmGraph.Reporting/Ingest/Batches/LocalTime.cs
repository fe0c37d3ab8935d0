namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>The reporting zone's day and hour of a moment.</summary>
internal sealed class LocalTime
{
    private readonly TimeZoneInfo _zone;

    private LocalTime(TimeZoneInfo zone) => _zone = zone;

    public static LocalTime Utc { get; } = new(TimeZoneInfo.Utc);
    public static LocalTime Of(string ianaName) => new(TimeZoneInfo.FindSystemTimeZoneById(ianaName));

    public (DateOnly Day, int Hour) At(DateTime utc)
    {
        var local = TimeZoneInfo.ConvertTimeFromUtc(utc, _zone);
        return (DateOnly.FromDateTime(local), local.Hour);
    }
}
