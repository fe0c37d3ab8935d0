using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Access;
using CrmGraph.Server.Access;
using CrmGraph.Server.Errors;

namespace CrmGraph.Server.Endpoints;

/// <summary><c>/graphql</c>: who asks is settled here, what is asked and how it is answered by the engine's protocols.</summary>
public sealed class GraphQLEndpoint(Authenticator authenticator, SchemaText schema, GraphQLOverHttp http, GraphQLOverWebSocket sockets, ServerOptions options)
{
    public Task HandleAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
            return sockets.ServeAsync(context);
        ValueTask<Caller> caller;
        try
        {
            caller = authenticator.FromRequestAsync(context, context.RequestAborted);
        }
        catch (AccessRefusedException refusal)
        {
            return Authenticator.RefuseAsync(context, refusal);
        }

        return caller.IsCompletedSuccessfully ? AnswerAsync(context, caller.Result) : AnswerAsync(context, caller);
    }

    private async Task AnswerAsync(HttpContext context, ValueTask<Caller> caller)
    {
        Caller known;
        try
        {
            known = await caller;
        }
        catch (AccessRefusedException refusal)
        {
            await Authenticator.RefuseAsync(context, refusal);
            return;
        }

        await AnswerAsync(context, known);
    }

    private Task AnswerAsync(HttpContext context, Caller caller) =>
        HttpMethods.IsGet(context.Request.Method) && context.Request.Query.ContainsKey("sdl")
            ? WriteSchemaAsync(context, caller)
            : http.ExecuteAsync(context, caller);

    private Task WriteSchemaAsync(HttpContext context, Caller caller) => options.ShowsSchemaTo(caller.Role)
        ? schema.WriteAsync(context)
        : ErrorAnswer.WriteAsync(
            context,
            StatusCodes.Status403Forbidden,
            ErrorCodes.IntrospectionNotAllowed,
            "The schema is not shown to this caller; ask whoever runs this server for it.");
}
