using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Server.Access;

/// <summary>The request header <c>GraphQL-Explain: 1</c>, by which an administrator sees the statements of an operation and their plans, without values.</summary>
internal static class StatementExplanation
{
    public const string Header = "GraphQL-Explain";

    /// <summary>Why the header cannot be followed; null when it can, or is not there.</summary>
    public static (int Status, string Code, string Message)? Refusal(HttpRequest request, Caller caller) =>
        !request.Headers.TryGetValue(Header, out var given) ? null
        : given.ToString().Trim() != "1" ? (StatusCodes.Status400BadRequest, GraphQL.Errors.ErrorCodes.InvalidRequest, $"{Header} is `1` or left out.")
        : caller.Role != Role.Administrator
            ? (StatusCodes.Status403Forbidden, GraphQL.Errors.ErrorCodes.NotAuthorized, $"{Header} is for administrators: statements tell of tables.")
        : null;

    /// <summary>The state with a log of statements, where the request asks for one.</summary>
    public static RequestState With(RequestState state, HttpRequest request, DatabaseEngine engine) =>
        request.Headers.ContainsKey(Header) ? state.Set(new ExplainedStatements(engine.PlanOfAsync)) : state;
}
