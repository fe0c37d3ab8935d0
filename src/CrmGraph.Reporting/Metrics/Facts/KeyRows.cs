using System.Reflection;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The values of some columns of rows, each once, with a number.</summary>
internal sealed class KeyRows<TRow>(IEnumerable<string> columns) where TRow : FactRow, new()
{
    private readonly PropertyInfo[] _columns = [.. columns.Select(c => typeof(FactRow).GetProperty(c)!)];
    private readonly Func<FactRow, object?>[] _readers = [.. columns.Select(FactColumns.Of)];
    private readonly Dictionary<object?[], int> _places = new(SameValues.Instance);
    private readonly List<TRow> _rows = [];

    /// <summary>Rows with these columns alone, by their numbers.</summary>
    public IReadOnlyList<TRow> Rows => _rows;

    public int Place(FactRow row)
    {
        var values = _readers.Length == 0 ? [] : Array.ConvertAll(_readers, read => read(row));
        if (_places.TryGetValue(values, out var place))
            return place;
        var key = new TRow();
        foreach (var column in _columns)
            column.SetValue(key, column.GetValue(row));
        _rows.Add(key);
        return _places[values] = _rows.Count - 1;
    }
}
