using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Customers who count, by their codes of <see cref="OrderColumns"/>, and in which group each of them is.</summary>
/// <param name="Groups">What their columns hold, each once. No group at all where nobody counts.</param>
/// <param name="Last">The greatest code that there was: of later ones nothing is known.</param>
internal sealed record ChosenCustomers(IReadOnlyList<SalesRow> Groups, int[] Codes, ushort[] GroupOf, int Last)
{
    /// <summary>Of a customer who does not count.</summary>
    public const ushort None = ushort.MaxValue;

    /// <summary>The number that <see cref="Last"/> is made of.</summary>
    public int LastNumber => Math.Max(0, Last - Guests.Count);

    public int Bytes => ((sizeof(int) + sizeof(ushort)) * Codes.Length) + (1000 * Groups.Count);
}

/// <summary>Reads the rows of customers who count straight into groups.</summary>
/// <param name="columns">By what they are told apart.</param>
/// <param name="more">The customers before those that are read.</param>
internal sealed class ChosenResult(IReadOnlyList<string> columns, ChosenCustomers? more) : FactResult<SalesRow>([.. columns, nameof(SalesRow.Number)])
{
    private readonly Func<FactRow, object?>[] _columns = [.. columns.Select(FactColumns.Of)];
    private readonly List<SalesRow> _groups = [.. more?.Groups ?? []];
    private readonly List<int> _codes = [.. more?.Codes ?? []];
    private readonly List<ushort> _groupOf = [.. more?.GroupOf ?? []];
    private Dictionary<object?[], int>? _places;

    /// <summary>There are more groups than numbers for them.</summary>
    public bool IsTooMany => _groups.Count >= ChosenCustomers.None;

    public override void Add(FactRow row) => Add((SalesRow)row, OrderColumns.CodeOf(row.CustomerId, ((SalesRow)row).Number));

    public void AddGuest(FactRow row)
    {
        var group = new SalesRow();
        foreach (var column in columns)
        {
            var property = typeof(FactRow).GetProperty(column)!;
            property.SetValue(group, property.GetValue(row));
        }

        Add(group, OrderColumns.CodeOf(row.CustomerId, null));
    }

    /// <param name="last">The greatest code that is known to have been there.</param>
    public ChosenCustomers Chosen(int last) => new(_groups, [.. _codes], [.. _groupOf], Math.Max(last, _codes.DefaultIfEmpty().Max()));

    private void Add(SalesRow row, int code)
    {
        _places ??= _groups.Select((g, i) => (g, i)).ToDictionary(p => Values(p.g), p => p.i, SameValues.Instance);
        var values = Values(row);
        if (!_places.TryGetValue(values, out var place))
        {
            if (IsTooMany)
                return;
            _places[values] = place = _groups.Count;
            _groups.Add(row);
        }

        _codes.Add(code);
        _groupOf.Add((ushort)place);
    }

    private object?[] Values(FactRow row) => _columns.Length == 0 ? [] : Array.ConvertAll(_columns, read => read(row));
}
