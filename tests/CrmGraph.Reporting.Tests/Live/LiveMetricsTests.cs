using System.Text.Json;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Live;
using CrmGraph.Reporting.Tests.Querying;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace CrmGraph.Reporting.Tests.Live;

/// <summary>Subscriptions from the schema down to the database, whoever writes.</summary>
public sealed class LiveMetricsTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_commit_by_this_server_by_another_process_and_by_plain_SQL_each_brings_the_new_value(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await using var stream = await bench.WatchAsync(LiveBench.Orders);

        Assert.Equal((0, 0), await stream.TotalsAsync());
        await bench.OrderAsync(bench.CustomerOfAnn, 10);
        Assert.Equal((1, 10), await stream.TotalsAsync());
        await bench.OrderElsewhereAsync(bench.CustomerOfBob, 20);
        Assert.Equal((2, 30), await stream.TotalsAsync());
        await bench.Database.ExecuteAsync(bench.OrderSql(bench.CustomerOfAnn, 40));
        Assert.Equal((3, 70), await stream.TotalsAsync());
        await bench.Database.ExecuteAsync("delete from orders");
        Assert.Equal((0, 0), await stream.TotalsAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_first_fact_of_a_kind_brings_0_and_the_loss_of_the_last_one_no_value_whatever_their_day(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await using var stream = await bench.WatchAsync("subscription { metricsUpdated(period: {toDate: DAY}) { totals { complaints { value reason } } } }");
        async Task<string> NextAsync()
            => (await stream.NextAsync()).GetProperty("data").GetProperty("metricsUpdated").GetProperty("totals").GetProperty("complaints").GetRawText();

        Assert.Equal("""{"value":null,"reason":"NO_DATA"}""", await NextAsync());
        await bench.Database.SaveAsync(new Ticket
        {
            CustomerId = bench.CustomerOfAnn,
            Id = Guid.CreateVersion7(),
            Kind = TicketKind.Complaint,
            OpenedAt = new(2020, 1, 2, 12, 0, 0, DateTimeKind.Utc),
            Day = new(2020, 1, 2),
            Hour = 12
        });
        Assert.Equal("""{"value":0,"reason":null}""", await NextAsync());
        await bench.Database.ExecuteAsync("delete from tickets");
        Assert.Equal("""{"value":null,"reason":"NO_DATA"}""", await NextAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_change_of_a_formula_brings_the_new_value_whoever_writes_it(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await bench.Database.SaveAsync(
            new CustomMetric { Id = Guid.CreateVersion7(), Key = "more", Label = "More", Formula = "revenue * 2", Favourable = "Up", Version = 1 });
        await using var stream = await bench.WatchAsync(
            "subscription { metricsUpdated(period: {toDate: DAY}) { totals { custom(key: \"more\") { value } } } }");
        async Task<string> NextAsync()
            => (await stream.NextAsync()).GetProperty("data").GetProperty("metricsUpdated").GetProperty("totals").GetProperty("custom").GetRawText();

        Assert.Equal("""{"value":null}""", await NextAsync());
        await bench.OrderAsync(bench.CustomerOfAnn, 10);
        Assert.Equal("""{"value":20}""", await NextAsync());
        await bench.Database.ExecuteAsync("update custom_metrics set formula = 'revenue * 3'");
        Assert.Equal("""{"value":30}""", await NextAsync());
        await bench.Database.ExecuteAsync("delete from custom_metrics");
        Assert.Equal("METRIC_UNKNOWN", (await stream.NextAsync()).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        // Whoever comes now is refused, although the others still watch.
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => bench.WatchAsync(
            "subscription { metricsUpdated(period: {toDate: DAY}) { totals { custom(key: \"more\") { value } } } }"));
        Assert.Contains("METRIC_UNKNOWN", refused.ToString());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_others_watch_already_is_not_planned_again_for_whoever_sees_the_same(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await using var first = await bench.WatchAsync(LiveBench.Orders);
        Assert.Equal((0, 0), await first.TotalsAsync());

        Assert.Equal(0, await PlansAsync(null));
        Assert.NotEqual(0, await PlansAsync(LiveBench.Representative(bench.Ann)));

        async Task<int> PlansAsync(Caller? caller)
        {
            using var log = new StatementLog(bench.Database);
            await using var stream = await bench.WatchAsync(LiveBench.Orders, caller);
            Assert.Equal((0, 0), await stream.TotalsAsync());
            return log.Statements.Count(s => s.Contains("settings", StringComparison.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_representative_is_told_of_his_own_customers_orders_and_of_no_others(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await using var everything = await bench.WatchAsync(LiveBench.Orders);
        await using var ann = await bench.WatchAsync(LiveBench.Orders, LiveBench.Representative(bench.Ann));
        await using var bob = await bench.WatchAsync(LiveBench.Orders, LiveBench.Representative(bench.Bob));
        foreach (var stream in new[] { everything, ann, bob })
            Assert.Equal((0, 0), await stream.TotalsAsync());

        await bench.OrderAsync(bench.CustomerOfBob, 5);
        Assert.Equal((1, 5), await everything.TotalsAsync());
        Assert.Equal((1, 5), await bob.TotalsAsync());
        // Had the order of Bob's customer brought anything to Ann, it would come before this.
        await bench.Database.ExecuteAsync(bench.OrderSql(bench.CustomerOfAnn, 7));

        Assert.Equal((1, 7), await ann.TotalsAsync());
        Assert.Equal((2, 12), await everything.TotalsAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_customer_who_changes_hands_takes_his_orders_along(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await bench.OrderAsync(bench.CustomerOfBob, 5);
        await using var ann = await bench.WatchAsync(LiveBench.Orders, LiveBench.Representative(bench.Ann));
        Assert.Equal((0, 0), await ann.TotalsAsync());

        await bench.Database.ExecuteAsync("update customers set owner_id = (select id from team_members where name = 'Ann')");

        Assert.Equal((1, 5), await ann.TotalsAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_condition_on_the_owner_follows_what_is_known_of_the_owner(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await bench.OrderAsync(bench.CustomerOfBob, 5);
        await using var stream = await bench.WatchAsync(
            LiveBench.Orders.Replace("metricsUpdated(", "metricsUpdated(where: {customer: {owner: {name: {eq: \"Robert\"}}}}, ", StringComparison.Ordinal));
        Assert.Equal((0, 0), await stream.TotalsAsync());

        await bench.Database.ExecuteAsync("update team_members set name = 'Robert' where name = 'Bob'");

        Assert.Equal((1, 5), await stream.TotalsAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_transaction_that_is_rolled_back_brings_nothing(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await using var stream = await bench.WatchAsync(LiveBench.Orders);
        Assert.Equal((0, 0), await stream.TotalsAsync());

        await bench.Database.ExecuteAsync($"begin; {bench.OrderSql(bench.CustomerOfAnn, 1000)}; rollback");
        await bench.Database.ExecuteAsync(bench.OrderSql(bench.CustomerOfAnn, 3));

        Assert.Equal((1, 3), await stream.TotalsAsync());
    }

    [Fact]
    public async Task A_transaction_that_began_earlier_and_commits_later_is_seen()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Postgres);
        await using var stream = await bench.WatchAsync(LiveBench.Orders);
        Assert.Equal((0, 0), await stream.TotalsAsync());
        await using var source = NpgsqlDataSource.Create(bench.Database.ConnectionString);
        await using var slow = await source.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
#pragma warning disable CA2100 // Made of an id and a number.
        await using (var insert = new NpgsqlCommand(bench.OrderSql(bench.CustomerOfAnn, 1), slow))
#pragma warning restore CA2100
            await insert.ExecuteNonQueryAsync();

        // Of another customer: writers of one wait for each other.
        await bench.Database.ExecuteAsync(bench.OrderSql(bench.CustomerOfBob, 2));
        Assert.Equal((1, 2), await stream.TotalsAsync());
        await transaction.CommitAsync();

        Assert.Equal((2, 3), await stream.TotalsAsync());
    }

    [Fact]
    public async Task A_lost_database_is_looked_for_again_and_what_was_missed_is_made_good()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Postgres);
        await using var stream = await bench.WatchAsync(LiveBench.Orders);
        Assert.Equal((0, 0), await stream.TotalsAsync());

        for (var i = 1; i <= 3; i++)
        {
            // In one statement's transaction: the commit is made while nobody listens any more.
            await bench.Database.ExecuteAsync(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid(); "
                    + bench.OrderSql(bench.CustomerOfAnn, 10));

            Assert.Equal((i, i * 10), await stream.TotalsAsync());
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_query_of_which_the_database_makes_nothing_does_not_keep_the_others_from_their_values(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await using var sums = await bench.WatchAsync(LiveBench.Orders);
        Assert.Equal((0, 0), await sums.TotalsAsync());
        const string counts = """subscription { metricsUpdated(period: {range: {from: "2020-01-01", until: "2100-01-01"}}, groupBy: [CHANNEL]) { totals """
            + """{ orders { value } } } }""";
        await using var other = await bench.WatchAsync(counts);
        await other.NextAsync();

        // Two amounts of which each fits a long and the sum does not; the number of orders has nothing to do with them.
        foreach (var customer in new[] { bench.CustomerOfAnn, bench.CustomerOfBob })
            await bench.Database.ExecuteAsync(bench.OrderSql(customer, 900_000_000_000_000));

        JsonElement answer;
        do
            answer = await other.NextAsync();
        while (answer.GetProperty("data").GetProperty("metricsUpdated").GetProperty("totals").GetProperty("orders").GetProperty("value").GetInt32() < 2);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_change_of_the_settings_computes_anew(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await using var stream = await bench.WatchAsync(
            """subscription { metricsUpdated(period: {range: {from: "2020-01-01", until: "2100-01-01"}}) { currency totals { grossRevenue { value } } } }""");
        Assert.Equal("EUR", Currency(await stream.NextAsync()));

        await bench.Database.ExecuteAsync("update settings set currency = 'USD'");

        Assert.Equal("USD", Currency(await stream.NextAsync()));
        static string? Currency(System.Text.Json.JsonElement answer)
            => answer.GetProperty("data").GetProperty("metricsUpdated").GetProperty("currency").GetString();
    }

    [Theory]
    [InlineData("""subscription { metricsUpdated(period: {range: {from: "2026-01-02", until: "2026-01-02"}}) { id } }""", "INVALID_ARGUMENT")]
    [InlineData("subscription { metricsUpdated(period: {toDate: YEAR}, groupBy: [SEGMENT]) { id } }", "METRIC_INVALID_ARGUMENT")]
    [InlineData("subscription { metricsUpdated(period: {toDate: YEAR}, first: 0) { id } }", "METRIC_INVALID_ARGUMENT")]
    public async Task Arguments_without_sense_are_refused_before_the_stream_begins(string subscription, string code)
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Sqlite);

        var answer = await bench.SendAsync(subscription);

        Assert.False(answer.TryGetProperty("data", out _));
        Assert.Equal(code, answer.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_query_that_becomes_impossible_tells_the_reason_and_goes_on_when_it_can(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        var made = await bench.SendAsync(
            """mutation { createSegment(input: {key: "all", name: "All", definition: {name: {neq: ""}}}) { segment { id } errors { __typename } } }""");
        var id = made.GetProperty("data").GetProperty("createSegment").GetProperty("segment").GetProperty("id").GetString();
        await using var stream = await bench.WatchAsync(
            $$"""subscription { metricsUpdated(period: {toDate: YEAR}, groupBy: [SEGMENT], segments: ["{{id}}"]) { groupTotals { orders { value } } } }""");
        await stream.NextAsync();

        await using var context = bench.Database.CreateContext();
        var segment = await context.Segments.AsNoTracking().SingleAsync();
        await bench.Database.ExecuteAsync("delete from segments");

        Assert.True((await stream.NextAsync()).TryGetProperty("errors", out _));
        await bench.Database.SaveAsync(segment);
        Assert.False((await stream.NextAsync()).TryGetProperty("errors", out _));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Money_without_a_rate_is_told_and_the_figures_come_with_the_rate(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await bench.Database.ExecuteAsync(bench.OrderSql(bench.CustomerOfAnn, 10));
        await using var stream = await bench.WatchAsync("""subscription { metricsUpdated(period: {range: {from: "2020-01-01", until: "2100-01-01"}},"""
            + """ where: {customer: {moneySpent: {amount: {gte: 10}}}}) { totals { orders { value } grossRevenue { value } } } }""");
        Assert.Equal((1, 10), await stream.TotalsAsync());

        await bench.Database.ExecuteAsync(bench.OrderSql(bench.CustomerOfBob, 20).Replace("'EUR'", "'USD'", StringComparison.Ordinal));
        Assert.Equal("MIXED_CURRENCY", (await stream.NextAsync()).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        var rate = await bench.SendAsync(
            "mutation { upsertExchangeRates(input: {rates: [{currency: \"USD\", day: \"2020-01-01\", rate: 0.5}]}) { errors { __typename } } }");

        Assert.False(rate.TryGetProperty("errors", out var errors), errors.ToString());
        Assert.Equal((2, 20), await stream.TotalsAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Figures_that_cannot_be_read_are_an_error_and_come_when_they_can(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        await bench.Database.ExecuteAsync("alter table orders rename to orders_elsewhere");
        await using var stream = await bench.WatchAsync(LiveBench.Orders);

        var error = (await stream.NextAsync()).GetProperty("errors")[0];
        Assert.Equal("INTERNAL_ERROR", error.GetProperty("extensions").GetProperty("code").GetString());
        await bench.Database.ExecuteAsync("alter table orders_elsewhere rename to orders");

        Assert.Equal((0, 0), await stream.TotalsAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nothing_is_watched_any_more_when_the_last_subscriber_has_gone(DatabaseKind kind)
    {
        await using var bench = await LiveBench.CreateAsync(kind);
        var live = bench.Services.GetRequiredService<LiveMetrics>();
        await using (var first = await bench.WatchAsync(LiveBench.Orders))
        await using (var equal = await bench.WatchAsync(LiveBench.Orders))
        await using (var other = await bench.WatchAsync(LiveBench.Orders, LiveBench.Representative(bench.Ann)))
        {
            foreach (var stream in new[] { first, equal, other })
                await stream.TotalsAsync();
            Assert.Equal(2, live.Count);
        }

        Assert.Equal(0, live.Count);
    }

    [Fact]
    public async Task Changes_older_than_an_hour_are_forgotten_and_newer_ones_are_kept()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Postgres);
        await bench.Database.ExecuteAsync("delete from changes");
        await bench.Database.ExecuteAsync("insert into changes (transaction, \"table\", changed_at) values (1, 'old', now() - interval '61 minutes'), (1, "
            + "'new', now() - interval '59 minutes')");
        await using var source = bench.Database.Engine.CreateChangeSource();
        await source.OpenAsync(CancellationToken.None);

        await source.PruneAsync(CancellationToken.None);

        Assert.Equal("new", Assert.Single(await bench.Database.QueryAsync("select \"table\" from changes"))[0]);
    }

    [Fact]
    public async Task A_database_that_may_only_be_read_is_watched_without_pruning_it()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Postgres);
        await using var reading = DatabaseEngine.Create(bench.Database.ConnectionString + ";Options=-c default_transaction_read_only=on");
        await using var source = reading.CreateChangeSource();
        await source.OpenAsync(CancellationToken.None);

        await source.PruneAsync(CancellationToken.None);
        await bench.OrderAsync(bench.CustomerOfAnn, 1);

        Assert.Contains(await source.PollAsync(CancellationToken.None), n => n.Tables.Contains("orders"));
    }
}
