using System.CommandLine;
using System.Globalization;
using CrmGraph.Reporting.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph settings show|set</c>: the row on which all servers of a database agree.</summary>
public static class SettingsCommand
{
    private sealed record Setting(string Name, string Meaning, Func<Settings, string> Read, Action<Settings, string> Write, bool MovesDays = false);

    private static readonly Setting[] All =
    [
        new("zone", "IANA time zone in which days begin", s => s.ReportingZone, (s, v) => s.ReportingZone = Zone(v), MovesDays: true),
        new("week-start", "first day of the week", s => s.WeekStart.ToString(), (s, v) => s.WeekStart = Weekday(v)),
        new("fiscal-month", "month (1 to 12) in which the fiscal year begins", s => Text(s.FiscalYearStartMonth), (s, v) => s.FiscalYearStartMonth = Number(v, 1, 12)),
        new("activity-days", "days without a purchase after which a customer no longer counts as active", s => Text(s.ActivityDays), (s, v) => s.ActivityDays = Number(v, 1, 3650)),
        new("currency", "ISO 4217 code of the reporting currency", s => s.Currency, (s, v) => s.Currency = Currency(v)),
        new("small-group", "groups with fewer customers are suppressed below administrator; 0 switches it off", s => Text(s.SmallGroupMinimum), (s, v) => s.SmallGroupMinimum = Number(v, 0, 1000)),
    ];

    public static Command Create() => new("settings", "Shows and changes what every server on a database must agree on.") { Show(), Set() };

    private static Command Show()
    {
        var database = Database.Option();
        var command = new Command("show", "Shows the settings.") { database };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var services = await Database.OpenAsync(parsed.GetValue(database), cancellation);
            await using var db = await services.GetRequiredService<IDbContextFactory<CrmDbContext>>().CreateDbContextAsync(cancellation);
            var settings = await db.Settings.AsNoTracking().FirstOrDefaultAsync(cancellation) ?? new Settings();
            var table = new Table().Border(TableBorder.Simple).AddColumns("Setting", "Value", "Meaning");
            foreach (var setting in All)
                table.AddRow(setting.Name, Markup.Escape(setting.Read(settings)), setting.Meaning);
            Tables.Write(table);
        });
        return command;
    }

    private static Command Set()
    {
        var database = Database.Option();
        var pairs = new Argument<string[]>("SETTING=VALUE") { Arity = ArgumentArity.OneOrMore, Description = "For example: zone=Europe/Berlin week-start=Monday fiscal-month=4." };
        var command = new Command("set", "Changes settings. The zone can be chosen only while there are no facts: their days are written in it.") { database, pairs };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var services = await Database.OpenAsync(parsed.GetValue(database), cancellation);
            await using var db = await services.GetRequiredService<IDbContextFactory<CrmDbContext>>().CreateDbContextAsync(cancellation);
            var settings = await db.Settings.FirstOrDefaultAsync(cancellation) ?? db.Settings.Add(new Settings()).Entity;
            foreach (var pair in parsed.GetRequiredValue(pairs))
                await ApplyAsync(db, settings, pair, cancellation);
            await db.SaveChangesAsync(cancellation);
            Console.WriteLine("The settings are changed. Servers take them up with the next request.");
        });
        return command;
    }

    private static async Task ApplyAsync(CrmDbContext db, Settings settings, string pair, CancellationToken cancellation)
    {
        var cut = pair.IndexOf('=');
        var setting = cut < 0 ? null : Array.Find(All, s => s.Name.Equals(pair[..cut], StringComparison.OrdinalIgnoreCase));
        if (setting is null)
            throw new CommandException($"'{pair}' is no setting. Write NAME=VALUE with one of {string.Join(", ", All.Select(s => s.Name))}.");
        var before = setting.Read(settings);
        setting.Write(settings, pair[(cut + 1)..]);
        if (setting.MovesDays && setting.Read(settings) != before && await db.Orders.AnyAsync(cancellation))
            throw new CommandException($"The {setting.Name} cannot be changed any more: the days of the facts are written in {before}. Choose it before the first import.");
    }

    private static string Zone(string text) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) && zone.HasIanaId ? zone.Id : throw new CommandException($"'{text}' is no IANA time zone. Write one such as Europe/Berlin or Asia/Shanghai.");

    private static DayOfWeek Weekday(string text) =>
        Enum.TryParse<DayOfWeek>(text, true, out var day) && Enum.IsDefined(day) && !char.IsDigit(text[0]) ? day : throw new CommandException($"'{text}' is no day of the week. Write Monday to Sunday.");

    private static string Currency(string text) =>
        text.Length == 3 && text.All(char.IsAsciiLetter) ? text.ToUpperInvariant() : throw new CommandException($"'{text}' is no ISO 4217 code. Write three letters such as EUR.");

    private static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : throw new CommandException($"'{text}' is no whole number from {least} to {most}.");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
