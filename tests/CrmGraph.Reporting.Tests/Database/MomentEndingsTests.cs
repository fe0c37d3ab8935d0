using CrmGraph.Data.Database.Moments;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

public sealed class MomentEndingsTests
{
    private readonly MomentEndings _endings = new();

    [Fact]
    public async Task Nobody_waits_for_an_end_but_whoever_asks_for_all_of_them()
    {
        var (first, second) = (new Moment(), new Moment());
        _endings.Begin(first, NullLogger.Instance);
        _endings.Begin(second, NullLogger.Instance);
        var settled = _endings.SettledAsync();

        first.End.SetResult();
        Assert.False(settled.IsCompleted);
        second.End.SetResult();
        await settled;
        Assert.True(_endings.SettledAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task An_end_that_fails_is_logged_and_counts_as_an_end()
    {
        var (moment, log) = (new Moment(), new WarningList());
        _endings.Begin(moment, log);
        var settled = _endings.SettledAsync();

        moment.End.SetException(new InvalidOperationException("the connection is gone"));
        await settled;

        Assert.Equal("the connection is gone", Assert.Single(log.Warnings).Message);
    }

    [Fact]
    public void What_ends_at_once_has_ended_when_the_call_returns()
    {
        var moment = new Moment();
        moment.End.SetResult();
        _endings.Begin(moment, NullLogger.Instance);

        Assert.True(_endings.SettledAsync().IsCompletedSuccessfully);
    }

    private sealed class Moment : IAsyncDisposable
    {
        public TaskCompletionSource End { get; } = new();
        public ValueTask DisposeAsync() => new(End.Task);
    }

    private sealed class WarningList : ILogger
    {
        public List<Exception> Warnings { get; } = [];
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning && exception is not null)
                Warnings.Add(exception);
        }
    }
}
