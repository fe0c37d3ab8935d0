using System.Runtime.InteropServices;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The orders of one value of a key.</summary>
/// <param name="statement">What is asked of it.</param>
internal sealed class ColumnarCell(SalesRow key, FactStatement statement)
{
    private readonly List<int> _buyers = [];
    private readonly List<int> _others = [];
    private readonly List<long>? _values = statement.Ranks is null ? null : [];
    private readonly bool _countsCustomers = statement.Counts.Count > 0 || statement.OfEach is not null;
    private long _gross, _returned, _discount, _orders, _knownGross, _knownReturned, _knownOrders;

    /// <summary>The greatest code of a customer.</summary>
    public int Last { get; private set; }

    /// <exception cref="OverflowException">A sum needs more than 64 bits.</exception>
    public void Add(int code, bool isSale, long gross)
    {
        checked
        {
            _gross += gross;
            _orders += isSale ? 1 : 0;
            if (OrderColumns.IsKnown(code))
            {
                _knownGross += gross;
                _knownOrders += isSale ? 1 : 0;
            }
        }

        if (isSale)
            _values?.Add(gross);
        if (!_countsCustomers || !OrderColumns.IsKnown(code))
            return;
        Last = Math.Max(Last, code);
        (isSale ? _buyers : _others).Add(code);
    }

    /// <exception cref="OverflowException">A sum needs more than 64 bits.</exception>
    public void AddReturned(int code, long returned)
    {
        checked
        {
            _returned += returned;
            _knownReturned += OrderColumns.IsKnown(code) ? returned : 0;
        }
    }

    /// <exception cref="OverflowException">The sum needs more than 64 bits.</exception>
    public void AddDiscount(long discount) => _discount = checked(_discount + discount);

    /// <summary>The key with what the statement asks for.</summary>
    public SalesRow Row(CustomerBits bits)
    {
        var row = key with { };
        if (_values is not null)
            (row.Values, row.Facts) = ([.. _values], _values.Count);
        foreach (var measure in statement.Sums)
            measure.Column.SetValue(row, SumOf(measure));
        ReadOnlySpan<int> buyers = CollectionsMarshal.AsSpan(_buyers);
        ReadOnlySpan<int> others = CollectionsMarshal.AsSpan(_others);
        if (statement.OfEach is not null)
            row.OneTimeBuyers = bits.CountOnce(buyers);
        if (statement.Counts.Count == 0)
            return row;
        row.Buyers = bits.CountNew(buyers);
        row.People = row.Buyers + bits.CountNew(others);
        bits.Forget(buyers);
        bits.Forget(others);
        return row;
    }

    private long SumOf(Measure measure) => measure.Column.Name switch
    {
        nameof(SalesRow.Gross) => _gross,
        nameof(SalesRow.Returned) => _returned,
        nameof(SalesRow.Discount) => _discount,
        nameof(SalesRow.KnownGross) => _knownGross,
        nameof(SalesRow.KnownReturned) => _knownReturned,
        nameof(SalesRow.Orders) => _orders,
        nameof(SalesRow.KnownOrders) => _knownOrders,
        _ => throw new InvalidOperationException($"Orders in columns have no {measure}."),
    };
}
