using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Admission;

/// <summary>Who asks, as far as the transports care: turns are given and subscriptions are counted by it. The host puts it into the request's state.</summary>
/// <param name="Id">Equal for requests of the same caller.</param>
public sealed record TransportCaller(object Id)
{
    internal static object Of(RequestState state) => state.Get<TransportCaller>()?.Id ?? "";
}
