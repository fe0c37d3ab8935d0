using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Sums orders in columns, and counts the customers behind them, for each value of a key.</summary>
internal sealed class ColumnarSums
{
    /// <summary>Combinations of what orders and what customers are told apart by.</summary>
    private const int MostCells = 4_000_000;

    public const int Unknown = -2, Excluded = -1;

    private readonly FactStatement _statement;
    private readonly ColumnarKey _key;
    private readonly List<ColumnarCell> _cells = [];

    private ColumnarSums(FactStatement statement, ColumnarKey key)
    {
        (_statement, _key) = (statement, key);
    }

    /// <summary>One row for each value of the key; null when that is too much to keep, or a sum does not fit in 64 bits.</summary>
    /// <param name="chosen">Null when everybody counts, and nobody is told apart.</param>
    /// <param name="singles">Orders of days that are in no columns.</param>
    public static IReadOnlyList<FactRow>? Of(
        FactStatement statement, FactKey key, ColumnarOrders source, IReadOnlyList<(DateOnly Day, OrderColumns Orders)> days, ChosenCustomers? chosen,
        IReadOnlyList<FactRow> singles)
    {
        var sums = new ColumnarSums(statement, ColumnarKey.OfOrders(key));
        try
        {
            return sums.Add(source, days, chosen) ? sums.Rows(singles) : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private bool Add(ColumnarOrders source, IReadOnlyList<(DateOnly Day, OrderColumns Orders)> days, ChosenCustomers? chosen)
    {
        var orders = _key.Orders();
        var slices = new ColumnarSlices(source, _key);
        var places = days.Select(d => slices.Places(d.Day, d.Orders, orders)).ToList();
        var customers = _key.Customers();
        // Place 0 is of whoever does not count.
        int[] groups = chosen is null ? [customers.Place(new())] : [Excluded, .. chosen.Groups.Select(customers.Place)];
        if ((long)orders.Rows.Count * customers.Rows.Count > MostCells)
            return false;
        var cellOf = new int[orders.Rows.Count * customers.Rows.Count];
        Array.Fill(cellOf, Unknown);
        var placeOfCustomer = chosen?.Places(days.Select(d => d.Orders.Last).DefaultIfEmpty().Max());
        for (var d = 0; d < days.Count; d++)
            Add(days[d].Orders, places[d]);
        return true;

        void Add(OrderColumns day, int[] placeOf)
        {
            for (var i = 0; i < day.Customers.Length; i++)
            {
                var slice = (int)day.Slice[i];
                if (CellAt(day.Customers[i], placeOf[slice]) is { } cell)
                    cell.Add(day.Customers[i], day.Slices[slice].IsSale, day.Gross[i]);
            }

            for (var i = 0; i < day.Returned.Places.Length; i++)
                if (CellOfOrder(day.Returned.Places[i]) is { } cell)
                    cell.AddReturned(day.Customers[day.Returned.Places[i]], day.Returned.Amounts[i]);
            for (var i = 0; i < day.Discount.Places.Length; i++)
                CellOfOrder(day.Discount.Places[i])?.AddDiscount(day.Discount.Amounts[i]);

            ColumnarCell? CellOfOrder(int order) => CellAt(day.Customers[order], placeOf[(int)day.Slice[order]]);
        }

        ColumnarCell? CellAt(int code, int place)
        {
            var group = groups[placeOfCustomer is null ? 0 : placeOfCustomer[code]];
            if (place < 0 || group < 0)
                return null;
            ref var cell = ref cellOf[(place * customers.Rows.Count) + group];
            if (cell == Unknown)
                cell = CellOf(orders.Rows[place], customers.Rows[group]);
            return cell < 0 ? null : _cells[cell];
        }
    }

    private int CellOf(SalesRow order, SalesRow customer) => _key.Of(order, customer) is { } key ? Place(key) : Excluded;

    private int Place(FactRow key)
    {
        var place = _key.Place(key);
        if (place == _cells.Count)
            _cells.Add(new(_key.Rows[place], _statement));
        return place;
    }

    private IReadOnlyList<FactRow> Rows(IReadOnlyList<FactRow> singles)
    {
        // Customers without a number get one for the moment.
        var (ids, next) = (new Dictionary<Guid, int>(), Math.Max(_cells.Select(c => c.Last).DefaultIfEmpty().Max(), Guests.Count));
        foreach (var row in singles.Cast<SalesRow>())
            if (row.Number is { } number)
                next = Math.Max(next, Guests.Count + number);
        foreach (var row in singles.Cast<SalesRow>())
            Add(_cells[Place(row)], CodeOf(row), row);
        using var seen = new CustomerBits(next);
        return [.. _cells.Select(c => c.Row(seen))];

        static void Add(ColumnarCell cell, int code, SalesRow row)
        {
            cell.Add(code, row.Orders > 0, row.Gross);
            cell.AddReturned(code, row.Returned);
            cell.AddDiscount(row.Discount);
        }

        int CodeOf(SalesRow row)
        {
            if (row.Number is not null || Guests.IsGuest(row.CustomerId))
                return OrderColumns.CodeOf(row.CustomerId, row.Number);
            return ids.TryGetValue(row.CustomerId, out var code) ? code : ids[row.CustomerId] = ++next;
        }
    }
}

/// <summary>Works out what the key takes of an order's own attributes, once a day for all slices that it does not tell apart.</summary>
internal sealed class ColumnarSlices(ColumnarOrders source, ColumnarKey key)
{
    // Equal slices that are not one object are only worked out twice.
    private readonly Dictionary<OrderSlice, int> _known = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<OrderSlice, int> _placeOf = [];
    private readonly List<OrderSlice> _told = [];

    /// <summary>The place of each slice of a day among the orders' halves of the key, or -1.</summary>
    public int[] Places(DateOnly day, OrderColumns orders, ColumnarKey.Part halves)
    {
        var told = orders.Slices.Select(ToldOf).ToArray();
        var places = new int[_told.Count];
        Array.Fill(places, ColumnarSums.Unknown);
        for (var i = 0; i < told.Length; i++)
        {
            if (told[i] < 0)
                continue;
            ref var place = ref places[told[i]];
            if (place == ColumnarSums.Unknown)
                place = halves.Place(RowOf(day, _told[told[i]]));
            told[i] = place;
        }

        return told;
    }

    private static SalesRow RowOf(DateOnly day, OrderSlice slice) => new()
    {
        Day = day, TransactionDay = day, Currency = slice.Currency, Channel = slice.Channel, Owner = slice.OwnerId,
    };

    /// <summary>The slice without what the key does not read.</summary>
    private int ToldOf(OrderSlice slice)
    {
        if (_known.TryGetValue(slice, out var told))
            return told;
        if (!source.Counts(slice))
            return _known[slice] = ColumnarSums.Excluded;
        var read = new OrderSlice(
            key.Reads.Contains(nameof(FactRow.Channel)) ? slice.Channel : null, key.Reads.Contains(nameof(FactRow.Currency)) ? slice.Currency : "",
            key.Reads.Contains(nameof(FactRow.Owner)) ? slice.OwnerId : null, IsSale: true);
        if (!_placeOf.TryGetValue(read, out told))
        {
            _placeOf[read] = told = _told.Count;
            _told.Add(read);
        }

        return _known[slice] = told;
    }
}
