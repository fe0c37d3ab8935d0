using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using Microsoft.AspNetCore.Diagnostics;
using HttpProtocol = CrmGraph.GraphQL.Transport.HttpProtocol;

namespace CrmGraph.Server.Errors;

/// <summary>An error of the host, in the shape that GraphQL clients read: <c>{"errors":[{"message":...,"extensions":{"code":...}}]}</c>.</summary>
public static class ErrorAnswer
{
    private const string ResponseType = "application/graphql-response+json";
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, int status, string code, string message, string? reason = null)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = Wants(context.Request, ResponseType) ? ResponseType + "; charset=utf-8" : "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(Body(code, message, reason, Language.Of(context.Request.Headers.AcceptLanguage)), context.RequestAborted);
    }

    /// <summary>Nothing is wrong with the request, but the server cannot take it now.</summary>
    public static Task TryLaterAsync(HttpContext context, string code, string message)
    {
        SayWhen(context.Response);
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, code, message);
    }

    public static void SayWhen(HttpResponse response) => response.Headers.RetryAfter = HttpProtocol.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>For answers that would otherwise be a bare status: no such path, a method that the path does not have.</summary>
    public static Task ForEmptyAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        return http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => WriteAsync(
                http,
                StatusCodes.Status404NotFound,
                "NOT_FOUND",
                "There is nothing here. The API is at /graphql, the start page at /."),
            StatusCodes.Status405MethodNotAllowed => WriteAsync(
                http,
                StatusCodes.Status405MethodNotAllowed,
                ErrorCodes.MethodNotAllowed,
                $"{http.Request.Path} takes {http.Response.Headers.Allow}."),
            _ => Task.CompletedTask,
        };
    }

    public static byte[] Body(string code, string message, string? reason, Language language)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            json.WriteStartArray("errors");
            json.WriteStartObject();
            json.WriteString("message", message);
            json.WriteStartObject("extensions");
            json.WriteString("code", code);
            if (ErrorTexts.Of(language)?.Of(code) is { } label)
                json.WriteString("codeLabel", label);
            if (reason is not null)
                json.WriteString("reason", reason);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static bool Wants(HttpRequest request, string type) => request.Headers.Accept.ToString().Contains(type, StringComparison.OrdinalIgnoreCase);
}
