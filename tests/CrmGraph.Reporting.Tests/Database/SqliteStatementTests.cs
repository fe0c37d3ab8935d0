using System.Data.Common;
using System.Diagnostics;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Sqlite;
using CrmGraph.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

/// <summary>SQLite's statements end when nobody waits for them any more, hold none of the pool's threads, and writers stand in line without one.</summary>
public sealed class SqliteStatementTests
{
    private const string Numbers = "with recursive n(i) as (select 1 union all select i + 1 from n) select ";
    private const string Endless = Numbers + "count(*) from n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Ways => ["reader", "later row", "scalar", "nothing", "context", "write"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_running_statement_ends_when_its_token_says_so(string way)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var connection = await database.Engine.OpenConnectionAsync();
        using var end = new CancellationTokenSource();
        var running = Task.Run(() => RunEndlesslyAsync(way, database, connection, end.Token));
        await Task.Delay(100);
        Assert.False(running.IsCompleted);

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
        // The connection is as good as before, and no turn to write was left behind.
        Assert.Equal(1L, await ScalarAsync(connection, "select 1"));
        await using var transaction = await connection.BeginTransactionAsync();
        await transaction.CommitAsync();
    }

    private static async Task RunEndlesslyAsync(string way, TestDatabase database, DbConnection connection, CancellationToken end)
    {
        if (way == "context")
        {
            await using var context = database.CreateContext();
            await context.Database.SqlQueryRaw<long>(Endless).ToListAsync(end);
            return;
        }

        await using var command = connection.CreateCommand();
        command.CommandText = way switch
        {
            "later row" => Numbers + "i from n where i = 1 or i < 0",
            "write" => "update settings set currency = currency where 0 < (" + Endless + ")",
            _ => Endless,
        };
        if (way is "nothing" or "write")
            await command.ExecuteNonQueryAsync(end);
        else if (way == "scalar")
            await command.ExecuteScalarAsync(end);
        else
        {
            await using var reader = await command.ExecuteReaderAsync(end);
            Assert.True(await reader.ReadAsync(end));
            // Whoever did something else meanwhile comes back from another thread.
            await Task.Yield();
            await Task.Run(() => { }, CancellationToken.None);
            await reader.ReadAsync(end);
        }
    }

    [Fact]
    public async Task Statements_and_all_their_rows_run_on_threads_of_their_own()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var connection = await database.Engine.OpenConnectionAsync();
        ((SqliteConnection)connection).CreateFunction("on_pool", () => Thread.CurrentThread.IsThreadPoolThread ? 1 : 0, isDeterministic: false);
        await using var command = connection.CreateCommand();
        command.CommandText = "with recursive n(i) as (select 1 union all select i + 1 from n limit 4) select on_pool() from n";
        await Task.Run(async () =>
        {
            await using var reader = await command.ExecuteReaderAsync();
            for (var row = 0; await reader.ReadAsync(); row++)
            {
                Assert.Equal(0, reader.GetInt32(0));
                await Task.Run(() => { });
            }
        });
    }

    [Fact]
    public async Task More_statements_than_threads_wait_in_line_and_leave_it_when_nobody_waits_for_them()
    {
        var threads = new SqliteThreads(2);
        using var gate = new ManualResetEventSlim();
        var first = threads.RunAsync(() => gate.Wait(Patience), CancellationToken.None);
        var second = threads.RunAsync(() => gate.Wait(Patience), CancellationToken.None);
        var third = threads.RunAsync(() => 3, CancellationToken.None);
        using var gone = new CancellationTokenSource();
        var ran = false;
        var fourth = threads.RunAsync(() => ran = true, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fourth.WaitAsync(Patience));
        Assert.False(third.IsCompleted);
        gate.Set();
        Assert.True(await first.WaitAsync(Patience) && await second.WaitAsync(Patience));
        Assert.Equal(3, await third.WaitAsync(Patience));
        Assert.Equal(5, await threads.RunAsync(() => 5, CancellationToken.None).WaitAsync(Patience));
        Assert.False(ran);
    }

    [Fact]
    public async Task Writers_take_turns_in_the_order_in_which_they_came()
    {
        var writers = new SqliteWriters();
        var came = new List<int>();
        var held = await writers.EnterAsync(new(0), CancellationToken.None);
        var waiting = Enumerable.Range(0, 100).Select(WaitAsync).ToList();
        Assert.Empty(came);

        held.Dispose();
        await Task.WhenAll(waiting).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 100), came);

        async Task WaitAsync(int number)
        {
            using var turn = await writers.EnterAsync(new(0), CancellationToken.None);
            came.Add(number);
        }
    }

    [Fact]
    public async Task Any_number_of_writers_waits_and_readers_read_meanwhile()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var holder = await database.Engine.OpenConnectionAsync();
        var held = await holder.BeginTransactionAsync();
        var came = new List<int>();
        var writers = new List<Task>();
        // Far more than the pool and SQLite have threads.
        for (var i = 0; i < 100; i++)
            writers.Add(WriteAsync(i));

        await using (var reader = await database.Engine.OpenConnectionAsync())
            Assert.Equal(0L, await ScalarAsync(reader, "select count(*) from customers").WaitAsync(Patience));
        Assert.Empty(came);
        await held.DisposeAsync();

        await Task.WhenAll(writers).WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, 100), came.Order());

        async Task WriteAsync(int number)
        {
            await using var context = database.CreateContext();
            await using var transaction = await context.Database.BeginTransactionAsync();
            came.Add(number);
            await transaction.CommitAsync();
        }
    }

    [Fact]
    public async Task A_writer_waits_for_another_program_without_a_thread_and_writes_when_it_is_done()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var other = await LockAsync(database);
        var writers = Enumerable.Range(0, 100).Select(async _ =>
        {
            await using var connection = await database.Engine.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await transaction.CommitAsync();
        }).ToList();
        var saved = SaveOneAsync(database);

        await using (var reader = await database.Engine.OpenConnectionAsync())
            Assert.Equal(0L, await ScalarAsync(reader, "select count(*) from customers").WaitAsync(Patience));
        await Task.Delay(100);
        Assert.DoesNotContain(writers, w => w.IsCompleted);
        await other.DisposeAsync();

        await Task.WhenAll([.. writers, saved]).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_writer_whose_client_is_gone_leaves_the_line()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var other = await LockAsync(database);
        await using var connection = await database.Engine.OpenConnectionAsync();
        await using var next = await database.Engine.OpenConnectionAsync();
        using var gone = new CancellationTokenSource();
        var waiting = connection.BeginTransactionAsync(gone.Token).AsTask();
        var behind = next.BeginTransactionAsync().AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        await other.DisposeAsync();
        await (await behind.WaitAsync(Patience)).DisposeAsync();
    }

    [Fact]
    public async Task Whoever_waits_longer_than_his_patience_is_told_that_the_file_is_locked()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var other = await LockAsync(database);
        await using var connection = await database.Engine.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "delete from customers";
        command.CommandTimeout = 1;
        var began = Stopwatch.GetTimestamp();

        var failure = await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync().WaitAsync(Patience));

        Assert.True(DatabaseEngine.IsLocked(failure));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.9, 15);
    }

    private static async Task SaveOneAsync(TestDatabase database)
    {
        await using var context = database.CreateContext();
        await context.Database.ExecuteSqlRawAsync("update settings set currency = currency");
    }

    private static async Task<DbConnection> LockAsync(TestDatabase database)
    {
        var other = new SqliteConnection(database.ConnectionString + ";Pooling=False");
        await other.OpenAsync();
        await using var command = other.CreateCommand();
        command.CommandText = "begin immediate";
        await command.ExecuteNonQueryAsync();
        return other;
    }

    private static async Task<long> ScalarAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests write the text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
