using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Live;

/// <summary>One round of a worker: the families that it computes one after the other, each within a time limit and only while somebody watches it.</summary>
/// <param name="limit">Of each family.</param>
/// <param name="length">After which no further family is begun, so that those who became due meanwhile have their turn.</param>
public sealed class LiveRound<TKey, TValue>(TimeSpan limit, TimeSpan length, TimeProvider time, CancellationToken cancellationToken) where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly long _began = time.GetTimestamp();
    private long _turnBegan = time.GetTimestamp();
    private Turn? _turn;

    public required Action<TKey, TValue> Done { get; init; }
    /// <summary>A family has no value. Also told of those whose time was up, or whom nobody watches any more.</summary>
    public required Action<IReadOnlyList<TKey>, Exception> Failed { get; init; }
    public required Func<TKey, bool> IsWatched { get; init; }

    /// <summary>For what belongs to no family.</summary>
    public CancellationToken Stop { get; } = cancellationToken;

    public bool GoesOn => !Stop.IsCancellationRequested && time.GetElapsedTime(_began) < length;

    /// <summary>How long the family has been computed that has its turn.</summary>
    public TimeSpan Took => time.GetElapsedTime(_turnBegan);

    /// <summary>Starts the time of a family.</summary>
    public Turn Begin(IReadOnlyList<TKey> family)
    {
        var turn = new Turn(this, family, limit, time, Stop);
        _turnBegan = time.GetTimestamp();
        lock (_gate)
            _turn = turn;
        Left();
        return turn;
    }

    /// <summary>Somebody has gone: what nobody waits for is ended.</summary>
    public void Left()
    {
        var turn = Volatile.Read(ref _turn);
        if (turn is null || turn.Family.Any(IsWatched))
            return;
        lock (_gate)
        {
            // Callbacks of the token may wait for the database; not here.
            if (_turn == turn)
                _ = turn.CancelAsync();
        }
    }

    /// <summary>A family that is being computed.</summary>
    public sealed class Turn : IDisposable
    {
        private readonly LiveRound<TKey, TValue> _round;
        private readonly TimeProvider _time;
        private readonly CancellationTokenSource _clock;
        private readonly CancellationTokenSource _end;

        internal Turn(LiveRound<TKey, TValue> round, IReadOnlyList<TKey> family, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
        {
            (_round, Family, _time) = (round, family, time);
            _clock = new(limit, _time);
            _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _clock.Token);
        }

        public IReadOnlyList<TKey> Family { get; }
        public CancellationToken Token => _end.Token;
        public bool IsTimedOut => _clock.IsCancellationRequested;

        internal Task CancelAsync() => _end.CancelAsync();

        public void Dispose()
        {
            lock (_round._gate)
                _round._turn = null;
            _end.Dispose();
            _clock.Dispose();
        }
    }
}

/// <summary>A computation took longer than it may.</summary>
public sealed class LiveTimeoutException() : Exception("A live computation took longer than it may.")
{
    /// <summary>As subscribers are told of it; anything else as it is.</summary>
    internal static Exception Told(Exception e, LiveLimits limits) => e is LiveTimeoutException
        ? new GraphQLException(LiveErrorCodes.Timeout,
            $"These figures took longer than {limits.ComputationSeconds} s and are tried again later. Watch a shorter period, "
            + "fewer metrics or a simpler filter.")
        : e;
}
