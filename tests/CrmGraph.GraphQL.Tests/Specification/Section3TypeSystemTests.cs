using System.Text.Json;
using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Tests.Conformance;
using CrmGraph.GraphQL.Types;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Specification;

/// <summary>Type system (section 3 of the September 2025 edition): coercion tables and the examples of valid and invalid schemas, in our own words.</summary>
public sealed class Section3TypeSystemTests
{
    private const string Error = "error";
    private static readonly GraphQLLimits Limits = GraphQLLimits.ForOwnDocuments();

    private static readonly Schema Inputs = SdlSchemaBuilder.Build("""
        type Query { f(o: Example, one: OneOf, l: [Int], m: [[Int]], i: Int, x: Float, s: String, b: Boolean, id: ID, e: E): Int }
        input Example { a: String b: Int! }
        input OneOf @oneOf { a: String b: Int }
        enum E { NORTH }
        """);

    private static string Coerced(string type, string? literal, string variables)
    {
        var definitions = ((OperationDefinitionNode)Parser.Parse($"query($v: {type}, $var: Int, $text: String) {{ f }}", Limits).Definitions[0])
            .VariableDefinitions;
        using var json = JsonDocument.Parse(variables);
        var errors = new List<GraphQLError>();
        var values = Values.CoerceVariableValues(Inputs, definitions, json.RootElement, 50, errors);
        if (errors.Count > 0)
            return Error;
        if (literal is null)
            return World.Canonical(values);
        var node = ((FieldNode)((OperationDefinitionNode)Parser.Parse($"{{ f(a: {literal}) }}", Limits).Definitions[0]).SelectionSet.Selections[0]).Arguments[0]
            .Value;
        try
        {
            return World.Canonical(
                new Dictionary<string, object?> { ["v"] = LiteralCoercion.Coerce(Values.TypeOf(Inputs, definitions[0].Type)!, node, values) });
        }
        catch (FormatException)
        {
            return Error;
        }
    }

    [Theory] // 3.5.1 to 3.5.5, 3.9: input coercion of leaves
    [InlineData("Int", "1", "1")]
    [InlineData("Int", "1.0", "1")]
    [InlineData("Int", "1.5", Error)]
    [InlineData("Int", "2147483648", Error)]
    [InlineData("Int", "\"1\"", Error)]
    [InlineData("Float", "1", "1")]
    [InlineData("Float", "1.5", "1.5")]
    [InlineData("Float", "\"1.5\"", Error)]
    [InlineData("String", "\"x\"", "\"x\"")]
    [InlineData("String", "1", Error)]
    [InlineData("Boolean", "true", "true")]
    [InlineData("Boolean", "1", Error)]
    [InlineData("ID", "\"4\"", "\"4\"")]
    [InlineData("ID", "4", "\"4\"")]
    [InlineData("ID", "4.5", Error)]
    [InlineData("E", "\"NORTH\"", "\"NORTH\"")]
    [InlineData("E", "\"SOUTH\"", Error)]
    [InlineData("E", "0", Error)]
    [InlineData("Int!", "null", Error)] // 3.12
    [InlineData("[Int]", "[1, 2, 3]", "[1,2,3]")] // 3.11: the table of lists
    [InlineData("[Int]", "[1, \"b\", true]", Error)]
    [InlineData("[Int]", "1", "[1]")]
    [InlineData("[Int]", "null", "null")]
    [InlineData("[[Int]]", "[[1], [2, 3]]", "[[1],[2,3]]")]
    [InlineData("[[Int]]", "[1, 2, 3]", "[[1],[2],[3]]")]
    [InlineData("[[Int]]", "[1, null, 3]", "[[1],null,[3]]")]
    [InlineData("[[Int]]", "[[1], [\"b\"]]", Error)]
    [InlineData("[[Int]]", "1", "[[1]]")]
    [InlineData("[[Int]]", "null", "null")]
    [InlineData("[Int!]", "[1, null]", Error)]
    public void Section_3_5_to_3_12_Values_given_as_variables(string type, string json, string expected) =>
        Assert.Equal(expected == Error ? Error : $"{{\"v\":{expected}}}", Coerced(type, null, $"{{\"v\":{json}}}"));

    [Theory] // 3.10: the table of input objects
    [InlineData("{ a: \"abc\", b: 123 }", "{}", """{"a":"abc","b":123}""")]
    [InlineData("{ a: null, b: 123 }", "{}", """{"a":null,"b":123}""")]
    [InlineData("{ b: 123 }", "{}", """{"b":123}""")]
    [InlineData("{ a: $text, b: 123 }", """{"text":null}""", """{"a":null,"b":123}""")]
    [InlineData("{ a: $text, b: 123 }", "{}", """{"b":123}""")]
    [InlineData("{ b: $var }", """{"var":123}""", """{"b":123}""")]
    [InlineData("{ b: $var }", "{}", Error)]
    [InlineData("{ b: $var }", """{"var":null}""", Error)]
    [InlineData("{ a: \"abc\", b: null }", "{}", Error)]
    [InlineData("{ a: \"abc\" }", "{}", Error)]
    [InlineData("{ a: \"abc\", b: \"123\" }", "{}", Error)]
    [InlineData("\"abc123\"", "{}", Error)]
    [InlineData("{ b: 123, c: \"xyz\" }", "{}", Error)]
    public void Section_3_10_Input_objects(string literal, string variables, string expected) =>
        Assert.Equal(expected == Error ? Error : $"{{\"v\":{expected}}}", Coerced("Example", literal, variables));

    [Theory] // 3.10.1: the table of one-of input objects
    [InlineData("{ a: \"abc\" }", "{}", """{"a":"abc"}""")]
    [InlineData("{ b: 123 }", "{}", """{"b":123}""")]
    [InlineData("{ b: $var }", """{"var":123}""", """{"b":123}""")]
    [InlineData("{ a: \"abc\", b: 123 }", "{}", Error)]
    [InlineData("{ a: null, b: 123 }", "{}", Error)]
    [InlineData("{ a: null }", "{}", Error)]
    [InlineData("{}", "{}", Error)]
    [InlineData("{ a: $text }", """{"text":null}""", Error)]
    [InlineData("{ a: $text }", "{}", Error)]
    [InlineData("{ a: \"abc\", b: $var }", "{}", Error)]
    [InlineData("{ a: $text, b: $var }", """{"text":"abc"}""", Error)]
    [InlineData("{ c: \"xyz\" }", "{}", Error)]
    public void Section_3_10_1_One_of_input_objects(string literal, string variables, string expected) =>
        Assert.Equal(expected == Error ? Error : $"{{\"v\":{expected}}}", Coerced("OneOf", literal, variables));

    private const string Q = "type Query { q: Int } ";

    [Theory]
    [InlineData("schema { query: A mutation: B } type A { a: Int } type B { b: Int }", true)] // 3.3.1 Root Operation Types
    [InlineData("schema { query: A mutation: A } type A { a: Int }", false)]
    [InlineData("schema { query: A } input A { a: Int }", false)]
    [InlineData("schema { query: Int }", false)]
    [InlineData("schema { query: __Type }", true)]
    [InlineData("schema { query: Query mutation: ID } " + Q, false)]
    [InlineData("schema { mutation: M } type M { a: Int } scalar Query", false)]
    [InlineData("type A { a: Int }", false)]
    [InlineData("type Query { a: Int } type Mutation { b: Int }", true)]
    [InlineData("type Query { a: Int } extend schema @d directive @d on SCHEMA", true)] // 3.3.2 Schema Extension
    [InlineData("extend schema @d directive @d on SCHEMA scalar Query", false)]
    [InlineData(Q + "type A { a: Int } extend schema { query: A mutation: A }", true)]
    [InlineData(Q + "type __Own { a: Int }", false)] // 3.3: reserved names
    [InlineData(Q + "type A { a: Int } type A { b: Int }", false)]
    [InlineData(Q + "scalar UUID @specifiedBy(url: \"https://example.com\")", true)] // 3.5 Scalars
    [InlineData(Q + "scalar UUID @specifiedBy(url: null)", false)]
    [InlineData(Q + "scalar UUID extend scalar UUID @specifiedBy(url: 5)", false)]
    [InlineData(Q + "extend scalar UUID @d directive @d on SCALAR scalar UUID", true)]
    [InlineData(Q + "type A {}", null)] // 3.6 Objects
    [InlineData(Q + "type A { a: Int a: String }", false)]
    [InlineData(Q + "input I { a: Int } type A { a: I }", false)]
    [InlineData(Q + "type B { b: Int } type A { a(x: B): Int }", false)]
    [InlineData(Q + "type A { a(x: Int, x: Int): Int }", false)]
    [InlineData(Q + "type A { a(__x: Int): Int }", false)]
    [InlineData(Q + "type A { a(x: Int! @deprecated): Int }", false)] // 3.6.1: what is required cannot be deprecated
    [InlineData(Q + "type A { a(x: Int! = 1 @deprecated): Int }", true)]
    [InlineData(Q + "extend type A { b: Int } type A { a: Int }", true)] // 3.6.3 Object Extensions
    [InlineData(Q + "extend type A { b: Int }", false)]
    [InlineData(Q + "interface I { a: Int } type A implements I { a: Int b: Int }", true)] // 3.7 Interfaces
    [InlineData(Q + "interface I { a: Int } type A implements I { b: Int }", false)]
    [InlineData(Q + "type A implements ID { a: Int }", false)]
    [InlineData(Q + "interface I { a: Int } type A implements I { a: String }", false)]
    [InlineData(Q + "interface I { a: I } type A implements I { a: A }", true)]
    [InlineData(Q + "interface I { a: Int! } type A implements I { a: Int }", false)]
    [InlineData(Q + "interface I { a(x: Int): Int } type A implements I { a(x: Int, y: Int): Int }", true)]
    [InlineData(Q + "interface I { a(x: Int): Int } type A implements I { a(x: Int, y: Int!): Int }", false)]
    [InlineData(Q + "interface I { a(x: Int): Int } type A implements I { a: Int }", false)]
    [InlineData(Q + "interface N { id: ID } interface R implements N { id: ID u: Int } type A implements R & N { id: ID u: Int }", true)]
    [InlineData(Q + "interface N { id: ID } interface R implements N { id: ID u: Int } type A implements R { id: ID u: Int }", false)]
    [InlineData(Q + "interface A implements B { x: Int } interface B implements A { x: Int }", false)]
    [InlineData(Q + "interface A implements A { x: Int }", false)]
    [InlineData(Q + "type A { a: Int } type B { b: Int } union U = | A | B", true)] // 3.8 Unions
    [InlineData(Q + "type A { a: Int } union U = A | A", false)]
    [InlineData(Q + "interface I { a: Int } union U = I", false)]
    [InlineData(Q + "union U = Float", false)]
    [InlineData(Q + "union U = __Type | Query", true)]
    [InlineData(Q + "union U", false)]
    [InlineData(Q + "enum E { A B }", true)] // 3.9 Enums
    [InlineData(Q + "enum E { A A }", false)]
    [InlineData(Q + "enum E { true }", null)]
    [InlineData(Q + "enum E", false)]
    [InlineData(Q + "input I { self: I n: Int }", true)] // 3.10 Input Objects: circular references
    [InlineData(Q + "input I { self: [I!]! n: Int }", true)]
    [InlineData(Q + "input I { self: I! }", false)]
    [InlineData(Q + "input A { b: B! } input B { a: A! }", false)]
    [InlineData(Q + "input I { a: Int! = null }", false)]
    [InlineData(Q + "input I { self: I = {} }", false)]
    [InlineData(Q + "input I @oneOf { a: Int b: String }", true)] // 3.10.1 OneOf Input Objects
    [InlineData(Q + "input I @oneOf { a: Int! }", false)]
    [InlineData(Q + "input I @oneOf { a: Int = 1 }", false)]
    [InlineData(Q + "input I { a: Int } extend input I @oneOf", false)] // 3.10.2 Input Object Extensions
    [InlineData(Q + "directive @d(a: Int) repeatable on | FIELD | OBJECT", true)] // 3.13 Directives
    [InlineData(Q + "directive @__d on FIELD", false)]
    [InlineData(Q + "directive @d on NOWHERE", null)]
    [InlineData(Q + "type A { a: Int @deprecated(reason: \"why\") }", true)] // 3.13.3
    [InlineData(Q + "type A { a: Int @deprecated(reason: why) }", false)]
    [InlineData(Q + "type A { a(x: Int @deprecated(reason: null)): Int }", false)]
    [InlineData(Q + "enum E { A @deprecated(reason: 5) }", false)]
    [InlineData(Q + "input I { a: Int @deprecated(reason: [\"why\"]) }", false)]
    [InlineData(Q + "directive @deprecated(reason: Int) on OBJECT type A @deprecated(reason: 5) { a: Int }", true)]
    [InlineData(Q + "type A @deprecated { a: Int }", false)]
    [InlineData("\"\"\"of the schema\"\"\" schema { query: Query } \"of a type\" " + Q, true)] // 3.1 Descriptions
    [InlineData(Q + "\"no description\" extend type Query { b: Int }", null)]
    public void Section_3_Schemas(string sdl, bool? valid)
    {
        if (valid is null)
            Assert.Throws<SyntaxException>(() => SdlSchemaBuilder.Build(sdl));
        else if (valid.Value)
            SdlSchemaBuilder.Build(sdl);
        else
            Assert.Throws<InvalidSchemaException>(() => SdlSchemaBuilder.Build(sdl));
    }

    [Fact] // 3.3.1.1: only a schema without a definition takes the usual names
    public void Section_3_3_1_A_type_named_Mutation_need_not_be_the_root()
    {
        var schema = SdlSchemaBuilder.Build(
            "schema { query: Query } type Query { virus: Virus } type Virus { mutations: [Mutation] } type Mutation { name: String }");
        Assert.Null(schema.MutationType);
    }
}
