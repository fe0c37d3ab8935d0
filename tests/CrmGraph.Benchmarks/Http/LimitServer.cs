using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CrmGraph.Benchmarks.Http;

/// <summary>
/// The limit: what one would write by hand for exactly these requests, with no GraphQL. It runs as a process of its own, like the server:
/// <c>limit-server PORT DATABASE AUTHORIZATION [OWNER...]</c>.
/// </summary>
internal static class LimitServer
{
    public static async Task RunAsync(string[] arguments)
    {
        var authorization = arguments[2];
        Guid[]? owners = arguments.Length > 3 ? [.. arguments[3..].Select(Guid.Parse)] : null;
        var settings = new NpgsqlConnectionStringBuilder(arguments[1])
        {
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 1,
            NoResetOnClose = true,
            Timezone = "UTC",
            Options = "-c jit=off"
        };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        var answers = new LimitAnswers(source, owners);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(int.Parse(arguments[0], CultureInfo.InvariantCulture));
        });
        await using var app = builder.Build();
        app.Run(context => HandleAsync(context, answers, authorization));
        await app.RunAsync();
    }

    private static async Task HandleAsync(HttpContext context, LimitAnswers answers, string authorization)
    {
        if (context.Request.Headers.Authorization != authorization)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var body = context.Request.BodyReader;
        var read = await body.ReadAsync();
        while (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync();
        }

        var request = LimitRequest.Read(read.Buffer);
        body.AdvanceTo(read.Buffer.End);
        var output = LimitOutput.Rent();
        await answers.WriteAsync(request, output.Json, context.RequestAborted);
        output.Json.Flush();
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = output.Buffer.WrittenCount;
        context.Response.BodyWriter.Write(output.Buffer.WrittenSpan);
        output.Return();
        await context.Response.BodyWriter.FlushAsync();
    }
}

/// <summary>A buffer and its writer, used again by later requests.</summary>
internal sealed class LimitOutput
{
    private static readonly System.Collections.Concurrent.ConcurrentBag<LimitOutput> Free = [];

    private LimitOutput() => Json = new(Buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public ArrayBufferWriter<byte> Buffer { get; } = new(4096);
    public Utf8JsonWriter Json { get; }

    public static LimitOutput Rent() => Free.TryTake(out var free) ? free : new();

    public void Return()
    {
        Buffer.ResetWrittenCount();
        Json.Reset();
        Free.Add(this);
    }
}
