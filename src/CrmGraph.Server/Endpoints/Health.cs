using CrmGraph.Data.Database;
using CrmGraph.GraphQL.Execution.Running;

namespace CrmGraph.Server.Endpoints;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can also read its database, and is not stopping.</summary>
public static class Health
{
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        string[] reads = [HttpMethods.Get, HttpMethods.Head];
        endpoints.MapMethods("/health/live", reads, (HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, "live"));
        endpoints.MapMethods("/health/ready", reads, ReadyAsync);
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "stopping");
            return;
        }

        using var patience = new EarlyEnd(DatabasePatience, services.GetRequiredService<TimeProvider>(), context.RequestAborted);
        var readable = await IsReadableAsync(
            services.GetRequiredService<DatabaseEngine>(),
            services.GetRequiredService<ILoggerFactory>(),
            patience.Token,
            context.RequestAborted);
        await WriteAsync(context, readable ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, readable ? "ready" : "database unavailable");
    }

    private static async Task<bool> IsReadableAsync(DatabaseEngine engine, ILoggerFactory logs, CancellationToken patience, CancellationToken aborted)
    {
        try
        {
            await using var connection = await engine.OpenConnectionAsync(patience).WaitAsync(patience);
            await using var command = connection.CreateCommand();
            // A table of ours, not `select 1`: a file that was deleted under a running server opens as an empty one.
            command.CommandText = "select count(*) from migrations";
            await command.ExecuteScalarAsync(patience).WaitAsync(patience);
            return true;
        }
        catch (Exception e) when (!aborted.IsCancellationRequested)
        {
            logs.CreateLogger("CrmGraph.Server.Health").LogWarning("The database cannot be read: {Reason}", e.Message);
            return false;
        }
    }

    private static Task WriteAsync(HttpContext context, int status, string word)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsync($$"""{"status":"{{word}}","version":"{{Announcement.Version}}"}""", context.RequestAborted);
    }
}
