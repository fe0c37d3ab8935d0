namespace CrmGraph.Server.Tests;

/// <summary>A new folder that is gone when disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("crmgraph-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
