using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Validation;

/// <summary>Each limit of validation, exceeded by one and met exactly.</summary>
public sealed class LimitTests
{
    private static readonly Schema Schema = SdlSchemaBuilder.Build("type Query { q: Query a(x: Int): Int }");

    private static string[] Codes(string document, GraphQLLimits limits)
        => [.. Validator.Validate(Schema, Parser.Parse(document, limits), limits).Select(static e => e.Code!)];

    [Fact]
    public void Fields_are_selected_only_so_deep_through_fragments_too()
    {
        var limits = new GraphQLLimits { SelectionDepth = 4 };
        Assert.Empty(Codes("{ q { ...F } } fragment F on Query { q { a } }", limits));
        Assert.Equal([ErrorCodes.TooDeep], Codes("{ q { q { ...F } } } fragment F on Query { q { a } }", limits with { SelectionDepth = 3 }));
    }

    [Fact]
    public void Aliases_and_directives_are_counted_as_often_as_their_fragment_is_spread()
    {
        const string document = "{ x: q { ...F } y: q { ...F } } fragment F on Query { b: a @skip(if: true) }";
        Assert.Empty(Codes(document, new() { Aliases = 4, Directives = 2 }));
        Assert.Equal([ErrorCodes.TooManyAliases], Codes(document, new() { Aliases = 3 }));
        Assert.Equal([ErrorCodes.TooManyDirectives], Codes(document, new() { Directives = 1 }));
    }

    [Fact]
    public void A_chain_of_fragments_is_only_so_long()
    {
        Assert.Empty(Codes(Chain(100), new()));
        Assert.Equal([ErrorCodes.TooDeep], Codes(Chain(101), new()));
        Assert.Equal([ErrorCodes.TooDeep], Codes(Chain(50_000), new() { DocumentCharacters = int.MaxValue, DocumentTokens = int.MaxValue }));

        static string Chain(int length) =>
            "{ ...F0 } " + string.Concat(Enumerable.Range(0, length)
                .Select(i => i < length - 1 ? $"fragment F{i} on Query {{ ...F{i + 1} }} " : $"fragment F{i} on Query {{ a }}"));
    }

    [Fact]
    public void Doubling_fragments_cost_no_doubling_of_work()
    {
        var document = "{ ...F0 } "
            + string.Concat(Enumerable.Range(0, 60).Select(static i => $"fragment F{i} on Query {{ q {{ ...F{i + 1} }} p: q {{ ...F{i + 1} }} }} "))
            + "fragment F60 on Query { a }";
        var started = System.Diagnostics.Stopwatch.StartNew();
        Assert.NotEmpty(Codes(document, new()));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(10), $"{started.Elapsed}");
    }

    [Fact]
    public void Comparisons_of_fields_are_bounded() =>
        Assert.Contains(
            ErrorCodes.TooManyComparisons,
            Codes("{ " + string.Concat(Enumerable.Repeat("a(x: 1) ", 1_000)) + "}", new() { FieldRepetitions = 1_000 }));

    [Fact]
    public void Introspection_nests_only_so_far()
    {
        Assert.Empty(Codes("{ __schema { types { fields { type { ofType { name } } } } } }", new()));
        Assert.Equal([ErrorCodes.IntrospectionTooDeep], Codes("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", new()));
        Assert.Equal([ErrorCodes.IntrospectionTooDeep], Codes("{ __schema { types { name } } }", new() { IntrospectionDepth = 2 }));
    }

    [Fact]
    public void Only_so_many_errors_are_reported_and_suggestions_can_be_switched_off()
    {
        var limits = new GraphQLLimits { FieldRepetitions = 200 };
        Assert.Equal(limits.ValidationErrors, Codes("{ " + string.Concat(Enumerable.Repeat("nope ", 200)) + "}", limits).Length);
        var document = Parser.Parse("{ aa }", limits);
        Assert.Contains("Did you mean", Assert.Single(Validator.Validate(Schema, document, limits)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Did you mean",
            Assert.Single(Validator.Validate(Schema, document, limits, suggestions: false)).Message,
            StringComparison.Ordinal);
    }
}
