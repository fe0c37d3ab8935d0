using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>Numbers for what rows of a rollup have in common whatever their day, from 0.</summary>
internal sealed class SalesCells
{
    private readonly Dictionary<(SalesSlice, string, bool), int> _numbers = [];
    private readonly Lock _gate = new();
    private SalesDay[] _cells = new SalesDay[64];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>By their numbers, of all that were given before it is asked for; what follows those is null.</summary>
    public IReadOnlyList<SalesDay> List => Volatile.Read(ref _cells);

    public int Of(SalesSlice slice, string currency, bool isKnown)
    {
        lock (_gate)
        {
            if (_numbers.TryGetValue((slice, currency, isKnown), out var number))
                return number;
            number = _count;
            if (number == _cells.Length)
            {
                var longer = _cells;
                Array.Resize(ref longer, 2 * number);
                Volatile.Write(ref _cells, longer);
            }

            _cells[number] = slice.Onto(new SalesDay { Currency = currency, IsKnown = isKnown });
            Volatile.Write(ref _count, number + 1);
            return _numbers[(slice, currency, isKnown)] = number;
        }
    }
}
