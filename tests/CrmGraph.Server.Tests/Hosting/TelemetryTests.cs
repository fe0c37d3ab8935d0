using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CrmGraph.Server.Tests.Hosting;

/// <summary>What a server tells of itself: spans, measurements and its log. Never what somebody asked for by value.</summary>
public sealed partial class TelemetryTests
{
    private const string Secret = "Zweigelt";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_operation_is_one_span_with_its_stages_and_statements_below_it_and_no_values(DatabaseKind kind)
    {
        var name = "Watched" + Guid.NewGuid().ToString("N");
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("CrmGraph.", StringComparison.Ordinal) || source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await RunningServer.StartAsync(kind: kind);
        var query = $"query {name}($w: CustomerFilterInput) {{ customers(where: $w, first: 2) {{ totalCount nodes {{ name orders(first: 1) {{ nodes "
            + $"{{ number }} }} }} }} }}";
        await AskAsync(server, query);

        var operation = Assert.Single(spans, s => Equals(s.GetTagItem("graphql.operation.name"), name));
        Assert.Equal("query", operation.DisplayName);
        Assert.Equal("query", operation.GetTagItem("graphql.operation.type"));
        Assert.Equal("sha256:" + Hash(query), operation.GetTagItem("graphql.document.hash"));
        var trace = spans.Where(s => s.TraceId == operation.TraceId).ToList();
        foreach (var stage in new[] { "graphql.parse", "graphql.validate", "graphql.plan", "graphql.execute" })
            Assert.Single(trace, s => s.OperationName == stage);
        var execute = trace.Single(s => s.OperationName == "graphql.execute");
        Assert.Equal(operation.SpanId, execute.ParentSpanId);
        var statements = trace.Where(s => s.Source.Name == "CrmGraph.Database").ToList();
        Assert.NotEmpty(statements);
        Assert.All(statements, s =>
        {
            Assert.Equal(ActivityKind.Client, s.Kind);
            Assert.Equal(kind == DatabaseKind.Sqlite ? "sqlite" : "postgresql", s.GetTagItem("db.system.name"));
            Assert.NotNull(s.GetTagItem("db.operation.name"));
        });
        Assert.Contains(statements, s => s.DisplayName == "SELECT customers");
        Assert.All(trace, s => Assert.DoesNotContain(s.TagObjects, t => t.Value?.ToString()?.Contains(Secret, StringComparison.OrdinalIgnoreCase) == true));
    }

    [Fact]
    public async Task Errors_durations_and_live_queries_are_measured()
    {
        var measured = new ConcurrentQueue<(string Name, double Value, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name.StartsWith("CrmGraph.", StringComparison.Ordinal)) l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => measured.Enqueue((i.Name, v, Text(tags))));
        listener.SetMeasurementEventCallback<int>((i, v, tags, _) => measured.Enqueue((i.Name, v, Text(tags))));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => measured.Enqueue((i.Name, v, Text(tags))));
        listener.Start();
        await using var server = await RunningServer.StartAsync();
        await AskAsync(server, "query ($w: CustomerFilterInput) { customers(where: $w) { totalCount } }");
        await AskAsync(server, "query ($w: CustomerFilterInput) { customers(where: $w, first: -1) { totalCount } }");

        using var stop = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query = "subscription { metricsUpdated(period: {toDate: MONTH}) { totals { orders { value } } } }" })
        };
        request.Headers.Accept.ParseAdd("text/event-stream");
        using (var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token))
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(stop.Token));
            while (await reader.ReadLineAsync(stop.Token) is { } line && !line.StartsWith("data:", StringComparison.Ordinal))
            {
            }

            listener.RecordObservableInstruments();
        }

        Assert.Contains(
            measured,
            m => m.Name == "graphql.server.operation.duration" && m.Value > 0 && m.Tags.Contains("graphql.operation.type=query", StringComparison.Ordinal));
        Assert.Contains(measured, m => m is { Name: "graphql.server.operation.cost", Value: > 30 });
        Assert.Contains(measured, m => m.Name == "graphql.server.errors" && m.Tags.Contains("error.type=HC0079", StringComparison.Ordinal));
        Assert.Contains(measured, m => m.Name == "db.client.operation.duration" && m.Tags.Contains("db.collection.name=customers", StringComparison.Ordinal));
        Assert.Contains(measured, m => m is { Name: "graphql.server.subscriptions.active", Value: 1 });
        foreach (var name in new[] { "crmgraph.streams.open", "crmgraph.live.queries", "crmgraph.live.subscribers" })
            Assert.Contains(measured, m => m.Name == name && m.Value >= 1);
        Assert.All(measured, m => Assert.DoesNotContain(Secret, m.Tags));
    }

    [Fact]
    public async Task Those_who_wait_and_those_who_are_refused_are_measured()
    {
        var measured = new ConcurrentQueue<(string Name, long Value, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) => { if (instrument.Meter.Name == "CrmGraph.GraphQL") l.EnableMeasurementEvents(instrument); }
        };
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => measured.Enqueue((i.Name, v, Text(tags))));
        listener.Start();
        await using var server = await RunningServer.StartAsync(
            kind: DatabaseKind.Postgres,
            settings: ["--GraphQL:ConcurrentExecutions", "1", "--GraphQL:QueuedExecutions", "1"]);
        await using (var @lock = await Transport.TableLock.TakeAsync(server.Database))
        {
            var running = AskAsync(server, "query ($w: CustomerFilterInput) { customers(where: $w) { totalCount } }");
            await @lock.WaitForWaitersAsync(1);
            var others = new[] { server.Client.GetAsync("/graphql?query={__typename}"), server.Client.GetAsync("/graphql?query={__typename}") };
            using var refused = await await Task.WhenAny(others);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            await @lock.DisposeAsync();
            await running;
            await Task.WhenAll(others);
        }

        Assert.Contains(
            measured,
            m => m is { Name: "graphql.server.operations.refused", Value: 1 } && m.Tags.Contains("graphql.limit=QueuedExecutions", StringComparison.Ordinal));
        Assert.Equal(0, measured.Where(m => m.Name == "graphql.server.operations.queued").Sum(m => m.Value));
        Assert.Contains(measured, m => m is { Name: "graphql.server.operations.queued", Value: 1 });
    }

    [Fact]
    public async Task A_connection_that_fails_while_it_is_opened_has_an_id_in_its_closing_reason_and_in_the_log()
    {
        var log = new KeptLog();
        await using var server = await RunningServer.StartAsync("Production", configure: b => b.Logging.AddProvider(log));
        await using (var context = server.Database.Engine.CreateContext())
            await context.Database.ExecuteSqlRawAsync("drop table api_keys");
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/graphql" }.Uri, default);
        await socket.SendAsync(
            """{"type":"connection_init","payload":{"apiKey":"crm_0000000000000000000000000000000000000000000"}}"""u8.ToArray(),
            WebSocketMessageType.Text,
            true,
            default);
        await ReceiveAsync(socket);

        Assert.Equal(4500, (int)socket.CloseStatus!);
        var id = Id().Match(socket.CloseStatusDescription!);
        Assert.True(id.Success, socket.CloseStatusDescription);
        Assert.Single(log.Lines, l => l.Contains(id.Value, StringComparison.Ordinal) && l.Contains("connection_init", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collector_gets_traces_and_metrics_by_OTLP()
    {
        var received = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.Map("/{**path}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.AddOrUpdate(
                context.Request.Path,
                Encoding.Latin1.GetString(body.ToArray()),
                (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();
        var address = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        var server = await RunningServer.StartAsync(settings: ["--Telemetry:Otlp", address, "--Telemetry:Protocol", "http/protobuf"]);
        await AskAsync(server, "query Exported($w: CustomerFilterInput) { customers(where: $w) { totalCount } }");
        await server.Server.App.StopAsync();
        await server.DisposeAsync();

        Assert.Contains("Exported", received["/v1/traces"]);
        Assert.Contains("SELECT customers", received["/v1/traces"]);
        Assert.Contains("graphql.server.operation.duration", received["/v1/metrics"]);
        Assert.All(received.Values, body => Assert.DoesNotContain(Secret, body));
    }

    [Fact]
    public async Task Prometheus_reads_metrics_with_the_key_of_an_administrator_and_only_where_that_is_switched_on()
    {
        await using var closed = await RunningServer.StartAsync("Production");
        await using var open = await RunningServer.StartAsync("Production", ["--Telemetry:Prometheus", "true"]);
        async Task<(HttpStatusCode Status, string Text)> ReadAsync(RunningServer server, Role? role)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            if (role is { } of)
                request.Headers.Authorization = new("Bearer", (await server.CreateKeyAsync(of)).Secret);
            using var answer = await server.Client.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(closed, Role.Administrator)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ReadAsync(open, null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ReadAsync(open, Role.Viewer)).Status);
        var (status, text) = await ReadAsync(open, Role.Administrator);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("crmgraph_streams_open", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_operation_is_in_the_log_with_its_stages_and_its_caller_but_no_value()
    {
        var log = new KeptLog();
        await using var server = await RunningServer.StartAsync(
            "Production",
            ["--GraphQL:SlowOperationMilliseconds", "1"],
            configure: b => b.Logging.AddProvider(log));
        const string query = "query Slowly($w: CustomerFilterInput) { customers(where: $w) { totalCount nodes { name } } }";
        var key = await server.CreateKeyAsync(Role.Analyst);
        await AskAsync(server, query, key.Secret);

        var line = Assert.Single(log.Lines, l => l.Contains("Slow query", StringComparison.Ordinal));
        Assert.Contains($"Slowly (sha256:{Hash(query)}) of test Analyst: ", line);
        Assert.Matches(@"parse \d+\.\d, validate \d+\.\d, plan \d+\.\d, execute \d+\.\d; [1-9]\d* statements in \d+\.\d ms; errors: none", line);
        Assert.All(log.Lines, l => Assert.DoesNotContain(Secret, l));
        Assert.All(log.Lines, l => Assert.DoesNotContain(key.Secret, l));
    }

    [Fact]
    public async Task An_operation_that_is_not_slow_is_not_in_the_log()
    {
        var log = new KeptLog();
        await using var server = await RunningServer.StartAsync(
            settings: ["--GraphQL:SlowOperationMilliseconds", "600000"],
            configure: b => b.Logging.AddProvider(log));
        await AskAsync(server, "query ($w: CustomerFilterInput) { customers(where: $w) { totalCount nodes { name } } }");
        Assert.DoesNotContain(log.Lines, l => l.Contains("Slow", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_goes_wrong_here_has_one_id_in_the_answer_and_in_the_log_over_every_transport()
    {
        var log = new KeptLog();
        await using var server = await RunningServer.StartAsync(configure: b => b.Logging.AddProvider(log));
        const string failing = "{ __typename ...F } fragment F on Query { exchangeRates { totalCount } }";
        await using (var context = server.Database.Engine.CreateContext())
            await context.Database.ExecuteSqlRawAsync("drop table exchange_rates");

        using var posted = await server.Client.PostAsJsonAsync("/graphql", new { query = failing });
        var answers = new List<string> { await posted.Content.ReadAsStringAsync() };
        using var streamed = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = failing }) };
        streamed.Headers.Accept.ParseAdd("text/event-stream");
        using var events = await server.Client.SendAsync(streamed);
        answers.Add(await events.Content.ReadAsStringAsync());
        answers.Add(await OverSocketAsync(server, failing));

        Assert.Equal(3, answers.Select(IdIn).Distinct().Count());
        foreach (var id in answers.Select(IdIn))
            Assert.Single(log.Lines, l => l.Contains(id, StringComparison.Ordinal) && l.Contains("Query.exchangeRates", StringComparison.Ordinal));
        Assert.All(answers, a => Assert.DoesNotContain("exchange_rates", a));
        Assert.DoesNotContain(log.Lines, l => l.Contains("SELECT", StringComparison.Ordinal));
    }

    private static string IdIn(string answer)
    {
        Assert.Contains("INTERNAL_ERROR", answer);
        return Id().Match(answer) is { Success: true } found ? found.Value : throw new InvalidOperationException(answer);
    }

    private static async Task<string> OverSocketAsync(RunningServer server, string query)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/graphql" }.Uri, default);
        await socket.SendAsync("""{"type":"connection_init"}"""u8.ToArray(), WebSocketMessageType.Text, true, default);
        await ReceiveAsync(socket);
        await socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(new { type = "subscribe", id = "1", payload = new { query } }),
            WebSocketMessageType.Text,
            true,
            default);
        return await ReceiveAsync(socket);
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[65_536];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var received = await socket.ReceiveAsync(buffer, patience.Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static async Task AskAsync(RunningServer server, string query, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query, variables = new { w = new { name = new { contains = Secret } } } })
        };
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        using var answer = await server.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
            text.Append(name).Append('=').Append(value).Append(' ');
        return text.ToString();
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Id();

    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
