using System.CommandLine;
using System.Data.Common;
using CrmGraph.Data;
using CrmGraph.Data.Database;
using CrmGraph.Reporting;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Tools;

/// <summary>The option that every command on a database has, and the services on that database.</summary>
public static class Database
{
    private const string Variable = "ConnectionStrings__Crm";

    public static Option<string?> Option() => new("--database", "-d")
    {
        Description = $"Connection string: 'Data Source=FILE' is SQLite, 'Host=...;Database=...;Username=...' is PostgreSQL. Without it {Variable} in the "
            + "environment, and without that the server's embedded file.",
        HelpName = "CONNECTION",
    };

    /// <summary>As <see cref="OpenAsync"/>, for commands on what is there already: a slip in the file's name must not make another database.</summary>
    public static Task<ServiceProvider> OpenMadeAsync(string? connection, CancellationToken cancellationToken)
        => OpenAsync(connection, cancellationToken, mustBeMade: true);

    /// <summary>Whether the database is there; nothing is made.</summary>
    public static async Task<bool> IsMadeAsync(string? connection)
    {
        await using var provider = Services(connection);
        return provider.GetRequiredService<DatabaseEngine>().IsMade;
    }

    private static ServiceProvider Services(string? connection)
    {
        if (string.IsNullOrWhiteSpace(connection))
            connection = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(connection))
            connection = EmbeddedDatabase.ConnectionStringIn(
                Environment.GetEnvironmentVariable("DataFolder") is { Length: > 0 } folder ? folder : EmbeddedDatabase.DefaultFolder);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddCrmDatabase(connection);
        services.AddCrm(new CrmLimits());
        return services.BuildServiceProvider();
    }

    /// <summary>Services on the database, brought up to this program's version. The caller disposes them.</summary>
    public static async Task<ServiceProvider> OpenAsync(string? connection, CancellationToken cancellationToken, bool mustBeMade = false)
    {
        var provider = Services(connection);
        var engine = provider.GetRequiredService<DatabaseEngine>();
        try
        {
            if (mustBeMade && !engine.IsMade)
                throw new CommandException($"There is no database {engine.Location}. `crmgraph migrate` makes one.");
            await engine.MigrateAsync(cancellationToken);
            return provider;
        }
        catch (Exception e)
        {
            await provider.DisposeAsync();
            if (e is DbException && !DatabaseEngine.IsFull(e))
                throw new CommandException($"{engine.Name} {engine.Location} cannot be used: {e.Message}");
            throw;
        }
    }
}
