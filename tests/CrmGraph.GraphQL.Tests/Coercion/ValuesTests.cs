using System.Text.Json;
using CrmGraph.GraphQL.Tests.Execution;
using CrmGraph.GraphQL.Types;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Coercion;

/// <summary>Input coercion: the tables of sections 3.10 and 3.11, and messages in the form of graphql-js.</summary>
public sealed class ValuesTests
{
    private static readonly InputObjectType Example = new("ExampleInputObject", () => [new("a", Scalars.String), new("b", new NonNullType(Scalars.Int))]);
    private static readonly InputObjectType Deep = new(
        "Deep",
        () => [new("in", new ListType(Example)), new("d", Scalars.Int) { DefaultValue = new GraphQL.Language.IntValueNode("7") }]);

    private static readonly Schema Schema = Make();

    private static Schema Make()
    {
        var query = new ObjectType("Query", () =>
        [
            Echo("example", Example), Echo("deep", Deep), Echo("list", new ListType(Scalars.Int)), Echo("nested", new ListType(new ListType(Scalars.Int))),
            Echo("required", new NonNullType(Scalars.Int)), Echo("any", Scalars.Any), Echo("requiredItems", new ListType(new NonNullType(Scalars.Int))),
        ]);
        return new Schema(query, null, null, [query, Example, Deep, .. Scalars.All], SpecifiedDirectives.Specified);
    }

    private static FieldDefinition Echo(string name, GraphQLType type) => new(name, Scalars.String)
    {
        Arguments = [new("v", type)],
        Resolver = c => new([c.Arguments.TryGetValue("v", out var v) ? Text(v) : "absent"]),
    };

    private static string Text(object? value) => value switch
    {
        null => "null",
        string s => $"\"{s}\"",
        InputObject o => Text(o.Fields),
        IReadOnlyDictionary<string, object?> d => "{" + string.Join(",", d.Select(p => $"{p.Key}:{Text(p.Value)}")) + "}",
        IEnumerable<object?> l => "[" + string.Join(",", l.Select(Text)) + "]",
        bool b => b ? "true" : "false",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    private static async Task<(string? Value, string? Error)> RunAsync(string query, string variables = "{}")
    {
        using var given = JsonDocument.Parse(variables);
        var result = (await new RequestExecutor(Schema).ExecuteAsync(
            new GraphQLRequest(query) { Variables = given.RootElement.Clone() },
            new RequestState(),
            new Run.Services(),
            CancellationToken.None)).ToJson();
        return (result.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? data.EnumerateObject().First().Value.GetString() : null,
            result.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("message").GetString() : null);
    }

    [Theory]
    [InlineData("""{ a: "abc", b: 123 }""", "{}", """{a:"abc",b:123}""")]
    [InlineData("""{ a: null, b: 123 }""", "{}", "{a:null,b:123}")]
    [InlineData("{ b: 123 }", "{}", "{b:123}")]
    [InlineData("{ a: $var, b: 123 }", """{"var":null}""", "{a:null,b:123}")]
    [InlineData("{ a: $var, b: 123 }", "{}", "{b:123}")]
    public async Task Literals_of_input_objects_follow_the_table_of_section_3_10(string literal, string variables, string expected) =>
        Assert.Equal((expected, null), await RunAsync(
            $"query({(literal.Contains("$var", StringComparison.Ordinal) ? "$var: String, " : "")}$unused: Int = 1) {{ example(v: {literal}) "
            + $"required(v: $unused) }}", variables));

    [Theory]
    [InlineData("[1, 2, 3]", "[1,2,3]")]
    [InlineData("1", "[1]")]
    [InlineData("null", "null")]
    [InlineData("[1, null]", "[1,null]")]
    public async Task Lists_are_coerced_from_literals_and_json_alike(string value, string expected)
    {
        Assert.Equal((expected, null), await RunAsync($"{{ list(v: {value}) }}"));
        Assert.Equal((expected, null), await RunAsync("query($v: [Int]) { list(v: $v) }", $$"""{"v":{{value}}}"""));
    }

    [Theory]
    [InlineData("[[1], [2, 3]]", "[[1],[2,3]]")]
    [InlineData("[1, null, 3]", "[[1],null,[3]]")]
    [InlineData("1", "[[1]]")]
    public async Task Nested_lists_follow_the_table_of_section_3_11(string value, string expected)
    {
        Assert.Equal((expected, null), await RunAsync($"{{ nested(v: {value}) }}"));
        Assert.Equal((expected, null), await RunAsync("query($v: [[Int]]) { nested(v: $v) }", $$"""{"v":{{value}}}"""));
    }

    [Theory]
    [InlineData("query($v: Int!) { required(v: $v) }", "{}", "Variable \"$v\" of required type \"Int!\" was not provided.")]
    [InlineData("query($v: Int!) { required(v: $v) }", """{"v":null}""", "Variable \"$v\" of non-null type \"Int!\" must not be null.")]
    [InlineData(
        "query($v: ExampleInputObject) { example(v: $v) }",
        """{"v":{"a":"x"}}""",
        "Variable \"$v\" got invalid value {\"a\":\"x\"}; Field \"b\" of required type \"Int!\" was not provided.")]
    [InlineData(
        "query($v: ExampleInputObject) { example(v: $v) }",
        """{"v":{"b":1,"c":2}}""",
        "Variable \"$v\" got invalid value {\"b\":1,\"c\":2}; Field \"c\" is not defined by type \"ExampleInputObject\".")]
    [InlineData(
        "query($v: ExampleInputObject) { example(v: $v) }",
        """{"v":3}""",
        "Variable \"$v\" got invalid value 3; Expected type \"ExampleInputObject\" to be an object.")]
    [InlineData(
        "query($v: [Int!]) { requiredItems(v: $v) }",
        """{"v":[1,null]}""",
        "Variable \"$v\" got invalid value null at \"v[1]\"; Expected non-nullable type \"Int!\" not to be null.")]
    public async Task Wrong_variables_are_named_with_their_path(string query, string variables, string message)
        => Assert.Equal(message, (await RunAsync(query, variables)).Error);

    [Fact]
    public async Task The_path_of_a_mistake_goes_through_objects_and_lists()
    {
        var (_, error) = await RunAsync("query($v: Deep) { deep(v: $v) }", """{"v":{"in":[{"b":1},{"b":"x"}]}}""");
        Assert.StartsWith("Variable \"$v\" got invalid value \"x\" at \"v.in[1].b\"; ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Defaults_fill_absent_fields_and_null_does_not_take_them()
    {
        Assert.Equal("{in:[{b:1}],d:7}", (await RunAsync("{ deep(v: {in: {b: 1}}) }")).Value);
        Assert.Equal("{d:null}", (await RunAsync("query($v: Deep) { deep(v: $v) }", """{"v":{"d":null}}""")).Value);
    }

    [Fact]
    public async Task An_absent_variable_leaves_the_argument_absent()
    {
        Assert.Equal("absent", (await RunAsync("query($v: [Int]) { list(v: $v) }")).Value);
        Assert.Equal("null", (await RunAsync("query($v: [Int]) { list(v: $v) }", """{"v":null}""")).Value);
    }

    [Fact]
    public async Task A_scalar_that_takes_anything_gets_variables_inside_literals() =>
        Assert.Equal("{a:[1,5],b:\"x\"}", (await RunAsync("query($n: Int, $gone: Int) { any(v: {a: [1, $n], b: \"x\", c: $gone}) }", """{"n":5}""")).Value);
}
