using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Live;

/// <summary>Codes of errors about live queries.</summary>
public static class LiveErrorCodes
{
    [ErrorCode(ErrorPlace.Field, 200, "the server watches as many live queries as it may", "try again later, or watch what others watch")]
    public const string Limit = "LIVE_LIMIT";
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "the figures of a live query took longer than `Crm:LiveComputationSeconds`; the stream goes on, and the server tries again later and later",
        "watch a shorter period, fewer metrics or a simpler filter")]
    public const string Timeout = "LIVE_TIMEOUT";
}
