using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Company;

/// <summary>Settings to change. Fields that are omitted or null keep their values.</summary>
public sealed record UpdateSettingsInput
{
    /// <summary>
    /// The IANA name of the reporting time zone, such as `Europe/Berlin`. The day and hour of every fact are rewritten, which takes a while in a large
    /// database.
    /// </summary>
    public string? ReportingZone { get; init; }
    /// <summary>The first day of the week.</summary>
    public DayOfWeek? WeekStart { get; init; }
    /// <summary>The month in which the fiscal year begins, 1 to 12.</summary>
    public int? FiscalYearStartMonth { get; init; }
    /// <summary>The activity window in days, 1 to 3650.</summary>
    public int? ActivityDays { get; init; }
    /// <summary>The ISO 4217 code of the reporting currency.</summary>
    public string? Currency { get; init; }
    /// <summary>The smallest group shown, in distinct customers, 0 to 1000; 0 switches suppression off.</summary>
    public int? SmallGroupMinimum { get; init; }
}

/// <summary>What became of a change.</summary>
/// <param name="RewrittenRows">Rows that got another day or hour, because the zone changed.</param>
public sealed record SettingsOutcome(Settings Settings, bool IsChanged, long RewrittenRows);

/// <summary>
/// The one way to change the settings, for the graph and the console. Everything that is derived from them changes in the same transaction: the
/// calendar's weeks and fiscal months, and, with the zone, day and hour of every fact. Thread-safe; one instance per database.
/// </summary>
public sealed class SettingsStore(DatabaseEngine engine, CommitHub hub)
{
    // The settings are read by every metric, so every table that metrics read counts as changed.
    private static readonly CommitNotice Everything = new(
        [.. Tables.With(TableTraits.Changes).Select(t => t.Name), "calendar"],
        DateOnly.MinValue, DateOnly.MaxValue);

    /// <exception cref="ValidationException">UNKNOWN_ZONE, INVALID_CURRENCY or OUT_OF_RANGE; nothing was changed.</exception>
    public async Task<SettingsOutcome> ApplyAsync(UpdateSettingsInput change, CancellationToken cancellationToken = default)
    {
        Check(change);
        await using var connection = await engine.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var context = engine.CreateContext(connection, transaction);
        // Two changes at once follow each other: each derives the calendar from all settings.
        await engine.EnterWriteAsync(context, alone: true, cancellationToken);
        var settings = await context.Settings.SingleAsync(cancellationToken);
        var zone = change.ReportingZone is { } name && name != settings.ReportingZone ? Zone(name) : null;
        if (zone is not null && !await engine.KnowsZoneAsync(connection, transaction, zone.Id, cancellationToken))
            throw UnknownZone(zone.Id);
        Write(change, settings);
        var isChanged = context.ChangeTracker.HasChanges() || zone is not null;
        await context.SaveChangesAsync(cancellationToken);
        await ReportingCalendar.FillAsync(engine, connection, transaction, cancellationToken);
        var rows = zone is null ? 0 : await Rezoning.RunAsync(engine, connection, transaction, zone, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        settings.ReportingZone = zone?.Id ?? settings.ReportingZone;
        if (isChanged)
            hub.Publish(Everything);
        return new(settings, isChanged, rows);
    }

    private static void Check(UpdateSettingsInput change)
    {
        if (change.WeekStart is { } day && !Enum.IsDefined(day))
            throw new ValidationException(RefusalCodes.OutOfRange, "weekStart is no day of the week: give one from SUNDAY to SATURDAY.", "weekStart");
        Range(change.FiscalYearStartMonth, 1, 12, "fiscalYearStartMonth");
        Range(change.ActivityDays, 1, 3650, "activityDays");
        Range(change.SmallGroupMinimum, 0, 1000, "smallGroupMinimum");
        if (change.Currency is { } code && CurrencyCodes.Find(code) is null)
            throw new ValidationException(RefusalCodes.InvalidCurrency, "currency is not a currency: give a code of ISO 4217 such as EUR or CNY.", "currency");
        if (change.ReportingZone is { } zone)
            _ = Zone(zone);
    }

    /// <summary>All but the zone, which is written with the facts.</summary>
    private static void Write(UpdateSettingsInput change, Settings settings)
    {
        settings.WeekStart = change.WeekStart ?? settings.WeekStart;
        settings.FiscalYearStartMonth = change.FiscalYearStartMonth ?? settings.FiscalYearStartMonth;
        settings.ActivityDays = change.ActivityDays ?? settings.ActivityDays;
        settings.Currency = CurrencyCodes.Find(change.Currency) ?? settings.Currency;
        settings.SmallGroupMinimum = change.SmallGroupMinimum ?? settings.SmallGroupMinimum;
    }

    private static TimeZoneInfo Zone(string name) => Rezoning.Find(name) ?? throw UnknownZone(name);

    private static ValidationException UnknownZone(string name) => new(RefusalCodes.UnknownZone,
        $"reportingZone '{(name.Length <= 50 ? name : name[..50] + "...")}' is not a time zone that is known here: "
            + "give an IANA name such as Europe/Berlin or Asia/Shanghai.", "reportingZone");

    private static void Range(int? value, int least, int most, string field)
    {
        if (value < least || value > most)
            throw new ValidationException(RefusalCodes.OutOfRange, $"{field} is {value}; it must be {least} to {most}.", field);
    }
}
