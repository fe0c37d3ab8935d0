using System.Net.Mime;
using CrmGraph.Dashboard;
using CrmGraph.GraphQL;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Server.Access;
using CrmGraph.Server.Endpoints;
using CrmGraph.Server.Hosting;
using HttpProtocol = CrmGraph.GraphQL.Transport.HttpProtocol;

namespace CrmGraph.Server.Pages;

/// <summary>What the dashboard gets of the server: the entry to the graph, and who its visitors are.</summary>
internal static class DashboardPages
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<DemoLife>();
        services.AddSingleton(server => new DashboardPipeline(Host(server), server));
    }

    public static void Map(WebApplication app)
    {
        var pages = app.Services.GetRequiredService<DashboardPipeline>();
        app.Use(next => context => DashboardPipeline.Has(context.Request.Path) ? pages.HandleAsync(context) : next(context));
    }

    /// <summary>The page for a person in a browser whose address leads nowhere; null for programs.</summary>
    public static Task? Miss(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status404NotFound && HttpMethods.IsGet(context.Request.Method)
            && context.Request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase)
            ? context.RequestServices.GetRequiredService<DashboardPipeline>().MissAsync(context)
            : null;

    private static DashboardHost Host(IServiceProvider server)
    {
        var options = server.GetRequiredService<ServerOptions>();
        var authenticator = server.GetRequiredService<Authenticator>();
        var executor = server.GetRequiredService<RequestExecutor>();
        return new()
        {
            Door = new(new HttpProtocol(executor), server),
            Schema = executor.Schema,
            FindVisitor = (context, cancellationToken) => FindAsync(context, () => authenticator.FromRequestAsync(context, cancellationToken)),
            FindByKey = (key, context, cancellationToken) => FindAsync(context, () => authenticator.FromCredentialAsync(key, cancellationToken)),
            EndSession = session => server.GetRequiredService<OpenStreams>().EndSession(session),
            Issuer = IssuerOf(options.Jwt),
            Maps = ReadyMaps.Names,
            Errors = KnownErrors.All,
            Examples = options.Explorer ? ExampleOperations.All : null,
            Simulate = options.IsDevelopment ? () => server.GetRequiredService<DemoLife>().Start() : null,
            Circuits = options.DashboardPages,
        };

        async ValueTask<Visitor?> FindAsync(HttpContext context, Func<ValueTask<Caller>> find)
        {
            try
            {
                var caller = await find();
                // The language that was chosen for the pages, and not only that of the browser.
                var language = Language.Of(Preferences.LanguageOf(context.Request));
                var session = SignIn.SessionOf(context.Request);
                return new(server.GetRequiredService<CallerStates>().Of(caller, context, language), () => Open(caller, session));
            }
            catch (AccessRefusedException)
            {
                return null;
            }
        }

        Stay Open(Caller caller, string? session)
        {
            var stream = server.GetRequiredService<OpenStreams>().Open(caller, session);
            return new(stream, () => stream.Refusal is { Reason: RefusalReason.SignedOut }, stream.Ended);
        }
    }

    private static IssuerClient? IssuerOf(JwtOptions? jwt) => jwt is { ClientId: { } client, Authority: { } authority }
        ? new(new(authority), client, jwt.ClientSecret, jwt.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), jwt.Issuer, jwt.PublicUrl)
        : null;
}
