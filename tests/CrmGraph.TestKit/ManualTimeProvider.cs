namespace CrmGraph.TestKit;

/// <summary>A clock that stands still until a test moves it. Timers fire, in order of their due time, while it is moved.</summary>
public sealed class ManualTimeProvider(DateTime utc) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTime now = DateTime.SpecifyKind(utc, DateTimeKind.Utc);

    /// <summary>2026-03-16 10:00 UTC, a Monday.</summary>
    public ManualTimeProvider() : this(new DateTime(2026, 3, 16, 10, 0, 0, DateTimeKind.Utc))
    {
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (gate)
            timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan time) => MoveTo(GetUtcNow().UtcDateTime + time);

    public void MoveTo(DateTime moment)
    {
        while (NextDue(moment) is { } timer)
            timer.Fire();
        lock (gate)
            now = DateTime.SpecifyKind(moment, DateTimeKind.Utc);
    }

    /// <summary>Sets the clock to the earliest timer due by then and returns that timer.</summary>
    private ManualTimer? NextDue(DateTime moment)
    {
        lock (gate)
        {
            var next = timers.Where(t => t.Due <= moment).MinBy(t => t.Due);
            if (next is not null && next.Due > now)
                now = next.Due.Value;
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, Action fire) : ITimer
    {
        private TimeSpan period;

        public DateTime? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.gate)
            {
                period = newPeriod;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.now + dueTime;
            }
            return true;
        }

        public void Fire()
        {
            lock (clock.gate)
                Due = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : Due + period;
            fire();
        }

        public void Dispose()
        {
            lock (clock.gate)
                clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
