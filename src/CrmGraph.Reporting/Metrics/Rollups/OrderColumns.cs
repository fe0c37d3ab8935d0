using System.Text;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>What orders of a day have in common. Equal ones of several days are mostly one object.</summary>
internal sealed record OrderSlice(string? Channel, string Currency, Guid? OwnerId, bool IsSale);

/// <summary>The orders of a day in columns, ordered by customer.</summary>
internal sealed class OrderColumns
{
    private OrderColumns(
        IReadOnlyList<OrderSlice> slices, int[] customers, NarrowNumbers slice, NarrowNumbers gross, SomeAmounts returned, SomeAmounts discount)
    {
        (Slices, Customers, Slice, Gross, Returned, Discount) = (slices, customers, slice, gross, returned, discount);
    }

    public IReadOnlyList<OrderSlice> Slices { get; }
    /// <summary>As <see cref="CodeOf(int)"/> says.</summary>
    public int[] Customers { get; }
    /// <summary>Which of the slices an order is of.</summary>
    public NarrowNumbers Slice { get; }
    public NarrowNumbers Gross { get; }
    public SomeAmounts Returned { get; }
    public SomeAmounts Discount { get; }

    /// <summary>The greatest code of a customer.</summary>
    public int Last => Customers is [.., var last] ? last : 0;

    public int Bytes => (Customers.Length * sizeof(int)) + Slice.Bytes + Gross.Bytes + Returned.Bytes + Discount.Bytes;

    /// <summary>A number for a known customer or a guest.</summary>
    /// <param name="number">His <see cref="CustomerNumber"/>; null for guests.</param>
    public static int CodeOf(Guid customer, int? number) => number is { } known ? CodeOf(known) : Guests.NumberOf(customer);

    /// <param name="number">His <see cref="CustomerNumber"/>.</param>
    public static int CodeOf(int number) => Guests.Count + number;

    public static bool IsKnown(int code) => code >= Guests.Count;

    /// <summary>The same bytes for the same orders, in whatever order they come.</summary>
    public static byte[] Encode(IEnumerable<OrderToRoll> orders, IReadOnlyDictionary<Guid, int> numbers)
    {
        var rows = orders.Select(o => (Order: o, Slice: new OrderSlice(o.Slice.Channel, o.Currency, o.Slice.OwnerId, o.Kind == OrderKind.Sale))).ToList();
        List<OrderSlice> slices = [.. rows.Select(r => r.Slice).Distinct()
            .OrderBy(s => s.Channel, StringComparer.Ordinal).ThenBy(s => s.Currency, StringComparer.Ordinal).ThenBy(s => s.OwnerId).ThenBy(s => s.IsSale)];
        var places = slices.Select((s, i) => (s, i)).ToDictionary(p => p.s, p => p.i);
        List<(int Code, int Slice, long Gross, long Returned, long Discount)> sorted =
        [
            .. rows.Select(r => (
                CodeOf(r.Order.CustomerId, r.Order.IsGuest ? null : numbers[r.Order.CustomerId]), places[r.Slice],
                r.Order.Gross, r.Order.Returned, r.Order.Discount)).Order(),
        ];
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write7BitEncodedInt(slices.Count);
        slices.ForEach(s => Write(writer, s));
        writer.Write7BitEncodedInt(sorted.Count);
        var last = 0;
        foreach (var (code, _, _, _, _) in sorted)
        {
            writer.Write7BitEncodedInt(code - last);
            last = code;
        }

        sorted.ForEach(r => writer.Write7BitEncodedInt(r.Slice));
        Write(writer, [.. sorted.Select(r => r.Gross)]);
        Write(writer, [.. sorted.Select(r => r.Returned)]);
        Write(writer, [.. sorted.Select(r => r.Discount)]);
        return bytes.ToArray();
    }

    /// <param name="shared">Gives an equal slice that was read before.</param>
    public static OrderColumns Decode(byte[] bytes, Func<OrderSlice, OrderSlice> shared)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var slices = new OrderSlice[reader.Read7BitEncodedInt()];
        for (var i = 0; i < slices.Length; i++)
            slices[i] = shared(ReadSlice(reader));
        var (customers, last) = (new int[reader.Read7BitEncodedInt()], 0);
        for (var i = 0; i < customers.Length; i++)
            customers[i] = last += reader.Read7BitEncodedInt();
        var slice = new long[customers.Length];
        for (var i = 0; i < slice.Length; i++)
            slice[i] = reader.Read7BitEncodedInt();
        return new(
            slices, customers, new(slice), new(ReadAmounts(reader, slice.Length)), SomeAmounts.Of(ReadAmounts(reader, slice.Length)),
            SomeAmounts.Of(ReadAmounts(reader, slice.Length)));
    }

    private static void Write(BinaryWriter writer, OrderSlice slice)
    {
        writer.Write(slice.Channel is not null);
        if (slice.Channel is { } channel)
            writer.Write(channel);
        writer.Write(slice.Currency);
        writer.Write(slice.OwnerId is not null);
        if (slice.OwnerId is { } owner)
            writer.Write(owner.ToByteArray());
        writer.Write(slice.IsSale);
    }

    private static OrderSlice ReadSlice(BinaryReader reader) => new(
        reader.ReadBoolean() ? reader.ReadString() : null, reader.ReadString(), reader.ReadBoolean() ? new Guid(reader.ReadBytes(16)) : null,
        reader.ReadBoolean());

    private static void Write(BinaryWriter writer, long[] amounts)
    {
        var any = amounts.Any(a => a != 0);
        writer.Write(any);
        if (any)
            foreach (var amount in amounts)
                writer.Write7BitEncodedInt64(amount);
    }

    private static long[] ReadAmounts(BinaryReader reader, int count)
    {
        var amounts = new long[count];
        if (reader.ReadBoolean())
            for (var i = 0; i < count; i++)
                amounts[i] = reader.Read7BitEncodedInt64();
        return amounts;
    }
}
