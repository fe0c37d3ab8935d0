namespace CrmGraph.Reporting.Querying.Aggregates;

/// <summary>Groups as they are shown, put together from their cells by currency.</summary>
internal sealed class AggregateCells
{
    private readonly IReadOnlyList<AggregateFigure> _figures;
    private readonly IReadOnlyList<List<AggregateCell>> _groups;
    private readonly IReadOnlyList<string?> _currencies;
    private readonly bool _suppresses;
    private readonly bool[,] _hidden;

    /// <param name="minimum">Distinct customers that a shown group needs; 0 when all are shown.</param>
    public AggregateCells(IReadOnlyList<AggregateCell> cells, IReadOnlyList<AggregateFigure> figures, int minimum)
    {
        _figures = figures;
        _groups = [.. cells.GroupBy(c => c.Keys, KeyComparer.Instance).Select(g => g.ToList())];
        _currencies = [.. cells.Select(c => c.Currency).Distinct()];
        _suppresses = minimum > 0;
        _hidden = _suppresses ? SmallGroups.Hidden(People(), minimum) : new bool[_groups.Count, _currencies.Count + 1];
    }

    public IEnumerable<Aggregate> Shown(Func<object?[], IReadOnlyList<FacetValue>> keys)
    {
        for (var i = 0; i < _groups.Count; i++)
        {
            var (group, row) = (_groups[i], i);
            var shown = keys(group[0].Keys);
            yield return _hidden[row, _currencies.Count]
                ? new(shown, null, true, new Dictionary<string, object?>())
                : new(shown, group.Sum(c => c.Count), false, _figures.Index().ToDictionary(f => f.Item.Name, f => Shown(f.Item, f.Index, row)));
        }
    }

    /// <summary>
    /// Groups by currencies, the whole last. A group of several currencies has at least the customers of the largest: so many count, for their own number
    /// would need another statement.
    /// </summary>
    private long[,] People()
    {
        var people = new long[_groups.Count + 1, _currencies.Count + 1];
        for (var row = 0; row < _groups.Count; row++)
        {
            foreach (var cell in _groups[row])
                people[row, _currencies.Index().First(c => c.Item == cell.Currency).Index] = cell.Customers;
            people[row, _currencies.Count] = _groups[row].Max(c => c.Customers);
            for (var column = 0; column <= _currencies.Count; column++)
                people[_groups.Count, column] += people[row, column];
        }

        return people;
    }

    private object? Shown(AggregateFigure figure, int index, int row)
    {
        if (figure.Kind == FigureKind.Money)
            return _groups[row].OrderBy(c => c.Currency, StringComparer.Ordinal).Select(c => Money(c, c.Figures[index], row)).ToList();
        var value = _groups[row].Select(c => c.Figures[index]).Aggregate((left, right) => left + right);
        var (min, max) = _suppresses ? (null, null) : (value.Min, value.Max);
        return figure.Kind switch
        {
            FigureKind.Number => new NumberAggregate(value.Count, value.Sum ?? 0, (decimal?)min, (decimal?)max, value.Average),
            FigureKind.Day => new DayAggregate(value.Count, (DateOnly?)min, (DateOnly?)max),
            _ => new InstantAggregate(value.Count, (DateTime?)min, (DateTime?)max),
        };
    }

    private MoneyAggregate Money(AggregateCell cell, FigureValue value, int row)
    {
        if (_hidden[row, _currencies.Index().First(c => c.Item == cell.Currency).Index])
            return new(cell.Currency, null, null, null, null, null);
        var (min, max) = _suppresses ? (null, null) : (value.Min, value.Max);
        return new(cell.Currency, value.Count, value.Sum, (decimal?)min, (decimal?)max, value.Average);
    }

    private sealed class KeyComparer : IEqualityComparer<object?[]>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(object?[]? x, object?[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(object?[] keys) => keys.Aggregate(0, HashCode.Combine);
    }
}
