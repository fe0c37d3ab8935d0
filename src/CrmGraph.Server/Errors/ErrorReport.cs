using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting;

namespace CrmGraph.Server.Errors;

/// <summary>Writes to the log what is wrong with the server: clients see only an id of it, or that it is so.</summary>
public static class ErrorReport
{
    public static Action<UnexpectedError> To(ILoggerFactory logs)
    {
        var log = logs.CreateLogger("CrmGraph.GraphQL");
        return error => log.LogError(error.Exception, "{Coordinate} failed; the client was told the id {Id}", error.Coordinate, error.Id);
    }

    public static Func<Exception, GraphQLError?> Explaining(ILoggerFactory logs)
    {
        var log = logs.CreateLogger("CrmGraph.GraphQL");
        return exception =>
        {
            var error = CrmErrors.Explain(exception);
            if (error is not null)
                log.LogError("{Code}: {Message}", error.Code, error.Message);
            return error;
        };
    }
}
