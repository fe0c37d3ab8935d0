using System.Globalization;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Running;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Server.Access;
using CrmGraph.Server.Errors;
using CrmGraph.Server.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace CrmGraph.Server.Endpoints;

/// <summary>
/// <c>POST /import?map=NAME</c>: the body is the file (or the part <c>file</c> of a form, with a map of the caller's own in a part <c>map</c> and files to look up in as parts <c>lookup</c> before it).
/// It is imported as it comes; the answer is the report as JSON. Administrators only.
/// </summary>
public static class ImportEndpoint
{
    private const int RejectedByDefault = 100;
    private const int RejectedAtMost = 10_000;
    private const int NameCharacters = 255;
    private static readonly string[] Parameters = ["map", "dryRun", "rejected"];

    public static void MapImport(this IEndpointRouteBuilder endpoints) => endpoints.MapPost("/import", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var caller = await context.RequestServices.GetRequiredService<Authenticator>().FromRequestAsync(context, context.RequestAborted);
            if (caller.Role == Role.Administrator)
                await ImportAsync(context, caller);
            else
                await ErrorAnswer.WriteAsync(
                    context,
                    StatusCodes.Status403Forbidden,
                    ErrorCodes.NotAuthorized,
                    "Imports are for administrators; others write by mutations.");
        }
        catch (AccessRefusedException refusal)
        {
            await Authenticator.RefuseAsync(context, refusal);
        }
        catch (ImportException exception)
        {
            await ErrorAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, exception.Code, exception.Message);
        }
    }

    private static async Task ImportAsync(HttpContext context, Caller caller)
    {
        var query = context.Request.Query;
        // A slip here would write what was only to be looked at.
        if (query.Keys.FirstOrDefault(key => !Parameters.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new ImportException(ErrorCodes.InvalidArgument, $"There is no parameter '{unknown}'; there are {string.Join(", ", Parameters)}.");
        if (!bool.TryParse(query["dryRun"].FirstOrDefault() ?? "false", out var isDryRun))
            throw new ImportException(ErrorCodes.InvalidArgument, "'dryRun' is true or false.");
        if (!int.TryParse(
            query["rejected"].FirstOrDefault() ?? RejectedByDefault.ToString(CultureInfo.InvariantCulture),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var rejected) || rejected > RejectedAtMost)
            throw new ImportException(ErrorCodes.InvalidArgument, $"'rejected' is how many refused rows the answer holds, from 0 to {RejectedAtMost}.");
        // The file is read as it comes and never held, so it may be larger than other bodies.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        var (map, file, lookups) = await ReadRequestAsync(
            context.Request,
            context.RequestServices.GetRequiredService<LateRequests>().BodyOf(context).AsStream(),
            context.RequestAborted);
        using var end = new EarlyEnd(context.RequestAborted);
        var writer = context.RequestServices.GetRequiredService<CrmWriter>();
        await using var trial = writer.Try();
        await using var writes = writer.ForImport();
        var importer = new Importer(
            isDryRun ? trial.WriteAsync : writes.WriteAsync, context.RequestServices.GetRequiredService<TimeProvider>(), ImportLimits.For(writer));
        var stored = context.RequestServices.GetRequiredService<IDbContextFactory<CrmDbContext>>();
        var report = await importer.RunAsync(
            map,
            [file],
            new ImportOptions
            {
                Caller = caller, RejectedInReport = rejected, IsDryRun = isDryRun, Lookups = lookups, Stored = stored, Writers = writer.AtOnce
            },
            end.Token);
        context.Response.StatusCode = report.Error?.Code switch
        {
            null => StatusCodes.Status200OK,
            ImportErrorCodes.StorageFull => StatusCodes.Status507InsufficientStorage,
            ErrorCodes.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status422UnprocessableEntity,
        };
        if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            ErrorAnswer.SayWhen(context.Response);
        await context.Response.WriteAsJsonAsync(report, ImportReportJson.Options, context.RequestAborted);
    }

    private static async Task<(ImportMap Map, ImportFile File, IReadOnlyList<ImportFile> Lookups)> ReadRequestAsync(
        HttpRequest request,
        Stream body,
        CancellationToken cancellationToken)
    {
        var name = request.Query["map"].FirstOrDefault();
        var map = string.IsNullOrEmpty(name) ? null : ReadyMaps.Load(name);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return (map ?? throw NoMap(), new ImportFile("body", () => body), []);

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary))
            throw new ImportException(ErrorCodes.InvalidRequest, "The form's Content-Type has no boundary.");
        var form = new MultipartReader(boundary, body);
        var lookups = new List<ImportFile>();
        var bytesLeft = new ImportLimits().LookupBytes;
        while (await NextAsync(form, cancellationToken) is { } section)
        {
            var part = section.GetContentDispositionHeader();
            if (part?.Name.Equals("map", StringComparison.Ordinal) == true)
                map = ImportMap.Parse(await ReadTextAsync(section.Body, cancellationToken), NameOf(part, "map"));
            else if (part?.Name.Equals("lookup", StringComparison.Ordinal) == true)
            {
                var bytes = await ReadLookupAsync(section.Body, bytesLeft, cancellationToken);
                bytesLeft -= bytes.Length;
                lookups.Add(new ImportFile(NameOf(part, "lookup"), () => new MemoryStream(bytes)));
            }
            else if (part?.Name.Equals("file", StringComparison.Ordinal) == true)
                return (map ?? throw NoMap(), new ImportFile(NameOf(part, "file"), () => section.Body), lookups);
        }
        throw new ImportException(ErrorCodes.InvalidRequest, "The form has no part 'file'.");
    }

    /// <summary>The name of the uploaded file, without the folders that some clients send along.</summary>
    private static string NameOf(ContentDispositionHeaderValue part, string otherwise)
    {
        var name = HeaderUtilities.RemoveQuotes(part.FileNameStar.HasValue ? part.FileNameStar : part.FileName).Value ?? "";
        name = name[(name.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        return name.Length is > 0 and <= NameCharacters ? name : otherwise;
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader form, CancellationToken cancellationToken)
    {
        try
        {
            return await form.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new ImportException(ErrorCodes.InvalidRequest, "The form cannot be read: " + exception.Message, exception);
        }
    }

    private static ImportException NoMap() =>
        new(
            ImportErrorCodes.MapUnknown,
            $"Which map? Say ?map=NAME with one of {string.Join(", ", ReadyMaps.Names)}, or send a form with a part 'map' (YAML) before the part 'file'.");

    private static async Task<byte[]> ReadLookupAsync(Stream body, int bytesAtMost, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (await ReadSomeAsync(body, buffer, cancellationToken) is > 0 and var count)
        {
            if (bytes.Length + count > bytesAtMost)
                throw new ImportException(ImportErrorCodes.LimitExceeded,
                    $"The files to look up in have more than {new ImportLimits().LookupBytes} bytes together. Send them as gzip, "
                    + "or join the files before the import.");
            bytes.Write(buffer, 0, count);
        }
        return bytes.ToArray();
    }

    private static async Task<int> ReadSomeAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new ImportException(ErrorCodes.InvalidRequest, "The form ends within a part 'lookup': " + exception.Message, exception);
        }
    }

    private static async Task<string> ReadTextAsync(Stream body, CancellationToken cancellationToken)
    {
        var limit = new ImportLimits().MapBytes;
        var bytes = new byte[limit + 1];
        var count = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return count <= limit
            ? Encoding.UTF8.GetString(bytes, 0, count)
            : throw new ImportException(ImportErrorCodes.MapInvalid, $"A map has at most {limit} bytes.");
    }
}
