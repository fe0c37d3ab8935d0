using System.CommandLine;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph rollups list|advise|add|remove|verify|rebuild</c>.</summary>
internal static class RollupsCommand
{
    public static Command Create() => new("rollups", "The daily sums of orders that metrics are read from. Servers keep them by themselves.")
    {
        List(), Advise(), Add(), Remove(), Verify(), Rebuild(),
    };

    private static Command List()
    {
        var database = Database.Option();
        var command = new Command("list", "Lists the rollups, their rows, and how many days are still to be brought up to date.") { database };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var services = await Database.OpenMadeAsync(parsed.GetValue(database), cancellation);
            await using var db = await services.GetRequiredService<IDbContextFactory<CrmDbContext>>().CreateDbContextAsync(cancellation);
            var rows = await db.SalesDays.GroupBy(d => d.Rollup)
                .Select(g => new { Number = g.Key, Rows = g.LongCount(), First = g.Min(d => d.Day), Last = g.Max(d => d.Day) })
                .ToDictionaryAsync(g => g.Number, cancellation);
            var table = new Table().Border(TableBorder.Simple).AddColumns("Rollup", "Told apart by", "Rows", "Days");
            foreach (var rollup in await services.GetRequiredService<RollupCatalog>().ListAsync(cancellation))
                if (rows.GetValueOrDefault(rollup.Number) is { } rolled)
                    table.AddRow($"{rollup.Number}", rollup.Attributes, $"{rolled.Rows}", $"{rolled.First:yyyy-MM-dd} to {rolled.Last:yyyy-MM-dd}");
                else
                    table.AddRow($"{rollup.Number}", rollup.Attributes, "0", "-");
            Tables.Write(table);
            var marks = await db.RollupMarks.Select(m => m.Day).Distinct().ToListAsync(cancellation);
            Console.WriteLine(marks.Contains(null) ? "All days are still to be rolled up." : $"{marks.Count} days are read from the orders meanwhile.");
        });
        return command;
    }

    private static Command Advise()
    {
        var database = Database.Option();
        var command = new Command("advise", "Lists the rollups that would answer what metrics are read from orders for, the most asked for first.")
        {
            database,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var services = await Database.OpenMadeAsync(parsed.GetValue(database), cancellation);
            var advice = await services.GetRequiredService<RollupCatalog>().AdviseAsync(cancellation);
            if (advice.Count == 0)
            {
                Console.WriteLine("No rollup is missing: nothing was read from orders that one could have answered.");
                return;
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("Told apart by", "Readings", "Last", "Command");
            foreach (var one in advice)
                table.AddRow(one.Attributes, $"{one.Asked}", $"{one.LastAskedAt:yyyy-MM-dd}", $"crmgraph rollups add {one.Attributes}");
            Tables.Write(table);
        });
        return command;
    }

    private static Command Add()
    {
        var database = Database.Option();
        var attributes = new Argument<string[]>("attributes")
        {
            Description = $"What it tells orders apart by: {RollupCatalog.AttributeNames}.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("add", "Adds a rollup. All rollups are made again; metrics are read from the orders meanwhile.") { attributes, database };
        command.SetAction((parsed, cancellation) => MakeAgainAsync(
            parsed.GetValue(database), (catalog, c) => catalog.AddAsync(parsed.GetValue(attributes)!, c), cancellation));
        return command;
    }

    private static Command Remove()
    {
        var database = Database.Option();
        var number = new Argument<int>("number") { Description = "Its number in the list." };
        var command = new Command("remove", "Removes an added rollup. All rollups are made again; metrics are read from the orders meanwhile.")
        {
            number, database,
        };
        command.SetAction((parsed, cancellation) => MakeAgainAsync(
            parsed.GetValue(database), (catalog, c) => catalog.RemoveAsync(parsed.GetValue(number), c), cancellation));
        return command;
    }

    private static Command Verify()
    {
        var database = Database.Option();
        var command = new Command("verify", "Adds up the orders of every day again and compares. Days that differ are marked, and rolled up again.")
        {
            database,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var services = await Database.OpenMadeAsync(parsed.GetValue(database), cancellation);
            var (days, wrong) = await services.GetRequiredService<RollupKeeper>().VerifyAsync(cancellation);
            foreach (var day in wrong)
                Console.WriteLine($"{day:yyyy-MM-dd} differs");
            Console.WriteLine($"{days} days compared, {wrong.Count} differ.");
            return wrong.Count == 0 ? 0 : Failures.Failed;
        });
        return command;
    }

    private static Command Rebuild()
    {
        var database = Database.Option();
        var command = new Command("rebuild", "Forgets all rollups and makes them again, beside running servers; metrics are read from the orders meanwhile.")
        {
            database,
        };
        command.SetAction((parsed, cancellation) => MakeAgainAsync(parsed.GetValue(database), (catalog, c) => catalog.ResetAsync(c), cancellation));
        return command;
    }

    private static async Task MakeAgainAsync(string? database, Func<RollupCatalog, CancellationToken, Task> change, CancellationToken cancellation)
    {
        await using var services = await Database.OpenMadeAsync(database, cancellation);
        await change(services.GetRequiredService<RollupCatalog>(), cancellation);
        var keeper = services.GetRequiredService<RollupKeeper>();
        var started = TimeProvider.System.GetTimestamp();
        while (await keeper.StepAsync(cancellation))
        {
        }

        Console.WriteLine($"The rollups were made again in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }
}
