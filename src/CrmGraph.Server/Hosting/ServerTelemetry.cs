using System.Diagnostics.Metrics;
using CrmGraph.GraphQL.Diagnostics;
using CrmGraph.Reporting.Database;
using CrmGraph.Reporting.Live;
using CrmGraph.Server.Access;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CrmGraph.Server.Hosting;

/// <summary>
/// What the server itself measures, and the way out for all telemetry: to a collector by OTLP when one is named. Without it anybody may listen in the
/// process (dotnet-counters, dotnet-trace), and nothing is made for nobody.
/// </summary>
public sealed class ServerTelemetry : IHostedService, IDisposable
{
    public const string MeterName = "CrmGraph.Server";

    private readonly Meter _meter = new(MeterName);
    private readonly Uri? _collector;
    private readonly OtlpExportProtocol _protocol;
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public ServerTelemetry(ServerOptions options, OpenStreams streams, LiveMetrics live)
    {
        (_collector, _protocol) = (options.OtlpEndpoint, options.OtlpHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc);
        _meter.CreateObservableUpDownCounter("crmgraph.streams.open", () => streams.Count, "{stream}", "WebSocket connections and event streams that are open.");
        _meter.CreateObservableUpDownCounter("crmgraph.live.queries", () => live.Load.Queries, "{query}", "Different live queries that somebody watches.");
        _meter.CreateObservableUpDownCounter("crmgraph.live.subscribers", () => live.Load.Subscribers, "{subscriber}", "Subscribers of live queries.");
        _meter.CreateObservableUpDownCounter("crmgraph.live.computing", () => live.Load.Computing, "{computation}", "Live computations that run.");
        _meter.CreateObservableUpDownCounter("crmgraph.live.due", () => live.Load.Due, "{query}", "Live queries that wait for their computation.");
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_collector is null)
            return Task.CompletedTask;
        var resource = ResourceBuilder.CreateDefault().AddService("crmgraph", serviceVersion: typeof(ServerTelemetry).Assembly.GetName().Version?.ToString());
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource(EngineTelemetry.Name, StatementTelemetry.Name, "Microsoft.AspNetCore")
            .AddOtlpExporter(o => Configure(o, "traces")).Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(EngineTelemetry.Name, StatementTelemetry.Name, MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime")
            .AddOtlpExporter(o => Configure(o, "metrics")).Build();
        return Task.CompletedTask;
    }

    /// <summary>What is not sent yet is sent now, for a second at most: a collector that is away must not hold the stop up.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(() =>
    {
        _traces?.Shutdown(1_000);
        _metrics?.Shutdown(1_000);
    }, CancellationToken.None);

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        _meter.Dispose();
    }

    // By HTTP an endpoint that is set in code is taken as it is; the paths are OTLP's.
    private void Configure(OtlpExporterOptions options, string signal)
    {
        options.Protocol = _protocol;
        options.Endpoint = _protocol == OtlpExportProtocol.HttpProtobuf ? new Uri($"{_collector!.AbsoluteUri.TrimEnd('/')}/v1/{signal}") : _collector!;
    }
}
