using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>When a product is on the shelf.</summary>
internal enum Shelf { Always, Spring, Summer, MidAutumn, Winter }

/// <summary>What the demo company sells: tea, teaware, coffee, gifts and books, with prices in euros, their cost share, and how much they are asked for.</summary>
internal sealed class Catalogue
{
    private static readonly (string Category, string Name, double Price, double Cost, double Demand, Shelf Shelf)[] Items =
    [
        ("Tea", "龙井 Longjing 100 g", 16.5, 0.42, 6, Shelf.Always), ("Tea", "碧螺春 Biluochun 100 g", 15, 0.42, 4, Shelf.Always),
        ("Tea", "铁观音 Tieguanyin 250 g", 20, 0.4, 5, Shelf.Always),
        ("Tea", "大红袍 Dahongpao 100 g", 24, 0.38, 3, Shelf.Always), ("Tea", "普洱 Pu'er cake 357 g", 34.5, 0.36, 4, Shelf.Always),
        ("Tea", "白毫银针 Silver Needle 50 g", 19, 0.41, 2, Shelf.Always),
        ("Tea", "茉莉花茶 Jasmine 200 g", 8.9, 0.45, 7, Shelf.Always), ("Tea", "Keemun Black 200 g", 11.5, 0.44, 5, Shelf.Always),
        ("Tea", "Earl Grey 200 g", 7.5, 0.46, 8, Shelf.Always),
        ("Tea", "Rooibos 200 g", 6.5, 0.47, 5, Shelf.Always), ("Tea", "明前龙井 First picking 50 g", 29, 0.4, 8, Shelf.Spring),
        ("Tea", "Iced tea blend 250 g", 9.9, 0.43, 12, Shelf.Summer),
        ("Tea", "Winter spice tea 200 g", 8.9, 0.43, 12, Shelf.Winter), ("Teaware", "盖碗 Gaiwan", 12.5, 0.5, 3, Shelf.Always),
        ("Teaware", "紫砂壶 Clay teapot", 52, 0.48, 1.5, Shelf.Always),
        ("Teaware", "Glass teapot", 16.5, 0.5, 3, Shelf.Always), ("Teaware", "Porcelain cup", 4.9, 0.52, 5, Shelf.Always),
        ("Teaware", "Tea tray", 28, 0.51, 1.5, Shelf.Always),
        ("Teaware", "Travel set", 21.5, 0.5, 2, Shelf.Always), ("Coffee", "云南 Yunnan beans 250 g", 9.9, 0.48, 4, Shelf.Always),
        ("Coffee", "Espresso blend 1 kg", 19, 0.5, 4, Shelf.Always),
        ("Coffee", "Drip bags x10", 7.5, 0.49, 3, Shelf.Always), ("Coffee", "Hand grinder", 25.5, 0.55, 1, Shelf.Always),
        ("Gifts", "礼盒 Gift box small", 25.5, 0.44, 3, Shelf.Always),
        ("Gifts", "礼盒 Gift box large", 52, 0.43, 1.5, Shelf.Always), ("Gifts", "月饼 Mooncakes", 29.9, 0.5, 30, Shelf.MidAutumn),
        ("Gifts", "Tasting voucher", 15, 0.2, 1.5, Shelf.Always),
        ("Books", "The Book of Tea", 12, 0.6, 1, Shelf.Always), ("Books", "茶经", 9.5, 0.6, 1, Shelf.Always),
        ("Books", "Coffee at home", 14.9, 0.6, 1, Shelf.Always),
    ];

    private static readonly double[] Demand = [.. Items.Select(i => i.Demand)];

    // A unit of each currency in euros when prices were set.
    private static readonly Dictionary<string, double> PriceRates = new() { ["EUR"] = 1, ["CNY"] = 0.128, ["USD"] = 0.92, ["GBP"] = 1.16 };

    private readonly Dictionary<string, long[]> prices;

    public Catalogue(IdSequence ids)
    {
        Products = [.. Items.Select((item, i) => new Product { Id = ids.Next(), Sku = $"T-{i + 1:000}", Name = item.Name, Category = item.Category })];
        prices = PriceRates.ToDictionary(r => r.Key, r => Items.Select(i => (long)Math.Round(i.Price / r.Value * 10) * 1_000).ToArray());
    }

    public IReadOnlyList<Product> Products { get; }

    /// <summary>What somebody takes from the shelf on a day.</summary>
    public static int Take(Draw draw, DateOnly day)
    {
        while (true)
            if (draw.Weighted(Demand) is var product && IsOnShelf(Items[product].Shelf, day))
                return product;
    }

    public static IEnumerable<string> ForeignCurrencies => PriceRates.Keys.Where(c => c != CompanyGenerator.Currency);

    /// <summary>In 1/10000 of the currency.</summary>
    public long Price(int product, string currency) => prices[currency][product];

    public static long Cost(int product, long fullAmount) => (long)(fullAmount * Items[product].Cost);

    public static double InEuros(string currency) => PriceRates[currency];

    private static bool IsOnShelf(Shelf shelf, DateOnly day) => shelf switch
    {
        Shelf.Spring => day.Month is >= 4 and <= 5,
        Shelf.Summer => day.Month is >= 6 and <= 8,
        Shelf.MidAutumn => Festivals.MidAutumn(day.Year).DayNumber - day.DayNumber is >= 0 and <= 35,
        Shelf.Winter => day.Month is >= 11 or 1,
        _ => true,
    };
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
