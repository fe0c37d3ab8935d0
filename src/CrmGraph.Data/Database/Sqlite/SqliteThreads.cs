namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// The threads on which SQLite's statements run: SQLite computes on the thread that calls it, and the pool's are there for those who wait. They are started when
/// they are wanted, never more than <paramref name="most"/>, and end when they idle; what finds none free waits in line. What awaits a statement goes on where
/// the statement ran, so that reading its rows needs no further change of threads. Thread-safe.
/// </summary>
internal sealed class SqliteThreads(int most)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    [ThreadStatic]
    private static bool isOne;

    private readonly object gate = new();
    private readonly Queue<Work> line = new();
    private int threads;
    private int idle;

    /// <summary>Whether the caller is on one of these threads already.</summary>
    public static bool IsCurrent => isOne;

    /// <summary>Runs it on one of the threads; at once when this is one. Whoever is cancelled while he stands in line has it not run at all.</summary>
    public Task<T> RunAsync<T>(Func<T> run, CancellationToken cancellationToken)
    {
        var work = new Work<T>(run, cancellationToken);
        if (isOne)
            work.Run();
        else
            Enqueue(work);
        return work.Task;
    }

    private void Enqueue(Work work)
    {
        lock (gate)
        {
            line.Enqueue(work);
            if (idle >= line.Count)
                Monitor.Pulse(gate);
            else if (threads < most)
            {
                threads++;
                new Thread(Serve) { IsBackground = true, Name = "sqlite" }.UnsafeStart();
            }
        }
    }

    private void Serve()
    {
        isOne = true;
        while (Next() is { } work)
            work.Run();
    }

    private Work? Next()
    {
        lock (gate)
        {
            idle++;
            while (line.Count == 0 && Monitor.Wait(gate, Idle))
            {
            }

            idle--;
            if (line.TryDequeue(out var work))
                return work;
            threads--;
            return null;
        }
    }

    private abstract class Work
    {
        public abstract void Run();
    }

    private sealed class Work<T> : Work
    {
        private readonly TaskCompletionSource<T> done = new();
        private readonly Func<T> run;
        private readonly CancellationTokenRegistration leaving;
        private int begun;

        public Work(Func<T> run, CancellationToken cancellationToken)
        {
            this.run = run;
            leaving = cancellationToken.UnsafeRegister(static (work, token) => ((Work<T>)work!).Leave(token), this);
        }

        public Task<T> Task => done.Task;

        public override void Run()
        {
            if (Interlocked.Exchange(ref begun, 1) != 0)
                return;
            leaving.Unregister();
            T result;
            try
            {
                result = run();
            }
            catch (OperationCanceledException e)
            {
                done.SetCanceled(e.CancellationToken);
                return;
            }
            catch (Exception e)
            {
                done.SetException(e);
                return;
            }

            done.SetResult(result);
        }

        private void Leave(CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref begun, 1) == 0)
                done.SetCanceled(cancellationToken);
        }
    }
}
