using Microsoft.Extensions.Time.Testing;

namespace CrmGraph.TestKit;

/// <summary>A clock that stands still until a test moves it. Timers fire, in order of their due time, while it is moved.</summary>
public sealed class ManualTimeProvider(DateTime utc) : FakeTimeProvider(new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)))
{
    /// <summary>2026-03-16 10:00 UTC, a Monday.</summary>
    public ManualTimeProvider() : this(new DateTime(2026, 3, 16, 10, 0, 0, DateTimeKind.Utc))
    {
    }
}
