using System.Text.Json;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Tests.Querying;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

/// <summary>An operation shows one state of the data, whatever is committed between its statements.</summary>
public sealed class OneMomentTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Sibling_fields_and_nested_fields_agree_though_something_is_committed_before_every_later_statement(DatabaseKind kind)
    {
        await using var shop = await Shop.OpenAsync(kind);
        const string query = "{ a: customers { totalCount } b: customers(first: 1000) { totalCount nodes { id owner { name } } } "
            + "c: customers(where: { name: { neq: \"-\" } }) { totalCount } segmentPreview(definition: {}) { count sample { id } } }";

        var (data, commits) = await shop.WhileOthersCommitAsync(query, shop.AnotherCustomer);

        Assert.True(commits > 2, $"{commits} commits");
        var counts = new[] { data.GetProperty("a"), data.GetProperty("b"), data.GetProperty("c") }.Select(c => c.GetProperty("totalCount").GetInt32()).ToList();
        counts.Add(data.GetProperty("b").GetProperty("nodes").GetArrayLength());
        counts.Add(data.GetProperty("segmentPreview").GetProperty("count").GetInt32());
        Assert.Single(counts.Distinct());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task All_statements_of_a_metric_table_read_one_state_of_which_it_tells_the_time(DatabaseKind kind)
    {
        await using var shop = await Shop.OpenAsync(kind);
        const string query = "{ metrics(period: { last: { count: 3, unit: MONTH } }, grain: MONTH, groupBy: [CHANNEL]) { asOf version totals { orders "
            + "{ value } activeCustomers { value } newCustomers { value } } bucketTotals { orders { value } } groupTotals { orders { value } } } }";
        var before = await shop.Client.DataAsync(query);

        var (during, commits) = await shop.WhileOthersCommitAsync(query, shop.AnotherOrder);

        Assert.True(commits > 2, $"{commits} commits");
        Assert.Equal(before.GetRawText(), during.GetRawText());
        shop.Database.Clock.Advance(TimeSpan.FromMinutes(1));
        var after = (await shop.Client.DataAsync(query)).GetProperty("metrics");
        Assert.NotEqual(before.GetProperty("metrics").GetProperty("totals").GetRawText(), after.GetProperty("totals").GetRawText());
        Assert.True(string.CompareOrdinal(before.GetProperty("metrics").GetProperty("version").GetString(), after.GetProperty("version").GetString()) < 0);
        Assert.Equal(shop.Database.Clock.GetUtcNow().UtcDateTime, after.GetProperty("asOf").GetDateTime());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Below_a_mutation_is_read_what_it_wrote_and_each_of_two_mutations_reads_its_own(DatabaseKind kind)
    {
        await using var shop = await Shop.OpenAsync(kind);
        const string upsert = "upsertCustomer(input: { name: $NAME, externalIds: [{ source: \"t\", key: \"1\" }] }) { customer { name orders { totalCount } "
            + "tickets { totalCount } } errors { __typename } }";
        var answer = await shop.Client.DataAsync(
            $"mutation {{ a: {upsert.Replace("$NAME", "\"A\"", StringComparison.Ordinal)} b: {upsert.Replace("$NAME", "\"B\"", StringComparison.Ordinal)} }}");

        Assert.Equal("A", answer.GetProperty("a").GetProperty("customer").GetProperty("name").GetString());
        Assert.Equal("B", answer.GetProperty("b").GetProperty("customer").GetProperty("name").GetString());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_single_list_and_a_single_row_are_read_without_a_transaction(DatabaseKind kind)
    {
        await using var shop = await Shop.OpenAsync(kind);
        var none = await shop.StatementsInTransactionAsync("{ customers(first: 3) { nodes { id name } } }");
        var noneEither = await shop.StatementsInTransactionAsync("{ viewer { name } __typename customers(first: 3) { nodes { id } } }");
        const string Tree = "{ customers(first: 3) { nodes { id orders(first: 2) { nodes { id } } } } }";
        await shop.StatementsInTransactionAsync(Tree);
        var all = await shop.StatementsInTransactionAsync(Tree);

        var two = await shop.StatementsInTransactionAsync("{ customers(first: 3) { totalCount nodes { id } } }");

        // PostgreSQL reads the orders in the statement of their customers, and needs none once it has seen that this can be.
        Assert.Equal((0, 0, kind == DatabaseKind.Postgres ? 0 : 2, 2), (none, noneEither, all, two));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Neither_cancellation_nor_failure_leaves_a_connection_behind(DatabaseKind kind)
    {
        await using var shop = await Shop.OpenAsync(kind);
        const string query
            = "{ a: customers { totalCount nodes { orders { totalCount } } } b: orders { totalCount } c: tickets { totalCount } d: segments { totalCount } }";
        var engine = shop.Database.Engine;
        var before = (engine.Moments.CurrentCount, engine.MoreConnections.CurrentCount);
        for (var i = 0; i < 40; i++)
        {
            using var stop = new CancellationTokenSource();
            using var log = new StatementLog(shop.Database)
            {
                Sending = (number, _) =>
                {
                    if (number != 1 + (i % 4))
                        return;
                    if (i % 2 == 1)
                        throw new InvalidOperationException("lost");
                    stop.Cancel();
                },
            };
            try
            {
                await shop.Client.Executor.ExecuteAsync(new GraphQLRequest(query), new RequestState().Set(Caller.System), shop.Client.Services, stop.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }

        await engine.Endings.SettledAsync();
        Assert.Equal(before, (engine.Moments.CurrentCount, engine.MoreConnections.CurrentCount));
        // With a leak the pool of 20 connections would be empty by now.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.Client.DataAsync(query)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Many_wide_operations_at_once_do_not_wait_for_each_other_for_ever(DatabaseKind kind)
    {
        await using var shop = await Shop.OpenAsync(kind);
        var query = "{"
            + string.Join(' ', Enumerable.Range(0, 8).Select(i => $"a{i}: customers(first: 2) {{ totalCount nodes {{ orders(first: 1) {{ totalCount }} }} }}"))
            + "}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => Task.Run(() => shop.Client.DataAsync(query))));

        Assert.Single(answers.Select(a => a.GetRawText()).Distinct());
    }

    private sealed class Shop : IAsyncDisposable
    {
        public required TestDatabase Database { get; init; }
        public required GraphQLClient Client { get; init; }

        public static async Task<Shop> OpenAsync(DatabaseKind kind)
        {
            var database = await TestDatabase.CreateAsync(kind);
            await SampleCrm.CreateAsync(database);
            return new Shop { Database = database, Client = new GraphQLClient(database) };
        }

        /// <summary>Another program commits between any two statements of the operation.</summary>
        public async Task<(JsonElement Data, int Commits)> WhileOthersCommitAsync(string query, Func<string> sql)
        {
            var commits = 0;
            using var log = new StatementLog(Database)
            {
                Sending = (number, _) =>
                {
                    if (number == 1)
                        return;
                    commits++;
                    Database.ExecuteAsync(sql()).GetAwaiter().GetResult();
                },
            };
            return (await Client.DataAsync(query), commits);
        }

        public async Task<int> StatementsInTransactionAsync(string query)
        {
            var inside = 0;
            using var log = new StatementLog(Database) { Sending = (_, transaction) => inside += transaction ? 1 : 0 };
            await Client.DataAsync(query);
            return inside;
        }

        public string AnotherCustomer() =>
            $"insert into customers select {Columns("customers", "id", NewId())} from customers where id = (select id from customers where not is_guest order by id limit 1)";

        public string AnotherOrder() =>
            $"insert into orders select {Columns("orders", "id", NewId())} from orders where id = (select id from orders where gross_amount > 0 and cancelled_at is null order by day desc, id limit 1)";

        private string NewId() => Database.Kind == DatabaseKind.Postgres
            ? $"'{Guid.CreateVersion7()}'::uuid"
            : $"x'{Convert.ToHexString(Guid.CreateVersion7().ToByteArray(bigEndian: true))}'";

        private string Columns(string table, string key, string value)
        {
            var order = Database.QueryAsync(Database.Kind == DatabaseKind.Postgres
                ? $"select column_name from information_schema.columns where table_name = '{table}' and table_schema = current_schema() order by "
                    + "ordinal_position"
                : $"select name from pragma_table_info('{table}') order by cid").GetAwaiter().GetResult();
            return string.Join(", ", order.Select(c => (string)c[0]! == key ? value : (string)c[0]!));
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
