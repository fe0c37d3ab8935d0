using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Customers who count, by their codes of <see cref="OrderColumns"/>, and in which group each of them is.</summary>
internal sealed class ChosenCustomers
{
    /// <summary>More cannot be told apart.</summary>
    public const int MostGroups = ushort.MaxValue - 1;

    /// <summary>Of so many customers one counts: fewer are kept one by one.</summary>
    private const int Few = 8;

    private readonly int[]? _codes;
    private readonly ushort[] _places;

    /// <param name="groups">What their columns hold, each once.</param>
    /// <param name="places">Of each of the codes, its group's place among the groups, counted from 1.</param>
    /// <param name="last">The greatest code that is known to have been there.</param>
    public ChosenCustomers(IReadOnlyList<SalesRow> groups, int[] codes, ushort[] places, int last)
    {
        (Groups, Last) = (groups, Math.Max(last, codes.DefaultIfEmpty().Max()));
        (_codes, _places) = codes.Length < Last / Few ? (codes, places) : (null, Spread(codes, places, Last));
    }

    public IReadOnlyList<SalesRow> Groups { get; }

    /// <summary>The greatest code that there was: of later ones nothing is known.</summary>
    public int Last { get; }

    /// <summary>The number that <see cref="Last"/> is made of.</summary>
    public int LastNumber => Math.Max(0, Last - Guests.Count);

    public int Bytes => (sizeof(int) * (_codes?.Length ?? 0)) + (sizeof(ushort) * _places.Length) + (1000 * Groups.Count);

    /// <summary>By code, the place of the customer's group counted from 1; 0 for whoever does not count. Not to be changed.</summary>
    /// <param name="last">The greatest code that may be asked for.</param>
    public ushort[] Places(int last) =>
        _codes is not null ? Spread(_codes, _places, Math.Max(last, Last))
        : last <= Last ? _places
        : [.. _places, .. new ushort[last - Last]];

    /// <summary>One by one.</summary>
    public IEnumerable<(int Code, ushort Place)> All =>
        _codes is not null ? _codes.Zip(_places) : _places.Select((place, code) => (code, place)).Where(c => c.place > 0);

    private static ushort[] Spread(int[] codes, ushort[] places, int last)
    {
        var spread = new ushort[last + 1];
        for (var i = 0; i < codes.Length; i++)
            spread[codes[i]] = places[i];
        return spread;
    }
}

/// <summary>Reads the rows of customers who count straight into groups.</summary>
internal sealed class ChosenResult : FactResult<SalesRow>
{
    private readonly KeyRows<SalesRow> _groups;
    private readonly PropertyInfo[] _columns;
    private readonly SalesRow _row = new();
    private readonly List<int> _codes = [];
    private readonly List<ushort> _places = [];

    /// <param name="columns">By what they are told apart.</param>
    /// <param name="more">The customers before those that are read.</param>
    public ChosenResult(IReadOnlyList<string> columns, ChosenCustomers? more) : base([.. columns, nameof(SalesRow.Number)])
    {
        _groups = new(columns);
        _columns = [.. columns.Select(c => typeof(FactRow).GetProperty(c)!)];
        foreach (var group in more?.Groups ?? [])
            _groups.Place(group);
        foreach (var (code, place) in more?.All ?? [])
            Add(code, place);
    }

    /// <summary>There are more groups than numbers for them.</summary>
    public bool IsTooMany => _groups.Rows.Count > ChosenCustomers.MostGroups;

    // One row for all: there are as many as customers.
    protected override FactRow New()
    {
        foreach (var column in _columns)
            column.SetValue(_row, null);
        return _row;
    }

    public override void Add(FactRow row) => Add(row, OrderColumns.CodeOf(((SalesRow)row).Number!.Value));

    public void AddGuest(FactRow row) => Add(row, OrderColumns.CodeOf(row.CustomerId, null));

    /// <param name="last">The greatest code that is known to have been there.</param>
    public ChosenCustomers Chosen(int last) => new(_groups.Rows, [.. _codes], [.. _places], last);

    private void Add(FactRow row, int code)
    {
        if (!IsTooMany)
            Add(code, (ushort)(_groups.Place(row) + 1));
    }

    private void Add(int code, ushort place)
    {
        _codes.Add(code);
        _places.Add(place);
    }
}
