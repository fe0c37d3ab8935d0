using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Paging;
using CrmGraph.Reporting.Tests.Querying;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Statements;

/// <summary>A prepared statement serves those alone whose rules make the same SQL; and what ought to be kept is.</summary>
public sealed class PreparedRuleTests
{
    private static readonly Lazy<Schema> WithRules = new(() => CrmSchema.Builder().AddType(typeof(RuleQueries)).Build());

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_statement_kept_for_one_role_or_person_is_not_another_s(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 33);
        await using var client = new GraphQLClient(database, add: services => services.AddSingleton(WithRules.Value));
        var owner = crm.Customers.First(c => c.OwnerId is not null && !c.IsGuest).OwnerId!.Value;
        var everyone = crm.Customers.Count(c => !c.IsGuest);
        var unowned = crm.Customers.Count(c => !c.IsGuest && c.OwnerId is null);
        var theirs = crm.Customers.Count(c => !c.IsGuest && c.OwnerId == owner);
        Assert.True(unowned > 0 && theirs > 0 && everyone > unowned);
        (Caller Caller, int ByRole, int ByPerson)[] callers =
        [
            (Caller.System, everyone, everyone), (new("analyst", Role.Analyst, null, null), unowned, everyone), (new(
                "guest",
                Role.Viewer,
                owner,
                null), unowned, theirs),
            (new("nobody", Role.Viewer, Guid.NewGuid(), null), unowned, 0),
        ];

        foreach (var (caller, byRole, byPerson) in callers.Concat(callers))
        {
            var data = await client.DataAsync("{ byRole(first: 1000) { nodes { name } } byPerson(first: 1000) { nodes { name } } }", caller: caller);
            Assert.Equal(
                (byRole, byPerson),
                (data.GetProperty("byRole").GetProperty("nodes").GetArrayLength(), data.GetProperty("byPerson").GetProperty("nodes").GetArrayLength()));
        }

        using var log = new StatementLog(database);
        await client.DataAsync("{ byRole(first: 1000) { nodes { name } } byPerson(first: 1000) { nodes { name } } }", caller: callers[2].Caller);
        Assert.Equal(2, log.Kept);
    }

    [Fact]
    public void A_list_that_could_not_be_kept_is_said_when_the_schema_is_built()
    {
        var error = Assert.ThrowsAny<Exception>(() => CrmSchema.Builder().AddType(typeof(ServiceQueries)).Build());

        Assert.Contains("ServiceQueries.GetServed", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("IsBuiltEachTime", error.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<DatabaseKind, string> KeptShapes
    {
        get
        {
            string[] queries =
            [
                "{ customers(first: 5) { nodes { id name email country createdAt } pageInfo { hasNextPage endCursor } } }",
                "{ customers(first: 5, order: [{ name: DESC }]) { edges { cursor node { name owner { name } orderCount lastPurchase } } } }",
                "{ customers(first: 5, where: { and: [{ name: { contains: \"a\" } }, { country: { in: [\"China\", \"Germany\"] } }, "
                    + "{ orders: { some: { grossAmount: { gt: 1 } } } }] }) { nodes { name } } }",
                "{ customers(first: 3) { nodes { name orders(first: 2) { nodes { orderedAt grossAmount } } } } }",
                "{ orders(first: 5) { nodes { number orderedAt customer { name } owner { name } } } }",
                "{ orders(last: 5, order: [{ grossAmount: ASC }]) { nodes { currency channel } pageInfo { hasPreviousPage } } }",
                "{ orders(first: 3) { nodes { id lines(first: 3) { nodes { quantity amount product { name } } } } } }",
                "{ tickets(first: 5, where: { subject: { startsWith: \"a\" } }) { nodes { subject openedAt } } }",
                "{ opportunities(first: 5) { nodes { name stage } } }",
                "{ contracts(first: 5) { nodes { plan startDay } } }",
                "{ interactions(first: 5) { nodes { subject occurredAt } } }",
                "{ surveyResponses(first: 5) { nodes { comment answeredAt } } }",
                "{ products(first: 5) { nodes { name orderLines(first: 2) { nodes { amount } } } } }",
                "{ teamMembers(first: 5) { nodes { name team { name } customers(first: 2) { nodes { name } } } } }",
                "{ segments(first: 5) { nodes { key name } } }",
                "{ reportDefinitions(first: 5) { nodes { key title } } }",
            ];
            var all = new TheoryData<DatabaseKind, string>();
            foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
                foreach (var query in queries)
                    all.Add(kind, query);
            return all;
        }
    }

    [Theory, MemberData(nameof(KeptShapes))]
    public async Task These_shapes_are_kept(DatabaseKind kind, string query)
    {
        var database = await Shared.OnAsync(kind);
        await using var client = new GraphQLClient(database);
        var owner = Guid.CreateVersion7();
        foreach (var caller in new[] { Caller.System, new("rep", Role.Representative, owner, [owner]) })
        {
            await client.DataAsync(query, caller: caller);
            using var log = new StatementLog(database);
            await client.DataAsync(query, caller: caller);
            Assert.True(
                log.Kept > 0 && log.Kept == log.Statements.Count,
                $"{log.Kept} of {log.Statements.Count} statements were kept:\n{string.Join("\n\n", log.Statements)}");
        }
    }

    [Fact]
    public void Guests_are_no_customers_and_their_facts_are_for_those_who_see_all()
    {
        var owner = Guid.CreateVersion7();
        var (guest, mine, other) = (new Customer { IsGuest = true, OwnerId = owner }, new Customer { OwnerId = owner }, new Customer
        {
            OwnerId = Guid.CreateVersion7()
        });
        Caller[] callers = [Caller.System, new("rep", Role.Representative, owner, [owner])];

        foreach (var caller in callers)
            foreach (var customer in new[] { guest, mine, other })
            {
                Assert.Equal(RowRules.Customer(caller).Compile()(customer), caller.Sees(customer));
                Assert.Equal(RowRules.Fact<Order>(caller).Compile()(new() { Customer = customer }), caller.SeesFactsOf(customer));
            }
    }

    [QueryType]
    public static class RuleQueries
    {
        [UsePaging("Name")]
        public static IQueryable<Customer> GetByRole(ResolverContext context) =>
            Rows.Of(context).Caller.Role == Role.Administrator ? Rows.Of(context).Customers : Rows.Of(context).Customers.Where(c => c.OwnerId == null);

        [UsePaging("Name")]
        public static IQueryable<Customer> GetByPerson(ResolverContext context)
        {
            var caller = Rows.Of(context).Caller;
            return caller.TeamMemberId is null ? Rows.Of(context).Customers : Rows.Of(context).Customers.Where(c => c.OwnerId == caller.TeamMemberId);
        }
    }

    [QueryType]
    public static class ServiceQueries
    {
        [UsePaging("Name")]
        public static IQueryable<Customer> GetServed(ResolverContext context, [Service] CrmDbContext database) => database.Customers;
    }

    private static class Shared
    {
        private static readonly Dictionary<DatabaseKind, Lazy<Task<TestDatabase>>> Made = new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres }
            .ToDictionary(k => k, k => new Lazy<Task<TestDatabase>>(async () =>
                {
                    var database = TestDatabase.Create(k);
                    await SampleCrm.CreateAsync(database, seed: 34);
                    return database;
                }));

        public static Task<TestDatabase> OnAsync(DatabaseKind kind) => Made[kind].Value;
    }
}
