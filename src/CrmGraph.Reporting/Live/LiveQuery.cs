namespace CrmGraph.Reporting.Live;

/// <summary>A query that somebody watches, and when it is computed next. Guarded by its scheduler's lock.</summary>
internal sealed class LiveQuery<TKey, TValue> where TKey : notnull where TValue : class
{
    public LiveQuery(TKey key, LiveWorker<TKey, TValue> worker)
    {
        (Key, Worker) = (key, worker);
        (Family, Kind, Caller) = (worker.Computation.FamilyOf(key), worker.Computation.KindOf(key), worker.Computation.CallerOf(key));
        worker.Add(this);
    }

    public TKey Key { get; }
    public LiveWorker<TKey, TValue> Worker { get; private set; }
    public object Family { get; }
    public object Kind { get; }
    public object Caller { get; }
    public TValue? Value { get; set; }
    /// <summary>Why there is no value; null while there is one, or it is only not yet computed.</summary>
    public TValue? Trouble { get; set; }
    public bool Due { get; private set; }
    public DateTimeOffset DueSince { get; private set; }
    public bool Running { get; set; }
    public DateTimeOffset StartedAt { get; private set; }
    public DateTimeOffset NotBefore { get; set; }
    public DateTimeOffset? RolloverAt { get; set; }
    public int Failures { get; set; }
    /// <summary>Whether the last computation was slow.</summary>
    public bool IsSlow { get; set; }
    /// <summary>Whether the next computation is paid; the first is with the subscription.</summary>
    public bool IsPaid { get; set; } = true;
    public HashSet<LiveSubscriber<TValue>> Subscribers { get; } = [];
    /// <summary>Subscribers without a first value.</summary>
    public HashSet<LiveSubscriber<TValue>> Waiting { get; } = [];

    public void MakeDue(DateTimeOffset now)
    {
        if (!Due)
            DueSince = now;
        Due = true;
    }

    public void Start(DateTimeOffset now, TimeSpan interval)
    {
        Due = false;
        Running = true;
        StartedAt = now;
        NotBefore = now + interval;
    }

    /// <summary>A value is there. What changed meanwhile is united in the next one, the later the longer this one took.</summary>
    /// <param name="took">By itself, without those before it in the round.</param>
    public void Finished(DateTimeOffset now, TimeSpan took, LiveLimits limits)
    {
        Running = IsPaid = false;
        Failures = 0;
        var pause = Math.Min(took.TotalMilliseconds * 3, limits.MaximumIntervalMilliseconds);
        if (now + TimeSpan.FromMilliseconds(pause) is var later && later > NotBefore)
            NotBefore = later;
    }

    /// <summary>It was not its turn.</summary>
    public void PutBack(DateTimeOffset now)
    {
        Running = false;
        Due = true;
        NotBefore = now;
    }

    public void Failed(DateTimeOffset now, double retryMilliseconds)
    {
        MakeDue(now);
        NotBefore = now + TimeSpan.FromMilliseconds(retryMilliseconds * Math.Pow(2, Math.Min(Failures++, 5)));
    }

    public void MoveTo(LiveWorker<TKey, TValue> worker)
    {
        Worker.Remove(this);
        Worker = worker;
        worker.Add(this);
        IsSlow = true;
    }

    /// <summary>Has one of the subscribers pay; zero when one could, or the seconds until one can.</summary>
    public double Pay()
    {
        if (IsPaid)
            return 0;
        var wait = double.MaxValue;
        foreach (var subscriber in Subscribers)
        {
            wait = Math.Min(wait, subscriber.Pay?.Invoke() ?? 0);
            if (wait == 0)
                break;
        }

        IsPaid = wait == 0;
        return wait;
    }

    public void Tell(TValue value, bool toAll)
    {
        var woken = new List<Mailbox<TValue>>();
        foreach (var subscriber in toAll ? Subscribers : Waiting)
            if (subscriber.Mailbox.Put(value))
                woken.Add(subscriber.Mailbox);
        Delivery<TValue>.Start(woken);
    }
}

/// <summary>Who reads the values of a query, the newest first.</summary>
/// <param name="pay">Pays a computation, or says after how many seconds that could be done; null for whom it costs nothing.</param>
internal sealed class LiveSubscriber<TValue>(Func<double>? pay) where TValue : class
{
    public Func<double>? Pay { get; } = pay;
    public Mailbox<TValue> Mailbox { get; } = new();
}
