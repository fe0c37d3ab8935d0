using System.Data.Common;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Migrations;
using CrmGraph.Reporting.Demo;

namespace CrmGraph.Server.Hosting;

/// <summary>Brings the tables up to this version before anything listens, and fills an empty database with the demo company where that is wanted.</summary>
public static class DatabaseStart
{
    public static async Task RunAsync(IServiceProvider services, ServerOptions options, CancellationToken cancellationToken)
    {
        var engine = services.GetRequiredService<DatabaseEngine>();
        try
        {
            if (options.IsEmbedded && !File.Exists(options.EmbeddedFile))
                await MakeEmbeddedAsync(options, engine.Clock, cancellationToken);
            await Migrator.RunAsync(engine, cancellationToken);
            if ((options.Demo || options.IsEmbedded) && await DemoCompany.IsEmptyAsync(engine, cancellationToken))
                await FillAsync(engine, cancellationToken);
        }
        catch (DbException e)
        {
            throw new OptionsException($"the database {engine.Name} {engine.Location} cannot be used: {e.Message}");
        }
    }

    /// <summary>Under another name first: a server that is killed while it fills the file leaves no half company, and of two that start at once one wins.</summary>
    private static async Task MakeEmbeddedAsync(ServerOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.DataFolder, $"making-{Environment.ProcessId}"));
        try
        {
            await using (var engine = DatabaseEngine.Create(EmbeddedDatabase.ConnectionStringIn(folder.FullName), clock))
            {
                await engine.MigrateAsync(cancellationToken);
                await FillAsync(engine, cancellationToken);
            }

            File.Move(EmbeddedDatabase.FileIn(folder.FullName), options.EmbeddedFile, overwrite: false);
        }
        catch (IOException) when (File.Exists(options.EmbeddedFile))
        {
            // Another server has made it meanwhile.
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task FillAsync(DatabaseEngine engine, CancellationToken cancellationToken)
    {
        Console.WriteLine("Filling the empty database with the demo company ...");
        var done = await DemoCompany.SeedAsync(engine, cancellationToken: cancellationToken);
        Console.WriteLine(done.Customers > 0 ? $"{done.Customers} customers, {done.Orders} orders." : "Another server has filled it meanwhile.");
    }
}
