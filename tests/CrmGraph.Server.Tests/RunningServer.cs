using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmGraph.Server.Tests;

/// <summary>The whole server on a real socket (127.0.0.1, a free port) and a database of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private RunningServer(TestDatabase database, CrmServer server)
    {
        _database = database;
        Server = server;
        var address = server.App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new Uri(address);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Address };
    }

    public CrmServer Server { get; }
    public Uri Address { get; }
    public HttpClient Client { get; }
    public TestDatabase Database => _database;

    public T Service<T>() where T : notnull => Server.App.Services.GetRequiredService<T>();

    /// <param name="environment">Development or Production.</param>
    /// <param name="settings">As on the command line: <c>"--Cors:Origins", "https://app.example"</c>.</param>
    public static async Task<RunningServer> StartAsync(
        string environment = "Development",
        string[]? settings = null,
        DatabaseKind kind = DatabaseKind.Sqlite,
        Action<WebApplicationBuilder>? configure = null)
    {
        var database = await TestDatabase.CreateAsync(kind);
        try
        {
            string[] args = ["--urls", "http://127.0.0.1:0", "--environment", environment, "--ConnectionStrings:Crm", database.ConnectionString, .. settings
                ?? []];
            var server = await CrmServer.CreateAsync(args, builder =>
            {
                builder.Logging.ClearProviders();
                configure?.Invoke(builder);
            });
            await server.App.StartAsync();
            return new(database, server);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async Task<NewApiKey> CreateKeyAsync(Role role, Guid? teamMember = null, DateTime? expiresAt = null) =>
        await Service<ApiKeys>().CreateAsync("test " + role, role, teamMember, expiresAt, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await _database.DisposeAsync();
    }
}
