using CrmGraph.Dashboard.Components;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmGraph.Dashboard;

/// <summary>
/// The dashboard as a part of a server's pipeline. Its services are its own and made at the first visit: until then it costs neither start nor memory,
/// and its pages cannot ask for anything of the server but what <see cref="DashboardHost"/> lends.
/// </summary>
public sealed class DashboardPipeline(DashboardHost host, IServiceProvider server) : IAsyncDisposable
{
    private readonly Lazy<(ServiceProvider Services, RequestDelegate Run)> _made = new(() => Make(host, server));

    /// <summary>Whether a path is one of the dashboard's.</summary>
    public static bool Has(PathString path) => Routes.Has(path);

    public async Task HandleAsync(HttpContext context)
    {
        var (services, run) = _made.Value;
        var outer = context.RequestServices;
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            await run(context);
        }
        finally
        {
            context.RequestServices = outer;
        }
    }

    /// <summary>Tells a person in a browser that there is no such page; the status stays 404.</summary>
    public Task MissAsync(HttpContext context)
    {
        (context.Request.Path, context.Response.StatusCode) = (Routes.Missing, StatusCodes.Status200OK);
        Routes.SayNotFound(context);
        return HandleAsync(context);
    }

    public ValueTask DisposeAsync() => _made.IsValueCreated ? _made.Value.Services.DisposeAsync() : ValueTask.CompletedTask;

    private static (ServiceProvider Services, RequestDelegate Run) Make(DashboardHost host, IServiceProvider server)
    {
        var provider = Services(host, server).BuildServiceProvider();
        var app = new ApplicationBuilder(provider);
        app.UseMiddleware<Entry>();
        app.UseRouting();
        app.UseAntiforgery();
        app.UseEndpoints(endpoints =>
        {
            SignIn.Map(endpoints);
            Issuer.Map(endpoints, host.Issuer);
            Preferences.Map(endpoints);
            endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        });
        return (provider, app.Build());
    }

    private static ServiceCollection Services(DashboardHost host, IServiceProvider server)
    {
        var services = new ServiceCollection();
        services.AddSingleton(host);
        services.AddSingleton(server.GetRequiredService<ILoggerFactory>());
        services.AddSingleton(server.GetRequiredService<IConfiguration>());
        services.AddSingleton(server.GetRequiredService<IWebHostEnvironment>());
        services.AddSingleton<IHostEnvironment>(server.GetRequiredService<IWebHostEnvironment>());
        services.AddSingleton(server.GetRequiredService<IHostApplicationLifetime>());
        services.AddSingleton(server.GetRequiredService<TimeProvider>());
        services.AddSingleton(server.GetRequiredService<System.Diagnostics.DiagnosticListener>());
        services.AddLogging();
        services.AddRouting();
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            // Who was away longer gets the page anew.
            circuits.DisconnectedCircuitMaxRetained = Math.Min(100, host.Circuits);
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        });
        Issuer.Add(services, host.Issuer);
        // What a page carries from its first answer to its connection is only read by the process that wrote it.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        services.AddSingleton<CircuitCount>();
        services.AddSingleton<Renewals>();
        services.AddScoped<CircuitHandler>(s => s.GetRequiredService<CircuitCount>().Handler());
        services.AddScoped(s => PageIdentity.Of(s.GetRequiredService<AuthenticationStateProvider>()));
        services.AddScoped(s => s.GetRequiredService<PageIdentity>().Preferences);
        services.AddScoped<Figures>();
        services.AddScoped<Graph>();
        return services;
    }
}
