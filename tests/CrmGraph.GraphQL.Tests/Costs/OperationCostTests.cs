using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.TestKit;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Costs;

/// <summary>Prices against figures worked out by hand from the IBM cost specification and HotChocolate's documentation.</summary>
public sealed class OperationCostTests
{
    private const string Shop = """
        type Query {
          users(max: Int): [User] @listSize(slicingArguments: ["max"])
          books(first: Int, after: String, last: Int, where: BookFilter @cost(weight: "10"), order: [BookOrder!] @cost(weight: "10")): Books
            @cost(weight: "10") @listSize(assumedSize: 1000, slicingArguments: ["first", "last"], slicingArgumentDefaultValue: 50, sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)
          book(id: ID!): Book @cost(weight: "10")
          byIds(ids: [ID!]!): [Book] @listSize(assumedSize: 100, slicingArguments: ["ids"], requireOneSlicingArgument: false)
          found(input: Search): [Found] @listSize(assumedSize: 100, slicingArguments: ["input.limit"], requireOneSlicingArgument: false)
          one(a: Int, b: Int): [Book] @listSize(slicingArguments: ["a", "b"])
          cheap: Book @cost(weight: "-5")
        }
        input Search { limit: Int text: String }
        type User { name: String age: Int @cost(weight: "2.0") }
        type Books { nodes: [Book!] edges: [BookEdge!] totalCount: Int! @cost(weight: "10") }
        type BookEdge { cursor: String! node: Book! }
        type Book { title: String authors(first: Int = 3): [Author!] @listSize(assumedSize: 20, slicingArguments: ["first"], requireOneSlicingArgument: false) parts: [Book!] similar(first: Int): Books
            @listSize(assumedSize: 1000, slicingArguments: ["first"], slicingArgumentDefaultValue: 5, sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false) }
        type Author { name: String work: Work }
        type Work @cost(weight: "3") { title: String }
        union Found = Book | Author
        input BookFilter { and: [BookFilter!] not: BookFilter title: Texts @cost(weight: "10") authors: Authors @cost(weight: "10") }
        input Texts { eq: String @cost(weight: "10") contains: String @cost(weight: "20") in: [String!] @cost(weight: "10") }
        input Authors { some: BookFilter @cost(weight: "50") }
        input BookOrder { title: Direction @cost(weight: "10") }
        enum Direction { ASC DESC }
        """;

    private static RequestExecutor Books { get; } = Priced.On(Shop);

    [Theory]
    // The specification's own example: one list of five, each with a field of weight 2.
    [InlineData("{ users(max: 5) { age } }", 1 + (5 * 2), 1 + 5)]
    // HotChocolate's documentation: one Query, one connection, 50 books; a resolver of 10 and the list.
    [InlineData("{ books { nodes { title } } }", 11, 52)]
    [InlineData("{ books(first: 5) { nodes { title } } }", 11, 7)]
    [InlineData("{ books(first: 5) { edges { cursor node { title } } } }", 11 + 5, 2 + 5 + 5)]
    [InlineData("{ books(first: 5) { nodes { title } edges { cursor } totalCount } }", 10 + 1 + 1 + 10, 2 + 5 + 5)]
    // The greater of two slices; never more than the assumed size, whatever is asked for, and never less than nothing.
    [InlineData("{ books(first: 5, last: 8) { nodes { title } } }", 11, 10)]
    [InlineData("{ books(first: 100000) { nodes { title } } }", 11, 1002)]
    [InlineData("{ books(first: -3) { nodes { title } } }", 11, 2)]
    // Pages in pages multiply: 5 books, each with a connection of 7 books, each with 3 authors (the argument's default).
    [InlineData(
        "{ books(first: 5) { nodes { similar(first: 7) { nodes { authors { name } } } } } }",
        11 + (5 * (1 + 1 + (7 * 1))),
        2 + (5 * (1 + 1 + (7 * (1 + 3)))))]
    // A list without a size counts as one item; a type's own weight; an interface's or union's dearest type.
    [InlineData("{ book(id: 1) { parts { title } } }", 11, 3)]
    [InlineData("{ book(id: 1) { authors(first: 2) { work { title } } } }", 10 + 1 + 2, 1 + 1 + (2 * (1 + 3)))]
    [InlineData(
        "{ found(input: {limit: 10}) { ... on Book { authors(first: 4) { name } } ... on Author { work { title } } } }",
        1 + 1 + 10,
        1 + (10 * (1 + 4)))]
    [InlineData("{ byIds(ids: [1, 2, 3]) { title } }", 1, 1 + 3)]
    [InlineData("{ byIds(ids: 50) { title } }", 1, 1 + 1)]
    // Arguments and filters: the argument, its fields, and one for every input object.
    [InlineData("""{ books(first: 1, where: {title: {eq: "a"}}) { nodes { title } } }""", 11 + 10 + 10 + 10 + 2, 3)]
    [InlineData("""{ books(first: 1, where: {title: {contains: "a"}}) { nodes { title } } }""", 11 + 10 + 10 + 20 + 2, 3)]
    [InlineData("""{ books(first: 1, where: {title: {in: ["a", "b", "c"]}}) { nodes { title } } }""", 11 + 10 + 10 + (3 * 10) + 2, 3)]
    [InlineData("""{ books(first: 1, where: {and: [{title: {eq: "a"}}, {title: {eq: "b"}}]}) { nodes { title } } }""", 11 + 10 + (2 * 20) + 5, 3)]
    [InlineData(
        """{ books(first: 1, where: {authors: {some: {authors: {some: {title: {eq: null}}}}}}) { nodes { title } } }""",
        11 + 10 + 10 + 50 + 10 + 50 + 20 + 6,
        3)]
    [InlineData("{ books(first: 1, order: [{title: ASC}, {title: DESC}]) { nodes { title } } }", 11 + (2 * 10) + (2 * 10) + 2, 3)]
    [InlineData("{ books(first: 1, where: null, order: null) { nodes { title } } }", 11, 3)]
    // A negative weight makes nothing else cheaper.
    [InlineData("{ cheap { title } book(id: 1) { title } }", 10, 3)]
    [InlineData("{ __typename }", 0, 1)]
    public void Literals(string query, double field, double type) => Assert.Equal(new OperationCost(field, type), Books.Price(query));

    [Theory]
    [InlineData("query ($n: Int) { books(first: $n) { nodes { title } } }", """{"n": 5}""", "{ books(first: 5) { nodes { title } } }")]
    [InlineData("query ($n: Int) { books(first: $n) { nodes { title } } }", """{"n": null}""", "{ books { nodes { title } } }")]
    [InlineData("query ($n: Int) { books(first: $n) { nodes { title } } }", "{}", "{ books { nodes { title } } }")]
    [InlineData("query ($n: Int = 9) { books(first: $n) { nodes { title } } }", "{}", "{ books(first: 9) { nodes { title } } }")]
    [InlineData(
        "query ($n: Int = 9, $m: Int!) { books(first: $n) { nodes { similar(first: $m) { nodes { title } } } } }",
        """{"n": 3, "m": 4}""",
        "{ books(first: 3) { nodes { similar(first: 4) { nodes { title } } } } }")]
    [InlineData(
        "query ($i: Search) { found(input: $i) { ... on Book { title } } }",
        """{"i": {"limit": 10}}""",
        "{ found(input: {limit: 10}) { ... on Book { title } } }")]
    [InlineData(
        "query ($l: Int) { found(input: {limit: $l}) { ... on Book { title } } }",
        """{"l": 10}""",
        "{ found(input: {limit: 10}) { ... on Book { title } } }")]
    [InlineData("query ($ids: [ID!]!) { byIds(ids: $ids) { title } }", """{"ids": ["1", "2", "3"]}""", "{ byIds(ids: [1, 2, 3]) { title } }")]
    [InlineData("query ($ids: [ID!]!) { byIds(ids: $ids) { title } }", """{"ids": "7"}""", "{ byIds(ids: [7]) { title } }")]
    [InlineData("query ($w: BookFilter) { books(where: $w) { nodes { title } } }", "{}", "{ books { nodes { title } } }")]
    [InlineData("query ($w: BookFilter) { books(where: $w) { nodes { title } } }", """{"w": null}""", "{ books { nodes { title } } }")]
    [InlineData(
        "query ($w: BookFilter) { books(where: $w) { nodes { title } } }",
        """{"w": {"and": [{"title": {"eq": "a"}}, {"not": {"title": {"in": ["a", "b"]}}}]}}""",
        """{ books(where: {and: [{title: {eq: "a"}}, {not: {title: {in: ["a", "b"]}}}]}) { nodes { title } } }""")]
    [InlineData(
        "query ($w: BookFilter) { books(where: $w) { nodes { title } } }",
        """{"w": {"and": {"title": {"contains": "a"}}}}""",
        """{ books(where: {and: {title: {contains: "a"}}}) { nodes { title } } }""")]
    [InlineData(
        "query ($w: BookFilter = {title: {eq: \"x\"}}) { books(where: $w) { nodes { title } } }",
        "{}",
        """{ books(where: {title: {eq: "x"}}) { nodes { title } } }""")]
    [InlineData(
        "query ($t: Texts, $e: String) { books(where: {and: [{title: $t}, {title: {eq: $e}}]}) { nodes { title } } }",
        """{"t": {"contains": "a"}, "e": "b"}""",
        """{ books(where: {and: [{title: {contains: "a"}}, {title: {eq: "b"}}]}) { nodes { title } } }""")]
    [InlineData(
        "query ($f: BookFilter! = {title: {eq: \"a\"}}) { books(where: {and: [$f]}) { nodes { title } } }",
        "{}",
        """{ books(where: {and: [{title: {eq: "a"}}]}) { nodes { title } } }""")]
    [InlineData(
        "query ($f: BookFilter!) { books(where: {and: [$f, $f]}) { nodes { title } } }",
        """{"f": {"title": {"eq": "a"}}}""",
        """{ books(where: {and: [{title: {eq: "a"}}, {title: {eq: "a"}}]}) { nodes { title } } }""")]
    public void Variables_cost_what_the_same_values_cost_in_the_document(string query, string variables, string literal) =>
        Assert.Equal(Books.Price(literal), Books.Price(query, variables));

    [Theory]
    [InlineData("{ a: book(id: 1) { title } b: book(id: 1) { title } }", 2)]
    [InlineData("{ book(id: 1) { title } ...F } fragment F on Query { b: book(id: 1) { title } ...G } fragment G on Query { c: book(id: 2) { title } }", 3)]
    [InlineData("{ book(id: 1) { title } book(id: 1) { title } ...F ... { book(id: 1) { title } } } fragment F on Query { book(id: 1) { title } }", 1)]
    [InlineData(
        "query ($no: Boolean = false) { a: book(id: 1) { title } b: book(id: 1) @include(if: $no) { title } c: book(id: 1) @skip(if: true) { title } }",
        1)]
    public void Neither_aliases_nor_fragments_change_what_a_field_costs(string query, int books) =>
        Assert.Equal(new OperationCost(10 * books, 1 + books), Books.Price(query));

    [Fact]
    public void Fragments_that_multiply_are_priced_in_full_without_being_followed_in_full()
    {
        // Twice the fields at every level: 2^18 connections from a document of a thousand characters.
        const int levels = 18;
        var fragments = string.Concat(Enumerable.Range(0, levels).Select(
            i => $"fragment F{i} on Book {{ a: similar(first: 1) {{ nodes {{ ...F{i + 1} }} }} b: similar(first: 1) {{ nodes {{ ...F{i + 1} }} }} }} "));
        var executor = new RequestExecutor(
            Books.Schema,
            new() { Limits = new() { SelectionDepth = 100, Aliases = int.MaxValue, FieldMergeComparisons = int.MaxValue } });
        var cost = executor.Price($"{{ book(id: 1) {{ ...F0 }} }} {fragments} fragment F{levels} on Book {{ title }}");
        Assert.Equal(2 + (2 * 2 * (Math.Pow(2, levels) - 1)), cost.TypeCost);
    }

    [Fact]
    public void A_field_that_needs_exactly_one_slicing_argument_is_refused_without_or_with_two()
    {
        Assert.Equal("HC0082", Assert.Single(Books.Run("{ one { title } }").Errors).Code);
        Assert.Equal("HC0082", Assert.Single(Books.Run("{ one(a: 1, b: 2) { title } }").Errors).Code);
        Assert.Empty(Books.Run("{ one(a: 1) { title } }").Errors);
    }

    [Fact]
    public void What_is_dearer_than_a_limit_is_refused_with_both_numbers()
    {
        var policy = Priced.Unlimited with { FieldCost = 60, TypeCost = 60, Mode = CostMode.Enforce };
        var byField = Books.Run("""{ books(where: {title: {in: ["a", "b", "c", "d"]}}) { totalCount } }""", null, policy);
        var byType = Books.Run("{ books(first: 59) { nodes { title } } }", null, policy with { Mode = CostMode.Report });
        Snapshot.Match(Transcript.Of("by fields", byField.ToJson()) + Transcript.Of("by types, with a report", byType.ToJson()));
    }
}
