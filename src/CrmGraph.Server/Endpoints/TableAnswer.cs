using System.Buffers;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Transport;
using CrmGraph.Reporting.Exports;
using CrmGraph.Server.Errors;

namespace CrmGraph.Server.Endpoints;

/// <summary>An answer as a table, for whoever accepts <c>text/csv</c> or <c>application/x-ndjson</c> first: the same operation under the same rights, prices and limits.</summary>
internal static class TableAnswer
{
    private const int MaximumDepth = 512;

    /// <summary>The format that a request asks for; null for JSON.</summary>
    public static ExportFormat? FormatOf(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return ExportFormats.All.Values.FirstOrDefault(f => accept.StartsWith(f.MediaType, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Data without errors as a table. Anything else is no table: it stays JSON, and its status says so.</summary>
    public static async Task WriteAsync(HttpContext context, HttpProtocolResponse answer, ExportFormat format)
    {
        var response = context.Response;
        var bytes = new ArrayBufferWriter<byte>();
        answer.WriteTo(bytes);
        using var json = JsonDocument.Parse(bytes.WrittenMemory, new() { MaxDepth = MaximumDepth });
        var ran = json.RootElement.TryGetProperty("data", out var data);
        if (answer.Errors.Count > 0 || !ran)
        {
            response.StatusCode = answer.StatusCode != StatusCodes.Status200OK
                ? answer.StatusCode
                : ran ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status400BadRequest;
            await response.Body.WriteAsync(bytes.WrittenMemory, context.RequestAborted);
            return;
        }

        AnswerTable table;
        try
        {
            table = new(data);
        }
        catch (GraphQLException e)
        {
            await ErrorAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, e.Error.Code!, e.Message);
            return;
        }

        response.ContentType = format.ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = "attachment";
        await table.WriteAsync(format.Open(response.BodyWriter), context.RequestAborted);
    }
}
