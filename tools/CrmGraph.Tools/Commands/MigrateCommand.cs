using System.CommandLine;
using CrmGraph.Data.Database;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph migrate</c>: what a server does at its start, for those who do it before.</summary>
public static class MigrateCommand
{
    public static Command Create()
    {
        var database = Database.Option();
        var command = new Command("migrate", "Brings a database up to this version, under a lock, and says which one it is.") { database };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = await Database.OpenAsync(parsed.GetValue(database), cancellationToken);
            var engine = services.GetRequiredService<DatabaseEngine>();
            Console.WriteLine($"{engine.Name} {engine.Location} is up to date.");
        });
        return command;
    }
}
