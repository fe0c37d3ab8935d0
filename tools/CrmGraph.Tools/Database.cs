using System.CommandLine;
using System.Data.Common;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Database;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Tools;

/// <summary>The option that every command on a database has, and the services on that database.</summary>
public static class Database
{
    private const string Variable = "ConnectionStrings__Crm";

    public static Option<string?> Option() => new("--database", "-d")
    {
        Description = $"Connection string: 'Data Source=FILE' is SQLite, 'Host=...;Database=...;Username=...' is PostgreSQL. Without it {Variable} in the environment, and without that the server's embedded file.",
        HelpName = "CONNECTION",
    };

    /// <summary>Services on the database, brought up to this program's version. The caller disposes them.</summary>
    public static async Task<ServiceProvider> OpenAsync(string? connection, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(connection))
            connection = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(connection))
            connection = EmbeddedDatabase.ConnectionStringIn(Environment.GetEnvironmentVariable("DataFolder") is { Length: > 0 } folder ? folder : EmbeddedDatabase.DefaultFolder);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddCrmDatabase(connection);
        services.AddCrm(new CrmLimits());
        var provider = services.BuildServiceProvider();
        try
        {
            await provider.GetRequiredService<DatabaseEngine>().MigrateAsync(cancellation);
            return provider;
        }
        catch (Exception e)
        {
            var engine = provider.GetRequiredService<DatabaseEngine>();
            await provider.DisposeAsync();
            if (e is DbException && !DatabaseEngine.IsFull(e))
                throw new CommandException($"{engine.Name} {engine.Location} cannot be used: {e.Message}");
            throw;
        }
    }
}
