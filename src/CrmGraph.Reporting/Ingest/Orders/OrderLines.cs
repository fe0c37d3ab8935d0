using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Orders;

/// <summary>The lines of one order and their running totals.</summary>
internal sealed class OrderLines
{
    private readonly HashSet<Guid> _counted = [];
    private KeylessLines? _keyless;
    private long _cost;
    private int _unknownCosts;

    public List<Tracked<OrderLine>> All { get; } = [];
    public int Count => _counted.Count;
    public int SaleCount { get; private set; }
    public long Gross { get; private set; }
    public long Returned { get; private set; }
    public long Discount { get; private set; }
    /// <summary>Of the sale lines; null when that of one of them is not known.</summary>
    public long? Cost => _unknownCosts == 0 ? _cost : null;
    public Int128 Sum => (Int128)Gross + Returned + Discount + _cost;

    /// <summary>The lines without a key that a file, or a record of none, has not told yet.</summary>
    public KeylessLines Keyless(ContentIds told, bool corrects) =>
        _keyless?.Told == told ? _keyless : _keyless = new KeylessLines(All.Where(l => !l.IsDeleted).Select(l => l.Row), told, corrects);

    public void Add(Tracked<OrderLine> line)
    {
        All.Add(line);
        Put(line);
    }

    public void Put(Tracked<OrderLine> line)
    {
        if (_counted.Add(line.Row.Id))
            Tally(line.Row, 1);
    }

    public void Subtract(Tracked<OrderLine> line)
    {
        if (_counted.Remove(line.Row.Id))
            Tally(line.Row, -1);
    }

    public void Remove(Tracked<OrderLine> line)
    {
        Subtract(line);
        line.Edit();
        line.IsDeleted = true;
    }

    private void Tally(OrderLine line, int sign)
    {
        if (line.Kind == OrderKind.Sale)
        {
            SaleCount += sign;
            Gross += sign * line.Amount;
            Discount += sign * line.DiscountAmount;
            _cost += sign * (line.CostAmount ?? 0);
            _unknownCosts += line.CostAmount is null ? sign : 0;
        }
        else
            Returned += sign * line.Amount;
    }
}
