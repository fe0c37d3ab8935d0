using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Orders;

/// <summary>The numbers of an order line as stored: counts of 1/10000, none of them negative.</summary>
internal readonly record struct LineAmounts(OrderKind Kind, long Quantity, long UnitPrice, long Discount, long Amount, long? Cost)
{
    /// <summary>Largest quantity: ten thousand million.</summary>
    private const decimal LargestQuantity = 10_000_000_000m;

    public LineContent ContentOf(Guid? product) => new(product, Kind, Quantity, UnitPrice, Discount, Amount, Cost);

    /// <summary>
    /// Amount = quantity x unit price - discount, rounded once, half to even. Where the source gives the amount instead of a price, the amount
    /// stands and the unit price is (amount + discount) / quantity, rounded.
    /// </summary>
    public static LineAmounts Of(LineRecord line, Check check)
    {
        var quantity = line.Quantity ?? 1;
        var given = line.Amount ?? 0;
        var kind = line.LineKind ?? (quantity < 0 || given < 0 ? OrderKind.Return : OrderKind.Sale);
        if (kind == OrderKind.Return)
            (quantity, given) = (Math.Abs(quantity), Math.Abs(given));
        else if (quantity < 0)
            check.Refuse(RefusalCodes.NegativeQuantity, $"quantity is {quantity}; a sale's is not negative. Give kind RETURN, or no kind.", "quantity");
        if (quantity > LargestQuantity)
            check.Refuse(RefusalCodes.OutOfRange, $"quantity is {quantity}; at most {LargestQuantity} fits.", "quantity");
        if (line.UnitPrice is null && line.Amount is null)
            check.Refuse(RefusalCodes.Required, "A line needs a unitPrice or an amount.", "unitPrice");
        else if (line.UnitPrice is not null && line.Amount is not null)
            check.Refuse(RefusalCodes.Inconsistent, "Give a unitPrice or an amount, not both: the amount follows from the price.", "amount");
        var discount = check.Amount(line.Discount ?? 0, "discount");
        var cost = check.Amount(line.Cost, "cost");
        if (check.Failed)
            return default;
        return line.UnitPrice is { } price
            ? FromPrice(kind, quantity, price, discount, cost, check)
            : FromAmount(kind, quantity, given, discount, cost, check);
    }

    private static LineAmounts FromPrice(OrderKind kind, decimal quantity, decimal price, long discount, long? cost, Check check)
    {
        var unitPrice = check.Amount(price, "unitPrice", RefusalCodes.NegativePrice);
        // Both factors are at most 10^13, so the product fits a decimal.
        var amount = check.Failed ? 0 : quantity * price - FixedPoint.ToDecimal(discount);
        if (amount < 0)
            check.Refuse(RefusalCodes.OutOfRange, "discount is more than quantity x unitPrice.", "discount");
        var stored = check.Amount(amount, "amount");
        return new LineAmounts(kind, FixedPoint.FromDecimal(quantity), unitPrice, discount, stored, cost);
    }

    private static LineAmounts FromAmount(OrderKind kind, decimal quantity, decimal amount, long discount, long? cost, Check check)
    {
        var stored = check.Amount(amount, "amount");
        if (check.Failed)
            return default;
        var before = FixedPoint.ToDecimal(stored) + FixedPoint.ToDecimal(discount);
        if (quantity == 0 && before != 0)
            check.Refuse(RefusalCodes.Inconsistent, "quantity is 0 but the amount is not.", "quantity");
        var price = quantity == 0 ? 0 : check.Amount(before / quantity, "unitPrice");
        return new LineAmounts(kind, FixedPoint.FromDecimal(quantity), price, discount, stored, cost);
    }
}
