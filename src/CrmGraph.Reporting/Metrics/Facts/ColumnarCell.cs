using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The orders of one value of a key.</summary>
internal sealed class ColumnarCell(SalesRow key, bool countsCustomers)
{
    private readonly List<int> _buyers = [];
    private readonly List<int> _others = [];
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
            if (!OrderColumns.IsKnown(code))
                return;
            _knownGross += gross;
            _knownOrders += isSale ? 1 : 0;
        }

        if (!countsCustomers)
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
    public SalesRow Row(FactStatement statement, CustomerBits bits)
    {
        var row = key with { };
        foreach (var measure in statement.Sums)
            measure.Column.SetValue(row, SumOf(measure));
        if (statement.OfEach is not null)
            row.OneTimeBuyers = bits.CountOnce(_buyers);
        if (statement.Counts.Count == 0)
            return row;
        row.Buyers = bits.CountNew(_buyers);
        row.People = row.Buyers + bits.CountNew(_others);
        bits.Forget(_buyers);
        bits.Forget(_others);
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

/// <summary>A bit for each customer, none of them set between two uses.</summary>
internal sealed class CustomerBits(int count)
{
    private readonly ulong[] _seen = new ulong[(count >> 6) + 1];
    private ulong[]? _again;

    /// <summary>How many were not among those counted before; they stay until they are forgotten.</summary>
    public long CountNew(List<int> codes)
    {
        // Without a branch: whether a customer was seen before cannot be predicted.
        long seen = 0;
        foreach (var code in codes)
        {
            ref var word = ref _seen[code >> 6];
            seen += (long)((word >> code) & 1);
            word |= 1UL << code;
        }

        return codes.Count - seen;
    }

    /// <summary>How many are there exactly once.</summary>
    public long CountOnce(List<int> codes)
    {
        _again ??= new ulong[_seen.Length];
        foreach (var code in codes)
        {
            _again[code >> 6] |= _seen[code >> 6] & (1UL << code);
            _seen[code >> 6] |= 1UL << code;
        }

        long once = 0;
        foreach (var code in codes)
            once += (_again[code >> 6] >> code & 1) == 0 ? 1 : 0;
        Forget(codes);
        foreach (var code in codes)
            _again[code >> 6] = 0;
        return once;
    }

    public void Forget(List<int> codes)
    {
        foreach (var code in codes)
            _seen[code >> 6] = 0;
    }
}
