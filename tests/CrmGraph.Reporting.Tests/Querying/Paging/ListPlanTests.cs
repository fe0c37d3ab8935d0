using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Demo;
using CrmGraph.Reporting.Querying.Sorting;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying.Paging;

/// <summary>
/// What the databases do for a page of every list in every order that is said to have an index: the graph is asked, the statements it sends are
/// taken, and the database explains them. PostgreSQL tells how many rows it read; SQLite tells by which index it walks and whether it sorts.
/// </summary>
public sealed class ListPlanTests(ListPlanTests.Companies companies) : IClassFixture<ListPlanTests.Companies>
{
    private const int Customers = 2_500;
    private static readonly DateTime AsOf = new(2026, 3, 16, 10, 0, 0, DateTimeKind.Utc);
    private static readonly Schema Schema = CrmSchema.Builder().Build();

    /// <summary>The lists that grow with the company, and their tables. The others (team, campaigns, segments, reports, rates) stay small.</summary>
    private static readonly Dictionary<string, string> Large = new()
    {
        ["customers"] = "customers", ["orders"] = "orders", ["opportunities"] = "opportunities", ["contracts"] = "contracts",
        ["interactions"] = "interactions", ["tickets"] = "tickets", ["surveyAnswers"] = "survey_answers", ["products"] = "products",
    };

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
        var paged = Schema.QueryType!.Fields.Where(
            f => f.Arguments.Any(a => a.Name == "order" && a.Type.Named.Name.EndsWith("SortInput", StringComparison.Ordinal))).Select(f => f.Name).ToList();

        string[] small = ["teamMembers", "salesTeams", "campaigns", "segments", "reportDefinitions", "exchangeRates"];
        Assert.Equal(Large.Keys.Concat(small).Order(StringComparer.Ordinal), paged.Order(StringComparer.Ordinal));
        Assert.All(Large.Keys, list => Assert.Contains("id", Indexed(list)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task No_page_in_an_order_that_has_an_index_reads_its_list_whole_or_sorts_it(DatabaseKind kind)
    {
        var plans = await companies.OfAsync(kind);
        foreach (var (list, table) in Large)
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
            await plans.CheckAsync(list, Large[list], arguments);
        Assert.True(plans.Found.Count == 0, string.Join("\n\n", plans.Found));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lists_under_a_parent_read_the_rows_of_their_parents_alone(DatabaseKind kind)
    {
        var plans = await companies.OfAsync(kind);
        string[] ofCustomer = ["orders", "interactions", "tickets", "surveyAnswers", "opportunities", "contracts"];
        foreach (var list in ofCustomer)
            foreach (var order in new[] { "", ", order: [{recordedAt: DESC}]" })
                await plans.CheckNestedAsync(
                    $"{{ customers(first: 10) {{ nodes {{ {list}(first: 5{order}) {{ totalCount nodes {{ id }} }} }} }} }}",
                    Large[list]);
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

    /// <summary>One company per engine for all tests: they only read.</summary>
    public sealed class Companies : IAsyncLifetime
    {
        private readonly Dictionary<DatabaseKind, Plans> _made = [];

        internal async Task<Plans> OfAsync(DatabaseKind kind)
        {
            if (!_made.TryGetValue(kind, out var plans))
                _made.Add(kind, plans = await Plans.CreateAsync(kind));
            plans.Found.Clear();
            return plans;
        }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            foreach (var plans in _made.Values)
                await plans.DisposeAsync();
        }
    }

    /// <summary>A company in a database that has counted its rows, and what is wrong with the plans of its lists.</summary>
    internal sealed class Plans(TestDatabase database, GraphRun graph) : IAsyncDisposable
    {
        private readonly Dictionary<string, long> _rows = [];

        public List<string> Found { get; } = [];

        public static async Task<Plans> CreateAsync(DatabaseKind kind)
        {
            var database = TestDatabase.Create(kind);
            await DemoCompany.SeedAsync(database.Engine, Customers, AsOf);
            var plans = new Plans(database, new GraphRun(database));
            // The catalogue of the demo is small: a shop with many products.
            await database.ExecuteAsync(kind == DatabaseKind.Sqlite
                ? "insert into products (id, sku, name, name_folded, category, category_folded, recorded_at, updated_at) with n(i) as (select 1 union all "
                    + "select i + 1 from n where i < 3000) select randomblob(16), 'S' || i, 'P' || i, 'p' || i, 'C' || (i % 500), 'c' || (i % 500), "
                    + "'2026-01-01 00:00:00', '2026-01-01 00:00:00' from n"
                : "insert into products (id, sku, name, name_folded, category, category_folded, recorded_at, updated_at) select gen_random_uuid(), 'S' || i, "
                    + "'P' || i, 'p' || i, 'C' || (i % 500), 'c' || (i % 500), now(), now() from generate_series(1, 3000) as i");
            // A company that was not written in one moment.
            await database.ExecuteAsync("update customers set updated_at = created_at");
            await database.ExecuteAsync("analyze");
            foreach (var table in Large.Values.Append("order_lines"))
                plans._rows[table] = Convert.ToInt64((await database.QueryAsync($"select count(*) from {table}"))[0][0], CultureInfo.InvariantCulture);
            return plans;
        }

        /// <summary>The first page, the page after it, and the last page.</summary>
        public async Task CheckAsync(string list, string table, string arguments)
        {
            var page = await CheckAsync($"{{ {list}(first: 50, {arguments}) {{ nodes {{ id }} pageInfo {{ endCursor }} }} }}", table);
            var cursor = page.GetProperty(list).GetProperty("pageInfo").GetProperty("endCursor").GetString();
            await CheckAsync(
                $"{{ {list}(first: 50, after: \"{cursor}\", {arguments}) {{ nodes {{ id }} pageInfo {{ hasPreviousPage hasNextPage }} }} }}",
                table);
            await CheckAsync($"{{ {list}(last: 50, {arguments}) {{ nodes {{ id }} }} }}", table);
        }

        public Task CheckNestedAsync(string query, string table) => CheckAsync(query, table, nested: true);

        private async Task<JsonElement> CheckAsync(string query, string table, bool nested = false)
        {
            List<LoggedStatement> statements;
            JsonElement data;
            using (var log = new StatementLog(database))
            {
                data = await graph.DataAsync(query);
                statements = [.. log.Logged.Where(s => s.Text.Contains(table, StringComparison.Ordinal))];
            }

            Assert.NotEmpty(statements);
            foreach (var statement in statements)
                if (await WrongAsync(statement, table, nested) is { } wrong)
                    Found.Add($"{query}\n{statement.Text}\n{wrong}\n");
            return data;
        }

        private async Task<string?> WrongAsync(LoggedStatement statement, string table, bool nested)
        {
            await using var connection = await database.Engine.OpenConnectionAsync();
            await using var command = connection.CreateCommand();
            if (nested && database.Kind == DatabaseKind.Postgres)
            {
                // A table as small as here would be hashed.
                command.CommandText = "set enable_seqscan = off";
                await command.ExecuteNonQueryAsync();
            }

            var sqlite = database.Kind == DatabaseKind.Sqlite;
#pragma warning disable CA2100 // The product wrote the text.
            command.CommandText = (sqlite ? "explain query plan " : "explain (analyze, timing off, format json) ") + statement.Text;
#pragma warning restore CA2100
            command.Parameters.AddRange(statement.Parameters.ToArray());
            await using var reader = await command.ExecuteReaderAsync();
            return sqlite ? await OfSqliteAsync(reader, statement.Text, table, nested) : await OfPostgresAsync(reader, table);
        }

        private static async Task<string?> OfSqliteAsync(DbDataReader reader, string sql, string table, bool nested)
        {
            List<string> lines = [];
            while (await reader.ReadAsync())
                lines.Add(reader.GetString(3));
            var plan = string.Join('\n', lines);
            // The plan has the name that the statement gives the table.
            var alias = sql.Split($"\"{table}\" AS \"")[1].Split('"')[0];
            var whole = lines.Exists(
                l => l.StartsWith($"SCAN {alias}", StringComparison.Ordinal) && (nested || !l.Contains(" INDEX ", StringComparison.Ordinal)));
            // A sort within equal leading values sorts few rows.
            var sorts = !nested && lines.Exists(l => l.Contains("TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal));
            return whole || sorts ? plan : null;
        }

        private async Task<string?> OfPostgresAsync(DbDataReader reader, string table)
        {
            await reader.ReadAsync();
            var text = reader.GetString(0);
            using var plan = JsonDocument.Parse(text);
            return RowsRead(plan.RootElement[0].GetProperty("Plan"), table) > Math.Max(1_000, _rows[table] / 4) ? text : null;
        }

        private static double RowsRead(JsonElement node, string table)
        {
            double Number(string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
            var read = node.TryGetProperty("Relation Name", out var relation) && relation.GetString() == table
                ? (Number("Actual Rows") + Number("Rows Removed by Filter") + Number("Rows Removed by Index Recheck")) * Number("Actual Loops")
                : 0;
            return read + (node.TryGetProperty("Plans", out var inner) ? inner.EnumerateArray().Sum(n => RowsRead(n, table)) : 0);
        }

        public async ValueTask DisposeAsync()
        {
            await graph.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
