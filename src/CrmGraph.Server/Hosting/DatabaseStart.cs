using CrmGraph.Reporting.Database;

namespace CrmGraph.Server.Hosting;

/// <summary>Brings the database up to this version before anything listens, and fills an empty one with the demo company where that is wanted.</summary>
public static class DatabaseStart
{
    public static async Task RunAsync(IServiceProvider services, ServerOptions options, CancellationToken cancellation)
    {
        var engine = services.GetRequiredService<DatabaseEngine>();
        await engine.MigrateAsync(cancellation);
    }
}
