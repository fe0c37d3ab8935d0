using System.Data.Common;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Data.Database;

/// <summary>
/// The settings' zone, weeks and fiscal year: which day and hour an instant is, which buckets a day lies in. Immutable; load it again after the
/// settings were changed.
/// </summary>
public sealed class ReportingCalendar
{
    /// <summary>The table calendar holds the days from the first one up to, not including, the second.</summary>
    public static readonly DateOnly FirstDay = new(1990, 1, 1);
    public static readonly DateOnly EndDay = new(2050, 1, 1);

    /// <summary>Throws <see cref="TimeZoneNotFoundException"/> when this machine does not know the zone.</summary>
    public ReportingCalendar(Settings settings)
    {
        Settings = settings;
        Zone = TimeZoneInfo.FindSystemTimeZoneById(settings.ReportingZone);
    }

    public Settings Settings { get; }
    public TimeZoneInfo Zone { get; }

    public static async Task<ReportingCalendar> LoadAsync(DatabaseEngine engine, CancellationToken cancellationToken = default)
    {
        await using var context = engine.CreateContext();
        return new(await context.Settings.AsNoTracking().SingleAsync(cancellationToken));
    }

    public DateOnly DayOf(DateTime utc) => DateOnly.FromDateTime(Local(utc));

    /// <summary>0 to 23; the repeated hour of autumn twice, the hour skipped in spring never.</summary>
    public int HourOf(DateTime utc) => Local(utc).Hour;

    public DateOnly Today(TimeProvider clock) => DayOf(clock.GetUtcNow().UtcDateTime);

    /// <summary>The numbers of the buckets in which a day lies. Each grows by one from bucket to bucket, so that neighbours differ by one.</summary>
    public CalendarDay BucketsOf(DateOnly day)
    {
        var months = day.Year * 12 + day.Month - 1;
        // Months since the fiscal year that ends in the year 0 began: the fiscal year is named after the year in which it ends.
        var shift = Settings.FiscalYearStartMonth == 1 ? 0 : 13 - Settings.FiscalYearStartMonth;
        var fiscal = months + shift;
        return new CalendarDay
        {
            Day = day,
            // Day number 0 is a Monday.
            Week = (day.DayNumber + (1 - (int)Settings.WeekStart + 7) % 7) / 7,
            Month = months,
            Quarter = months / 3,
            Year = day.Year,
            FiscalMonth = fiscal,
            FiscalQuarter = fiscal / 3,
            FiscalYear = fiscal / 12,
        };
    }

    /// <summary>Makes the table calendar agree with the settings; its holidays are kept. Does nothing when it does agree.</summary>
    public static async Task FillAsync(DatabaseEngine engine, CancellationToken cancellationToken = default)
    {
        var calendar = await LoadAsync(engine, cancellationToken);
        await using (var context = engine.CreateContext())
            if (await calendar.AgreesAsync(context, cancellationToken))
                return;
        await using var connection = await engine.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FillAsync(engine, connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The same in the caller's transaction, with the settings as they stand there.</summary>
    internal static async Task FillAsync(DatabaseEngine engine, DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var context = engine.CreateContext(connection, transaction);
        var calendar = new ReportingCalendar(await context.Settings.AsNoTracking().SingleAsync(cancellationToken));
        if (await calendar.AgreesAsync(context, cancellationToken))
            return;
        var holidays = await context.Calendar.Where(d => d.Holiday != null).ToDictionaryAsync(d => d.Day, d => d.Holiday, cancellationToken);
        var days = Enumerable.Range(FirstDay.DayNumber, EndDay.DayNumber - FirstDay.DayNumber).Select(n =>
        {
            var row = calendar.BucketsOf(DateOnly.FromDayNumber(n));
            row.Holiday = holidays.GetValueOrDefault(row.Day);
            return row;
        });
        await using var writer = BulkWriter.Within(engine, transaction);
        await writer.UpsertAsync(days, OnExisting.Update, cancellationToken);
    }

    /// <summary>
    /// The count, and one day of every month and week day of a year: another week start or fiscal year shows in one of them. The rows were written
    /// by one transaction, so they agree together or not at all.
    /// </summary>
    private async Task<bool> AgreesAsync(CrmDbContext context, CancellationToken cancellationToken)
    {
        if (await context.Calendar.CountAsync(cancellationToken) != EndDay.DayNumber - FirstDay.DayNumber)
            return false;
        var first = new DateOnly(2025, 1, 1);
        var stored = await context.Calendar.AsNoTracking().Where(d => d.Day >= first && d.Day < first.AddYears(1)).ToListAsync(cancellationToken);
        return stored.TrueForAll(d => BucketsOf(d.Day) is var b && (b.Week, b.Month, b.Quarter, b.Year, b.FiscalMonth, b.FiscalQuarter, b.FiscalYear)
            == (d.Week, d.Month, d.Quarter, d.Year, d.FiscalMonth, d.FiscalQuarter, d.FiscalYear));
    }

    private DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), Zone);
}
