using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Customers who count, by their codes of <see cref="OrderColumns"/>, and in which group each of them is.</summary>
/// <param name="Groups">What their columns hold, each once. No group at all where nobody counts.</param>
/// <param name="Last">The greatest code that there was: of later ones nothing is known.</param>
internal sealed record ChosenCustomers(IReadOnlyList<SalesRow> Groups, int[] Codes, ushort[] GroupOf, int Last)
{
    /// <summary>More cannot be told apart.</summary>
    public const int MostGroups = ushort.MaxValue;

    /// <summary>The number that <see cref="Last"/> is made of.</summary>
    public int LastNumber => Math.Max(0, Last - Guests.Count);

    /// <summary>The group of each customer by his code, or -1.</summary>
    /// <param name="groups">What to call each of <see cref="Groups"/>.</param>
    /// <param name="last">The greatest code that may be asked for.</param>
    public int[] GroupOfCodes(int[] groups, int last)
    {
        var groupOf = new int[Math.Max(last, Last) + 1];
        Array.Fill(groupOf, -1);
        for (var i = 0; i < Codes.Length; i++)
            groupOf[Codes[i]] = groups[GroupOf[i]];
        return groupOf;
    }

    public int Bytes => ((sizeof(int) + sizeof(ushort)) * Codes.Length) + (1000 * Groups.Count);
}

/// <summary>Reads the rows of customers who count straight into groups.</summary>
internal sealed class ChosenResult : FactResult<SalesRow>
{
    private readonly KeyRows<SalesRow> _groups;
    private readonly PropertyInfo[] _columns;
    private readonly SalesRow _row = new();
    private readonly List<int> _codes;
    private readonly List<ushort> _groupOf;

    /// <param name="columns">By what they are told apart.</param>
    /// <param name="more">The customers before those that are read.</param>
    public ChosenResult(IReadOnlyList<string> columns, ChosenCustomers? more) : base([.. columns, nameof(SalesRow.Number)])
    {
        (_groups, _codes, _groupOf) = (new(columns), [.. more?.Codes ?? []], [.. more?.GroupOf ?? []]);
        _columns = [.. columns.Select(c => typeof(FactRow).GetProperty(c)!)];
        foreach (var group in more?.Groups ?? [])
            _groups.Place(group);
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
    public ChosenCustomers Chosen(int last) => new(_groups.Rows, [.. _codes], [.. _groupOf], Math.Max(last, _codes.DefaultIfEmpty().Max()));

    private void Add(FactRow row, int code)
    {
        if (IsTooMany)
            return;
        _codes.Add(code);
        _groupOf.Add((ushort)_groups.Place(row));
    }
}
