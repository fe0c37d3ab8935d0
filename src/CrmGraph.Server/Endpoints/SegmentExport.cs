using System.IO.Pipelines;
using CrmGraph.Dashboard;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Running;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Exports;
using CrmGraph.Reporting.Segments;
using CrmGraph.Server.Access;
using CrmGraph.Server.Errors;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CrmGraph.Server.Endpoints;

/// <summary>
/// <c>GET /segments/{key}/members?format=csv|ndjson&amp;fields=id,name</c>: all members that the caller may see, as of one moment. They are read
/// whole before they are sent, into a temporary file when they are many: whoever reads slowly holds no connection to the database. What breaks off can be told
/// from what is whole: the connection is cut, so that the body lacks its last chunk, and NDJSON its last line too.
/// </summary>
public static class SegmentExport
{
    // As in an operation (docs/costs.md): a statement with a segment in it, and 1 for each customer.
    private const double Statement = 510, Member = 1;
    private const int BytesInMemory = 1_048_576;

    public static void MapSegmentExport(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/segments/{key}/members", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context, string key)
    {
        try
        {
            var caller = await context.RequestServices.GetRequiredService<Authenticator>().FromRequestAsync(context, context.RequestAborted);
            await ExportAsync(context, key, caller);
        }
        catch (AccessRefusedException refusal)
        {
            await Authenticator.RefuseAsync(context, refusal);
        }
        catch (GraphQLException e) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, e.Error);
        }
    }

    private static async Task ExportAsync(HttpContext context, string key, Caller caller)
    {
        var segments = context.RequestServices.GetRequiredService<SegmentMembers>();
        var (name, format) = FormatOf(context.Request);
        var fields = FieldsOf(context.Request, segments);
        var bucket = context.RequestServices.GetRequiredService<CostPolicies>().Of(caller, context).Bucket;
        if (bucket?.Take(Statement, out var left) is > 0 and var seconds)
        {
            CostPolicies.Tell(context.Response, new(new(Statement, 0), left, false) { RetryAfterSeconds = seconds });
            await ErrorAnswer.WriteAsync(context, StatusCodes.Status429TooManyRequests, ErrorCodes.Throttled,
                $"An export costs {Statement} and more, and {Math.Floor(Math.Max(0, left.Available))} of your allowance is left. "
                + $"Ask again in {Math.Ceiling(seconds)} s.");
            return;
        }

        using var place = context.RequestServices.GetRequiredService<ExportPlaces>().Enter(CostPolicies.Key(caller, context));
        // A key that is revoked, or a server that stops, ends an export like any other stream.
        using var stream = context.RequestServices.GetRequiredService<OpenStreams>().Open(caller, SignIn.SessionOf(context.Request));
        using var end = new EarlyEnd(context.RequestAborted, stream.Ended);
        var room = context.RequestServices.GetRequiredService<CrmLimits>().ExportBytes;
        await using var whole = new FileBufferingWriteStream((int)Math.Min(BytesInMemory, room), room);
        if (!await TryReadAsync(context, new MemberExport(key, format, fields), caller, whole, bucket, end.Token))
        {
            await ErrorAnswer.WriteAsync(
                context,
                StatusCodes.Status404NotFound,
                SegmentCodes.NotFound,
                $"There is no segment \"{key}\"; list the `segments` in the graph to see which there are.");
            return;
        }

        Announce(context.Response, format.ContentType, $"{key}.{name}");
        try
        {
            await whole.DrainBufferAsync(context.Response.BodyWriter, end.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    /// <summary>Reads all rows, within the time and the room that there is; false when there is no such segment.</summary>
    private static async Task<bool> TryReadAsync(
        HttpContext context, MemberExport export, Caller caller, FileBufferingWriteStream whole, CostBucket? bucket, CancellationToken cancellationToken)
    {
        var limits = context.RequestServices.GetRequiredService<CrmLimits>();
        using var end = new EarlyEnd(TimeSpan.FromSeconds(limits.ExportSeconds), context.RequestServices.GetRequiredService<TimeProvider>(), cancellationToken);
        try
        {
            var segments = context.RequestServices.GetRequiredService<SegmentMembers>();
            if (await segments.OpenAsync(export.Key, export.Fields, caller, end.Token) is not { } members)
                return false;
            var output = PipeWriter.Create(whole, new StreamPipeWriterOptions(leaveOpen: true));
            await WriteAsync(output, export, members, bucket, end.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GraphQLException(ErrorCodes.Timeout, $"Reading the export took longer than {limits.ExportSeconds} seconds and was ended.");
        }
        // What the stream says of its limit. Without room in the temporary folder it is another failure, and ours.
        catch (IOException e) when (e.HResult == new IOException().HResult)
        {
            throw new GraphQLException(
                ExportErrorCodes.TooLarge,
                $"The export is larger than {limits.ExportBytes} bytes; name fewer fields, or export a smaller segment.");
        }
    }

    private static async Task WriteAsync(
        PipeWriter output, MemberExport export, IAsyncEnumerable<Customer> members, CostBucket? bucket, CancellationToken cancellationToken)
    {
        var fields = export.Fields;
        var table = export.Format.Open(output);
        table.Begin([.. fields.Select(f => new ExportColumn(f.Name))]);
        var values = new object?[fields.Count];
        await foreach (var member in members.WithCancellation(cancellationToken))
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = fields[i].Read(member);
            table.Row(values);
            bucket?.Charge(Member);
            await table.FlushWhenFullAsync(cancellationToken);
        }

        await table.EndAsync(cancellationToken);
        await output.CompleteAsync();
    }

    private static Task RefuseAsync(HttpContext context, GraphQLError error) => error.Code switch
    {
        ErrorCodes.Overloaded => ErrorAnswer.TryLaterAsync(context, error.Code, error.Message),
        ErrorCodes.InvalidArgument => ErrorAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, error.Code, error.Message),
        ExportErrorCodes.TooMany => ErrorAnswer.WriteAsync(context, StatusCodes.Status429TooManyRequests, error.Code, error.Message),
        ErrorCodes.Timeout => ErrorAnswer.WriteAsync(context, StatusCodes.Status500InternalServerError, error.Code, error.Message),
        _ => ErrorAnswer.WriteAsync(context, StatusCodes.Status422UnprocessableEntity, error.Code ?? ErrorCodes.InvalidRequest, error.Message),
    };

    private static void Announce(HttpResponse response, string contentType, string file)
    {
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store";
        // RFC 6266: an ASCII name, and the exact one by RFC 8187. A key that plain SQL wrote may hold anything.
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file);
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers["X-Accel-Buffering"] = "no";
    }

    private static (string Name, ExportFormat Format) FormatOf(HttpRequest request)
    {
        var name = request.Query["format"].FirstOrDefault() ?? (request.Headers.Accept.ToString().Contains("ndjson", StringComparison.OrdinalIgnoreCase)
            ? "ndjson"
            : "csv");
        return ExportFormats.All.TryGetValue(name, out var format)
            ? (name.ToLowerInvariant(), format)
            : throw new GraphQLException(ErrorCodes.InvalidArgument, $"There is no format \"{name}\"; there are {string.Join(", ", ExportFormats.All.Keys)}.");
    }

    private static IReadOnlyList<MemberField> FieldsOf(HttpRequest request, SegmentMembers segments)
    {
        if (!request.Query.TryGetValue("fields", out var given))
            return segments.Fields;
        var names = given.SelectMany(g => (g ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct().ToList();
        if (names.Count == 0)
            throw new GraphQLException(ErrorCodes.InvalidArgument, "`fields` names no field; leave it out for all of them.");
        return names.ConvertAll(name => segments.Fields.FirstOrDefault(f => f.Name == name)
            ?? throw new GraphQLException(
                ErrorCodes.InvalidArgument,
                $"A member has no field \"{name}\"; it has {string.Join(", ", segments.Fields.Select(f => f.Name))}."));
    }

    /// <summary>What is exported, and how.</summary>
    private sealed record MemberExport(string Key, ExportFormat Format, IReadOnlyList<MemberField> Fields);
}
