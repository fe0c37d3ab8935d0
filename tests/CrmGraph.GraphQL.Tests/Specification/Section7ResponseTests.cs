using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.TestKit;
using Snapshooter;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Specification;

/// <summary>Response (section 7 of the September 2025 edition): its shape, and the examples of errors with their paths.</summary>
public sealed class Section7ResponseTests
{
    private static readonly Dictionary<string, Answer.Field> Fields = new()
    {
        ["Query.hero"] = static (_, _) => Answer.Object(
            ("name", "R2-D2"),
            ("friends", new object?[] { Friend("1000", "Luke"), Friend("1002", null), Friend("1003", "Leia") })),
        ["Character.name"] = static (parent, _) => parent!["name"]
            ?? throw new GraphQLException("NO_NAME", "Name for character with ID 1002 could not be fetched."),
    };

    private static Dictionary<string, object?> Friend(string id, string? name) => Answer.Object(("id", id), ("name", name));

    private static string Sdl(string name) => $"type Query {{ hero: Character }} type Character {{ id: ID name: {name} friends: [Character] }}";

    private static async Task<JsonElement> AskAsync(string name, string query) => (await Answer.ToAsync(Sdl(name), Fields, query)).ToJson();

    [Fact] // 7.1.1: a response to an execution has data, and no errors entry when there is none; data or errors, nothing else of ours
    public async Task Section_7_1_A_response_without_errors() =>
        Assert.Equal("""{"data":{"hero":{"name":"R2-D2"}}}""", (await AskAsync("String", "{ hero { name } }")).GetRawText());

    [Theory] // 7.1.2: a request error has no data, and says where
    [InlineData("parse", "{ hero {")]
    [InlineData("validation", "{ hero { nope } }")]
    public async Task Section_7_1_2_A_request_error(string stage, string query)
    {
        var response = await AskAsync("String", query);

        Snapshot.Match(Transcript.Of(query, response), new SnapshotNameExtension(stage));
    }

    [Theory] // 7.1.2: the path has response names and indices, the same whether the field may be null or not
    [InlineData("nullable", "String")]
    [InlineData("required", "String!")]
    public async Task Section_7_1_2_An_error_in_a_list(string name, string type)
    {
        const string query = "{\n  hero {\n    name\n    heroFriends: friends {\n      id\n      name\n    }\n  }\n}";

        var response = await AskAsync(type, query);

        Snapshot.Match(Transcript.Of(query, response), new SnapshotNameExtension(name));
    }

    [Fact] // 7.1: errors stand first where there are any (a recommendation)
    public async Task Section_7_1_Errors_come_before_data() =>
        Assert.Equal("errors", (await AskAsync("String", "{ hero { friends { name } } }")).EnumerateObject().First().Name);

    [Fact] // 7.2.2: fields in the order of the request
    public async Task Section_7_2_2_Ordered_maps() =>
        Assert.Equal(
            """{"hero":{"b":"R2-D2","__typename":"Character","a":"R2-D2"}}""",
            (await AskAsync("String", "{ hero { b: name __typename a: name b: name } }")).GetProperty("data").GetRawText());
}
