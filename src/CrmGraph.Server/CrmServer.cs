using CrmGraph.Data;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Live;
using CrmGraph.Server.Access;
using CrmGraph.Server.Endpoints;
using CrmGraph.Server.Errors;
using CrmGraph.Server.Hosting;
using CrmGraph.Server.Pages;

namespace CrmGraph.Server;

/// <summary>The server, put together: settings, services, database, pipeline. Nothing listens before the database is ready.</summary>
public sealed class CrmServer : IAsyncDisposable
{
    private CrmServer(WebApplication app, ServerOptions options) => (App, Options) = (app, options);

    public WebApplication App { get; }
    public ServerOptions Options { get; }

    /// <param name="configure">For tests: further services, which win over ours.</param>
    /// <exception cref="OptionsException">A setting that cannot be.</exception>
    public static async Task<CrmServer> CreateAsync(
        string[] args, Action<WebApplicationBuilder>? configure = null, CancellationToken cancellationToken = default)
    {
        // Settings beside the program, not in whatever folder it is started from.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = SwitchesAsPairs(args), ContentRootPath = AppContext.BaseDirectory });
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
            builder.WebHost.UseUrls(ServerOptions.DefaultUrl);
        configure?.Invoke(builder);
        var options = ServerOptions.From(builder.Configuration, builder.Environment.IsDevelopment());
        AddServices(builder, options);
        var app = builder.Build();
        try
        {
            // The schema is compiled while the database is made ready, and EF's model, which the calendar needs first, beside both.
            var schema = Task.Run(app.Services.GetRequiredService<Schema>, cancellationToken);
            await DatabaseStart.RunAsync(app.Services, options, cancellationToken);
            var calendar = Task.Run(() => ReportingCalendar.FillAsync(app.Services.GetRequiredService<DatabaseEngine>(), cancellationToken), cancellationToken);
            await Task.WhenAll(RefreshAsync(), calendar);
            MapPipeline(app);

            async Task RefreshAsync()
            {
                await schema;
                await SavedDefinitions.RefreshAsync(app.Services, cancellationToken);
            }
            return new(app, options);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private static void AddServices(WebApplicationBuilder builder, ServerOptions options)
    {
        // What the host itself fails with is said once, by Program, in one line.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            // It would tell a failed statement's text, and whoever sent the statement tells the failure.
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None)
            // While anybody could log there, the host makes an activity and a log scope for every request. It logs nothing that Safety does not.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The protocols count for themselves and answer with a code; what is too large for them Kestrel still drains, so that the client can read it.
            kestrel.Limits.MaxRequestBodySize = Math.Max(30_000_000, options.GraphQL.BodyBytes * 2L);
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.ConfigureEndpointDefaults(
                listen => listen.Use(next => connection => listen.ApplicationServices.GetRequiredService<LateRequests>().WatchAsync(connection, next)));
        });

        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.ShutdownSeconds));
        services.AddSingleton(options);
        services.AddSingleton(options.GraphQL);
        services.AddCrmDatabase(options.ConnectionString ?? EmbeddedDatabase.ConnectionStringIn(options.DataFolder));
        services.AddCrm(options.Crm);
        services.AddSingleton(s => new Authenticator(
            options,
            s.GetRequiredService<Callers>(),
            s.GetRequiredService<CallerCache>(),
            options.Jwt is null ? null : new TokenValidator(options.Jwt, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<TokenValidator>>()),
            s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => CrmSchema.Builder(options.GraphQL).Build());
        services.AddSingleton(s => new RequestExecutor(s.GetRequiredService<Schema>(), new()
        {
            Limits = options.GraphQL,
            TimeProvider = s.GetRequiredService<TimeProvider>(),
            Documents = options.Documents.Load(),
            Explain = ErrorReport.Explaining(s.GetRequiredService<ILoggerFactory>()),
            OnUnexpectedError = ErrorReport.To(s.GetRequiredService<ILoggerFactory>()),
            OnSlowOperation = SlowOperationLog.To(s.GetRequiredService<ILoggerFactory>()),
        }));
        services.AddSingleton<CostPolicies>();
        services.AddSingleton<SchemaText>();
        services.AddSingleton<CallerStates>();
        services.AddSingleton<GraphQLOverHttp>();
        services.AddSingleton<GraphQLOverWebSocket>();
        services.AddSingleton<GraphQLEndpoint>();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<LateRequests>();
        services.AddHostedService<RightsWatch>();
        if (options.Crm.Rollups)
            services.AddHostedService<RollupWorker>();
        if (options.Crm.ScoreSeconds > 0)
            services.AddHostedService<ScoreWorker>();
        AnswerCompression.Add(services);
        DashboardPages.Add(services);
        ServerTelemetry.Add(services, options.Telemetry);
    }

    private static void MapPipeline(WebApplication app)
    {
        app.UseMiddleware<Safety>();
        app.UseMiddleware<OriginGuard>();
        app.UseResponseCompression();
        // Before routing and all that only the other paths need. Made here, so that a setting or a schema that cannot be is found before anything listens.
        var graphQL = app.Services.GetRequiredService<GraphQLEndpoint>();
        app.UseWhen(IsHandshake, sockets => sockets.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero }));
        app.Use(next => context => GraphQLPath.IsAt(context.Request.Path) ? graphQL.HandleAsync(context) : next(context));
        ServerTelemetry.Map(app);
        DashboardPages.Map(app);
        app.UseStatusCodePages(status => DashboardPages.Miss(status.HttpContext) ?? ErrorAnswer.ForEmptyAsync(status));
        app.UseRouting();
        app.MapHealth();
        app.MapImport();
        app.MapSegmentExport();
        // Commits of this server are announced to others from the first one on, whether or not anybody watches here.
        app.Services.GetRequiredService<CommitAnnouncer>();
        // Whom a manager sees follows from the team.
        var callers = app.Services.GetRequiredService<CallerCache>();
        app.Services.GetRequiredService<CommitHub>().Subscribe(notice =>
        {
            if (notice.Tables.Contains("team_members") || notice.Tables.Contains("sales_teams"))
                callers.Clear();
        });
        var streams = app.Services.GetRequiredService<OpenStreams>();
        app.Lifetime.ApplicationStopping.Register(streams.EndAll);
    }

    // HTTP/1.1 upgrades, HTTP/2 connects (RFC 8441).
    private static bool IsHandshake(HttpContext context) => context.Request.Headers.ContainsKey("Upgrade") || HttpMethods.IsConnect(context.Request.Method);

    // `--demo` stands alone, but the command line's reader of the framework knows only pairs.
    private static string[] SwitchesAsPairs(string[] args) => [.. args.Select(a => a == "--demo" ? "--Demo=true" : a)];
}
