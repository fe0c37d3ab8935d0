using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.Reporting;
using CrmGraph.Server.Hosting;

namespace CrmGraph.Server;

/// <summary>
/// Every setting of the server. A setting <c>A:B</c> is given as <c>--A:B value</c> on the command line, as <c>A__B</c> in the environment, or in
/// an <c>appsettings.json</c> beside the program, the first of these winning.
/// </summary>
public sealed record ServerOptions
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary><c>ConnectionStrings:Crm</c>. <c>Data Source=FILE</c> is SQLite, <c>Host=...</c> is PostgreSQL. Without it an embedded SQLite file in <see cref="DataFolder"/>.</summary>
    public string? ConnectionString { get; init; }

    /// <summary><c>--demo</c>, or <c>Demo=true</c>: fill an empty database with the demo company. The embedded file is filled without it.</summary>
    public bool Demo { get; init; }

    /// <summary><c>DataFolder</c>: where the embedded database file lies. By default <c>crmgraph</c> in the user's folder for application data.</summary>
    public required string DataFolder { get; init; }

    /// <summary><c>Cors:Origins</c>: the front ends that may call from a browser, as <c>https://host[:port]</c>; several as <c>Cors:Origins:0</c>, <c>:1</c>, or separated by commas.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary><c>Jwt:*</c>: the issuer whose tokens are taken beside API keys; null when neither authority nor keys are given.</summary>
    public JwtOptions? Jwt { get; init; }

    /// <summary><c>ShutdownSeconds</c>: how long running requests may go on after the server was told to stop.</summary>
    public int ShutdownSeconds { get; init; } = 10;

    /// <summary><c>WebSocketConnections</c>: WebSockets open at once; one more is refused.</summary>
    public int WebSocketConnections { get; init; } = 10_000;

    /// <summary><c>Documents:*</c>: the documents that clients may name instead of sending them.</summary>
    public DocumentOptions Documents { get; init; } = new();

    /// <summary><c>GraphQL:*</c>: the limits of the engine.</summary>
    public GraphQLLimits GraphQL { get; init; } = new();

    /// <summary><c>Crm:*</c>: the limits of the product.</summary>
    public CrmLimits Crm { get; init; } = new();

    /// <summary><c>Roles:*</c>: what holds for single roles, where it differs from what holds for all.</summary>
    public IReadOnlyDictionary<Role, RoleLimits> Roles { get; init; } = RoleLimits.From(new ConfigurationBuilder().Build().GetSection("Roles"), new());

    public RoleLimits LimitsOf(Role role) => Roles[role];

    /// <summary>Whether callers of a role may learn the schema from the server.</summary>
    public bool ShowsSchemaTo(Role role) => IsDevelopment || LimitsOf(role).Introspection;

    /// <summary><c>Explorer</c>: whether the dashboard has its explorer. By default only in Development.</summary>
    public bool Explorer { get; init; }

    /// <summary><c>DashboardPages</c>: pages of the dashboard that are open at once; one more shows no figures.</summary>
    public int DashboardPages { get; init; } = 200;

    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>The environment is Development: no key is needed on loopback, and loopback origins may call.</summary>
    public bool IsDevelopment { get; init; }

    public bool IsEmbedded => ConnectionString is null;

    public string EmbeddedFile => EmbeddedDatabase.FileIn(DataFolder);

    /// <exception cref="OptionsException">A setting that cannot be, with what would be right.</exception>
    public static ServerOptions From(IConfiguration configuration, bool isDevelopment)
    {
        var connection = configuration.GetConnectionString("Crm");
        var graphQL = Settings.Read<GraphQLLimits>(configuration.GetSection("GraphQL"));
        graphQL = graphQL with { PageSize = Math.Min(graphQL.PageSize, graphQL.PageSizeMaximum) };
        return new()
        {
            ConnectionString = string.IsNullOrWhiteSpace(connection) ? null : connection,
            Demo = Settings.Switch(configuration, "Demo", false),
            DataFolder = configuration["DataFolder"] is { Length: > 0 } folder ? Path.GetFullPath(folder) : EmbeddedDatabase.DefaultFolder,
            CorsOrigins = Origins(configuration),
            Jwt = JwtOptions.From(configuration.GetSection("Jwt")),
            ShutdownSeconds = Settings.Number(configuration, "ShutdownSeconds", 10, 0, GraphQLLimits.LongestSeconds),
            WebSocketConnections = Settings.Number(configuration, "WebSocketConnections", 10_000, 0),
            Documents = Settings.Read<DocumentOptions>(configuration.GetSection("Documents")),
            GraphQL = graphQL,
            Roles = RoleLimits.From(configuration.GetSection("Roles"), graphQL),
            Crm = Settings.Read<CrmLimits>(configuration.GetSection("Crm")),
            Telemetry = TelemetryOptions.From(configuration),
            IsDevelopment = isDevelopment,
            Explorer = Settings.Switch(configuration, "Explorer", isDevelopment),
            DashboardPages = Settings.Number(configuration, "DashboardPages", 200, 0),
        };
    }

    private static List<string> Origins(IConfiguration configuration)
    {
        var section = configuration.GetSection("Cors:Origins");
        var given = (section.Get<string[]>() ?? []).Append(section.Value ?? "")
            .SelectMany(o => o.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Distinct();
        return [.. given.Select(Origin)];
    }

    private static string Origin(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != "http" && uri.Scheme != "https") || uri.PathAndQuery != "/"
            || text.Contains('*'))
            throw new OptionsException(
                $"Cors:Origins holds '{text}', which is no origin. Write each front end as https://host or https://host:port; there is no wildcard.");
        return uri.GetLeftPart(UriPartial.Authority).ToLowerInvariant();
    }
}

/// <summary>A setting is wrong. The server does not start, and says what would be right.</summary>
public sealed class OptionsException(string message) : Exception(message);
