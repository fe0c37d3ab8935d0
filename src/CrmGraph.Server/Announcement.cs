using System.Diagnostics;
using System.Globalization;
using CrmGraph.Data.Database;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CrmGraph.Server;

/// <summary>What the server says when it is ready, and its help.</summary>
public static class Announcement
{
    public const string Help = """
        CrmGraph: CRM reporting data as a GraphQL API.

          --urls URL                       where it listens; http://127.0.0.1:5080 by default
          --ConnectionStrings:Crm TEXT     the database: 'Data Source=FILE' is SQLite, 'Host=...' is PostgreSQL; without it an embedded SQLite file
          --demo                           fill that database with the demo company when it is empty
          --DataFolder FOLDER              where the embedded file lies
          --Cors:Origins LIST              front ends that may call from a browser: https://app.example.com,https://other.example.com
          --Jwt:Authority URL --Jwt:Audience NAME
                                           take tokens of this OpenID Connect issuer beside API keys

        In the environment a setting A:B is A__B, as in ConnectionStrings__Crm. All settings: docs/running.md.
        """;

    private const string FirstQuery = """{"query":"{ customers(first: 3) { totalCount nodes { id name } } }"}""";

    /// <summary>As the changelog numbers it.</summary>
    public static string Version { get; } = typeof(Announcement).Assembly.GetName().Version!.ToString(3);

    public static string Of(CrmServer server)
    {
        var addresses = server.App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = addresses.FirstOrDefault(ServerOptions.DefaultUrl).TrimEnd('/');
        var engine = server.App.Services.GetRequiredService<DatabaseEngine>();
        var time = server.App.Services.GetRequiredService<TimeProvider>();
        using var process = Process.GetCurrentProcess();
        var seconds = (time.GetUtcNow() - process.StartTime.ToUniversalTime()).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var development = server.Options.IsDevelopment;
        var access = development
            ? "Development: on this machine no key means administrator; anyone else needs a key"
            : "every request needs a key: crmgraph keys create --name NAME --role ANALYST" + DatabaseOf(server.Options);
        return $"""
            CrmGraph {Version} is ready after {seconds} s.

              Listening   {string.Join(", ", addresses)}
              GraphQL     {address}/graphql   (schema: {address}/graphql?sdl)
              Database    {engine.Name} {engine.Location}
              Access      {access}

            Open {address}/ in a browser, or paste:

              curl -s {address}/graphql {(development ? "" : "-H 'authorization: Bearer KEY' ")}-H 'content-type: application/json' -d '{FirstQuery}'

            """;
    }

    /// <summary>The console finds by itself only the embedded file in its usual place.</summary>
    private static string DatabaseOf(ServerOptions options) => !options.IsEmbedded ? " --database CONNECTION"
        : options.DataFolder == EmbeddedDatabase.DefaultFolder ? "" : $" --database '{EmbeddedDatabase.ConnectionStringIn(options.DataFolder)}'";
}
