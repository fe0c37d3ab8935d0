using CrmGraph.GraphQL.Types;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Specification;

/// <summary>Introspection (section 4 of the September 2025 edition).</summary>
public sealed class Section4IntrospectionTests
{
    private const string Sdl = """
        "What one can ask." schema { query: Query }
        type Query { user(id: ID = "1", old: Int @deprecated): User @deprecated(reason: "Use people.") people(where: Where): [Person!] }
        "Someone." type User implements Person { id: ID name: String birthday: Date }
        interface Person { name: String }
        scalar Date @specifiedBy(url: "https://example.com/date")
        enum Unit { METER FOOT @deprecated }
        input Where @oneOf { id: ID name: String }
        union Any = User
        directive @mine(times: Int = 2) repeatable on FIELD | QUERY
        """;

    private static async Task<string?> AskAsync(string query) => Answer.Of(await Answer.ToAsync(Sdl, [], query)).Data;

    [Theory]
    [InlineData("{ __type(name: \"User\") { name fields { name type { name } } } }", """{"__type":{"name":"User","fields":[{"name":"id","type":{"name":"ID"}},{"name":"name","type":{"name":"String"}},{"name":"birthday","type":{"name":"Date"}}]}}""")] // 4.2
    [InlineData("{ __typename t: __typename }", """{"__typename":"Query","t":"Query"}""")] // 4.1 Type Name Introspection
    [InlineData("{ __schema { description queryType { name } mutationType { name } subscriptionType { name } } }", """{"__schema":{"description":"What one can ask.","queryType":{"name":"Query"},"mutationType":null,"subscriptionType":null}}""")] // 4.2 The __Schema Type
    [InlineData("{ __type(name: \"Nobody\") { name } }", """{"__type":null}""")]
    [InlineData("{ __type(name: \"User\") { kind description interfaces { name } possibleTypes { name } enumValues { name } inputFields { name } ofType "
        + "{ name } specifiedByURL isOneOf } }",
        """{"__type":{"kind":"OBJECT","description":"Someone.","interfaces":[{"name":"Person"}],"possibleTypes":null,"enumValues":null,"inputFields":null,"ofType":null,"specifiedByURL":null,"isOneOf":null}}""")] // 4.2.2 The __Type Type
    [InlineData(
        "{ __type(name: \"Person\") { kind fields { name } interfaces { name } possibleTypes { name } } }",
        """{"__type":{"kind":"INTERFACE","fields":[{"name":"name"}],"interfaces":[],"possibleTypes":[{"name":"User"}]}}""")]
    [InlineData(
        "{ __type(name: \"Any\") { kind fields { name } possibleTypes { name } } }",
        """{"__type":{"kind":"UNION","fields":null,"possibleTypes":[{"name":"User"}]}}""")]
    [InlineData(
        "{ __type(name: \"Date\") { kind name specifiedByURL } }",
        """{"__type":{"kind":"SCALAR","name":"Date","specifiedByURL":"https://example.com/date"}}""")]
    [InlineData("{ __type(name: \"Unit\") { kind enumValues { name } all: enumValues(includeDeprecated: true) { name isDeprecated deprecationReason } } }",
        """{"__type":{"kind":"ENUM","enumValues":[{"name":"METER"}],"all":[{"name":"METER","isDeprecated":false,"deprecationReason":null},"""
            + """{"name":"FOOT","isDeprecated":true,"deprecationReason":"No longer supported"}]}}""")]
    [InlineData(
        "{ __type(name: \"Where\") { kind isOneOf inputFields { name defaultValue } } }",
        """{"__type":{"kind":"INPUT_OBJECT","isOneOf":true,"inputFields":[{"name":"id","defaultValue":null},{"name":"name","defaultValue":null}]}}""")]
    [InlineData("{ __type(name: \"Query\") { fields { name type { kind name ofType { kind name ofType { name } } } } } }", """{"__type":{"fields":[{"name":"people","type":{"kind":"LIST","name":null,"ofType":{"kind":"NON_NULL","name":null,"ofType":{"name":"Person"}}}}]}}""")] // 4.2.3 The __Field Type; deprecated ones only when asked for
    [InlineData("{ __type(name: \"Query\") { fields(includeDeprecated: true) { name isDeprecated deprecationReason args { name defaultValue } "
        + "all: args(includeDeprecated: true) { name isDeprecated } } } }",
        """{"__type":{"fields":[{"name":"user","isDeprecated":true,"deprecationReason":"Use people.","args":"""
            + """[{"name":"id","defaultValue":"\u00221\u0022"}],"all":[{"name":"id","isDeprecated":false},{"name":"old","isDeprecated":true}]},"""
            + """{"name":"people","isDeprecated":false,"deprecationReason":null,"args":[{"name":"where","defaultValue":null}],"all":"""
            + """[{"name":"where","isDeprecated":false}]}]}}""")]
    public async Task Section_4_Introspection(string query, string expected) =>
        Assert.Equal(System.Text.Json.Nodes.JsonNode.Parse(expected)!.ToJsonString(),
            System.Text.Json.Nodes.JsonNode.Parse((await AskAsync(query))!)!.ToJsonString());

    [Fact] // 4.2.6 The __Directive Type
    public async Task Section_4_2_6_Directives_tell_where_they_stand()
    {
        var result = await Answer.ToAsync(Sdl, [], "{ __schema { directives { name isRepeatable locations args { name defaultValue } } } }");
        var mine = result.ToJson().GetProperty("data").GetProperty("__schema").GetProperty("directives").EnumerateArray()
            .Single(static d => d.GetProperty("name").GetString() == "mine");
        Assert.Equal("""{"name":"mine","isRepeatable":true,"locations":["FIELD","QUERY"],"args":[{"name":"times","defaultValue":"2"}]}""", mine.GetRawText());
    }

    [Fact] // 4: built-in scalars that the schema does not use are not there
    public async Task Section_3_5_Unused_scalars_are_not_listed()
    {
        var result = await Answer.ToAsync("type Query { a: String }", [], "{ __schema { types { name } } }");
        var names = result.ToJson().GetProperty("data").GetProperty("__schema").GetProperty("types").EnumerateArray()
            .Select(static t => t.GetProperty("name").GetString()!)
            .Where(Scalars.IsSpecified);
        Assert.Equal(["Boolean", "String"], names.Order());
    }
}
