using Xunit;

namespace CrmGraph.GraphQL.Tests.Specification;

/// <summary>Execution (section 6 of the September 2025 edition).</summary>
public sealed class Section6ExecutionTests
{
    private const string Sdl = """
        type Query { a: Holder b: Holder number(n: Int = 7, must: Int! = 1): String birthday: Birthday any: Any list: [Int!] pets: [Pet] }
        type Mutation { changeNumber(to: Int!): Holder fail: Int! }
        type Holder { number: Int sub1: Int sub2: Int again: Holder }
        type Birthday { month: Int }
        interface Pet { name: String }
        type Dog implements Pet { name: String barks: Boolean }
        type Cat implements Pet { name: String purrs: Boolean }
        union Any = Dog | Cat
        """;

    private static readonly Dictionary<string, object?> Numbers = Answer.Object(
        ("number", 1),
        ("sub1", 1),
        ("sub2", 2),
        ("again", Answer.Object(("sub1", 3), ("sub2", 4))));

    private static Dictionary<string, Answer.Field> Fields() => new()
    {
        ["Query.a"] = static (_, _) => Numbers,
        ["Query.b"] = static (_, _) => Numbers,
        ["Query.number"] = static (_, arguments) => string.Join(' ', arguments.Select(static a => $"{a.Key}={a.Value ?? "null"}")),
        ["Query.birthday"] = static (_, _) => Answer.Object(("month", 5)),
        ["Query.any"] = static (_, _) => Answer.Object(("__typename", "Dog"), ("name", "Rex"), ("barks", true)),
        ["Query.list"] = static (_, _) => new object?[] { 1, 2 },
        ["Query.pets"] = static (_, _) => new object?[] {
            Answer.Object(("__typename", "Dog"), ("name", "Rex"), ("barks", true)),
            null,
            Answer.Object(("__typename", "Cat"), ("name", "Tom"), ("purrs", false)) },
    };

    private static async Task<(string? Data, string[] Paths)> AskAsync(string query, string? variables = null, string? operation = null)
        => Answer.Of(await Answer.ToAsync(Sdl, Fields(), query, variables, operation));

    [Theory] // 6.1.1: which operation is meant
    [InlineData("query A { __typename } query B { x: __typename }", "B", """{"x":"Query"}""")]
    [InlineData("query A { __typename }", null, """{"__typename":"Query"}""")]
    [InlineData("query A { __typename } query B { x: __typename }", null, null)]
    [InlineData("query A { __typename }", "C", null)]
    public async Task Section_6_1_1_The_operation(string query, string? operation, string? data)
    {
        var answer = await AskAsync(query, null, operation);
        Assert.Equal(data, answer.Data);
        Assert.Equal(data is null ? ["request"] : [], answer.Paths);
    }

    [Theory] // 6.1.2 Coercing Variable Values, 6.4.1 Coercing Field Arguments
    [InlineData("query($n: Int) { number(n: $n) }", "{}", "n=7 must=1")]
    [InlineData("query($n: Int) { number(n: $n) }", """{"n":null}""", "n=null must=1")]
    [InlineData("query($n: Int = 3) { number(n: $n) }", "{}", "n=3 must=1")]
    [InlineData("query($n: Int = 3) { number(n: $n) }", """{"n":null}""", "n=null must=1")]
    [InlineData("query($n: Int) { number(must: $n) }", "{}", "n=7 must=1")]
    [InlineData("query($n: Int) { number(must: $n) }", """{"n":2}""", "n=7 must=2")]
    [InlineData("query($n: Int!) { number(n: $n) }", "{}", "request")]
    [InlineData("query($n: Int!) { number(n: $n) }", """{"n":null}""", "request")]
    [InlineData("query($n: Int) { number(n: $n) }", """{"n":"7"}""", "request")]
    [InlineData("query($n: Int) { number(must: $n) }", """{"n":null}""", "number")]
    public async Task Section_6_4_1_Arguments(string query, string variables, string expected)
    {
        var (data, paths) = await AskAsync(query, variables);
        if (paths is [var path])
            Assert.Equal((expected, expected == "request" ? null : """{"number":null}"""), (path, data));
        else
            Assert.Equal($$"""{"number":"{{expected}}"}""", data);
    }

    [Fact] // 6.2.2: one root field after the other, with all that is below it
    public async Task Section_6_2_2_Mutations_run_in_their_order()
    {
        var current = 0;
        var fields = new Dictionary<string, Answer.Field>
        {
            ["Mutation.changeNumber"] = (_, arguments) => Answer.Object(("number", current = (int)arguments["to"]!)),
            ["Holder.number"] = (_, _) => current
        };
        var result = await Answer.ToAsync(
            Sdl,
            fields,
            "mutation { first: changeNumber(to: 1) { number } second: changeNumber(to: 3) { number } third: changeNumber(to: 2) { number } }");
        Assert.Equal("""{"first":{"number":1},"second":{"number":3},"third":{"number":2}}""", Answer.Of(result).Data);
    }

    [Theory] // 6.3.2 Field Collection
    [InlineData("{ a { sub1 } ...F } fragment F on Query { a { sub2 } b { sub1 } }", """{"a":{"sub1":1,"sub2":2},"b":{"sub1":1}}""")]
    [InlineData("{ b { sub1 } a { sub1 } b { sub2 } }", """{"b":{"sub1":1,"sub2":2},"a":{"sub1":1}}""")]
    [InlineData("{ a { again { sub1 } } a { again { sub2 } sub1 } }", """{"a":{"again":{"sub1":3,"sub2":4},"sub1":1}}""")]
    [InlineData("{ x: __typename ... @skip(if: true) { a { sub1 } } ...F @include(if: false) } fragment F on Query { b { sub1 } }", """{"x":"Query"}""")]
    [InlineData(
        "{ a { sub1 @skip(if: true) @include(if: true) sub2 @skip(if: false) @include(if: true) number @include(if: false) } }",
        """{"a":{"sub2":2}}""")]
    [InlineData(
        "{ any { ... on Dog { name } ... on Cat { purrs } ...P __typename } } fragment P on Pet { n: name }",
        """{"any":{"name":"Rex","n":"Rex","__typename":"Dog"}}""")]
    [InlineData("{ pets { name ... on Dog { barks } ... on Cat { purrs } } }", """{"pets":[{"name":"Rex","barks":true},null,{"name":"Tom","purrs":false}]}""")] // 6.4.3 Value Completion
    [InlineData("{ birthday { month } list }", """{"birthday":{"month":5},"list":[1,2]}""")]
    public async Task Section_6_3_2_Fields_are_collected_and_merged_in_order(string query, string data)
    {
        var answer = await AskAsync(query);
        Assert.Equal(data, answer.Data);
        Assert.Empty(answer.Paths);
    }

    [Theory] // 6.4.4 Handling Execution Errors
    [InlineData("t: Int", "t", null, """{"o":{"t":null}}""", new[] { "o.t" })]
    [InlineData("t: Int!", "t", null, """{"o":null}""", new[] { "o.t" })]
    [InlineData("t: [Int]", "t", 1, """{"o":{"t":[0,null,2]}}""", new[] { "o.t.1" })]
    [InlineData("t: [Int!]", "t", 1, """{"o":{"t":null}}""", new[] { "o.t.1" })]
    [InlineData("t: [Int]!", "t", 1, """{"o":{"t":[0,null,2]}}""", new[] { "o.t.1" })]
    [InlineData("t: [Int!]!", "t", 1, """{"o":null}""", new[] { "o.t.1" })]
    public async Task Section_6_4_4_Nulls_rise_to_where_they_may_stand(string field, string name, int? failingItem, string data, string[] paths)
    {
        var fields = new Dictionary<string, Answer.Field>
        {
            ["Query.o"] = static (_, _) => Answer.Object(),
            ["O." + name] = (_, _) => failingItem is null ? throw new InvalidOperationException() : new object?[] { 0, new InvalidOperationException(), 2 },
        };
        var answer = Answer.Of(await Answer.ToAsync($"type Query {{ o: O }} type O {{ {field} }}", fields, $"{{ o {{ {name} }} }}"));
        Assert.Equal(data, answer.Data);
        Assert.Equal(paths, answer.Paths);
    }

    [Fact] // 6.4.4: up to the root
    public async Task Section_6_4_4_Data_is_null_when_all_is_non_null()
    {
        var fields = new Dictionary<string, Answer.Field>
        {
            ["Query.o"] = static (_, _) => Answer.Object(),
            ["O.p"] = static (_, _) => Answer.Object(),
            ["P.x"] = static (_, _) => null
        };
        var answer = Answer.Of(await Answer.ToAsync("type Query { o: O! } type O { p: P! } type P { x: Int! }", fields, "{ o { p { x } } }"));
        Assert.Equal("null", answer.Data);
        Assert.Equal(["o.p.x"], answer.Paths);
    }
}
