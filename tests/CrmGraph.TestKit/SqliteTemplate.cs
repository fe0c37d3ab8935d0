using CrmGraph.Data.Database;

namespace CrmGraph.TestKit;

/// <summary>Migrated once per process; every test copies the file.</summary>
internal static class SqliteTemplate
{
    private static readonly Lazy<Task<byte[]>> Migrated = new(MigrateAsync);

    public static async Task<(string ConnectionString, Func<ValueTask> Drop)> CloneAsync()
    {
        var bytes = await Migrated.Value;
        var (connectionString, drop) = Empty(out var file);
        await File.WriteAllBytesAsync(file, bytes);
        return (connectionString, drop);
    }

    public static (string ConnectionString, Func<ValueTask> Drop) Empty() => Empty(out _);

    private static (string ConnectionString, Func<ValueTask> Drop) Empty(out string file)
    {
        var folder = Directory.CreateTempSubdirectory("crmgraph-test-").FullName;
        file = Path.Combine(folder, "crm.db");
        return ($"Data Source={file}", () =>
        {
            Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        }
        );
    }

    private static async Task<byte[]> MigrateAsync()
    {
        var (connectionString, drop) = Empty(out var file);
        await using (var engine = DatabaseEngine.Create(connectionString))
            await engine.MigrateAsync();
        // The last connection is closed: the write-ahead log is in the file.
        var bytes = await File.ReadAllBytesAsync(file);
        await drop();
        return bytes;
    }
}
