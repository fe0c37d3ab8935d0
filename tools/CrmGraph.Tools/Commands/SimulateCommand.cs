using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Demo;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Live;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph simulate</c>: a company that lives on, to watch.</summary>
public static class SimulateCommand
{
    public static Command Create()
    {
        var database = Database.Option();
        var rate = new Option<double>("--rate", "-r")
        {
            Description = "Events a second, each committed by itself.",
            DefaultValueFactory = _ => 2,
            HelpName = "N"
        };
        var seconds = new Option<double?>("--seconds", "-t") { Description = "How long. Until Ctrl+C by default.", HelpName = "N" };
        var seed = new Option<int?>("--seed", "-s")
        {
            Description = "The same number draws the same events on the same database. Any by default.",
            HelpName = "N"
        };
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1_000))
                result.AddError("--rate takes a number above 0, at most 1000.");
        });
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (> 0 and <= 31_536_000)))
                result.AddError("--seconds takes a number above 0, at most a year.");
        });
        var command = new Command(
            "simulate",
            "Lets a company live: new orders of its customers, returns, new customers, tickets, survey responses, opportunities, written now.")
        { database, rate, seconds, seed };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = await Database.OpenMadeAsync(parsed.GetValue(database), cancellationToken);
            // Servers on the database are told at once, as another server would tell them.
            services.GetRequiredService<CommitAnnouncer>();
            var time = services.GetRequiredService<TimeProvider>();
            var number = parsed.GetValue(seed) ?? Random.Shared.Next();
            var company = new LivingCompany(
                services.GetRequiredService<IDbContextFactory<CrmDbContext>>(),
                services.GetRequiredService<CrmWriter>(),
                time,
                number);
            await company.LoadAsync(cancellationToken);
            var engine = services.GetRequiredService<DatabaseEngine>();
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"A company lives in {engine.Name} {engine.Location} (seed {number}). Ctrl+C stops it."));
            using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetValue(seconds) is { } limit)
                until.CancelAfter(TimeSpan.FromSeconds(limit));
            await LiveAsync(company, parsed.GetValue(rate), time, until.Token);
        });
        return command;
    }

    /// <summary>Lets events happen in time, as many as are due, and says once a second what happened. Ends, without an error, when it is cancelled.</summary>
    private static async Task LiveAsync(LivingCompany company, double rate, TimeProvider time, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var happened = new Dictionary<CompanyEvent, int>();
        var (count, said) = (0L, 0L);
        try
        {
            while (true)
            {
                var due = TimeSpan.FromSeconds(count / rate) - clock.Elapsed;
                if (due > TimeSpan.Zero)
                    await Task.Delay(due, time, cancellationToken);
                var what = await company.HappenAsync(cancellationToken);
                happened[what] = happened.GetValueOrDefault(what) + 1;
                count++;
                if (clock.Elapsed.TotalSeconds < said + 1)
                    continue;
                Say(clock.Elapsed, happened);
                said = (long)clock.Elapsed.TotalSeconds;
                happened.Clear();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Say(clock.Elapsed, happened);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} events in {clock.Elapsed.TotalSeconds:0.0} s."));
        }
    }

    private static void Say(TimeSpan at, Dictionary<CompanyEvent, int> happened)
    {
        if (happened.Count > 0)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{at:hh\\:mm\\:ss}  {string.Join(", ", happened.OrderBy(h => h.Key).Select(h => Words(h.Key, h.Value)))}"));
    }

    private static string Words(CompanyEvent what, int count)
    {
        var many = count != 1;
        return what switch
        {
            CompanyEvent.Order => $"{count} {(many ? "orders" : "order")}",
            CompanyEvent.Return => $"{count} {(many ? "returns" : "return")}",
            CompanyEvent.NewCustomer => $"{count} new {(many ? "customers" : "customer")}",
            CompanyEvent.Ticket => $"{count} {(many ? "tickets" : "ticket")}",
            CompanyEvent.TicketProgress => $"{count} {(many ? "tickets" : "ticket")} answered or resolved",
            CompanyEvent.Answer => $"{count} survey {(many ? "responses" : "response")}",
            CompanyEvent.OpportunityOpened => $"{count} {(many ? "opportunities" : "opportunity")} opened",
            _ => $"{count} {(many ? "opportunities" : "opportunity")} moved",
        };
    }
}
