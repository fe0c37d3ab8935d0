using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CrmGraph.Data.Database;
using CrmGraph.Reporting.Demo;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph seed</c>: a believable company, the same one for the same arguments.</summary>
public static class SeedCommand
{
    public static Command Create()
    {
        var database = Database.Option();
        var customers = new Option<int>("--customers", "-c")
        {
            Description = "How many customers the company has.",
            DefaultValueFactory = _ => DemoCompany.DefaultCustomers
        };
        var seed = new Option<int?>("--seed", "-s") { Description = "Another number makes another company. Needed when the database has one already." };
        var asOf = new Option<DateOnly?>("--as-of") { Description = "The day (UTC) on which its 24 months of facts end. Today by default.", HelpName = "DAY" };
        customers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000_000)
                result.AddError("--customers takes a number from 1 to 10000000.");
        });
        asOf.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<DateOnly?>() is { Year: < 2000 or > 2198 })
                result.AddError("--as-of takes a day of the years 2000 to 2198.");
        });
        var reset = new Option<bool>("--reset")
        {
            Description = "Deletes everything in the database first, but settings, shipped reports and keys of no team member.",
        };
        var yes = new Option<bool>("--yes") { Description = "Does so without asking once more." };
        var command = new Command("seed", "Writes a demo company with 24 months of facts into a database.") { database, customers, seed, asOf, reset, yes };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = await Database.OpenAsync(parsed.GetValue(database), cancellationToken);
            var engine = services.GetRequiredService<DatabaseEngine>();
            if (parsed.GetValue(reset))
                await ClearAsync(engine, parsed.GetValue(yes), cancellationToken);
            if (parsed.GetValue(seed) is null && !await DemoCompany.IsEmptyAsync(engine, cancellationToken))
                throw new CommandException($"{engine.Name} {engine.Location} is not empty. Give --seed NUMBER to write another company beside "
                    + "what is there, or --reset to begin anew.");
            await WriteAsync(engine, parsed.GetValue(customers), parsed.GetValue(asOf), parsed.GetValue(seed), cancellationToken);
        });
        return command;
    }

    private static async Task ClearAsync(DatabaseEngine engine, bool isSure, CancellationToken cancellationToken)
    {
        await using var context = engine.CreateContext();
        var (customers, orders) = (await context.Customers.CountAsync(cancellationToken), await context.Orders.CountAsync(cancellationToken));
        if (!isSure)
            throw new CommandException($"{engine.Name} {engine.Location} has {customers} customers and {orders} orders, and all of them would be deleted. "
                + "Add --yes if they may go.");
        await DemoCompany.ClearAsync(engine, cancellationToken);
        Console.WriteLine($"{customers} customers and {orders} orders are deleted.");
    }

    private static async Task WriteAsync(DatabaseEngine engine, int customers, DateOnly? asOf, int? seed, CancellationToken cancellationToken)
    {
        var end = asOf?.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        var clock = Stopwatch.StartNew();
        var done = Console.IsOutputRedirected
            ? await SeedAsync(engine, customers, end, seed, null, cancellationToken)
            : await WithBarAsync(customers, bar => SeedAsync(engine, customers, end, seed, bar, cancellationToken));
        var seconds = clock.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{done.Customers:N0} customers, {done.Orders:N0} orders and {done.Lines:N0} lines in {seconds:0.0} s ({done.Orders / seconds:N0} orders a second) are in {engine.Name} {engine.Location}."));
    }

    private static Task<SeedProgress> SeedAsync(
        DatabaseEngine engine,
        int customers,
        DateTime? end,
        int? seed,
        IProgress<SeedProgress>? progress,
        CancellationToken cancellationToken) =>
        seed is { } number
            ? DemoCompany.SeedAsync(engine, customers, end, number, progress, cancellationToken)
            : DemoCompany.SeedAsync(engine, customers, end, progress, cancellationToken);

    private static async Task<SeedProgress> WithBarAsync(int customers, Func<IProgress<SeedProgress>, Task<SeedProgress>> seed)
    {
        SeedProgress done = default;
        await AnsiConsole.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async screen =>
                {
                    var bar = screen.AddTask("customers", maxValue: customers);
                    done = await seed(new Shown(p => bar.Value = p.Customers));
                });
        return done;
    }

    // Progress<T> would report later, from another thread.
    private sealed class Shown(Action<SeedProgress> show) : IProgress<SeedProgress>
    {
        public void Report(SeedProgress value) => show(value);
    }
}
