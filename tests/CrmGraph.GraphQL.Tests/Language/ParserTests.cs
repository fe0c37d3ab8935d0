using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Language;

public sealed class ParserTests
{
    private static readonly GraphQLLimits Limits = new();

    private static GraphQLError Refused(string source, GraphQLLimits? limits = null) =>
        Assert.Throws<SyntaxException>(() => Parser.Parse(source, limits ?? Limits)).Error;

    /// <summary>The positions are graphql-js's.</summary>
    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{", 1, 2)]
    [InlineData("{}", 1, 2)]
    [InlineData("{ a(b:) }", 1, 7)]
    [InlineData("notAnOperation Foo { field }", 1, 1)]
    [InlineData("...", 1, 1)]
    [InlineData("{ ...on }", 1, 9)]
    [InlineData("fragment on on on { on }", 1, 10)]
    [InlineData("{ a: 1.", 1, 8)]
    [InlineData("{ a(b: 1.) }", 1, 10)]
    [InlineData("{ a(b: 01) }", 1, 9)]
    [InlineData("{ a(b: 1x) }", 1, 9)]
    [InlineData("{ a(b: .5) }", 1, 8)]
    [InlineData("{ a(b: \"x\n\") }", 1, 10)]
    [InlineData("{ a(b: \"\"\"x\r\ny", 2, 2)]
    [InlineData("{ a(b: \"\\uD83D\\u0041\") }", 1, 9)]
    [InlineData("{ a(b: \"\\u{110000}\") }", 1, 9)]
    [InlineData("{ a(b: \"\\q\") }", 1, 9)]
    [InlineData("\uFEFF# c\r\n{ a ? }", 2, 5)]
    [InlineData("{ a(b: \"😀\") ? }", 1, 14)]
    [InlineData("query ($a: Int = $b) { a }", 1, 18)]
    [InlineData("\"d\" { a }", 1, 1)]
    [InlineData("\"d\" extend type A { a: Int }", 1, 1)]
    [InlineData("extend type A", 1, 14)]
    [InlineData("enum E { true }", 1, 10)]
    [InlineData("directive @a on FIELD | WRONG", 1, 25)]
    [InlineData("{ a(b: 'x') }", 1, 8)]
    [InlineData("{ .. a }", 1, 3)]
    public void A_syntax_error_says_where_it_is(string source, int line, int column)
    {
        var error = Refused(source);
        Assert.Equal(ErrorCodes.SyntaxError, error.Code);
        Assert.Equal([new SourceLocation(line, column)], error.Locations);
    }

    [Theory]
    [InlineData("\"a\\n\\\"\\\\\\/\\b\\f\\r\\t\\u00e9\"", "a\n\"\\/\b\f\r\té")]
    [InlineData("\"\\uD83D\\uDE00 \\u{1F600} \\u{000000041}\"", "😀 😀 A")]
    [InlineData("\"\"\"\n    Hello,\n      World!\n\n    Yours,\n      \\\"\"\" \n  \"\"\"", "Hello,\n  World!\n\nYours,\n  \"\"\" ")]
    [InlineData("\"\"\"  a\r\n   b\r  c\"\"\"", "  a\n b\nc")]
    [InlineData("\"\"\"\"\"\"", "")]
    [InlineData("\"\"\" \n \"\"\"", "")]
    public void Strings_mean_what_the_specification_says(string source, string value) =>
        Assert.Equal(value, Assert.IsType<StringValueNode>(Parser.ParseValue(source)).Value);

    [Fact]
    public void Descriptions_stand_on_operations_fragments_and_variables()
    {
        var document = Parser.Parse("\"op\" query Q(\"var\" $a: [Int!]! = [1] @x) { a(b: $a) } \"\"\"frag\"\"\" fragment F on T { a }", Limits);
        var operation = Assert.IsType<OperationDefinitionNode>(document.Definitions[0]);
        Assert.Equal(("op", "var"), (operation.Description?.Value, operation.VariableDefinitions[0].Description?.Value));
        Assert.Equal("frag", Assert.IsType<FragmentDefinitionNode>(document.Definitions[1]).Description?.Value);
    }

    [Fact]
    public void Keywords_are_names_where_names_may_stand()
    {
        foreach (var word in new[] { "on", "fragment", "query", "mutation", "subscription", "true", "false", "null" })
        {
            var fragment = word == "on" ? "f" : word;
            Parser.Parse(
                $"query {word} {{ ...{fragment} ... on {word} {{ {word}({word}: ${word}) @{word}({word}: {word}) }} }} fragment {fragment} on Type {{ a }}",
                Limits);
        }
    }

    [Fact]
    public void Deep_nesting_is_refused_before_it_can_hurt_the_stack()
    {
        var limits = Limits with { DocumentCharacters = 10_000_000, DocumentTokens = 10_000_000 };
        foreach (var source in new[] { Nested("{a"), "{a(b:" + Nested("["), "{a(b:" + Nested("{a:"), "query($a:" + Nested("[") })
            Assert.Equal(ErrorCodes.TooDeep, Refused(source, limits).Code);
        Assert.NotNull(Parser.Parse(string.Concat(Enumerable.Repeat("{a", 100)) + new string('}', 100), limits));

        static string Nested(string open) => string.Concat(Enumerable.Repeat(open, 200_000));
    }

    [Fact]
    public void Tokens_and_characters_are_limited()
    {
        Assert.Equal(ErrorCodes.TooManyTokens, Refused("{a b c d}", Limits with { DocumentTokens = 5 }).Code);
        Assert.NotNull(Parser.Parse("{a b c d}", Limits with { DocumentTokens = 6 }));
        Assert.Equal(ErrorCodes.DocumentTooLarge, Refused("{a b c d}", Limits with { DocumentCharacters = 8 }).Code);
    }

    [Fact]
    public void A_lone_surrogate_is_refused_everywhere()
    {
        Assert.Equal([new SourceLocation(1, 4)], Refused("{a \uD83D }").Locations);
        Assert.Equal([new SourceLocation(1, 3)], Refused("# \uDE00\n{a}").Locations);
        Assert.Equal([new SourceLocation(1, 7)], Refused("{a(b:\"\uD83D\")}").Locations);
    }
}
