using CrmGraph.TestKit;
using Npgsql;
using Xunit;

namespace CrmGraph.Server.Tests.Transport;

/// <summary>A table, locked until disposed: statements that read it take as long as the test wants.</summary>
internal sealed class TableLock(NpgsqlDataSource source, NpgsqlConnection connection) : IAsyncDisposable
{
    private bool _disposed;

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public static async Task<TableLock> TakeAsync(TestDatabase database, string table = "customers")
    {
        var source = NpgsqlDataSource.Create(database.ConnectionString);
        var connection = await source.OpenConnectionAsync();
#pragma warning disable CA2100 // The tests write the name.
        await using var command = new NpgsqlCommand($"begin; lock table {table} in access exclusive mode", connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
        return new(source, connection);
    }

    public Task WaitForWaitersAsync(int count) => WaitUntilAsync(async () =>
    {
        await using var command = source.CreateCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and wait_event_type = 'Lock'");
        return (long)(await command.ExecuteScalarAsync())! == count;
    }, $"{count} statements that wait for the lock");

    public static async Task WaitUntilAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"{what} did not come");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await using (var command = new NpgsqlCommand("rollback", connection))
            await command.ExecuteNonQueryAsync();
        await connection.DisposeAsync();
        await source.DisposeAsync();
    }
}
