using CrmGraph.GraphQL.Language;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Specification;

/// <summary>Language (section 2 of the September 2025 edition): examples of our own on the same conditions.</summary>
public sealed class Section2LanguageTests
{
    private static readonly GraphQLLimits Limits = GraphQLLimits.ForOwnDocuments();

    private static bool Parses(string text)
    {
        try
        {
            Parser.Parse(text, Limits);
            return true;
        }
        catch (SyntaxException)
        {
            return false;
        }
    }

    private static ValueNode Value(string literal) => ((FieldNode)Selections($"{{ f(a: {literal}) }}")[0]).Arguments[0].Value;

    private static IReadOnlyList<SelectionNode> Selections(string text)
        => ((OperationDefinitionNode)Parser.Parse(text, Limits).Definitions[0]).SelectionSet.Selections;

    [Theory]
    [InlineData("{a b,c,,,d #x\n e}", 5)] // 2.1.2 to 2.1.5: white space, line ends, comments and commas separate and mean nothing
    [InlineData("\uFEFF{ a\r\nb\rc\td }", 4)] // 2.1.1 and 2.1.7: the byte order mark is ignored
    [InlineData("{ a #\u0394 \uD83D\uDE00 \u0007\n b }", 2)]
    public void Section_2_1_Source_text(string text, int fields) => Assert.Equal(fields, Selections(text).Count);

    [Theory]
    [InlineData("{ name _private NAME Name a1 }", true)] // 2.1.9 Names
    [InlineData("{ 1a }", false)]
    [InlineData("{ n\u00E4me }", false)]
    [InlineData("{ a-b }", false)]
    [InlineData("{ a } .. ", false)] // 2.1.6: ... is one token
    [InlineData("{ a ?b }", false)]
    public void Section_2_1_Names_and_tokens(string text, bool parses) => Assert.Equal(parses, Parses(text));

    [Theory]
    [InlineData("mutation { like(id: 1) { story { likes } } }", true)] // 2.4 Operations
    [InlineData("{ field }", true)]
    [InlineData("query { field }", true)]
    [InlineData("query Named($a: Int = 1 @d, $b: [Int!]!) @d { field }", true)]
    [InlineData("\"\"\"What it is for\"\"\" query Described(\"of a variable\" $a: Int) { field }", true)] // 2.2 Descriptions
    [InlineData("\"no description\" { field }", false)]
    [InlineData("subscription S { a }", true)]
    [InlineData("query Q() { a }", false)]
    [InlineData("queries { a }", false)]
    [InlineData("{ }", false)] // 2.5 Selection Sets
    [InlineData("{ a { } }", false)]
    [InlineData("{ me { id birthday { month day } friends { name } } }", true)] // 2.6 Fields
    [InlineData("{ user(id: 4) { picture(width: 100, height: 50) } }", true)] // 2.7 Arguments
    [InlineData("{ user() { id } }", false)]
    [InlineData("{ small: pic(size: 64) big: pic(size: 1024) }", true)] // 2.8 Field Alias
    [InlineData("{ a: b: c }", false)]
    [InlineData("{ ...F ... on User { a } ... @include(if: true) { b } ... { c } } fragment F on User @d { a }", true)] // 2.9 Fragments
    [InlineData("fragment on on User { a }", false)]
    [InlineData("{ ...on }", false)]
    [InlineData("fragment F { a }", false)]
    [InlineData("{ a @x @y(n: 1) @x }", true)] // 2.13 Directives
    [InlineData("query($v: Int = $w) { a }", false)] // 2.10: defaults are constant
    [InlineData("query($v: Int @d(x: $v)) { a }", false)]
    [InlineData("query($a: [[Int!]!]!) { a }", true)] // 2.12 Type References
    [InlineData("query($a: Int!!) { a }", false)]
    [InlineData("query($a: []) { a }", false)]
    public void Section_2_Documents(string text, bool parses) => Assert.Equal(parses, Parses(text));

    [Theory]
    [InlineData("0")] // 2.10.1 Int Value
    [InlineData("-0")]
    [InlineData("1234")]
    public void Section_2_10_1_Integers(string literal) => Assert.Equal(literal, Assert.IsType<IntValueNode>(Value(literal)).Value);

    [Theory]
    [InlineData("6.0221413e23")] // 2.10.2 Float Value
    [InlineData("1e50")]
    [InlineData("1.0")]
    [InlineData("-0.5E-3")]
    public void Section_2_10_2_Floats(string literal) => Assert.Equal(literal, Assert.IsType<FloatValueNode>(Value(literal)).Value);

    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("1x")]
    [InlineData("0xF1")]
    [InlineData("1.2.3")]
    [InlineData("1.e5")]
    public void Section_2_10_Numbers_that_are_none(string literal) => Assert.False(Parses($"{{ f(a: {literal}) }}"));

    [Theory]
    [InlineData("\"\"", "")] // 2.10.4 String Value
    [InlineData("\"a \\\" \\\\ \\/ \\b\\f\\n\\r\\t\"", "a \" \\ / \b\f\n\r\t")]
    [InlineData("\"\\u00e9\\u{1F600}\\uD83D\\uDE00\"", "\u00e9\uD83D\uDE00\uD83D\uDE00")]
    [InlineData("\"\"\"\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  \"\"\"", "Hello,\n  World!\n\nYours,\n  GraphQL.")]
    [InlineData("\"\"\"one \\\"\"\" line \\n\"\"\"", "one \"\"\" line \\n")]
    [InlineData("\"\"\"\"\"\"", "")]
    public void Section_2_10_4_Strings(string literal, string value) => Assert.Equal(value, Assert.IsType<StringValueNode>(Value(literal)).Value);

    [Theory]
    [InlineData("\"open")]
    [InlineData("\"line\nend\"")]
    [InlineData("\"\\q\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\\u{110000}\"")]
    [InlineData("\"\\uD83D\"")]
    [InlineData("\"\\uDE00\\uD83D\"")]
    [InlineData("\"\"\"open\"\"")]
    public void Section_2_10_4_Strings_that_are_none(string literal) => Assert.False(Parses($"{{ f(a: {literal}) }}"));

    [Fact]
    public void Section_2_10_Other_values()
    {
        Assert.True(Assert.IsType<BooleanValueNode>(Value("true")).Value); // 2.10.3
        Assert.IsType<NullValueNode>(Value("null")); // 2.10.5: null is not a name
        Assert.Equal("MOBILE_WEB", Assert.IsType<EnumValueNode>(Value("MOBILE_WEB")).Value); // 2.10.6
        Assert.Equal(3, Assert.IsType<ListValueNode>(Value("[1, 2 3]")).Values.Count); // 2.10.7
        Assert.Empty(Assert.IsType<ListValueNode>(Value("[]")).Values);
        Assert.Equal(["lon", "lat"], Assert.IsType<ObjectValueNode>(Value("{ lon: 12.43, lat: -53.211 }")).Fields.Select(static f => f.Name.Value)); // 2.10.8
        Assert.Empty(Assert.IsType<ObjectValueNode>(Value("{}")).Fields);
        Assert.Equal("v", Assert.IsType<VariableNode>(Value("$v")).Name.Value); // 2.11
    }
}
