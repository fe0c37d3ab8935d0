using CrmGraph.Data.Model;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Tests.Imports;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>Which stored lines an order's amount and its lines without a key are.</summary>
public sealed class OrderAmountTests
{
    private static readonly DateTime Noon = new(2026, 3, 4, 12, 0, 0, DateTimeKind.Utc);
    private static ExternalKey K(string key) => new("shop", key);
    private static OrderRecord Order(decimal? amount, params LineRecord[] lines)
        => new() { Key = K("O"), OrderedAt = Noon, Amount = amount, Lines = lines.Length == 0 ? null : lines };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_corrected_amount_takes_the_place_of_the_one_before(DatabaseKind kind)
    {
        foreach (var complete in new[] { true, false })
        {
            await using var crm = await WriterFixture.CreateAsync(kind);
            foreach (var (amount, expected) in new[] {
                (100m, "100 0 SALE"),
                (120, "120 0 SALE"),
                (120, "120 0 SALE"),
                (0, "0 0 SALE"),
                (-30, "0 30 RETURN"),
                (0, "0 0 RETURN"),
                (7, "7 0 SALE") })
            {
                var record = new OrderRecord { Key = K("O"), OrderedAt = Noon, Amount = amount, LinesAreComplete = complete };
                Assert.Empty((await crm.WriteAsync(b => b.Orders.Add(record))).Refusals);
                Assert.Equal($"{expected} 1", await OrderAsync(crm));
            }
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_amounts_once_left_as_lines_beside_each_other_becomes_one(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await crm.WriteAsync(b => b.Orders.Add(Order(null, new LineRecord { Amount = 100 }, new LineRecord { Amount = 120 })));
        await crm.WriteAsync(b => b.Orders.Add(Order(120)));
        Assert.Equal("120 0 SALE 1", await OrderAsync(crm));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lines_take_the_place_of_an_amount_and_an_amount_does_not_contradict_lines(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await crm.WriteAsync(b => b.Orders.Add(Order(100)));
        await crm.WriteAsync(b => b.Orders.Add(Order(null, new LineRecord { Key = K("1"), UnitPrice = 60 })));
        await crm.WriteAsync(b => b.Orders.Add(Order(null, new LineRecord { Key = K("2"), UnitPrice = 50 })));
        Assert.Equal("110 0 SALE 2", await OrderAsync(crm));
        Assert.Empty((await crm.WriteAsync(b => b.Orders.Add(Order(110)))).Refusals);
        var refused = await crm.WriteAsync(b => b.Orders.Add(Order(100)));
        Assert.Equal([(RefusalCodes.Inconsistent, "amount")], refused.Refusals.Select(r => (r.Code, r.Field)));
        Assert.Equal("110 0 SALE 2", await OrderAsync(crm));
        await crm.WriteAsync(b => b.Orders.Add(new() { Key = K("O"), Amount = 100, LinesAreComplete = true }));
        Assert.Equal("100 0 SALE 1", await OrderAsync(crm));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Added_lines_and_amounts_are_further_ones_unless_they_say_the_same(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        foreach (var (amount, sum) in new[] { (100m, 100), (100, 100), (120, 220) })
        {
            await crm.WriteAsync(b => b.Orders.Add(new() { Key = K("O"), OrderedAt = Noon, Amount = amount, AddsLines = true }));
            Assert.StartsWith($"{sum} 0 SALE", await OrderAsync(crm), StringComparison.Ordinal);
        }

        foreach (var _ in new[] { 1, 2 })
            await crm.WriteAsync(b => b.Orders.Add(new() { Key = K("O"), AddsLines = true, Lines = [new() { UnitPrice = 5 }, new() { UnitPrice = 5 }] }));
        Assert.Equal("230 0 SALE 4", await OrderAsync(crm));
    }

    private const string LineMap = """
        source: shop
        defaults: {currency: EUR}
        records:
          - product: {key: P}
          - order: {key: No, orderedAt: D, line: {product: P, quantity: Q, unitPrice: U}}
        """;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lines_without_a_key_are_corrected_by_a_later_file_whatever_its_order_and_batches(DatabaseKind kind)
    {
        foreach (var batchRows in new[] { 1, 1000 })
        {
            await using var crm = await WriterFixture.CreateAsync(kind);
            Task ImportAsync(string rows) =>
                ImportRun.WriteAsync(crm, ImportMap.Parse(LineMap, "map"), ImportRun.File("No,D,P,Q,U\n" + rows),
                limits: new ImportLimits { BatchRows = batchRows });
            async Task<string> LinesAsync() => string.Join(' ', (await crm.ReadAsync(
                c => c.OrderLines.Select(l => new { l.Product!.Sku, l.Kind, l.Quantity, l.UnitPrice }).ToListAsync()))
                .Select(l => $"{l.Sku}:{(l.Kind == OrderKind.Return ? -1 : 1) * l.Quantity / 10_000}x{l.UnitPrice / 10_000}").Order(StringComparer.Ordinal));

            await ImportAsync("1,2026-03-04,A,1,10\n1,2026-03-04,A,1,10\n1,2026-03-04,A,2,10\n1,2026-03-04,B,1,3\n");
            Assert.Equal("A:1x10 A:1x10 A:2x10 B:1x3", await LinesAsync());
            await ImportAsync("1,2026-03-04,B,1,4\n1,2026-03-04,A,2,11\n1,2026-03-04,A,1,10\n1,2026-03-04,A,1,10\n1,2026-03-04,C,1,1\n1,2026-03-04,A,-1,10\n");
            Assert.Equal("A:-1x10 A:1x10 A:1x10 A:2x11 B:1x4 C:1x1", await LinesAsync());
            var before = await DatabaseContents.OfAsync(crm);
            await ImportAsync("1,2026-03-04,B,1,4\n1,2026-03-04,A,2,11\n1,2026-03-04,A,1,10\n1,2026-03-04,A,1,10\n1,2026-03-04,C,1,1\n1,2026-03-04,A,-1,10\n");
            Assert.Equal(before, await DatabaseContents.OfAsync(crm));
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "fxiaoke-orders", "_id,order_time,order_amount,account_id", "SALE"),
        InlineData(DatabaseKind.Postgres, "fxiaoke-orders", "_id,order_time,order_amount,account_id", "SALE")]
    [InlineData(DatabaseKind.Sqlite, "fxiaoke-returns", "_id,returned_goods_time,returned_goods_inv_amount,account_id", "RETURN")]
    [InlineData(DatabaseKind.Postgres, "fxiaoke-returns", "_id,returned_goods_time,returned_goods_inv_amount,account_id", "RETURN")]
    public async Task The_shipped_maps_correct_amounts(DatabaseKind kind, string map, string header, string orderKind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        foreach (var amount in new[] { 100, 120, 0 })
        {
            await ImportRun.WriteAsync(crm, ReadyMaps.Load(map), ImportRun.File($"{header}\n1,2026-03-04,{amount},A\n"));
            Assert.Equal(orderKind == "SALE" ? $"{amount} 0 SALE 1" : $"0 {amount} RETURN 1", await OrderAsync(crm));
        }
    }

    private static async Task<string> OrderAsync(WriterFixture crm)
    {
        var order = await crm.ReadAsync(c => c.Orders.Include(o => o.Lines).SingleAsync());
        return $"{order.GrossAmount / 10_000} {order.ReturnedAmount / 10_000} {(order.Kind == OrderKind.Sale ? "SALE" : "RETURN")} {order.Lines.Count}";
    }
}
