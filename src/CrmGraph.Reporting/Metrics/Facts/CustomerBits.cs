using System.Buffers;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>A bit for each customer by his number or code. None is set between two counts, for which whoever counts forgets what he has counted.</summary>
internal sealed class CustomerBits : IDisposable
{
    private readonly ulong[] _seen;
    private readonly int _words;
    private ulong[]? _again;

    /// <param name="last">The greatest number.</param>
    public CustomerBits(int last)
    {
        _words = (last >> 6) + 1;
        _seen = Rented();
    }

    /// <summary>How many were not among those counted before.</summary>
    public long CountNew(ReadOnlySpan<int> numbers)
    {
        // Without a branch: whether a customer was seen before cannot be predicted.
        var seen = 0;
        foreach (var number in numbers)
        {
            ref var word = ref _seen[number >> 6];
            seen += (int)(word >> number) & 1;
            word |= 1UL << number;
        }

        return numbers.Length - seen;
    }

    /// <summary>How many are there exactly once; all are forgotten.</summary>
    public long CountOnce(ReadOnlySpan<int> numbers)
    {
        _again ??= Rented();
        foreach (var number in numbers)
        {
            _again[number >> 6] |= _seen[number >> 6] & (1UL << number);
            _seen[number >> 6] |= 1UL << number;
        }

        var once = 0L;
        foreach (var number in numbers)
            once += 1 - (long)((_again[number >> 6] >> number) & 1);
        Forget(numbers);
        foreach (var number in numbers)
            _again[number >> 6] = 0;
        return once;
    }

    public void Forget(ReadOnlySpan<int> numbers)
    {
        if (numbers.Length > _words / 8)
        {
            Array.Clear(_seen, 0, _words);
            return;
        }

        foreach (var number in numbers)
            _seen[number >> 6] = 0;
    }

    public void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_seen);
        if (_again is not null)
            ArrayPool<ulong>.Shared.Return(_again);
    }

    private ulong[] Rented()
    {
        var words = ArrayPool<ulong>.Shared.Rent(_words);
        Array.Clear(words, 0, _words);
        return words;
    }
}
