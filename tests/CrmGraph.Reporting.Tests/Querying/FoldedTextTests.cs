using System.Globalization;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying;

public sealed class FoldedTextTests
{
    /// <summary>Rows of Unicode's CaseFolding.txt, and compatibility forms.</summary>
    [Theory]
    [InlineData("ΟΔΥΣΣΕΥΣ", "Οδυσσευς")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("STRAẞE", "strasse")]
    [InlineData("ᾳ", "ΑΙ")]
    [InlineData("ᾼ", "αι")]
    [InlineData("ΐ", "\u0399\u0308\u0301")]
    [InlineData("ŉ", "ʼN")]
    [InlineData("ǰ", "J\u030C")]
    [InlineData("և", "ԵՒ")]
    [InlineData("ﬃ", "FFI")]
    [InlineData("µ", "Μ")]
    [InlineData("ſ", "S")]
    [InlineData("K", "k")]
    [InlineData("Ⅷ", "viii")]
    [InlineData("İ", "i\u0307")]
    [InlineData("Ꭰ", "ꭰ")]
    [InlineData("ᲂ", "О")]
    [InlineData("É", "e\u0301")]
    [InlineData("ＡＢＣ", "abc")]
    public void Texts_that_differ_in_case_or_width_alone_have_one_form(string one, string other) => Assert.Equal(FoldedText.Fold(one), FoldedText.Fold(other));

    [Theory]
    [InlineData("İ", "i")]
    [InlineData("ı", "I")]
    [InlineData("e", "é")]
    [InlineData("ss", "s")]
    public void Other_letters_stay_different(string one, string other) => Assert.NotEqual(FoldedText.Fold(one), FoldedText.Fold(other));

    [Fact]
    public void Every_letter_has_one_form_in_both_cases_and_no_other_when_folded_again()
    {
        foreach (var letter in Letters())
        {
            var folded = FoldedText.Fold(letter);
            Assert.Equal((letter, folded), (letter, FoldedText.Fold(letter.ToUpperInvariant())));
            Assert.Equal((letter, folded), (letter, FoldedText.Fold(letter.ToLowerInvariant())));
            Assert.Equal((letter, folded), (letter, FoldedText.Fold(folded)));
        }
    }

    [Fact]
    public async Task PostgreSQL_folds_every_letter_as_the_program_does()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Postgres);
        var folded = await ChangedAsync(database, "crm_fold(chr(n))");
        var decomposed = await ChangedAsync(database, "normalize(chr(n), nfkd)");

        // Letters that are younger than the server's Unicode are left out.
        Assert.DoesNotContain(
            Letters().Where(letter => letter.Normalize(NormalizationForm.FormKD) == decomposed.GetValueOrDefault(letter, letter)),
            letter => FoldedText.Fold(letter) != folded.GetValueOrDefault(letter, letter));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Migrating_folds_what_was_folded_by_an_older_rule_and_leaves_no_history(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await database.SaveAsync(
            new Customer { Id = Guid.CreateVersion7(), Name = "Οδυσσευς", City = "Straße" },
            new Customer { Id = Guid.CreateVersion7(), Name = "Ada" });
        await database.ExecuteAsync("update customers set name_folded = 'οδυσσευς', city_folded = 'straße' where name <> 'Ada'");
        await database.ExecuteAsync("delete from history");
        await database.ExecuteAsync("delete from migrations where number = 24");

        await database.Engine.MigrateAsync();

        Assert.Equal(
            [["Ada", "ada", null], ["Οδυσσευς", "οδυσσευσ", "strasse"]],
            await database.QueryAsync("select name, name_folded, city_folded from customers where not is_guest order by name"));
        Assert.Empty(await database.QueryAsync("select 1 from history"));
    }

    private static async Task<Dictionary<string, string>> ChangedAsync(TestDatabase database, string made) =>
        (await database.QueryAsync($"select chr(n), {made} from generate_series(1, 1114111) n where n not between 55296 and 57343 and {made} <> chr(n)"))
            .ToDictionary(r => (string)r[0]!, r => (string)r[1]!);

    private static IEnumerable<string> Letters() => Enumerable.Range(1, 0x10FFFF)
        .Where(n => n is not (>= 0xD800 and <= 0xDFFF) && CharUnicodeInfo.GetUnicodeCategory(n) != UnicodeCategory.OtherNotAssigned)
        .Select(char.ConvertFromUtf32);
}
