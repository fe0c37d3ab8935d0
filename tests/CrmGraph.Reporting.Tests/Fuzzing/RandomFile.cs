using System.Globalization;

namespace CrmGraph.Reporting.Tests.Fuzzing;

/// <summary>
/// Rows of every kind of record. What is said of a key follows from the key, though a row may leave some of it out; some keys say what is refused.
/// Facts without a key say something of their own each, unless a row is repeated.
/// </summary>
internal static class RandomFile
{
    public const string Header = "Kind,Key,Customer,At,Text,Number,Currency,Choice\n";

    public const string Map = """
        source: shop
        defaults: {currency: EUR}
        rules:
          - skip: notes
            when: Kind = 'note'
          - {route: customer, when: Kind = 'customer'}
          - {route: member, when: Kind = 'member'}
          - {route: product, when: Kind = 'product'}
          - {route: campaign, when: Kind = 'campaign'}
          - {route: spend, when: Kind = 'spend'}
          - {route: rate, when: Kind = 'rate'}
          - {route: order, when: Kind = 'order'}
          - {route: sale, when: Kind = 'sale'}
          - {route: call, when: Kind = 'call'}
          - {route: ticket, when: Kind = 'ticket'}
          - {route: answer, when: Kind = 'answer'}
          - {route: deal, when: Kind = 'deal'}
          - {route: contract, when: Kind = 'contract'}
        records:
          - customer: {route: customer, key: Key, name: {column: Key}, country: Text, birthDate: At, city: Choice}
          - teamMember: {route: member, key: Key, name: {column: Key}, email: Text}
          - product: {route: product, key: Key, category: Text}
          - campaign: {route: campaign, key: Key, channel: {const: ads}, startDay: At}
          - campaignSpend: {route: spend, campaign: Key, day: At, amount: Number, currency: Currency}
          - exchangeRate: {route: rate, currency: Currency, day: At, rate: Number}
          - order: {route: order, key: Key, customer: Customer, number: Key, orderedAt: At, currency: Currency, line: {product: Text, quantity: {const: 2}, unitPrice: Number}}
          - order: {route: sale, customer: Customer, number: Text, orderedAt: At, currency: Currency, amount: Number}
          - interaction: {route: call, customer: Customer, occurredAt: At, subject: Text, durationSeconds: Number, kind: {column: Choice, values: {a: call, b: email, c: visit}}}
          - ticket: {route: ticket, customer: Customer, openedAt: At, subject: Text, csat: Number}
          - surveyResponse: {route: answer, customer: Customer, answeredAt: At, kind: {const: nps}, score: Number, comment: Text}
          - opportunity: {route: deal, key: Key, customer: Customer, name: Text, stage: {const: new}, openedAt: At, amount: Number, currency: Currency}
          - contract: {route: contract, key: Key, customer: Customer, plan: Text, startDay: At, monthlyAmount: Number, currency: Currency}
        """;

    /// <summary>What the records say, without ids and moments of writing.</summary>
    public static IReadOnlyList<string> Contents { get; } =
    [
        "select name, country, city, birth_date from customers where not is_guest",
        "select name, email from team_members",
        "select sku, category from products",
        "select name, channel, start_day from campaigns",
        "select m.name, s.day, s.channel, s.amount, s.currency from campaign_spend s join campaigns m on m.id = s.campaign_id",
        "select currency, day, rate from exchange_rates",
        "select o.number, c.name, o.day, o.currency, o.gross_amount, o.returned_amount from orders o join customers c on c.id = o.customer_id",
        "select l.quantity, o.number, p.sku, l.kind, l.unit_price, l.amount from order_lines l join orders o on o.id = l.order_id left join products p on p.id = l.product_id",
        "select i.subject, c.name, i.kind, i.day, i.duration_seconds from interactions i join customers c on c.id = i.customer_id",
        "select t.subject, c.name, t.kind, t.day, t.csat from tickets t join customers c on c.id = t.customer_id",
        "select a.comment, c.name, a.kind, a.score, a.day from survey_answers a join customers c on c.id = a.customer_id",
        "select d.name, c.name, d.stage, d.status, d.amount, d.currency, d.day from opportunities d join customers c on c.id = d.customer_id",
        "select k.plan, c.name, k.start_day, k.monthly_amount, k.currency from contracts k join customers c on c.id = k.customer_id",
    ];

    private static readonly string[] Kinds =
        ["customer", "customer", "member", "product", "product", "campaign", "spend", "rate", "order", "order", "order", "sale", "call", "ticket", "answer",
            "deal", "contract", "note"];

    /// <summary>What facts refer to comes first: a row finds what its own or an earlier batch wrote.</summary>
    public static List<string> Rows(Random random, int count, bool repeats)
    {
        var rows = new List<string> { string.Join(',', RateOf(random)) + "\n" };
        foreach (var kind in new[] { "customer", "product", "campaign" })
            rows.AddRange(Enumerable.Range(0, 6).Select(i => Row(random, kind, i, 0)));
        while (rows.Count < count)
        {
            var row = Row(random, Kinds[random.Next(Kinds.Length)], random.Next(6), rows.Count);
            if (repeats && random.Next(6) == 0)
                rows.Add(rows[random.Next(rows.Count)]);
            // A line of an order that comes again is another line, unless it comes in another file.
            else if (repeats || !rows.Contains(row))
                rows.Add(row);
        }
        return rows;
    }

    /// <summary>The same row with its number and currency in another form.</summary>
    public static string OtherwiseWritten(string row, Random random)
    {
        var cells = row.Split(',');
        if (decimal.TryParse(cells[5], NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
            cells[5] = number.ToString(random.Next(2) == 0 ? "0.0###" : "0.0000", CultureInfo.InvariantCulture);
        cells[6] = random.Next(2) == 0 ? cells[6].ToLowerInvariant() : cells[6];
        return string.Join(',', cells);
    }

    private static string Row(Random random, string kind, int number, int index)
    {
        var key = $"{kind}{number}";
        var customer = random.Next(5) == 0 ? "" : $"customer{random.Next(7)}";
        var own = new Random(StableHash(key));
        string Sometimes(string text) => random.Next(3) == 0 ? "" : text;
        var product = $"product{random.Next(6)}";
        string[] cells = kind switch
        {
            "customer" => [kind, key, "", own.Next(6) == 0 ? "2099-01-01" : Sometimes(Day(own)), Sometimes(Word(own)), "", "", Sometimes(Word(own))],
            "member" => [kind, key, "", "", own.Next(5) == 0 ? "no mail" : Sometimes($"{key}@example.com"), "", "", ""],
            "product" => [kind, key, "", "", Sometimes(Word(own)), "", "", ""],
            "campaign" => [kind, key, "", Sometimes(Day(own)), "", "", "", ""],
            "spend" => SpendOf(random, $"campaign{random.Next(6)}"),
            "rate" => RateOf(random),
            // A line is told by its product, so what it costs follows from the two.
            "order" => [kind, key, Whose(own), Day(own), product, Price(StableHash(key + product)), Code(own), ""],
            "deal" or "contract" => [kind, key, Whose(own), Day(own), Word(own), own.Next(6) == 0 ? "-5" : Price(StableHash(key)), Code(own), ""],
            "answer" => [kind, "", customer, Day(random), $"t{index}", random.Next(-1, 13).ToString(CultureInfo.InvariantCulture), "", ""],
            "ticket" => [kind, "", customer, Day(random), $"t{index}", Sometimes(random.Next(0, 7).ToString(CultureInfo.InvariantCulture)), "", ""],
            "call" => [kind, "", customer, random.Next(9) == 0
                ? "soon"
                : Day(random), $"t{index}", random.Next(-3, 90).ToString(CultureInfo.InvariantCulture), "", "abcd"[random.Next(4)].ToString()],
            "sale" => [kind, "", customer, Day(random), $"t{index}", random.Next(12) == 0 ? "much" : Price(random.Next()), Code(random), ""],
            _ => [kind, "", "", "", "", "", "", ""],
        };
        return string.Join(',', cells) + "\n";
    }

    private static string[] SpendOf(Random random, string campaign)
    {
        var day = $"2025-05-0{random.Next(1, 4)}";
        return ["spend", campaign, "", day, "", Price(StableHash(campaign + day)), "EUR", ""];
    }

    private static string[] RateOf(Random random)
    {
        var (currency, day) = (random.Next(2) == 0 ? "USD" : "CNY", $"2025-05-0{random.Next(1, 4)}");
        return ["rate", "", "", day, "", Price(StableHash(currency + day)), currency, ""];
    }

    private static string Whose(Random own) => own.Next(4) == 0 ? "" : $"customer{own.Next(7)}";
    private static string Day(Random random) => new DateOnly(2024, 1, 1).AddDays(random.Next(600)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    private static string Word(Random random) => $"word{random.Next(50)}";
    private static string Code(Random random) => new[] { "EUR", "USD", "CNY", "ZZ" }[random.Next(8) == 0 ? 3 : random.Next(3)];
    private static string Price(int seed) => (new Random(seed).Next(1, 100_000) / 100m).ToString(CultureInfo.InvariantCulture);
    private static int StableHash(string text) => text.Aggregate(17, (hash, letter) => unchecked(hash * 31 + letter));
}
