using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Validation;

/// <summary>One-of input objects and variables, by section 5.8.5 (IsNonNullPosition) of the September 2025 edition.</summary>
public sealed class OneOfTests
{
    private static readonly Schema Schema = SdlSchemaBuilder.Build(
        "type Query { required(by: By!): Int optional(by: By): Int list(by: [By!]): Int } input By @oneOf { id: ID name: String }");

    [Theory]
    [InlineData("query($v: ID!) { required(by: {id: $v}) optional(by: {id: $v}) list(by: [{id: $v}]) }", 0)]
    [InlineData("query($v: ID) { required(by: {id: $v}) }", 1)]
    [InlineData("query($v: ID) { optional(by: {id: $v}) }", 1)]
    [InlineData("query($v: ID) { list(by: [{id: $v}]) }", 1)]
    [InlineData("query($v: ID = 4) { required(by: {id: $v}) }", 0)]
    [InlineData("query($v: ID = null) { required(by: {id: $v}) }", 1)]
    [InlineData("query($v: By!) { required(by: $v) }", 0)]
    public void A_variable_in_a_one_of_field_must_not_be_null(string document, int errors)
    {
        var found = Validator.Validate(Schema, Parser.Parse(document, new()), new());
        Assert.Equal(errors, found.Count);
        Assert.All(found, static e => Assert.Equal("VariablesInAllowedPosition", e.Rule));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{id: 1, name: \"a\"}")]
    [InlineData("{id: null}")]
    [InlineData("{id: 1, name: null}")]
    public void Exactly_one_field_must_be_given(string value) =>
        Assert.Equal(
            ["ValuesOfCorrectType"],
            Validator.Validate(Schema, Parser.Parse($"{{ required(by: {value}) }}", new()), new()).Select(static e => e.Rule));
}
