using CrmGraph.GraphQL.TestKit;
using CrmGraph.Reporting.Tests.Querying;
using CrmGraph.TestKit;
using Snapshooter;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Answers;

/// <summary>Whole answers as a client gets them, the same from both databases, and the SQL that each database is asked for them.</summary>
public sealed class AnswerTests(AnswerTests.Companies companies) : IClassFixture<AnswerTests.Companies>
{
    /// <summary>One sample CRM in each database; the tests change nothing in it.</summary>
    public sealed class Companies : IAsyncLifetime
    {
        private readonly Dictionary<DatabaseKind, (TestDatabase Database, GraphQLClient Client)> _all = [];

        public (TestDatabase Database, GraphQLClient Client) this[DatabaseKind kind] => _all[kind];

        public async Task InitializeAsync()
        {
            foreach (var kind in Enum.GetValues<DatabaseKind>())
            {
                var database = await TestDatabase.CreateAsync(kind);
                await SampleCrm.CreateAsync(database);
                var client = new GraphQLClient(database);
                await SavedDefinitions.RefreshAsync(client.Services, default);
                _all[kind] = (database, client);
            }
        }

        public async Task DisposeAsync()
        {
            foreach (var (database, client) in _all.Values)
            {
                await client.DisposeAsync();
                await database.DisposeAsync();
            }
        }
    }

    private const string Page = """
        {
          customers(first: 3, where: { orderCount: { gte: 2 } }, order: [{ name: DESC }]) {
            totalCount
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            nodes {
              id name kind country birthDate tags moneySpent { currency amount } owner { name }
              orders(first: 2, where: { cancelledAt: { eq: null } }) {
                totalCount
                pageInfo { hasNextPage }
                nodes { orderedAt grossAmount currency lines(first: 2) { nodes { quantity amount product { name } } } }
              }
            }
          }
        }
        """;

    private const string Metrics = """
        {
          metrics(
            period: { last: { count: 3, unit: MONTH } }, grain: MONTH, groupBy: [COUNTRY], compareTo: PREVIOUS_YEAR, order: [{ revenue: DESC }], first: 2
          ) {
            groupCount currency period { start until incomplete } comparison { start until }
            rows {
              bucket { label } dimensions { dimension key label kind }
              revenue { value previous change changeRatio favourable } orders { value previous }
            }
            groupTotals {
              dimensions { label kind } revenue { value previous }
              activeCustomers { value } averageOrderValue { value } nps { value reason } cac { value reason }
            }
            bucketTotals { bucket { label start until incomplete } revenue { value } newCustomers { value } }
            totals { revenue { value currency } retentionRate { value reason metric { key unit decimals } } }
          }
        }
        """;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_page_with_nested_lists(DatabaseKind kind)
    {
        var answer = await companies[kind].Client.SendAsync(Page);

        Snapshot.Match(Transcript.Of(Page, answer));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Metrics_by_group_and_month_compared(DatabaseKind kind)
    {
        var answer = await companies[kind].Client.SendAsync(Metrics);

        Snapshot.Match(Transcript.Of(Metrics, answer));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Mutations_with_typed_errors(DatabaseKind kind)
    {
        const string mutation = """
            mutation {
              upsertCustomer(input: { name: "Ada", email: "nobody" }) { customer { id } errors { ...Told } }
              upsertCustomers(input: { allOrNothing: true, customers: [{ name: "A" }, { name: "B", email: "x" }] }) {
                outcome { written created refused rows { index status code field } }
              }
              upsertOrder(input: { orderedAt: "2026-03-04T12:00:00Z", currency: "euro", lines: [{ quantity: 2, unitPrice: 1.25 }] }) {
                order { id } errors { ...Told }
              }
              deleteOrder(input: { id: "T3JkZXI6AAAAAAAAAAAAAAAAAAAAAA" }) { id errors { ...Told } }
            }
            fragment Told on Error { __typename message code ... on ValidationError { field } }
            """;

        var answer = await companies[kind].Client.SendAsync(mutation);

        Snapshot.Match(Transcript.Of(mutation, answer));
    }

    [Theory]
    [InlineData("customer-growth", DatabaseKind.Sqlite), InlineData("customer-growth", DatabaseKind.Postgres)]
    [InlineData("monthly-customers", DatabaseKind.Sqlite), InlineData("monthly-customers", DatabaseKind.Postgres)]
    [InlineData("sales-performance", DatabaseKind.Sqlite), InlineData("sales-performance", DatabaseKind.Postgres)]
    [InlineData("satisfaction", DatabaseKind.Sqlite), InlineData("satisfaction", DatabaseKind.Postgres)]
    [InlineData("customer-analysis", DatabaseKind.Sqlite), InlineData("customer-analysis", DatabaseKind.Postgres)]
    [InlineData("customer-journey", DatabaseKind.Sqlite), InlineData("customer-journey", DatabaseKind.Postgres)]
    [InlineData("customer-segments", DatabaseKind.Sqlite), InlineData("customer-segments", DatabaseKind.Postgres)]
    [InlineData("customer-value", DatabaseKind.Sqlite), InlineData("customer-value", DatabaseKind.Postgres)]
    [InlineData("marketing-effect", DatabaseKind.Sqlite), InlineData("marketing-effect", DatabaseKind.Postgres)]
    [InlineData("product-sales", DatabaseKind.Sqlite), InlineData("product-sales", DatabaseKind.Postgres)]
    [InlineData("products-by-group", DatabaseKind.Sqlite), InlineData("products-by-group", DatabaseKind.Postgres)]
    [InlineData("sales-funnel", DatabaseKind.Sqlite), InlineData("sales-funnel", DatabaseKind.Postgres)]
    [InlineData("satisfaction-map", DatabaseKind.Sqlite), InlineData("satisfaction-map", DatabaseKind.Postgres)]
    [InlineData("service-report", DatabaseKind.Sqlite), InlineData("service-report", DatabaseKind.Postgres)]
    public async Task The_report(string key, DatabaseKind kind)
    {
        const string run = """
            mutation ($id: ID!) {
              runReport(input: { id: $id }) {
                reportResult { version asOf isKept parameters periods { from until } sections { heading text chart data errors } }
                errors { __typename }
              }
            }
            """;
        var client = companies[kind].Client;
        var found = await client.DataAsync("query ($key: String!) { reportDefinitionByKey(key: $key) { id } }", new { key });
        var id = found.GetProperty("reportDefinitionByKey").GetProperty("id").GetString();

        var answer = await client.SendAsync(run, new { id });

        Snapshot.Match(Transcript.Of(run, answer), new SnapshotNameExtension(key));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_SQL_of_the_page(DatabaseKind kind)
    {
        var sql = await SqlAsync(kind, Page);

        Snapshot.Match(sql, new SnapshotNameExtension(kind));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_SQL_of_the_metrics(DatabaseKind kind)
    {
        var sql = await SqlAsync(kind, """
            { metrics(period: { toDate: YEAR }, grain: MONTH, groupBy: [CHANNEL]) { rows { revenue { value } orders { value } nps { value } } } }
            """);

        Snapshot.Match(sql, new SnapshotNameExtension(kind));
    }

    /// <summary>What the request asks on a client of its own, which keeps no statement of another test. Some run beside each other: in order of their text.</summary>
    private async Task<string> SqlAsync(DatabaseKind kind, string query)
    {
        await using var client = new GraphQLClient(companies[kind].Database);
        using var log = new StatementLog(companies[kind].Database);
        await client.DataAsync(query);
        return string.Join("\n\n", log.Statements.Select(s => s.ReplaceLineEndings("\n").Trim()).Order(StringComparer.Ordinal)) + "\n";
    }
}
