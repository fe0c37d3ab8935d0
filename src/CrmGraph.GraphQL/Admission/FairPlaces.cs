namespace CrmGraph.GraphQL.Admission;

/// <summary>Why somebody cannot even wait.</summary>
internal enum LineRefusal { None, Full, FullForCaller }

/// <summary>
/// Places that callers share: a caller has at most so many of them, and when they are all taken, those who wait get them in turns: one of this caller, one of
/// the next, whoever came first among the requests of each. However many one sends, another waits behind one of them. Thread-safe.
/// </summary>
internal sealed class FairPlaces(int places, int perCaller)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, CallerLine> _lines = [];
    // The lines that have somebody who may go in, in the order of their turns.
    private readonly Queue<CallerLine> _turns = new();
    private int _free = places;
    private int _waiting;

    /// <summary>Takes a place if there is one for this caller; then <see cref="Leave"/> is owed.</summary>
    public bool TryEnter(object caller)
    {
        lock (_lock)
        {
            var line = LineOf(caller);
            // Where a place is free nobody waits whom it could have.
            if (_free > 0 && line.Running < perCaller)
            {
                _free--;
                line.Running++;
                return true;
            }

            Forget(caller, line);
            return false;
        }
    }

    /// <summary>A task that ends when the turn has come, and then <see cref="Leave"/> is owed; or that is cancelled.</summary>
    public (Task? Turn, LineRefusal Refusal) Stand(object caller, int most, int mostOfCaller, CancellationToken cancellationToken)
    {
        if (TryEnter(caller))
            return (Task.CompletedTask, LineRefusal.None);
        var turn = new Turn();
        lock (_lock)
        {
            var line = LineOf(caller);
            if (_waiting >= most || line.Waiting.Count >= mostOfCaller)
            {
                Forget(caller, line);
                return (null, _waiting >= most ? LineRefusal.Full : LineRefusal.FullForCaller);
            }

            _waiting++;
            line.Waiting.AddLast(turn);
            ShowTurn(line);
            LetIn();
        }

        turn.Gone = cancellationToken.UnsafeRegister((_, token) => GiveUp(caller, turn, token), null);
        return (turn.Task, LineRefusal.None);
    }

    public void Leave(object caller)
    {
        lock (_lock)
        {
            var line = LineOf(caller);
            line.Running--;
            _free++;
            ShowTurn(line);
            LetIn();
            Forget(caller, line);
        }
    }

    private void GiveUp(object caller, Turn turn, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_lines.TryGetValue(caller, out var line) || !line.Waiting.Remove(turn))
                return;
            _waiting--;
            Forget(caller, line);
        }

        turn.SetCanceled(cancellationToken);
    }

    private void LetIn()
    {
        while (_free > 0 && _turns.TryDequeue(out var line))
        {
            line.HasTurn = false;
            if (line.Waiting.First is not { } first || line.Running >= perCaller)
                continue;
            line.Waiting.RemoveFirst();
            _waiting--;
            _free--;
            line.Running++;
            ShowTurn(line);
            first.Value.Gone.Unregister();
            first.Value.SetResult();
        }
    }

    private void ShowTurn(CallerLine line)
    {
        if (line.HasTurn || line.Waiting.Count == 0 || line.Running >= perCaller)
            return;
        line.HasTurn = true;
        _turns.Enqueue(line);
    }

    private CallerLine LineOf(object caller)
    {
        if (!_lines.TryGetValue(caller, out var line))
            _lines.Add(caller, line = new());
        return line;
    }

    private void Forget(object caller, CallerLine line)
    {
        if (line.Running == 0 && line.Waiting.Count == 0)
            _lines.Remove(caller);
    }

    private sealed class Turn() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public CancellationTokenRegistration Gone { get; set; }
    }

    private sealed class CallerLine
    {
        public LinkedList<Turn> Waiting { get; } = new();
        public int Running { get; set; }
        public bool HasTurn { get; set; }
    }
}
