namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>Numbers in as few bytes each as the largest of them needs.</summary>
internal readonly struct NarrowNumbers
{
    private readonly ushort[]? _two;
    private readonly int[]? _four;
    private readonly long[]? _eight;

    public NarrowNumbers(long[] numbers)
    {
        if (numbers.All(n => n is >= 0 and <= ushort.MaxValue))
            _two = Array.ConvertAll(numbers, n => (ushort)n);
        else if (numbers.All(n => n is >= int.MinValue and <= int.MaxValue))
            _four = Array.ConvertAll(numbers, n => (int)n);
        else
            _eight = numbers;
    }

    public long this[int place] => _four is not null ? _four[place] : _two is not null ? _two[place] : _eight![place];

    public int Bytes => ((_two?.Length ?? 0) * sizeof(ushort)) + ((_four?.Length ?? 0) * sizeof(int)) + ((_eight?.Length ?? 0) * sizeof(long));
}

/// <summary>Amounts that are zero for most orders.</summary>
/// <param name="Places">The orders for which it is another.</param>
internal readonly record struct SomeAmounts(int[] Places, long[] Amounts)
{
    public static SomeAmounts Of(long[] all)
    {
        int[] places = [.. Enumerable.Range(0, all.Length).Where(i => all[i] != 0)];
        return new(places, Array.ConvertAll(places, i => all[i]));
    }

    public int Bytes => Places.Length * (sizeof(int) + sizeof(long));
}
