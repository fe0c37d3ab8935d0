using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>Names sorted by the rules of languages: what dictionaries say, and the same on both databases.</summary>
public sealed class LocaleOrderTests
{
    private static readonly string[] Names =
    [
        "Zoë", "Zoe", "Äpfel", "apfel", "Apfel", "Öl", "Ozean", "Straße", "Strasse", "张伟", "李娜", "王芳", "赵敏", "欧阳娜娜", "Ångström", "résumé", "resume",
        "Résumé", "co-op", "coop", "Coop", "z", "a", "😀", "ﬁ", "Łódź", "Lodz", "Çelik", "Celik", "ılık", "Ilgaz", "İnci", "Ёлка", "Елка", "Ελένη", "Ελενη",
        "나비", "가방", "かな", "カナ", "Ñandú", "Nandu", "10", "9", "", "李娜",
    ];

    [Fact]
    public async Task Names_are_sorted_as_readers_of_the_language_expect_and_alike_on_both_databases()
    {
        await using var sqlite = await CustomersAsync(DatabaseKind.Sqlite);
        await using var postgres = await CustomersAsync(DatabaseKind.Postgres);
        await using var one = new GraphQLClient(sqlite);
        await using var other = new GraphQLClient(postgres);
        foreach (var locale in LocaleOrder.Locales)
            Assert.Equal((locale, string.Join('|', await AllAsync(other, locale, 13))), (locale, string.Join('|', await AllAsync(one, locale, 7))));

        await AreInOrderAsync("de", "a", "apfel", "Äpfel", "Öl", "Ozean", "Strasse", "Straße", "z", "Zoe", "Zoë");
        await AreInOrderAsync("sv", "a", "apfel", "Ozean", "z", "Zoe", "Ångström", "Äpfel", "Öl");
        await AreInOrderAsync("zh-CN", "李娜", "欧阳娜娜", "王芳", "张伟", "赵敏");
        await AreInOrderAsync("zh_TW", "王芳", "李娜", "赵敏");
        await AreInOrderAsync("es-MX", "Nandu", "Ñandú", "Öl");
        await AreInOrderAsync("pl", "Lodz", "Łódź", "Nandu");
        var refused = (await one.SendAsync(Query("xx-YY", 1))).GetProperty("errors")[0];
        Assert.Contains("sv, th", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("INVALID_SORT", await one.CodeAsync(Query("\u0000", 1), null, Reporting.Access.Caller.System));

        await postgres.ExecuteAsync("drop collation pg_catalog.\"vi-x-icu\"");
        Assert.Equal("LOCALE_NOT_AVAILABLE", await other.CodeAsync(Query("vi", 1), null, Reporting.Access.Caller.System));

        async Task AreInOrderAsync(string locale, params string[] names)
        {
            var all = await AllAsync(one, locale, 50);
            Assert.Equal((locale, string.Join('|', names)), (locale, string.Join('|', all.Where(names.Contains).Distinct())));
        }
    }

    private static async Task<TestDatabase> CustomersAsync(DatabaseKind kind)
    {
        var database = await TestDatabase.CreateAsync(kind);
        await using var context = database.CreateContext();
        // The ids are those of the other database, so that equal names stand in the same order.
        context.AddRange(Names.Select((name, i) => new Customer { Id = new Guid(i + 1, 0, 0, new byte[8]), Name = name, Day = new(2026, 1, 1) }));
        await context.SaveChangesAsync();
        return database;
    }

    private static string Query(string locale, int first, string? after = null) =>
        $"{{ customers(first: {first}, after: {(after is null ? "null" : $"\"{after}\"")}, order: [{{ nameInLocale: {{ locale: \"{locale}\", direction: ASC }} }}]) "
        + "{ nodes { name } pageInfo { hasNextPage endCursor } } }";

    private static async Task<List<string>> AllAsync(GraphQLClient client, string locale, int first)
    {
        var names = new List<string>();
        string? after = null;
        do
        {
            var page = (await client.DataAsync(Query(locale, first, after))).GetProperty("customers");
            names.AddRange(page.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("name").GetString()!));
            var info = page.GetProperty("pageInfo");
            after = info.GetProperty("hasNextPage").GetBoolean() ? info.GetProperty("endCursor").GetString() : null;
        }
        while (after is not null);
        Assert.Equal(Names.Length, names.Count);
        return names;
    }
}
