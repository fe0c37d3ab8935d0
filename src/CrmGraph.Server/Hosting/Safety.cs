using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting;
using CrmGraph.Server.Errors;

namespace CrmGraph.Server.Hosting;

/// <summary>What surrounds every request: headers that keep browsers careful, and an end for what nobody caught.</summary>
public sealed class Safety(RequestDelegate next, ILogger<Safety> log)
{
    // Everything of a page comes from here; it calls nothing else, and nothing may frame it. The dashboard's pages say their own.
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    // Data is no page: whoever opens an answer in a browser's window gets nothing that could run, load or be framed.
    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (GraphQLPath.IsAt(context.Request.Path))
            headers.ContentSecurityPolicy = DataPolicy;
        else
        {
            headers.ContentSecurityPolicy = PagePolicy;
            // Nothing for other sites. Without any, browsers would name no origin with a form either, and the guard would refuse it.
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }

        var connection = context.Features.Get<OpenConnection>();
        connection?.Begin();
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to tell.
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            var code = e.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorCodes.RequestTooLarge : ErrorCodes.InvalidRequest;
            await ErrorAnswer.WriteAsync(context, e.StatusCode, code, e.Message);
        }
        catch (Exception e) when (!context.Response.HasStarted && CrmErrors.Explain(e) is { Code: ErrorCodes.Unavailable or ErrorCodes.Timeout } away)
        {
            log.LogError("{Code}: {Message}", away.Code, e.Message);
            await ErrorAnswer.TryLaterAsync(context, away.Code!, away.Message);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var id = Guid.CreateVersion7().ToString("N")[20..];
            log.LogError(e, "Request {Method} {Path} failed; the client was told the id {Id}", context.Request.Method, context.Request.Path, id);
            await ErrorAnswer.WriteAsync(
                context,
                StatusCodes.Status500InternalServerError,
                ErrorCodes.Internal,
                $"Something went wrong here. The server's log has it under the id {id}.");
        }
        finally
        {
            connection?.End();
        }
    }
}
