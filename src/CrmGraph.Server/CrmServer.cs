using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Database;
using CrmGraph.Server.Access;
using CrmGraph.Server.Endpoints;
using CrmGraph.Server.Hosting;
using CrmGraph.Server.StartPage;

namespace CrmGraph.Server;

/// <summary>The server, put together: settings, services, database, pipeline. Nothing listens before the database is ready.</summary>
public sealed class CrmServer : IAsyncDisposable
{
    private CrmServer(WebApplication app, ServerOptions options) => (App, Options) = (app, options);

    public WebApplication App { get; }
    public ServerOptions Options { get; }

    /// <param name="configure">For tests: further services, which win over ours.</param>
    /// <exception cref="OptionsException">A setting that cannot be.</exception>
    public static async Task<CrmServer> CreateAsync(string[] args, Action<WebApplicationBuilder>? configure = null, CancellationToken cancellation = default)
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
            await DatabaseStart.RunAsync(app.Services, options, cancellation);
            MapPipeline(app, options);
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
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.GraphQL.BodyBytes;
            kestrel.Limits.MaxConcurrentUpgradedConnections = options.WebSocketConnections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });

        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.ShutdownSeconds));
        services.AddSingleton(options);
        services.AddSingleton(options.GraphQL);
        services.AddCrmDatabase(options.ConnectionString ?? EmbeddedDatabase.ConnectionStringIn(options.DataFolder));
        services.AddCrm(options.Crm);
        services.AddSingleton(s => new Authenticator(options, s.GetRequiredService<Callers>(), options.Jwt is null ? null : new TokenValidator(options.Jwt, s.GetRequiredService<TimeProvider>())));
        services.AddSingleton<OpenStreams>();
        services.AddHostedService<RightsWatch>();
    }

    private static void MapPipeline(WebApplication app, ServerOptions options)
    {
        app.UseMiddleware<Safety>();
        app.UseMiddleware<OriginGuard>();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        app.MapStartPage();
        app.MapHealth();
        app.MapImport();
        var streams = app.Services.GetRequiredService<OpenStreams>();
        app.Lifetime.ApplicationStopping.Register(streams.EndAll);
    }

    // `--demo` stands alone, but the command line's reader of the framework knows only pairs.
    private static string[] SwitchesAsPairs(string[] args) => [.. args.Select(a => a == "--demo" ? "--Demo=true" : a)];
}
