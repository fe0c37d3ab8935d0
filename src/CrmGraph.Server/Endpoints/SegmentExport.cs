using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Customers;
using CrmGraph.Reporting.Exports;
using CrmGraph.Reporting.Segments;
using CrmGraph.Server.Access;
using CrmGraph.Server.Hosting;
using Microsoft.Net.Http.Headers;

namespace CrmGraph.Server.Endpoints;

/// <summary>
/// <c>GET /segments/{key}/members?format=csv|ndjson&amp;fields=id,name</c>: all members that the caller may see, sent while they are read.
/// What breaks off can be told from what is whole: the connection is cut, so that the body lacks its last chunk, and NDJSON its last line too.
/// </summary>
public static class SegmentExport
{
    // As in an operation (docs/costs.md): a statement with a segment in it, and 1 for each customer.
    private const double Statement = 110, Member = 1;

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
            var status = e.Error.Code == ErrorCodes.InvalidArgument ? StatusCodes.Status400BadRequest : StatusCodes.Status422UnprocessableEntity;
            await ErrorAnswer.WriteAsync(context, status, e.Error.Code ?? ErrorCodes.InvalidRequest, e.Message);
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
            await ErrorAnswer.WriteAsync(context, StatusCodes.Status429TooManyRequests, ErrorCodes.Throttled, $"An export costs {Statement} and more, and {Math.Floor(Math.Max(0, left.Available))} of your allowance is left. Ask again in {Math.Ceiling(seconds)} s.");
            return;
        }

        // A key that is revoked, or a server that stops, ends an export like any other stream.
        using var stream = context.RequestServices.GetRequiredService<OpenStreams>().Open(caller);
        using var end = new EarlyEnd(context.RequestAborted, stream.Ended);
        if (await segments.OpenAsync(key, fields, caller, end.Token) is not { } members)
        {
            await ErrorAnswer.WriteAsync(context, StatusCodes.Status404NotFound, SegmentCodes.NotFound, $"There is no segment \"{key}\"; list the `segments` in the graph to see which there are.");
            return;
        }

        // The first row is read before anything is said: a query that fails still gets its error.
        await using var rows = members.GetAsyncEnumerator(end.Token);
        var more = await rows.MoveNextAsync();
        Announce(context.Response, format.ContentType, $"{key}.{name}");
        try
        {
            await WriteAsync(context.Response, format, fields, rows, more, bucket, end.Token);
        }
        catch (Exception e)
        {
            if (!context.RequestAborted.IsCancellationRequested)
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SegmentExport).FullName!).LogError(e, "The export of segment {Key} broke off", key);
            context.Abort();
        }
    }

    private static async Task WriteAsync(HttpResponse response, ExportFormat format, IReadOnlyList<MemberField> fields, IAsyncEnumerator<Customer> rows, bool more, CostBucket? bucket, CancellationToken cancellation)
    {
        var table = format.Open(response.BodyWriter);
        table.Begin([.. fields.Select(f => new ExportColumn(f.Name))]);
        var values = new object?[fields.Count];
        for (; more; more = await rows.MoveNextAsync())
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = fields[i].Read(rows.Current);
            table.Row(values);
            bucket?.Charge(Member);
            await table.FlushWhenFullAsync(cancellation);
        }

        await table.EndAsync(cancellation);
    }

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
        var name = request.Query["format"].FirstOrDefault() ?? (request.Headers.Accept.ToString().Contains("ndjson", StringComparison.OrdinalIgnoreCase) ? "ndjson" : "csv");
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
            ?? throw new GraphQLException(ErrorCodes.InvalidArgument, $"A member has no field \"{name}\"; it has {string.Join(", ", segments.Fields.Select(f => f.Name))}."));
    }
}
