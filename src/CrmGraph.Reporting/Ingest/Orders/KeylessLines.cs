using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Orders;

/// <summary>What a line says, as it is stored.</summary>
internal readonly record struct LineContent(Guid? ProductId, OrderKind Kind, long Quantity, long UnitPrice, long Discount, long Amount, long? Cost)
{
    public static LineContent Of(OrderLine l) => new(l.ProductId, l.Kind, l.Quantity, l.UnitPrice, l.DiscountAmount, l.Amount, l.CostAmount);

    /// <summary>Nothing but an amount.</summary>
    public bool IsBare => ProductId is null && Quantity == FixedPoint.MoneyUnit && Discount == 0 && Cost is null or 0;

    public void WriteTo(OrderLine l)
    {
        (l.ProductId, l.Kind, l.Quantity, l.UnitPrice) = (ProductId, Kind, Quantity, UnitPrice);
        (l.DiscountAmount, l.Amount, l.CostAmount) = (Discount, Amount, Cost);
    }
}

/// <summary>
/// Finds the stored line that a line without a key is: one of the same content, else one of the same product and kind, which it corrects. A line
/// that the same file (or call) told before is not meant again.
/// </summary>
internal sealed class KeylessLines
{
    private readonly Dictionary<LineContent, Queue<Guid>> _byContent = [];
    private readonly Dictionary<(Guid? Product, OrderKind Kind), Queue<Guid>> _byProduct = [];

    public KeylessLines(IEnumerable<OrderLine> lines, ContentIds told, bool corrects)
    {
        Told = told;
        // By what they say: the order in which rows are read is nobody's.
        foreach (var line in lines.OrderBy(l => (l.Amount, l.UnitPrice, l.Quantity, l.DiscountAmount, l.CostAmount)))
        {
            if (!IsKeyless(line.Id) || told.IsTaken(line.Id) || corrects && line.Id == AmountId(line.OrderId))
                continue;
            var content = LineContent.Of(line);
            Add(_byContent, content, line.Id);
            if (corrects)
                Add(_byProduct, (content.ProductId, content.Kind), line.Id);
        }
    }

    public ContentIds Told { get; }

    /// <summary>Lines without a key have ids of version 8, by which they are known.</summary>
    public static bool IsKeyless(Guid id) => id.Version == 8;

    /// <summary>The one line of an order that is written by its amount.</summary>
    public static Guid AmountId(Guid order) => ContentIds.Of($"amount\n{order:D}");

    public static Guid NewId(TimeProvider clock)
    {
        var bytes = RowIds.New(clock).ToByteArray(bigEndian: true);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <returns>The line, told from now on; null when the line is a new one.</returns>
    public Guid? Find(LineContent content) => Take(_byContent, content) ?? Take(_byProduct, (content.ProductId, content.Kind));

    private static void Add<TKey>(Dictionary<TKey, Queue<Guid>> lines, TKey key, Guid id) where TKey : notnull
    {
        if (!lines.TryGetValue(key, out var queue))
            lines.Add(key, queue = new Queue<Guid>());
        queue.Enqueue(id);
    }

    private Guid? Take<TKey>(Dictionary<TKey, Queue<Guid>> lines, TKey key) where TKey : notnull
    {
        if (lines.TryGetValue(key, out var queue))
            while (queue.TryDequeue(out var id))
                if (Told.Take(id))
                    return id;
        return null;
    }
}
