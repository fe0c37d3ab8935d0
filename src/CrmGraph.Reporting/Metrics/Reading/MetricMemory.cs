using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>
/// What statements gave, from one moment of the data to the next: each answer stays until something changes that it was read from. Whoever reads a moment
/// first tells what has changed since the one before (<see cref="Forget"/>), and uses the memory alone until he is done.
/// </summary>
internal sealed class MetricMemory(TimeProvider time, TimeSpan longest, int rows)
{
    private readonly Dictionary<object, Answer> _answers = [];
    private int _rows;

    /// <summary>Grows when anything is forgotten that is more than facts: names, exchange rates, settings, customers.</summary>
    public int Generation { get; private set; }

    public bool TryGet<T>(object key, out T value)
    {
        var found = _answers.TryGetValue(key, out var answer);
        value = found ? (T)answer!.Value! : default!;
        return found;
    }

    /// <param name="reads">What it was read from; null when it is not to outlive this moment.</param>
    public void Keep(object key, object? value, MetricReads? reads)
    {
        var count = (value as IReadOnlyCollection<FactRow>)?.Count ?? 1;
        if (_rows + count > rows)
            return;
        _rows += count;
        _answers[key] = new(value, reads, time.GetTimestamp(), count);
    }

    /// <param name="isTouched">Whether something was changed that these reads may have met.</param>
    /// <param name="more">Whether more than facts was changed.</param>
    public void Forget(Func<MetricReads, bool> isTouched, bool more)
    {
        foreach (var (key, answer) in _answers)
            if (time.GetElapsedTime(answer.At) > longest || answer.Reads is null || isTouched(answer.Reads))
            {
                _answers.Remove(key);
                _rows -= answer.Rows;
            }

        if (more)
            Generation++;
    }

    public void Clear()
    {
        _answers.Clear();
        _rows = 0;
        Generation++;
    }

    private sealed record Answer(object? Value, MetricReads? Reads, long At, int Rows);
}
