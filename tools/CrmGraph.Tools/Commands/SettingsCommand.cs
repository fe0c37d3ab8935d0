using System.CommandLine;
using System.Globalization;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Company;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph settings show|set</c> and <c>crmgraph rezone</c>: the row on which all servers of a database agree.</summary>
public static class SettingsCommand
{
    private sealed record Setting(string Name, string Meaning, Func<Settings, string> Read, Func<UpdateSettingsInput, string, UpdateSettingsInput> Write);

    private static readonly Setting[] All =
    [
        new("zone", "IANA time zone in which days begin", s => s.ReportingZone, (c, v) => c with { ReportingZone = v }),
        new("week-start", "first day of the week", s => s.WeekStart.ToString(), (c, v) => c with { WeekStart = Weekday(v) }),
        new(
            "fiscal-month",
            "month (1 to 12) in which the fiscal year begins",
            s => Text(s.FiscalYearStartMonth),
            (c, v) => c with { FiscalYearStartMonth = Number(v) }),
        new(
            "activity-days",
            "days (1 to 3650) without a purchase after which a customer no longer counts as active",
            s => Text(s.ActivityDays),
            (c, v) => c with { ActivityDays = Number(v) }),
        new("currency", "ISO 4217 code of the reporting currency", s => s.Currency, (c, v) => c with { Currency = v }),
        new(
            "small-group",
            "groups with fewer customers are suppressed below administrator; 0 switches it off",
            s => Text(s.SmallGroupMinimum),
            (c, v) => c with { SmallGroupMinimum = Number(v) }),
    ];

    public static Command Create() => new("settings", "Shows and changes what every server on a database must agree on.") { Show(), Set() };

    private static Command Show()
    {
        var database = Database.Option();
        var command = new Command("show", "Shows the settings.") { database };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = await Database.OpenMadeAsync(parsed.GetValue(database), cancellationToken);
            await using var db = await services.GetRequiredService<IDbContextFactory<CrmDbContext>>().CreateDbContextAsync(cancellationToken);
            var settings = await db.Settings.AsNoTracking().FirstOrDefaultAsync(cancellationToken) ?? new Settings();
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
        var pairs = new Argument<string[]>("SETTING=VALUE")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "For example: zone=Europe/Berlin week-start=Monday fiscal-month=4."
        };
        var command = new Command(
            "set",
            "Changes settings and what is derived from them, in one transaction. Another zone rewrites day and hour of every fact.") { database, pairs };
        command.SetAction((parsed, cancellationToken) =>
            ApplyAsync(parsed.GetValue(database), parsed.GetRequiredValue(pairs).Aggregate(new UpdateSettingsInput(), With), cancellationToken));
        return command;
    }

    /// <summary><c>crmgraph rezone ZONE</c>.</summary>
    public static Command Rezone()
    {
        var database = Database.Option();
        var zone = new Argument<string>("ZONE") { Description = "IANA time zone: Europe/Berlin." };
        var command = new Command("rezone", "Moves the company to another time zone: rewrites day and hour of every fact. Writers wait meanwhile.") {
            database,
            zone };
        command.SetAction((parsed, cancellationToken) => ApplyAsync(
            parsed.GetValue(database),
            new UpdateSettingsInput { ReportingZone = parsed.GetRequiredValue(zone) },
            cancellationToken));
        return command;
    }

    private static async Task ApplyAsync(string? connection, UpdateSettingsInput change, CancellationToken cancellationToken)
    {
        await using var services = await Database.OpenMadeAsync(connection, cancellationToken);
        var outcome = await services.GetRequiredService<SettingsStore>().ApplyAsync(change, cancellationToken);
        Console.WriteLine((outcome.IsChanged, outcome.RewrittenRows) switch
        {
            (false, _) => "The settings are like that already.",
            (_, 0) => "The settings are changed. Servers take them up with the next request.",
            (_, var rows) => $"The settings are changed, and {rows} rows have their day in {outcome.Settings.ReportingZone}. Servers take them up with the "
                + "next request.",
        });
    }

    private static UpdateSettingsInput With(UpdateSettingsInput change, string pair)
    {
        var cut = pair.IndexOf('=');
        var setting = cut < 0 ? null : Array.Find(All, s => s.Name.Equals(pair[..cut], StringComparison.OrdinalIgnoreCase));
        return setting is null
            ? throw new CommandException($"'{pair}' is no setting. Write NAME=VALUE with one of {string.Join(", ", All.Select(s => s.Name))}.")
            : setting.Write(change, pair[(cut + 1)..]);
    }

    private static DayOfWeek Weekday(string text) =>
        Enum.TryParse<DayOfWeek>(text, true, out var day) && Enum.IsDefined(day) && !char.IsDigit(text[0])
            ? day
            : throw new CommandException($"'{text}' is no day of the week. Write Monday to Sunday.");

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CommandException($"'{text}' is no whole number.");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
