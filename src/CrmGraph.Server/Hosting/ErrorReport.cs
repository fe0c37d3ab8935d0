using CrmGraph.GraphQL.Execution;

namespace CrmGraph.Server.Hosting;

/// <summary>Writes to the log what clients see only the id of.</summary>
public static class ErrorReport
{
    public static Action<UnexpectedError> To(ILoggerFactory logs)
    {
        var log = logs.CreateLogger("CrmGraph.GraphQL");
        return error => log.LogError(error.Exception, "{Coordinate} failed; the client was told the id {Id}", error.Coordinate, error.Id);
    }
}
