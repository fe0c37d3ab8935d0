using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Sorting;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying.Paging;

/// <summary>
/// What the databases do for a page of every list in every order that is said to have an index: the graph is asked, the statements it sends are
/// taken, and the database explains them. PostgreSQL tells how many rows it read; SQLite tells by which index it walks and whether it sorts.
/// </summary>
[Collection(CompanyPlans.Collection)]
public sealed class ListPlanTests(CompanyPlans companies)
{
    private static readonly Schema Schema = CrmSchema.Builder().Build();

    /// <summary>Conditions that many rows fulfil, each with an order.</summary>
    private static readonly (string List, string Arguments)[] Filters =
    [
        ("customers", "where: {kind: {eq: PERSON}}"),
        ("customers", "where: {orderCount: {gte: 1}}, order: [{name: DESC}]"),
        ("customers", "where: {orders: {some: {grossAmount: {gt: 10}}}}, order: [{birthDate: DESC}]"),
        ("orders", "where: {kind: {eq: SALE}}, order: [{grossAmount: DESC}]"),
        ("orders", "where: {lines: {some: {quantity: {gte: 1}}}}"),
        ("tickets", "where: {kind: {eq: ENQUIRY}}"),
        ("products", "where: {sku: {neq: \"S1\"}}, order: [{category: DESC}]"),
    ];

    /// <summary>The same about related rows that an index finds too. SQLite does not weigh that a page is short: it may begin with those.</summary>
    private static readonly (string List, string Arguments)[] JoinedFilters =
    [
        ("customers", "where: {kind: {eq: PERSON}}, order: [{lastPurchase: DESC}]"),
        ("orders", "where: {customer: {kind: {eq: PERSON}}}"),
        ("orders", "where: {customer: {kind: {eq: PERSON}}}, order: [{day: DESC}]"),
        ("interactions", "where: {customer: {lifecycleStage: {neq: LEAD}}}"),
    ];

    [Fact]
    public void Every_list_that_grows_is_among_those_that_are_looked_at()
    {
        // A deprecated name is another one for a list that is looked at.
        var paged = Schema.QueryType!.Fields.Where(
            f => f.DeprecationReason is null
                && f.Arguments.Any(a => a.Name == "order" && a.Type.Named.Name.EndsWith("SortInput", StringComparison.Ordinal))).Select(f => f.Name).ToList();

        string[] small = ["teamMembers", "salesTeams", "campaigns", "segments", "reportDefinitions", "exchangeRates"];
        Assert.Equal(Plans.Large.Keys.Concat(small).Order(StringComparer.Ordinal), paged.Order(StringComparer.Ordinal));
        Assert.All(Plans.Large.Keys, list => Assert.Contains("id", Indexed(list)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task No_page_in_an_order_that_has_an_index_reads_its_list_whole_or_sorts_it(DatabaseKind kind)
    {
        var plans = await companies.OfAsync(kind);
        foreach (var (list, table) in Plans.Large)
            foreach (var order in Indexed(list))
                foreach (var direction in new[] { "ASC", "DESC" })
                    await plans.CheckAsync(list, table, $"order: [{{{order}: {direction}}}]");
        Assert.True(plans.Found.Count == 0, string.Join("\n\n", plans.Found));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nor_does_one_with_a_condition_that_many_rows_fulfil(DatabaseKind kind)
    {
        var plans = await companies.OfAsync(kind);
        foreach (var (list, arguments) in kind == DatabaseKind.Sqlite ? Filters : [.. Filters, .. JoinedFilters])
            await plans.CheckAsync(list, Plans.Large[list], arguments);
        Assert.True(plans.Found.Count == 0, string.Join("\n\n", plans.Found));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lists_under_a_parent_read_the_rows_of_their_parents_alone(DatabaseKind kind)
    {
        var plans = await companies.OfAsync(kind);
        string[] ofCustomer = ["orders", "interactions", "tickets", "surveyResponses", "opportunities", "contracts"];
        foreach (var list in ofCustomer)
            foreach (var order in new[] { "", ", order: [{recordedAt: DESC}]" })
                await plans.CheckNestedAsync(
                    $"{{ customers(first: 10) {{ nodes {{ {list}(first: 5{order}) {{ totalCount nodes {{ id }} }} }} }} }}",
                    Plans.Large[list]);
        await plans.CheckNestedAsync(
            "{ orders(first: 10) { nodes { lines(first: 5) { totalCount nodes { id product { name } } } customer { name } owner { name } } } }",
            "order_lines");
        await plans.CheckNestedAsync("{ products(first: 1) { nodes { orderLines(first: 5) { nodes { id order { number } } } } } }", "order_lines");
        await plans.CheckNestedAsync("{ teamMembers(first: 2) { nodes { customers(first: 5) { nodes { id money: moneySpent { amount } } } } } }", "customers");
        Assert.True(plans.Found.Count == 0, string.Join("\n\n", plans.Found));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Equal_names_addresses_and_numbers_are_found_by_an_index(DatabaseKind kind)
    {
        var plans = await companies.OfAsync(kind);
        foreach (var condition in new[] {
            "email: {eq: \"Ada@example.com\"}",
            "email: {in: [\"a@example.com\", \"b@example.com\"]}",
            "name: {eq: \"高丽\"}",
            "phone: {eq: \"+49 1\"}",
            "or: [{email: {eq: \"a@b.c\"}}, {phone: {eq: \"1\"}}]" })
            foreach (var order in new[] { "", ", order: [{createdAt: DESC}]" })
                await plans.CheckNestedAsync($"{{ customers(first: 50, where: {{{condition}}}{order}) {{ nodes {{ id }} }} }}", "customers");
        await plans.CheckNestedAsync("{ orders(first: 50, where: {number: {eq: \"SO-1\"}}) { nodes { id } } }", "orders");
        Assert.True(plans.Found.Count == 0, string.Join("\n\n", plans.Found));
    }

    /// <summary>The orders of a list that are declared to have an index. Orders by related rows never have one.</summary>
    private static IEnumerable<string> Indexed(string list) =>
        from field in ((InputObjectType)Schema.QueryType!.Field(list)!.Arguments.Single(a => a.Name == "order").Type.Named).Fields
        where field.Tag is SortField { IsIndexed: true }
        select field.Name;
}
