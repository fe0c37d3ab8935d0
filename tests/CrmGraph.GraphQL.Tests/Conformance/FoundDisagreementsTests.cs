using System.Text.Json;
using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Conformance;

/// <summary>What generated documents found once, and what was decided: fixed, whatever the generators make of their seeds.</summary>
public sealed class FoundDisagreementsTests
{
    private const string Sdl = """
        type Query { any(of: Any, at: Int, ids: [ID], pick: Pick, color: Color): String }
        scalar Any
        enum Color { RED }
        input Pick @oneOf { pair: Pair name: String }
        input Pair { left: String! }
        """;

    private static readonly GraphQLLimits Limits = GraphQLLimits.ForOwnDocuments();

    private static string[] Rules(string document, string sdl = Sdl) =>
        [.. Validator.Validate(SdlSchemaBuilder.Build(sdl), Parser.Parse(document, Limits), Limits)
            .Select(static e => $"{e.Rule} {e.Locations[0].Line}:{e.Locations[0].Column}")];

    private static string[] VariableErrors(string type, string json)
    {
        var operation = Parser.Parse($"query($v: {type}) {{ any }}", Limits).Definitions.OfType<OperationDefinitionNode>().Single();
        var errors = new List<GraphQLError>();
        using var variables = JsonDocument.Parse($$"""{"v":{{json}}}""");
        Values.CoerceVariableValues(SdlSchemaBuilder.Build(Sdl), operation.VariableDefinitions, variables.RootElement, 50, errors);
        return [.. errors.Select(static e => e.Message)];
    }

    [Fact]
    public void A_list_in_the_place_of_a_number_is_wrong_whatever_its_variables_will_be() =>
        Assert.Equal(
            ["ValuesOfCorrectType 1:26"],
            Rules("query($v: Int) { any(at: [1, $v]) }").Where(static r => r.StartsWith("Values", StringComparison.Ordinal)));

    [Fact]
    public void A_name_given_twice_in_a_scalars_object_is_one_error_and_no_crash() =>
        Assert.Equal(
            ["UniqueInputFieldNames 1:14"],
            Rules("{ any(of: { a: 1 a: 2 }) }").Select(static r => r.Replace("1:13", "1:14", StringComparison.Ordinal)));

    [Fact]
    public void A_name_given_twice_in_a_scalars_variable_counts_once() => Assert.Empty(VariableErrors("Any", """{"a":1,"a":2}"""));

    [Fact]
    public void A_large_integer_of_a_scalar_without_rules_keeps_its_digits()
    {
        using var json = JsonDocument.Parse("9007199254740993");
        Assert.Equal(9007199254740993L, ScalarPassThrough.Value(json.RootElement));
    }

    [Fact]
    public void A_mistake_inside_the_one_field_is_no_mistake_of_the_one_of_object() => Assert.Single(VariableErrors("Pick", """{"pair":{}}"""));

    [Theory]
    [InlineData("Pick", """{}""", 1)]
    [InlineData("Pick", """{"name":null}""", 1)]
    [InlineData("Pick", """{"name":null,"pair":null}""", 2)]
    [InlineData("Pick", """{"name":"x","nope":1}""", 1)]
    public void One_of_objects_are_judged_by_what_is_given(string type, string json, int errors) => Assert.Equal(errors, VariableErrors(type, json).Length);

    [Theory]
    [InlineData("Color", """ "\ud800" """)]
    [InlineData("Any", """ ["\udc00"] """)]
    [InlineData("Any", """ {"\ud800":1} """)]
    [InlineData("Pick", """ {"\ud800":1} """)]
    [InlineData("String", """ "\ud83d" """)]
    [InlineData("String", """ "\ud83d \ude00" """)]
    [InlineData("String", """ "\ud83d\n" """)]
    [InlineData("String", """ "\ud83d\ud83d\ude00" """)]
    public void Half_a_surrogate_pair_is_the_clients_mistake(string type, string json) => Assert.Single(VariableErrors(type, json));

    [Fact]
    public void Half_a_surrogate_pair_is_no_name_of_a_variable() => Assert.Single(VariableErrors("String", """ "x", "\ud83d": 1 """));

    [Theory]
    [InlineData(""" "\ud83d\ude00" """)]
    [InlineData(""" "\\ud83d \u00e9 \n" """)]
    [InlineData(""" "\\\ud83d\ude00\\" """)]
    public void Escapes_that_make_characters_are_read(string json) => Assert.Empty(VariableErrors("String", json));

    /// <summary>Section 3.10, Input Object Extensions.</summary>
    [Fact]
    public void An_extension_cannot_make_an_input_object_one_of()
    {
        var errors = Assert.Throws<InvalidSchemaException>(
            static () => SdlSchemaBuilder.Build("type Query { a(i: I): Int }\ninput I { a: Int }\nextend input I @oneOf")).Errors;
        Assert.Equal([new SourceLocation(3, 16)], Assert.Single(errors).Locations);
    }

    [Fact]
    public void A_null_default_of_a_non_null_type_is_an_error_of_its_own_whatever_the_type_is()
    {
        var errors = Assert.Throws<InvalidSchemaException>(static () => SdlSchemaBuilder.Build("type Query { a(i: Query! = null): Int }")).Errors;
        Assert.Equal([new SourceLocation(1, 19), new SourceLocation(1, 28)], errors.Select(static e => e.Locations[0]));
    }

    [Fact]
    public void Introspection_below_introspection_that_is_too_deep_is_not_reported_again() =>
        Assert.Equal(["FieldsOnCorrectType 1:63", "MaxIntrospectionDepth 1:3"],
            Rules("{ __schema { types { fields { type { fields { type { fields { __schema { types { fields { type { fields { type { fields "
                + "{ name } } } } } } } } } } } } } } }").Order());

    [Theory]
    [InlineData("query($v: String = \"x\") { any(pick: { pair: { left: $v } }) }", 53)]
    [InlineData("query($v: String = \"x\") { any(pick: { name: $v }) }", 37)]
    public async Task A_null_variable_inside_a_literal_is_an_error_where_it_does_not_fit(string query, int column)
    {
        using var variables = JsonDocument.Parse("""{"v":null}""");
        var request = new GraphQLRequest(query) { Variables = variables.RootElement };
        var result = await new RequestExecutor(SdlSchemaBuilder.Build(Sdl)).ExecuteAsync(request, new RequestState(), new Execution.Run.Services(), default);
        Assert.True(result.HasData);
        Assert.Equal([new SourceLocation(1, column)], Assert.Single(result.Errors).Locations);
    }

    [Fact]
    public void Values_of_unknown_directives_have_no_type() => Assert.Equal(["KnownDirectives 1:7"], Rules("{ any @nope(at: false) }"));

    [Fact]
    public void Types_named_where_they_do_not_fit_are_compared_by_name()
    {
        var before = SdlSchemaBuilder.BuildUnchecked("type A implements B { a: Int } interface B { a: Int } union U = A");
        var after = SdlSchemaBuilder.BuildUnchecked("type A implements B { a: Int } type B { a: Int } union U = A | ID");
        Assert.Equal(["TYPE_CHANGED_KIND", "TYPE_ADDED_TO_UNION"], SchemaDiff.Between(before, after).Select(static c => c.Kind));
    }

    [Fact]
    public void An_input_that_keeps_its_default_and_need_no_longer_be_non_null_did_not_change() =>
        Assert.Empty(SchemaDiff.Between(SdlSchemaBuilder.BuildUnchecked("input I { a: Int! = 1 }"), SdlSchemaBuilder.BuildUnchecked("input I { a: Int = 1 }")));

    [Fact]
    public void What_an_interface_implements_wrongly_its_types_must_implement_too()
    {
        var errors = Assert.Throws<InvalidSchemaException>(
            static () => SdlSchemaBuilder.Build("type Query implements I { a: String }\ninterface I implements ID { a: String }")).Errors;
        Assert.Equal(["2:24", "2:24 1:23"], errors.Select(static e => string.Join(' ', e.Locations.Select(static l => $"{l.Line}:{l.Column}"))).Order());
    }

    [Fact]
    public void An_operation_in_a_text_of_types_knows_what_the_text_defines()
    {
        var errors = Assert.Throws<InvalidSchemaException>(
            static () => SdlSchemaBuilder.Build("type Query { a(x: String): Int }\nquery($x: String, $q: Query) { a }")).Errors;
        Assert.Equal([new SourceLocation(2, 11)], Assert.Single(errors).Locations);
    }

    [Theory]
    [InlineData("interfaces", "MaxIntrospectionDepth 1:3")]
    [InlineData("ofType", null)]
    public void A_fragment_that_spreads_itself_through_a_list_nests_too_deep(string field, string? error)
    {
        var found = Rules($$"""{ __schema { types { ...A } } } fragment A on __Type { {{field}} { ...A } }""");
        Assert.Equal(error, found.SingleOrDefault(static r => !r.StartsWith("NoFragmentCycles", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_query_after_a_type_without_a_body_is_not_printed_as_that_body() =>
        Assert.Equal("type A\n\nquery {\n  a\n}\n\n{\n  b\n}", Printer.Print(Parser.Parse("type A query { a } { b }", Limits)));

    [Fact]
    public void Doubled_members_of_schemas_that_were_not_checked_can_be_compared()
    {
        var before = SdlSchemaBuilder.BuildUnchecked("type A { a: Int } type B { b: Int } union U = A | A");
        var after = SdlSchemaBuilder.BuildUnchecked("type A { a: Int } type B { b: Int } union U = A | B");
        Assert.Equal(["TYPE_ADDED_TO_UNION"], SchemaDiff.Between(before, after).Select(static c => c.Kind));
    }
}
