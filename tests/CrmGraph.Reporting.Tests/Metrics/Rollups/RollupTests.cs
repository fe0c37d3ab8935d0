using System.Data.Common;
using System.Globalization;
using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Tests.Querying;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;
using Xunit.Abstractions;

namespace CrmGraph.Reporting.Tests.Metrics.Rollups;

/// <summary>
/// Answers with rollups equal those without, after any change by whomever, and in any state of the rollups. <c>CRMGRAPH_ROLLUPS="SEED STEPS"</c> looks
/// further than every run can.
/// </summary>
public sealed class RollupTests(ITestOutputHelper output)
{
    public static TheoryData<DatabaseKind, int, int> Cases
    {
        get
        {
            if (Environment.GetEnvironmentVariable("CRMGRAPH_ROLLUPS")?.Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToList()
                is [var seed, var steps])
                return new() { { DatabaseKind.Sqlite, seed, steps }, { DatabaseKind.Postgres, seed, steps } };
            return new() { { DatabaseKind.Sqlite, 1, 8 }, { DatabaseKind.Sqlite, 2, 8 }, { DatabaseKind.Postgres, 1, 8 }, { DatabaseKind.Postgres, 2, 8 } };
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Answers_are_those_of_the_facts_after_any_changes(DatabaseKind kind, int seed, int steps)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var random = new Random(seed);
        var crm = await SampleCrm.CreateAsync(database, seed, new SampleSizes { SmallGroupMinimum = seed % 2 * 3, Days = 120 });
        // Without contracts the life of customers follows from who bought alone.
        if (seed % 2 == 0)
            await database.ExecuteAsync("delete from contracts");
        await using var rolled = new GraphQLClient(database);
        await using var facts = new GraphQLClient(database, new CrmLimits { Rollups = false });
        var (keeper, changes, questions) = (new RollupKeeper(database.Engine), new RandomChanges(database, random), new RandomQuestions(crm, random));
        await RollUpAsync(keeper);
        for (var step = 0; step < steps; step++)
        {
            for (var i = random.Next(4); i > 0; i--)
                await changes.MakeAsync();
            switch (random.Next(7))
            {
                case 3:
                    await RandomChanges.RollupsAsync(database, random);
                    break;
                case 0:
                    await RollUpAsync(keeper);
                    break;
                case 1:
                    await keeper.StepAsync(CancellationToken.None);
                    break;
                case 2:
                    await KilledAsync(keeper, random);
                    break;
            }

            for (var i = 0; i < 3; i++)
            {
                var (question, caller) = questions.Next();
                var (a, b) = (await facts.SendAsync(question, null, caller), await rolled.SendAsync(question, null, caller));
                Assert.True(
                    a.GetRawText() == b.GetRawText(),
                    $"step {step}, {caller.Role}: {question}\n{a}\n{b}\n{string.Join('\n', rolled.Errors.Select(e => e.Exception))}");
                Assert.False(a.TryGetProperty("errors", out _), a.ToString());
            }
        }

        output.WriteLine($"{changes.Made} changes, {(await database.QueryAsync("select count(*) from sales_days"))[0][0]} rows of rollups");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_state_is_answered_right_while_others_write_and_roll_up(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 5, new SampleSizes { Days = 60 });
        var facts = new MetricEngine(bench.Database.Clock, new CrmLimits())
        {
            UsesRollups = false,
            Statements = new StatementCache(bench.Database.Engine, 100)
        };
        var keeper = new RollupKeeper(bench.Database.Engine);
        await RollUpAsync(keeper);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var changes = new RandomChanges(bench.Database, new Random(3)); !stop.IsCancellationRequested;)
                await changes.MakeAsync();
        });
        var rolling = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await StepAsync(keeper);
        });
        try
        {
            foreach (var i in Enumerable.Range(0, 12))
            {
                await using var moment = await DataMoment.OpenAsync(bench.Database.Engine, concurrent: false);
                await using var lease = await moment.CreateContextAsync();
                MetricDimension[][] groupings =
                    [[MetricDimension.Channel], [MetricDimension.Owner, MetricDimension.Channel], [MetricDimension.City, MetricDimension.Channel]];
                var query = bench.Query() with { GroupBy = groupings[i % 3] };
                var selection = MetricBench.Of(query) with { Totals = true };
                var a = await facts.ComputeAsync(lease.Context, query, selection, Caller.System, CancellationToken.None);
                var b = await bench.Engine.ComputeAsync(lease.Context, query, selection, Caller.System, CancellationToken.None);
                Assert.Equal(MetricBench.Text(a), MetricBench.Text(b));
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        await Task.WhenAll(writing, rolling);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_day_whose_sums_need_more_than_64_bits_is_read_from_the_orders(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 6, new SampleSizes { Days = 30 });
        await using var db = bench.Database.CreateContext();
        var noon = bench.Crm.Today.ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc);
        var hour = TimeZoneInfo.ConvertTimeFromUtc(noon, bench.Crm.Zone).Hour;
        var large = bench.Crm.Orders.GroupBy(o => o.CustomerId).Select(o => o.First().Id).ToList();
        await db.Customers.ExecuteUpdateAsync(s => s.SetProperty(c => c.Region, (string?)null).SetProperty(c => c.Country, (string?)null));
        await db.Orders.Where(o => large.Contains(o.Id)).ExecuteUpdateAsync(s => s
            .SetProperty(o => o.GrossAmount, 5_000_000_000_000_000_000).SetProperty(o => o.Kind, OrderKind.Sale)
            .SetProperty(o => o.OrderedAt, noon).SetProperty(o => o.Day, bench.Crm.Today).SetProperty(o => o.Hour, hour)
            .SetProperty(o => o.CancelledAt, (DateTime?)null).SetProperty(o => o.Channel, "web").SetProperty(o => o.Currency, "EUR"));
        var keeper = new RollupKeeper(bench.Database.Engine);
        await RollUpAsync(keeper);
        Assert.NotEmpty(await bench.Database.QueryAsync("select 1 from rollup_marks where is_final"));
        var facts = new MetricEngine(bench.Database.Clock, new CrmLimits()) { UsesRollups = false };
        var query = bench.Query() with { GroupBy = [MetricDimension.Channel] };
        var expected = await facts.ComputeAsync(db, query, MetricBench.Of(query), Caller.System, CancellationToken.None);
        Assert.Equal(MetricBench.Text(expected), MetricBench.Text(await bench.ComputeAsync(query, Caller.System)));

        await db.Orders.ExecuteUpdateAsync(s => s.SetProperty(o => o.GrossAmount, 10_000));
        await RollUpAsync(keeper);
        Assert.Empty(await bench.Database.QueryAsync("select 1 from rollup_marks"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Sums_and_customers_of_usual_dashboards_are_not_read_from_orders(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var crm = await SampleCrm.CreateAsync(database, 1, new SampleSizes { SmallGroupMinimum = 2 });
        await database.ExecuteAsync("delete from exchange_rates");
        await database.ExecuteAsync("delete from contracts");
        await RollUpAsync(new RollupKeeper(database.Engine));
        await using var client = new GraphQLClient(database);
        var owner = crm.Members[0].Id;
        using var log = new StatementLog(database);
        foreach (var question in new[]
        {
            "{ metrics(period: {last: {count: 6, unit: MONTH}}, grain: MONTH, compareTo: PREVIOUS_YEAR) { rows { revenue { value } orders { value } activeCustomers { value } } totals { activeCustomers { value } } } }",
            "{ metrics(period: {last: {count: 6, unit: MONTH}}, groupBy: [CHANNEL, COUNTRY]) { groupTotals { averageOrderValue { value } } } }",
            "{ metrics(period: {last: {count: 2, unit: MONTH}}, grain: DAY) { rows { customersAtEnd { value } lostCustomers { value } } totals { reactivatedCustomers { value } } } }",
            "{ metrics(period: {last: {count: 2, unit: MONTH}}, groupBy: [OWNER], compareTo: PREVIOUS_YEAR) { rows { reactivatedCustomers { value } retentionRate { value } } } }",
            "{ metrics(period: {last: {count: 6, unit: MONTH}}, grain: MONTH, where: {customer: {region: {eq: \"North\"}}, channel: {in: [\"web\"]}}) { rows { revenue { value } activeCustomers { value } } } }",
        })
            foreach (var caller in new[] { Caller.System, new Caller("rep", Role.Representative, owner, [owner]) })
                if (caller.SeesAll || !question.Contains("COUNTRY") && !question.Contains("region"))
                    await client.DataAsync(question, null, caller);
        Assert.Contains(log.Statements, sql => sql.Contains("sales_days"));
        Assert.DoesNotContain(log.Statements, sql => sql.Contains(" orders AS") || sql.Contains("\"orders\" AS"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_no_rollup_answers_comes_from_columns_and_is_advised_and_comes_from_one_once_it_is_added(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 1, new SampleSizes());
        var database = bench.Database;
        await database.ExecuteAsync("delete from exchange_rates");
        var (keeper, catalog, asks) = (new RollupKeeper(database.Engine), new RollupCatalog(database.Engine), new RollupAsks());
        await RollUpAsync(keeper);
        var engine = new MetricEngine(database.Clock, new CrmLimits()) { Asks = asks, Statements = new StatementCache(database.Engine, 100) };
        var query = bench.Query() with { GroupBy = [MetricDimension.Country, MetricDimension.Owner] };

        async Task<(string Table, string Source)> AskAsync()
        {
            using var log = new StatementLog(database);
            await using var db = database.CreateContext();
            var selection = new MetricSelection([.. MetricCatalog.All.Where(m => m.Key is "revenue" or "activeCustomers")]);
            var table = await engine.ComputeAsync(db, query, selection, Caller.System, CancellationToken.None);
            string[] sources = ["orders", "sales_day_orders", "sales_days"];
            // Stamps of days are read whatever else is.
            var read = Assert.Single(sources, source => log.Statements.Any(s => (s.Contains($"FROM \"{source}\"") || s.Contains($"FROM {source} "))
                && (source != "sales_day_orders" || s.Contains("columns", StringComparison.OrdinalIgnoreCase))));
            return (MetricBench.Text(table), read);
        }

        var (facts, source) = await AskAsync();
        Assert.Equal("sales_day_orders", source);
        await asks.KeepAsync(database.Engine, database.Clock.GetUtcNow().UtcDateTime, CancellationToken.None);
        var advice = Assert.Single(await catalog.AdviseAsync(CancellationToken.None));
        Assert.Equal("country owner", advice.Attributes);
        Assert.True(advice.Asked > 0);

        await catalog.AddAsync(["Owner", "country"], CancellationToken.None);
        Assert.Equal((facts, "orders"), await AskAsync());
        await RollUpAsync(keeper);
        Assert.Equal((facts, "sales_days"), await AskAsync());
        Assert.Empty(await catalog.AdviseAsync(CancellationToken.None));
        Assert.Empty((await keeper.VerifyAsync(CancellationToken.None)).Wrong);

        var added = Assert.Single(await catalog.ListAsync(CancellationToken.None), r => !r.IsShipped);
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.AddAsync(["country", "owner"], CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.AddAsync(["product"], CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.RemoveAsync(1, CancellationToken.None));
        await catalog.RemoveAsync(added.Number, CancellationToken.None);
        await RollUpAsync(keeper);
        Assert.Equal((facts, "sales_day_orders"), await AskAsync());
        Assert.Empty(await database.QueryAsync($"select 1 from sales_days where rollup = {added.Number}"));
    }

    private static async Task RollUpAsync(RollupKeeper keeper)
    {
        while (await keeper.StepAsync(CancellationToken.None))
        {
        }
    }

    private static async Task StepAsync(RollupKeeper keeper)
    {
        try
        {
            await keeper.StepAsync(CancellationToken.None);
        }
        catch (Exception e) when ((e as DbException ?? e.InnerException as DbException)?.IsTransient == true)
        {
        }
    }

    private static async Task KilledAsync(RollupKeeper keeper, Random random)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(12)));
        try
        {
            await keeper.StepAsync(soon.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
