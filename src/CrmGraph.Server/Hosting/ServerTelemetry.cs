using System.Diagnostics.Metrics;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Diagnostics;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Live;
using CrmGraph.Reporting.Reports;
using CrmGraph.Server.Access;
using CrmGraph.Server.Errors;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CrmGraph.Server.Hosting;

/// <summary>
/// What the server itself measures, and the ways out for all telemetry: to a collector by OTLP when one is named, to Prometheus when it is switched on. Without
/// them anybody may listen in the process (dotnet-counters, dotnet-trace), and nothing is made for nobody.
/// </summary>
public sealed class ServerTelemetry : IHostedService, IDisposable
{
    public const string MeterName = "CrmGraph.Server";

    private readonly Meter _meter = new(MeterName);
    private readonly IServiceProvider _services;

    public ServerTelemetry(OpenStreams streams, LiveMetrics metrics, LiveReports reports, IServiceProvider services)
    {
        _services = services;
        _meter.CreateObservableUpDownCounter(
            "crmgraph.streams.open",
            () => streams.Count,
            "{stream}",
            "WebSocket connections and event streams that are open.");
        _meter.CreateObservableUpDownCounter("crmgraph.live.queries", () => Load().Queries, "{query}", "Different live queries that somebody watches.");
        _meter.CreateObservableUpDownCounter("crmgraph.live.subscribers", () => Load().Subscribers, "{subscriber}", "Subscribers of live queries.");
        _meter.CreateObservableUpDownCounter("crmgraph.live.computing", () => Load().Computing, "{computation}", "Live computations that run.");
        _meter.CreateObservableUpDownCounter("crmgraph.live.due", () => Load().Due, "{query}", "Live queries that wait for their computation.");

        LiveLoad Load() => metrics.Load + reports.Load;
    }

    public static void Add(IServiceCollection services, TelemetryOptions options)
    {
        services.AddHostedService<ServerTelemetry>();
        if (options is { Otlp: null, Prometheus: false })
            return;
        var telemetry = services.AddOpenTelemetry().ConfigureResource(r => r.AddService("crmgraph", serviceVersion: Announcement.Version));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(
                EngineTelemetry.Name,
                StatementTelemetry.Name,
                MeterName,
                "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel",
                "Npgsql",
                "System.Runtime");
            if (options.Otlp is { } collector)
                metrics.AddOtlpExporter(o => Configure(o, options.Protocol, collector, "metrics"));
            if (options.Prometheus)
                metrics.AddPrometheusExporter();
        });
        if (options.Otlp is { } endpoint)
            telemetry.WithTracing(traces => traces.AddSource(EngineTelemetry.Name, StatementTelemetry.Name, "Microsoft.AspNetCore")
                .AddOtlpExporter(o => Configure(o, options.Protocol, endpoint, "traces")));
    }

    /// <summary><c>/metrics</c>, for an administrator's key: how much is asked of a server, and what fails, is nobody else's business.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetRequiredService<ServerOptions>().Telemetry.Prometheus)
            app.UseWhen(context => context.Request.Path == "/metrics", metrics => metrics.Use(GuardAsync).UseOpenTelemetryPrometheusScrapingEndpoint());
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What is not sent yet is sent now, for a second at most: a collector that is away must not hold the stop up.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(() =>
    {
        _services.GetService<TracerProvider>()?.Shutdown(1_000);
        _services.GetService<MeterProvider>()?.Shutdown(1_000);
    }, CancellationToken.None);

    public void Dispose() => _meter.Dispose();

    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            var caller = await context.RequestServices.GetRequiredService<Authenticator>().FromRequestAsync(context, context.RequestAborted);
            if (caller.Role == Role.Administrator)
                await next(context);
            else
                await ErrorAnswer.WriteAsync(
                    context,
                    StatusCodes.Status403Forbidden,
                    ErrorCodes.NotAuthorized,
                    "Metrics of the server are for the key of an administrator.");
        }
        catch (AccessRefusedException refusal)
        {
            await Authenticator.RefuseAsync(context, refusal);
        }
    }

    // By HTTP an endpoint that is set in code is taken as it is; the paths are OTLP's.
    private static void Configure(OtlpExporterOptions options, OtlpExportProtocol protocol, Uri collector, string signal)
    {
        options.Protocol = protocol;
        options.Endpoint = protocol == OtlpExportProtocol.HttpProtobuf ? new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/v1/{signal}") : collector;
    }
}
