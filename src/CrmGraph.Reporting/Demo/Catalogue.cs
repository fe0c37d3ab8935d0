using CrmGraph.Reporting.Sales;

namespace CrmGraph.Reporting.Demo;

/// <summary>What the demo company sells: tea, teaware, coffee, gifts and books, with prices in yuan and their cost share.</summary>
internal sealed class Catalogue
{
    private static readonly (string Category, string Name, int Price, double Cost)[] Items =
    [
        ("Tea", "龙井 Longjing 100 g", 128, 0.42), ("Tea", "碧螺春 Biluochun 100 g", 118, 0.42), ("Tea", "铁观音 Tieguanyin 250 g", 158, 0.4), ("Tea", "大红袍 Dahongpao 100 g", 188, 0.38),
        ("Tea", "普洱 Pu'er cake 357 g", 268, 0.36), ("Tea", "白毫银针 Silver Needle 50 g", 148, 0.41), ("Tea", "茉莉花茶 Jasmine 200 g", 68, 0.45), ("Tea", "Keemun Black 200 g", 88, 0.44),
        ("Tea", "Earl Grey 200 g", 58, 0.46), ("Tea", "Rooibos 200 g", 48, 0.47), ("Teaware", "盖碗 Gaiwan", 98, 0.5), ("Teaware", "紫砂壶 Clay teapot", 398, 0.48), ("Teaware", "Glass teapot", 128, 0.5),
        ("Teaware", "Porcelain cup", 38, 0.52), ("Teaware", "Tea tray", 218, 0.51), ("Teaware", "Travel set", 168, 0.5), ("Coffee", "云南 Yunnan beans 250 g", 78, 0.48), ("Coffee", "Espresso blend 1 kg", 148, 0.5),
        ("Coffee", "Drip bags x10", 58, 0.49), ("Coffee", "Hand grinder", 198, 0.55), ("Gifts", "礼盒 Gift box small", 198, 0.44), ("Gifts", "礼盒 Gift box large", 398, 0.43), ("Gifts", "月饼 Mooncakes", 238, 0.5),
        ("Gifts", "Tasting voucher", 100, 0.2), ("Books", "The Book of Tea", 45, 0.6), ("Books", "茶经", 39, 0.6), ("Books", "Coffee at home", 52, 0.6),
    ];

    // A unit of each currency in yuan when prices were set.
    private static readonly Dictionary<string, double> PriceRates = new() { ["CNY"] = 1, ["EUR"] = 7.8, ["USD"] = 7.2 };

    private readonly Dictionary<string, long[]> prices;

    public Catalogue(IdSequence ids)
    {
        Products = [.. Items.Select((item, i) => new Product { Id = ids.Next(), Sku = $"T-{i + 1:000}", Name = item.Name, Category = item.Category })];
        prices = PriceRates.ToDictionary(r => r.Key, r => Items.Select(i => (long)Math.Round(i.Price / r.Value * 10) * 1_000).ToArray());
    }

    public IReadOnlyList<Product> Products { get; }

    public static int Count => Items.Length;

    /// <summary>In 1/10000 of the currency.</summary>
    public long Price(int product, string currency) => prices[currency][product];

    public static long Cost(int product, long fullAmount) => (long)(fullAmount * Items[product].Cost);

    public static double InYuan(string currency) => PriceRates[currency];
}

/// <summary>Ids of UUID version 7 (RFC 9562, method 1: the twelve bits after the millisecond count on), the same for the same seed.</summary>
internal sealed class IdSequence(DateTime start, int seed)
{
    private readonly long milliseconds = new DateTimeOffset(start).ToUnixTimeMilliseconds();
    private readonly Draw draw = new(seed);
    private long count;

    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        draw.Fill(bytes[8..]);
        var at = milliseconds + (count >> 12);
        for (var i = 0; i < 6; i++)
            bytes[i] = (byte)(at >> (8 * (5 - i)));
        bytes[6] = (byte)(0x70 | (count >> 8 & 15));
        bytes[7] = (byte)count++;
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3F);
        return new Guid(bytes, bigEndian: true);
    }
}
