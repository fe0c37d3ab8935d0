using Xunit;

namespace CrmGraph.Server.Tests;

/// <summary>One server in Development for the tests of a class that change nothing.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal RunningServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
