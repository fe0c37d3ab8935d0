using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Validation;

/// <summary>For every rule the smallest document that breaks it, and it alone, and the smallest of the same form that does not.</summary>
public sealed class RuleTests
{
    private static readonly GraphQLLimits Limits = new() { Aliases = 2 };
    private static readonly Schema Schema = SdlSchemaBuilder.Build("""
        type Query { a: Int self: Query number(n: Int): Int need(n: Int!): Int find(by: By): Int any(v: Any): Int }
        type Subscription { a: Int b: Int }
        type Other { a: Int }
        scalar Any
        input By { n: Int }
        """);

    public static TheoryData<string, string, string> OfRequests { get; } = new()
    {
        { "ExecutableDefinitions", "{ a } type T { a: Int }", "{ a }" },
        { "KnownOperationTypes", "mutation { a }", "query { a }" },
        { "UniqueOperationNames", "query A { a } query A { a }", "query A { a } query B { a }" },
        { "LoneAnonymousOperation", "{ a } query A { a }", "{ a }" },
        { "SingleFieldSubscriptions", "subscription { a b }", "subscription { a }" },
        { "KnownTypeNames", "{ ... on Nothing { a } }", "{ ... on Query { a } }" },
        { "FragmentsOnCompositeTypes", "{ ... on Int { a } }", "{ ... on Query { a } }" },
        { "VariablesAreInputTypes", "query($n: Query) { any(v: [$n]) }", "query($n: Int) { any(v: [$n]) }" },
        { "ScalarLeafs", "{ self }", "{ self { a } }" },
        { "FieldsOnCorrectType", "{ b }", "{ a }" },
        { "UniqueFragmentNames", "{ ...F } fragment F on Query { a } fragment F on Query { a }", "{ ...F } fragment F on Query { a }" },
        { "KnownFragmentNames", "{ ...F }", "{ ...F } fragment F on Query { a }" },
        { "NoUnusedFragments", "{ a } fragment F on Query { a }", "{ ...F } fragment F on Query { a }" },
        { "PossibleFragmentSpreads", "{ ... on Other { a } }", "{ ... on Query { a } }" },
        { "NoFragmentCycles", "{ ...F } fragment F on Query { ...F }", "{ ...F } fragment F on Query { a }" },
        { "UniqueVariableNames", "query($n: Int, $n: Int) { number(n: $n) }", "query($n: Int) { number(n: $n) }" },
        { "NoUndefinedVariables", "query { number(n: $n) }", "query($n: Int) { number(n: $n) }" },
        { "NoUnusedVariables", "query($n: Int) { a }", "query($n: Int) { number(n: $n) }" },
        { "KnownDirectives", "{ a @nothing }", "{ a @skip(if: true) }" },
        { "UniqueDirectivesPerLocation", "{ a @skip(if: true) @skip(if: true) }", "{ a @skip(if: true) }" },
        { "KnownArgumentNames", "{ number(m: 1) }", "{ number(n: 1) }" },
        { "UniqueArgumentNames", "{ number(n: 1, n: 1) }", "{ number(n: 1) }" },
        { "ValuesOfCorrectType", "{ number(n: true) }", "{ number(n: 1) }" },
        { "ProvidedRequiredArguments", "{ need }", "{ need(n: 1) }" },
        { "VariablesInAllowedPosition", "query($n: Boolean) { number(n: $n) }", "query($n: Int) { number(n: $n) }" },
        { "OverlappingFieldsCanBeMerged", "{ number(n: 1) number(n: 2) }", "{ number(n: 1) number(n: 1) }" },
        { "UniqueInputFieldNames", "{ find(by: { n: 1, n: 1 }) }", "{ find(by: { n: 1 }) }" },
        {
            "MaxIntrospectionDepth",
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
            "{ __schema { types { fields { type { fields { name } } } } } }" },
        { "OperationLimits", "{ x: a y: a z: a }", "{ x: a y: a }" },
    };

    public static TheoryData<string, string, string> OfSchemas { get; } = new()
    {
        { "KnownTypeNames", "type Query { a: Nothing }", "type Query { a: Int }" },
        { "KnownDirectives", "type Query { a: Int @nothing }", "type Query { a: Int @deprecated }" },
        { "UniqueDirectivesPerLocation", "type Query { a: Int @deprecated @deprecated }", "type Query { a: Int @deprecated }" },
        { "KnownArgumentNamesOnDirectives", "type Query { a: Int @deprecated(why: \"x\") }", "type Query { a: Int @deprecated(reason: \"x\") }" },
        { "UniqueArgumentNames", "type Query { a: Int @deprecated(reason: \"x\", reason: \"x\") }", "type Query { a: Int @deprecated(reason: \"x\") }" },
        {
            "UniqueInputFieldNames",
            "input I { n: Int } type Query { a(i: I = { n: 1, n: 1 }): Int }",
            "input I { n: Int } type Query { a(i: I = { n: 1 }): Int }" },
        {
            "ProvidedRequiredArgumentsOnDirectives",
            "directive @d(n: Int!) on FIELD_DEFINITION type Query { a: Int @d }",
            "directive @d(n: Int!) on FIELD_DEFINITION type Query { a: Int @d(n: 1) }" },
        { "LoneSchemaDefinition", "schema { query: Query } schema { mutation: Query } type Query { a: Int }", "schema { query: Query } type Query { a: Int }" },
        { "UniqueOperationTypes", "schema { query: Query query: Query } type Query { a: Int }", "schema { query: Query } type Query { a: Int }" },
        { "UniqueTypeNames", "type Query { a: Int } type Query { b: Int }", "type Query { a: Int } type Other { b: Int }" },
        { "UniqueEnumValueNames", "enum E { A A } type Query { e: E }", "enum E { A B } type Query { e: E }" },
        { "UniqueFieldDefinitionNames", "type Query { a: Int a: Int }", "type Query { a: Int b: Int }" },
        { "UniqueArgumentDefinitionNames", "type Query { a(n: Int, n: Int): Int }", "type Query { a(n: Int, m: Int): Int }" },
        {
            "UniqueDirectiveNames",
            "directive @d on FIELD directive @d on FIELD type Query { a: Int }",
            "directive @d on FIELD directive @e on FIELD type Query { a: Int }" },
        { "PossibleTypeExtensions", "type Query { a: Int } extend type Other { b: Int }", "type Query { a: Int } extend type Query { b: Int }" },
    };

    [Theory]
    [MemberData(nameof(OfRequests))]
    public void A_request_breaks_and_keeps_the_rule(string rule, string broken, string kept)
    {
        Assert.Equal([rule], RulesThatBreak(broken));
        Assert.Empty(RulesThatBreak(kept));
    }

    [Theory]
    [MemberData(nameof(OfSchemas))]
    public void A_schema_breaks_and_keeps_the_rule(string rule, string broken, string kept)
    {
        var errors = Assert.Throws<InvalidSchemaException>(() => SdlSchemaBuilder.BuildUnchecked(broken)).Errors;
        Assert.Equal([rule], errors.Select(static e => e.Rule).Distinct());
        SdlSchemaBuilder.Build(kept);
    }

    [Fact]
    public void Every_rule_has_its_row()
    {
        var context = new ValidationContext(Schema, new DocumentNode([]), Limits, true);
        Assert.Equal(SpecifiedRules.Executable.Select(make => make(context).GetType().Name), Names(OfRequests));
        Assert.Empty(SpecifiedRules.TypeSystem.Select(make => make(context).GetType().Name).Except(Names(OfSchemas)));
    }

    private static IEnumerable<string?> RulesThatBreak(string document)
        => Validator.Validate(Schema, Parser.Parse(document, Limits), Limits).Select(static e => e.Rule).Distinct();

    private static IEnumerable<string> Names(IEnumerable<object[]> rows) => rows.Select(static r => (string)r[0]);
}
