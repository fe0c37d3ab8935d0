using CrmGraph.Data.Database;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Tools;

/// <summary>The database of a command, or, for a dry run where there is none, an empty one that goes away with it.</summary>
internal sealed class OpenDatabase : IAsyncDisposable
{
    private readonly DirectoryInfo? _folder;

    private OpenDatabase(ServiceProvider services, DirectoryInfo? folder) => (Services, _folder) = (services, folder);

    public ServiceProvider Services { get; }
    public bool IsEmptyOne => _folder is not null;

    public static async Task<OpenDatabase> ForAsync(string? connection, bool isDryRun, CancellationToken cancellationToken)
    {
        if (!isDryRun || await Database.IsMadeAsync(connection))
            return new(await Database.OpenAsync(connection, cancellationToken), null);
        var folder = Directory.CreateTempSubdirectory("crmgraph-");
        return new(await Database.OpenAsync(EmbeddedDatabase.ConnectionStringIn(folder.FullName), cancellationToken), folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        _folder?.Delete(recursive: true);
    }
}
