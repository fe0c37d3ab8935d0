using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// The line of this process's writers: SQLite has one lock for the whole file and lets whoever asks at the right moment have it. Who stands here holds no
/// thread, and comes to his turn in the order in which he came.
/// </summary>
internal sealed class SqliteWriters
{
    private SemaphoreSlim Turns { get; } = new(1);

    /// <summary>Dispose what is given back when the writing is over.</summary>
    /// <exception cref="SqliteException">The turn has not come for so long: the file is locked, as for whoever waits for another process.</exception>
    public async Task<IDisposable> EnterAsync(LockPatience patience, CancellationToken cancellationToken) =>
        await Turns.WaitAsync(patience.Left, cancellationToken)
            ? new Turn(Turns)
            : throw new SqliteException("The database's file is locked by other writers.", raw.SQLITE_BUSY);

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        private int isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0)
                turns.Release();
        }
    }
}

/// <summary>How long somebody goes on trying to get the file's lock from other processes, more and more seldom; meanwhile he holds no thread.</summary>
/// <param name="seconds">0 for as long as it takes.</param>
internal sealed class LockPatience(int seconds)
{
    private const int LongestPauseMilliseconds = 50;
    private readonly long began = Environment.TickCount64;
    private int pause = 1;

    public TimeSpan Left
        => seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, seconds * 1000L - (Environment.TickCount64 - began)));

    /// <summary>Whether a failure says that others hold the lock, and there is time left to try again.</summary>
    public bool Allows(SqliteException failure) => failure.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED && Left != TimeSpan.Zero;

    public Task PauseAsync(CancellationToken cancellationToken) =>
        Task.Delay(pause = Math.Min(pause * 2, LongestPauseMilliseconds), cancellationToken);
}
