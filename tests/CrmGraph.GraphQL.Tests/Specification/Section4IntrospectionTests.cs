using CrmGraph.GraphQL.TestKit;
using CrmGraph.GraphQL.Types;
using Snapshooter.Xunit;
using Snapshooter;
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

    [Theory]
    [InlineData("fields", "{ __type(name: \"User\") { name fields { name type { name } } } }")]
    [InlineData("type names", "{ __typename t: __typename }")] // 4.1 Type Name Introspection
    [InlineData("schema", "{ __schema { description queryType { name } mutationType { name } subscriptionType { name } } }")] // 4.2 The __Schema Type
    [InlineData("nobody", "{ __type(name: \"Nobody\") { name } }")]
    [InlineData("object", """
        {
          __type(name: "User") {
            kind description interfaces { name } possibleTypes { name } enumValues { name } inputFields { name } ofType { name } specifiedByURL isOneOf
          }
        }
        """)] // 4.2.2 The __Type Type
    [InlineData("interface", "{ __type(name: \"Person\") { kind fields { name } interfaces { name } possibleTypes { name } } }")]
    [InlineData("union", "{ __type(name: \"Any\") { kind fields { name } possibleTypes { name } } }")]
    [InlineData("scalar", "{ __type(name: \"Date\") { kind name specifiedByURL } }")]
    [InlineData("enum",
        "{ __type(name: \"Unit\") { kind enumValues { name } all: enumValues(includeDeprecated: true) { name isDeprecated deprecationReason } } }")]
    [InlineData("input object", "{ __type(name: \"Where\") { kind isOneOf inputFields { name defaultValue } } }")]
    // 4.2.3 The __Field Type; deprecated ones only when asked for
    [InlineData("field types", "{ __type(name: \"Query\") { fields { name type { kind name ofType { kind name ofType { name } } } } } }")]
    [InlineData("deprecated fields", """
        {
          __type(name: "Query") {
            fields(includeDeprecated: true) {
              name isDeprecated deprecationReason args { name defaultValue } all: args(includeDeprecated: true) { name isDeprecated }
            }
          }
        }
        """)]
    public async Task Section_4_Introspection(string name, string query) =>
        Snapshot.Match(Transcript.Of(query, (await Answer.ToAsync(Sdl, [], query)).ToJson()), new SnapshotNameExtension(name.Replace(' ', '_')));

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
