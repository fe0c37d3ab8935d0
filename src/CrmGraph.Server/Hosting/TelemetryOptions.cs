using OpenTelemetry.Exporter;

namespace CrmGraph.Server.Hosting;

/// <summary>The section <c>Telemetry</c>: who may hear what the server measures.</summary>
public sealed record TelemetryOptions
{
    /// <summary><c>Telemetry:Otlp</c> (or <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>): where traces and metrics go; nowhere when left out.</summary>
    public Uri? Otlp { get; init; }

    /// <summary><c>Telemetry:Protocol</c> (or <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>): grpc or http/protobuf.</summary>
    public OtlpExportProtocol Protocol { get; init; }

    /// <summary><c>Telemetry:Prometheus</c>: whether <c>/metrics</c> answers.</summary>
    public bool Prometheus { get; init; }

    public static TelemetryOptions From(IConfiguration configuration) => new()
    {
        Otlp = Collector(configuration["Telemetry:Otlp"] ?? configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]),
        Protocol = (configuration["Telemetry:Protocol"] ?? configuration["OTEL_EXPORTER_OTLP_PROTOCOL"]) switch
        {
            null or "" or "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            var other => throw new OptionsException($"Telemetry:Protocol is '{other}'; it must be grpc or http/protobuf."),
        },
        Prometheus = Settings.Switch(configuration, "Telemetry:Prometheus", false),
    };

    private static Uri? Collector(string? text) => string.IsNullOrWhiteSpace(text) ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
        : throw new OptionsException($"Telemetry:Otlp is '{text}'; write the collector's address as http://host:4317.");
}
