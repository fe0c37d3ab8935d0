using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.TestKit;
using CrmGraph.GraphQL.Tests.Annotations;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Execution;

public sealed class PetExecutionTests
{
    [Fact]
    public async Task Plain_properties_are_written_in_the_order_of_the_selection() =>
        Snapshot.Match(await AskAsync("{ dogs { price name bornOn mood tricks nickname id } }"));

    [Fact]
    public async Task A_batch_resolver_is_called_once_for_all_parents()
    {
        var shop = new PetShop();
        Assert.Equal("""{"data":{"dogs":[{"owner":{"name":"Ada"}},{"owner":null}]}}""", await Run.PetsAsync("{ dogs { owner { name } } }", shop: shop));
        Assert.Equal(1, shop.BatchCalls);
    }

    [Fact]
    public async Task Interfaces_fragments_aliases_and_typename_work_together() =>
        Snapshot.Match(await AskAsync("{ pets { __typename called: name ...D ... on Cat { lives } } } fragment D on Dog { bark(times: 2) }"));

    [Theory]
    [InlineData("{}", "nothing")]
    [InlineData("""{"i":null}""", "nothing")]
    [InlineData("""{"i":{"ids":[]}}""", "any Calm 10 [] absent ")]
    [InlineData("""{"i":{"ids":3,"note":null,"mood":"ASLEEP","limit":2,"nameLike":"x"}}""", "x Resting 2 [3] null ")]
    [InlineData("""{"i":{"ids":[1,2],"note":"n","owner":"T3duZXI6ABEiM0RVZneImaq7zN3u/w=="}}""", "any Calm 10 [1,2] n 00112233-4455-6677-8899-aabbccddeeff")]
    public async Task Input_objects_are_bound_with_defaults_absence_and_null_kept_apart(string variables, string expected) => Assert.Equal(
        $$$"""{"data":{"describe":{{{JsonSerializer.Serialize(expected)}}}}}""", await Run.PetsAsync(
            "query($i: FindPetInput) { describe(input: $i) }",
            variables));

    [Fact]
    public async Task Literals_and_variables_mix_in_an_input_object() => Assert.Equal(
        """{"data":{"describe":"any VeryPlayful 7 [1,5] absent "}}""",
        await Run.PetsAsync(
            "query($n: Int = 5, $m: Mood!, $absent: String) { describe(input: {ids: [1, $n], mood: $m, limit: 7, note: $absent}) }",
            """{"m":"VERY_PLAYFUL"}"""));

    [Theory]
    [InlineData("""{"by":{"name":"a","number":1}}""")]
    [InlineData("""{"by":{}}""")]
    [InlineData("""{"by":{"name":null}}""")]
    public async Task OneOf_takes_exactly_one_value(string variables)
    {
        var result = await Run.ExecuteAsync(Run.Pets(), "query($by: PetByInput!) { by(by: $by) }", variables);
        Assert.False(result.HasData);
        Assert.Equal("HC0016", Assert.Single(result.Errors).Code);
    }

    [Fact]
    public async Task Defaults_of_parameters_are_those_of_the_schema() => Assert.Equal("""{"data":{"number":2.5,"other":1.5}}""",
        await Run.PetsAsync("{ number other: number(mood: CALM) }"));

    [Fact]
    public async Task State_and_authorisation_come_from_the_host()
    {
        Assert.Equal("""{"data":{"who":"KEEPER","keys":"keys"}}""", await Run.PetsAsync("{ who keys }", role: "KEEPER"));
        var denied = await Run.ExecuteAsync(Run.Pets(), "{ dogs { name } keys }", role: "GUEST");
        Assert.True(denied.DataIsNull);
        Assert.Equal("AUTH_NOT_AUTHORIZED", Assert.Single(denied.Errors).Code);
        Assert.Equal("AUTH_NOT_AUTHENTICATED", Assert.Single((await Run.ExecuteAsync(Run.Pets(), "{ keys }")).Errors).Code);
    }

    [Fact]
    public async Task A_known_error_has_code_path_and_location() => Assert.Equal(
        """{"errors":[{"message":"Try again.","locations":[{"line":1,"column":3}],"path":["fails"],"extensions":{"code":"NO_LUCK"}}],"data":null}""",
        await Run.PetsAsync("{ fails }"));

    [Fact]
    public async Task An_unexpected_exception_is_masked_and_reported_with_the_same_id()
    {
        var reported = new List<UnexpectedError>();
        var result = await Run.ExecuteAsync(Run.Pets(report: reported.Add), "{ explodes }");
        Assert.DoesNotContain("secret", result.ToString(), StringComparison.Ordinal);
        var error = result.ToJson().GetProperty("errors")[0];
        Assert.Equal("Unexpected Execution Error", error.GetProperty("message").GetString());
        Assert.Equal("INTERNAL_ERROR", error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal(error.GetProperty("extensions").GetProperty("id").GetString(), Assert.Single(reported).Id);
        Assert.Equal("secret detail", reported[0].Exception.Message);
        Assert.Equal("Query.explodes", reported[0].Coordinate);
    }

    [Fact]
    public async Task A_getter_that_throws_costs_its_parents_only()
    {
        var result = (await Run.ExecuteAsync(Run.Pets(), "{ dog(id: \"RG9nOjI=\") { name broken } dogs { name } }")).ToJson();
        Assert.Equal("""{"dog":null,"dogs":[{"name":"Rex"},{"name":"Fido"}]}""", result.GetProperty("data").GetRawText());
        Assert.Equal("""["dog","broken"]""", result.GetProperty("errors")[0].GetProperty("path").GetRawText());
    }

    [Fact]
    public async Task Nodes_keep_their_positions() => Snapshot.Match(await AskAsync("""
        {
          nodes(ids: ["RG9nOjI=", "RG9nOjk=", "T3duZXI6ABEiM0RVZneImaq7zN3u/w", "RG9nOjE=", "x"]) { id __typename }
          node(id: "RG9nOjE=") { ... on Dog { name } }
        }
        """));

    [Fact]
    public async Task An_id_of_another_type_is_refused()
    {
        var result = await Run.ExecuteAsync(Run.Pets(), """{ dog(id: "T3duZXI6ABEiM0RVZneImaq7zN3u/w==") { name } }""");
        Assert.Equal("INVALID_ID", Assert.Single(result.Errors).Code);
        Assert.Contains("Dog", result.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_nodes_are_refused()
    {
        var ids = string.Join(',', Enumerable.Repeat("\"RG9nOjE=\"", 1001));
        Assert.Equal("HC0076", Assert.Single((await Run.ExecuteAsync(Run.Pets(), $"{{ nodes(ids: [{ids}]) {{ id }} }}")).Errors).Code);
    }

    [Fact]
    public async Task Mutations_follow_the_conventions_and_run_in_turn() => Snapshot.Match(await AskAsync("""
        mutation {
          a: addDog(input: {name: "New", price: 2.5}) { dog { name } errors { __typename } }
          n: countDogs { int }
          b: addDog(input: {name: "New"}) { dog { name } errors { __typename ... on Error { message code } ... on NameTakenError { name } } }
          m: countDogs { int }
        }
        """));

    [Fact]
    public async Task A_subscription_gives_a_response_per_event()
    {
        var result = await Run.ExecuteAsync(Run.Pets(), "subscription { onBark(count: 3, prefix: \"wuff\") }");
        var responses = new List<string>();
        await foreach (var response in result.Stream!)
            responses.Add(response.ToString());
        Assert.Equal(["""{"data":{"onBark":"wuff 1"}}""", """{"data":{"onBark":"wuff 2"}}""", """{"data":{"onBark":"wuff 3"}}"""], responses);
    }

    [Fact]
    public async Task A_stream_that_fails_ends_with_the_error()
    {
        var result = await Run.ExecuteAsync(Run.Pets(), "subscription { onBark(count: -1) }");
        var responses = new List<ExecutionResult>();
        await foreach (var response in result.Stream!)
            responses.Add(response);
        Assert.Equal("BAD_COUNT", Assert.Single(Assert.Single(responses).Errors).Code);
        Assert.False(responses[0].HasData);
    }

    [Theory]
    [InlineData("{", "HC0011")]
    [InlineData("{ unknown }", "VALIDATION_FAILED")]
    [InlineData("query A { who } query B { who }", "HC0015")]
    [InlineData("query($n: Int!) { dogs(first: $n) { name } }", "HC0018")]
    public async Task Request_errors_have_no_data(string query, string code)
    {
        var result = await Run.ExecuteAsync(Run.Pets(), query);
        Assert.False(result.HasData);
        Assert.Equal(code, result.Errors[0].Code);
        Assert.DoesNotContain("\"data\"", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_objects_end_the_request() =>
        Assert.Equal(
            "RESPONSE_TOO_LARGE",
            Assert.Single((await Run.ExecuteAsync(Run.Pets(new GraphQLLimits { ResponseObjects = 1 }), "{ dogs { name } }")).Errors).Code);

    [Fact]
    public async Task The_introspection_query_answers() => Snapshot.Match(await AskAsync("""
        {
          __schema { queryType { name } types { name kind } }
          __type(name: "Dog") { interfaces { name } fields { name type { kind name ofType { name kind } } } }
        }
        """));

    [Theory]
    [InlineData("""{"s":true,"i":true}""", """{"data":{"who":"x"}}""")]
    [InlineData("""{"s":false,"i":false}""", """{"data":{"number":2.5}}""")]
    [InlineData("""{"s":false,"i":true}""", """{"data":{"number":2.5,"who":"x"}}""")]
    [InlineData("""{"s":true,"i":false}""", """{"data":{}}""")]
    public async Task Skip_and_include_follow_their_variables(string variables, string expected) => Assert.Equal(expected,
        await Run.PetsAsync("query($s: Boolean!, $i: Boolean!) { number @skip(if: $s) ...F @include(if: $i) } fragment F on Query { who }", variables, "x"));

    private static async Task<string> AskAsync(string query) => Transcript.Of(query, (await Run.ExecuteAsync(Run.Pets(), query)).ToJson());
}
