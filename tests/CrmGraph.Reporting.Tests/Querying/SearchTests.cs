using System.Globalization;
using System.Text;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>`search` across the name, email address, phone number and external ids of customers.</summary>
public sealed class SearchTests
{
    private static readonly string[] Names =
    [
        "Jürgen Schäfer", "SCHAFER, Anna", "Łukasz Żółć", "Søren Ångström", "Straße GmbH", "张伟", "欧阳娜娜", "ＡＢＣ 商事", "Élodie O'Brien", "Ὀδυσσεύς",
        "Cœur de Lion", "Юрий Гагарин", "がぎぐ", "Nguyễn Văn Ân", "Agent 007",
    ];
    private static readonly string[] Phones = ["+49 (30) 123-4567", "030 1234567", "0049 171 55 66 77", "(212) 555-0100"];

    [Theory]
    [InlineData("Schäfer", "schafer")]
    [InlineData("Łukasz Żółć", "lukasz zolc")]
    [InlineData("Søren Ångström", "soren angstrom")]
    [InlineData("ＡＢＣ Straße", "abc strasse")]
    [InlineData("Nguyễn", "nguyen")]
    [InlineData("Cœur", "coeur")]
    [InlineData("Ὀδυσσεύς", "οδυσσευσ")]
    [InlineData("がぎぐ", "がぎぐ")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("张伟", "张伟")]
    public void Accents_width_and_case_do_not_matter(string text, string plain) => Assert.Equal(plain, SearchText.Plain(text));

    [Fact]
    public async Task PostgreSQL_makes_the_same_text_as_the_program()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Postgres);
        const string Each = "generate_series(1, 12287) n where normalize(chr(n), nfd) <> '' ";
        var made = (await database.QueryAsync($"select chr(n), crm_search_text('x' || chr(n), 'A' || chr(n) || '@b', '+1 ' || chr(n)) from {Each}"))
            .ToDictionary(r => (string)r[0]!, r => (string)r[1]!);
        // Letters that are younger than the server's Unicode are left out.
        var known = (await database.QueryAsync($"select chr(n) from {Each} and chr(n) is nfc normalized or normalize(chr(n), nfkd) <> chr(n)"))
            .Select(r => (string)r[0]!);
        Assert.Empty(known.Where(c => char.GetUnicodeCategory(c, 0) != UnicodeCategory.OtherNotAssigned)
            .Where(c => SearchText.Of("x" + c, $"A{c}@b", "+1 " + c) != made[c])
            .Select(c => $"U+{(int)c[0]:X4} {SearchText.Of("x" + c, $"A{c}@b", "+1 " + c)} {made[c]}"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Finds_the_customers_that_a_comparison_by_culture_finds(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        var (owners, customers) = await FillAsync(database, new Random(7));
        Caller[] callers = [Caller.System, new("rep", Role.Representative, owners[0], [owners[0]])];
        await Fuzz.RunAsync(60, async random =>
        {
            var words = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Word(customers[random.Next(customers.Count)], random)).ToList();
            var caller = callers[random.Next(2)];
            var expected = customers.Where(c => (caller.SeesAll || caller.Owners!.Contains(c.OwnerId!.Value)) && words.TrueForAll(w => IsFound(c, w)))
                .Select(c => c.Email!).Order(StringComparer.Ordinal);
            var search = JsonSerializer.Serialize(string.Join(random.Next(2) == 0 ? " " : "\u3000 ", words));
            var condition = random.Next(2) == 0 ? $"search: {search}" : $"where: {{ not: {{ not: {{ search: {search} }} }} }}";
            Assert.Equal((condition, string.Join(' ', expected)), (condition, string.Join(' ', await PagedAsync(client, condition, caller))));
        });
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Is_one_condition_beside_the_others_also_in_a_segment(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        await database.SaveAsync(
            new Customer { Id = Guid.CreateVersion7(), Name = "Jürgen Schäfer", City = "Berlin" },
            new Customer { Id = Guid.CreateVersion7(), Name = "Anna Schafer", City = "Bern" },
            new Customer { Id = Guid.CreateVersion7(), Name = "Anna Weber", City = "Berlin" });

        Assert.Equal(["Jürgen Schäfer"], await NamesAsync(client, """search: "schafer", where: { city: { eq: "Berlin" } }"""));
        Assert.Equal(["Anna Weber"], await NamesAsync(client, """where: { city: { eq: "Berlin" }, not: { search: "Schäfer" } }"""));
        Assert.Equal(["Anna Schafer", "Anna Weber", "Jürgen Schäfer"], await NamesAsync(client, """search: "  " """));
        Assert.Equal(["Anna Schafer"], await NamesAsync(client, """search: "afer ANN" """));
        var preview = await client.DataAsync("""{ segmentPreview(definition: { search: "schafer" }) { count } }""");
        Assert.Equal(2, preview.GetProperty("segmentPreview").GetProperty("count").GetInt32());
        Assert.Equal("FILTER_TOO_LARGE", await client.CodeAsync("""{ customers(search: "1 2 3 4 5 6 7 8 9 10 11") { nodes { name } } }"""));
        Assert.Equal("FILTER_TOO_LARGE", await client.CodeAsync($$"""{ customers(search: "{{new string('a', 501)}}") { nodes { name } } }"""));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Plain_SQL_is_found_too(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        await database.ExecuteAsync("""
            insert into customers (name, email, phone, day) values ('Jürgen Schäfer', 'J@Example.com', '+49 (30) 12-34', '2026-01-01')
            """);
        Assert.Equal(["Jürgen Schäfer"], await NamesAsync(client, """search: "schafer example 3012" """));

        await database.ExecuteAsync("update customers set name = 'Ölaf Müller', phone = null where name like 'J%'");
        Assert.Equal(["Ölaf Müller"], await NamesAsync(client, """search: "olaf muller" """));
        Assert.Empty(await NamesAsync(client, """search: "3012" """));
        Assert.Empty(await NamesAsync(client, """search: "schafer" """));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Erased_customers_are_not_found_and_merged_ones_by_the_ids_of_both(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        List<Customer> customers = [.. new[] { "Ada", "Grace", "Edsger" }.Select(n => new Customer { Id = Guid.CreateVersion7(), Name = n })];
        await database.SaveAsync([.. customers, .. customers.Select(c => new ExternalId
        {
            Entity = ExternalEntity.Customer, Source = "shop", Key = "Key-" + c.Name, Id = c.Id, CustomerId = c.Id,
        })]);
        var ids = (await client.DataAsync("{ customers { nodes { id name } } }")).GetProperty("customers").GetProperty("nodes").EnumerateArray()
            .ToDictionary(n => n.GetProperty("name").GetString()!, n => n.GetProperty("id").GetString()!);
        await client.DataAsync(
            $$"""mutation { mergeCustomers(input: { keep: "{{ids["Ada"]}}", lose: "{{ids["Grace"]}}" }) { errors { ... on Error { code } } } }""");
        await client.DataAsync($$"""mutation { eraseCustomer(input: { id: "{{ids["Edsger"]}}" }) { errors { ... on Error { code } } } }""");

        Assert.Equal(["Ada"], await NamesAsync(client, """search: "key-grace" """));
        Assert.Equal(["Ada"], await NamesAsync(client, """search: "KEY-" """));
        Assert.Empty(await NamesAsync(client, """search: "erased:" """));
        Assert.Empty(await NamesAsync(client, """search: "edsger" """));
        Assert.Empty(await NamesAsync(client, $"search: \"{customers[1].Id}\""));
    }

    private static async Task<(Guid[] Owners, List<Customer> Customers)> FillAsync(TestDatabase database, Random random)
    {
        var owners = new[] { Guid.CreateVersion7(), Guid.CreateVersion7() };
        List<Customer> customers = [.. Enumerable.Range(0, 150).Select(i => new Customer
        {
            Id = Guid.CreateVersion7(),
            Name = random.Next(3) > 0 ? Names[random.Next(Names.Length)] : $"{Names[random.Next(Names.Length)]} {Names[random.Next(Names.Length)]}",
            Email = $"c{i}@{(random.Next(2) == 0 ? "example" : "web.de")}",
            Phone = random.Next(3) == 0 ? null : Phones[random.Next(Phones.Length)],
            OwnerId = owners[random.Next(2)],
        })];
        foreach (var customer in customers.Where(_ => random.Next(2) == 0))
            customer.ExternalIds.Add(new()
            {
                Entity = ExternalEntity.Customer, Source = "shop", Key = $"C-{customers.IndexOf(customer):0000}", Id = customer.Id, CustomerId = customer.Id,
            });
        await database.SaveAsync([.. owners.Select(o => new TeamMember { Id = o, Name = "m" }), .. customers]);
        return (owners, customers);
    }

    /// <summary>A part of a text of the customer, written as somebody may type it.</summary>
    private static string Word(Customer customer, Random random)
    {
        string[] texts = [.. customer.Name.Split(' '), customer.Email!, customer.Phone?.Replace(" ", "", StringComparison.Ordinal) ?? "555",
            customer.ExternalIds.FirstOrDefault()?.Key ?? "C-0", "zzz"];
        var text = texts[random.Next(texts.Length)];
        var starts = StringInfo.ParseCombiningCharacters(text);
        var from = starts[random.Next(2) == 0 ? 0 : random.Next(starts.Length)];
        var rest = StringInfo.ParseCombiningCharacters(text[from..]);
        var word = rest.Length < 3 ? text[from..] : text[from..(from + rest[random.Next(2, rest.Length)])];
        return random.Next(4) switch { 0 => word.ToUpperInvariant(), 1 => word.ToLowerInvariant(), 2 => Bare(word), _ => word };
    }

    private static string Bare(string text) => string.Concat(text.Normalize(NormalizationForm.FormD).Where(c => c is < '\u0300' or > '\u036F')).Normalize();

    private static bool IsFound(Customer customer, string word) => Holds(customer.Name, word) || Holds(customer.Email!, word)
        || customer.ExternalIds.Exists(e => e.Key.StartsWith(word, StringComparison.OrdinalIgnoreCase))
        || (word.All(c => char.IsAsciiDigit(c) || "+-()./".Contains(c))
            && new[] { customer.Name, customer.Email!, Digits(customer.Phone ?? "") }.Any(text => IsIn(text, Digits(word))));

    /// <summary>A number without its signs; one or two zeros in front may be missing.</summary>
    private static bool IsIn(string text, string digits) => digits.Length > 0
        && (text.Contains(digits, StringComparison.Ordinal)
            || (digits.TrimStart('0') is { Length: > 0 } bare && bare.Length >= digits.Length - 2 && text.Contains(bare, StringComparison.Ordinal))
            || (digits.StartsWith("00", StringComparison.Ordinal) && digits.Length > 2 && text.Contains(digits[2..], StringComparison.Ordinal)));

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    /// <summary>By the rules of the platform's collation instead of ours, apart from the strokes that no collation takes for marks.</summary>
    private static bool Holds(string text, string word)
    {
        static string Typed(string text) => text.Normalize(NormalizationForm.FormKC).ToUpperInvariant().Replace("Ł", "L", StringComparison.Ordinal)
            .Replace("Ø", "O", StringComparison.Ordinal).Replace("Œ", "OE", StringComparison.Ordinal).Replace("ß", "SS", StringComparison.Ordinal);
        return CultureInfo.InvariantCulture.CompareInfo.IndexOf(Bare(Typed(text)), Bare(Typed(word)), CompareOptions.IgnoreCase) >= 0;
    }

    private static async Task<List<string>> PagedAsync(GraphQLClient client, string condition, Caller caller)
    {
        var (found, after) = (new List<string>(), "");
        while (true)
        {
            var page = (await client.DataAsync(
                $$"""
                { customers({{condition}}, first: 50, order: [{ name: ASC }]{{after}}) { totalCount nodes { email } pageInfo { hasNextPage endCursor } } }
                """,
                null,
                caller)).GetProperty("customers");
            found.AddRange(page.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("email").GetString()!));
            if (!page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean())
            {
                Assert.Equal(page.GetProperty("totalCount").GetInt32(), found.Count);
                return [.. found.Order(StringComparer.Ordinal)];
            }

            after = $", after: \"{page.GetProperty("pageInfo").GetProperty("endCursor").GetString()}\"";
        }
    }

    private static async Task<string[]> NamesAsync(GraphQLClient client, string condition) =>
        [.. (await client.DataAsync($$"""{ customers({{condition}}, order: [{ name: ASC }]) { nodes { name } } }"""))
            .GetProperty("customers").GetProperty("nodes")
            .EnumerateArray().Select(n => n.GetProperty("name").GetString()!)];
}
