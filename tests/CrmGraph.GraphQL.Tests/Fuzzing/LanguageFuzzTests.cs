using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Fuzzing;

/// <summary>Whatever text comes, lexer and parser answer: a document whose printed form is the same document, or a syntax error with a place in the text.</summary>
public sealed class LanguageFuzzTests
{
    private static readonly GraphQLLimits Limits = new();

    private static readonly string[] Documents =
    [
        "{ a }",
        "query Q($a: [Int!]! = [1, 2] @d, $b: In = {x: 1.5e3, y: \"s\", z: E, w: null, v: true}) @d(a: $a) { x: a(b: $b, c: [$a, \"\"\"block \\\"\"\" text\n  indented\"\"\"]) @skip(if: true) { ...F ... on T @d { b } ... { c } } }",
        "mutation { a(x: -0.0, y: 123456789012345678901234567890, z: \"\\u{1F600}\\uD83D\\uDE00\\n\\t\\\"\") } subscription S { b } fragment F on T @d { c }",
        "\"\"\"d\"\"\" schema @d { query: Q mutation: M } extend schema @e \"s\" scalar S @specifiedBy(url: \"u\") type T implements A & B @d { \"f\" a(x: Int = 1 @d): [T!]! @d b: S } extend type T { c: Int }",
        "interface I implements J { a: Int } union U @d = | A | B enum E { A @deprecated(reason: \"r\") B } input N @oneOf { a: Int b: [E!] = [A] } directive @d(a: Int = 1) repeatable on | FIELD | OBJECT extend union U = C extend enum E { D } extend input N { c: Int } extend interface I @d extend scalar S @d",
        "# comment\r\n{ a # another\r b, c,,, }",
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "(", ")", "[", "]", "!", "$", "&", "...", ":", "=", "@", "|", "\"", "\"\"\"", "\\", "\\u", "\\u{", "\\u{110000}", "\\uD800", "#", "\n",
        "\r", "\uFEFF", "0", "-", "1.", "1e", "00", ".5", "on", "null", "true", "fragment F on T",
        "query", "subscription", "extend", "type", "input", "repeatable", "{a", "[[", "{a:{", "...{", "@d(a:", "\u0000", "\u0007", "\uD83D", "é", "🎉",
    ];

    [Fact]
    public Task Every_text_is_a_document_or_a_syntax_error_at_a_place_in_it() => Fuzz.RunAsync(30_000, random =>
    {
        var text = Hostile.Change(Hostile.One(random, Documents), random, Pieces);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var printed = Printer.Print(Parser.Parse(text, Limits));
            Assert.Equal(printed, Printer.Print(Parser.Parse(printed, Limits)));
        }
        catch (SyntaxException e)
        {
            var place = Assert.Single(e.Error.Locations);
            var lines = text.ReplaceLineEndings("\n").Split('\n').Length;
            Assert.True(
                e.Error.Code is not null && place.Line >= 1 && place.Line <= lines + text.Length && place.Column >= 1 && place.Column <= text.Length + 1,
                $"{place} in {text}");
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000 + 2_000L * text.Length);
    });

    [Fact]
    public Task Tokens_in_any_order_are_a_document_or_a_syntax_error() => Fuzz.RunAsync(15_000, random =>
    {
        var text = string.Join(random.Next(3) == 0 ? "" : " ", Enumerable.Range(0, random.Next(40)).Select(_ => Hostile.One(random, Pieces)));
        try
        {
            var printed = Printer.Print(Parser.Parse(text, Limits));
            Assert.Equal(printed, Printer.Print(Parser.Parse(printed, Limits)));
        }
        catch (SyntaxException e)
        {
            Assert.NotEmpty(e.Error.Message);
        }
    });

    [Fact]
    public Task Every_text_is_an_id_or_refused() => Fuzz.RunAsync(15_000, random =>
    {
        var ids = new NodeIds([]);
        var id = ids.Format("Customer", Guid.NewGuid());
        var text = random.Next(4) == 0 ? Hostile.Text(random) : Hostile.Change(id, random, ["=", "==", "/", "+", "-", "_", "Q3VzdG9tZXI6"]);
        foreach (var type in new[] { typeof(Guid), typeof(string), typeof(int), typeof(long) })
            try
            {
                var value = ids.Parse(text, type);
                Assert.Equal(value, ids.Parse(ids.Format(NodeIds.TypeNameOf(text)!, value), type));
            }
            catch (GraphQLException e)
            {
                Assert.Equal(ErrorCodes.InvalidId, e.Error.Code);
            }
    });
}
