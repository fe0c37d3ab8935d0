using CrmGraph.Data.Model;
using CrmGraph.Reporting.Demo;
using CrmGraph.Reporting.Tests.Database;
using CrmGraph.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Demo;

public sealed class DemoCompanyTests
{
    private static readonly DateTime AsOf = new(2026, 3, 16, 10, 0, 0, DateTimeKind.Utc);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_company_is_believable_and_its_figures_are_right(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);

        var made = await DemoCompany.SeedAsync(database.Engine, 600, AsOf);

        await TriggerTests.AssertFiguresAsync(database);
        await using var context = database.CreateContext();
        var orders = await context.Orders.AsNoTracking().Include(o => o.Lines).ToListAsync();
        Assert.Equal((600, made.Orders, made.Lines), (made.Customers, orders.Count, orders.Sum(o => o.Lines.Count)));
        AssertOrders(orders);
        var buyers = orders.GroupBy(o => o.CustomerId).ToList();
        Assert.InRange(buyers.Count(b => b.Count() > 1) / (double)buyers.Count, 0.25, 0.75);
        Assert.InRange(orders.Sum(o => o.Lines.Count) / (double)orders.Count, 1.6, 2.4);
        Assert.False(await DemoCompany.IsEmptyAsync(database.Engine));
        Assert.True(await context.Tickets.AnyAsync(t => t.Kind == TicketKind.Complaint)
            && await context.Opportunities.AnyAsync(o => o.Status == OpportunityStatus.Open)
            && await context.Contracts.AnyAsync()
            && await context.SurveyResponses.AnyAsync()
            && await context.Interactions.AnyAsync()
            && await context.CampaignSpend.AnyAsync()
            && await context.ReportRuns.AnyAsync(r => !r.IsOwn));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_filling_that_is_killed_leaves_the_database_empty_and_the_next_one_fills_it(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        using var kill = new CancellationTokenSource();
        var killer = new Killer(kill);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DemoCompany.SeedAsync(database.Engine, 5_000, AsOf, killer, kill.Token));

        Assert.True(await DemoCompany.IsEmptyAsync(database.Engine));
        Assert.Equal("UTC", (await database.QueryAsync("select reporting_zone from settings"))[0][0]);
        Assert.Equal(100, (await DemoCompany.SeedAsync(database.Engine, 100, AsOf)).Customers);
        await TriggerTests.AssertFiguresAsync(database);
        Assert.NotEmpty(
            await database.QueryAsync(kind == DatabaseKind.Sqlite ? "select 1 from sqlite_master where type = 'trigger'" : "select 1 from pg_trigger"));

        await DemoCompany.ClearAsync(database.Engine);
        Assert.True(await DemoCompany.IsEmptyAsync(database.Engine));
        Assert.Equal(60, (await DemoCompany.SeedAsync(database.Engine, 60, AsOf)).Customers);
        await TriggerTests.AssertFiguresAsync(database);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Of_two_that_fill_one_database_at_once_one_does(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);

        var made = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => DemoCompany.SeedAsync(database.Engine, 120, AsOf))));

        Assert.Equal([0, 120], made.Select(m => m.Customers).Order());
        // A third comes when it is done: it found the database empty, too, a moment before.
        Assert.Equal(0, (await DemoCompany.SeedAsync(database.Engine, 120, AsOf)).Customers);
        await using var context = database.CreateContext();
        Assert.Equal(120, await context.Customers.CountAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_filling_leaves_every_index_key_and_trigger_as_it_was(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var before = await CatalogAsync(database);

        await DemoCompany.SeedAsync(database.Engine, 100, AsOf);

        Assert.Contains(before, part => part.Contains("ix_orders_day", StringComparison.Ordinal));
        Assert.Equal(before, await CatalogAsync(database));
    }

    [Fact]
    public async Task A_filling_of_SQLite_keeps_the_conditions_that_it_does_not_check()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);

        await DemoCompany.SeedAsync(database.Engine, 300, AsOf);

        Assert.Equal("ok", Assert.Single(await database.QueryAsync("PRAGMA integrity_check"))[0]);
        await using var connection = await database.Engine.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE orders SET hour = 24";
        await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync());
    }

    private static async Task<List<string>> CatalogAsync(TestDatabase database) =>
        [.. (await database.QueryAsync(database.Kind == DatabaseKind.Sqlite
            ? "select name || ': ' || coalesce(sql, '') from sqlite_master order by 1"
            : """
              select indexdef from pg_indexes where schemaname = current_schema() union all
              select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = current_schema()::regnamespace union all
              select pg_get_triggerdef(oid) || tgenabled::text from pg_trigger where not tgisinternal order by 1
              """)).Select(row => (string)row[0]!)];

    private sealed class Killer(CancellationTokenSource kill) : IProgress<SeedProgress>
    {
        public void Report(SeedProgress value) => kill.Cancel();
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_company_in_both_databases()
    {
        var texts = new List<string>();
        foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
        {
            await using var database = TestDatabase.Create(kind);
            await DemoCompany.SeedAsync(database.Engine, 150, AsOf);
            await using var context = database.CreateContext();
            var orders = await context.Orders.OrderBy(o => o.Id).Select(o => new { o.Id, o.OrderedAt, o.GrossAmount, o.Customer!.Name, o.Channel })
                .ToListAsync();
            var stages = await context.CustomerStages.OrderBy(s => s.CustomerId).ThenBy(s => s.From).ToListAsync();
            texts.Add(string.Join('\n', orders) + string.Join('\n', stages.Select(s => $"{s.CustomerId} {s.Stage} {s.From:O} {s.To:O}")));
        }

        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public async Task Nobody_can_be_written_to_or_called()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        await DemoCompany.SeedAsync(database.Engine, 400, AsOf);
        await using var context = database.CreateContext();

        var addresses = await context.Customers.Where(c => c.Email != null).Select(c => c.Email!).Concat(context.TeamMembers.Select(m => m.Email!))
            .ToListAsync();
        var numbers = await context.Customers.Where(c => c.Phone != null).Select(c => c.Phone!).ToListAsync();

        // RFC 2606, section 3: the second level names reserved for examples.
        Assert.All(addresses, a => Assert.Matches(@"(@|\.)example\.(com|net|org)$", a));
        Assert.All(numbers, n => Assert.Matches(@"^(\+1 415 555 01|\+44 1632 960|\+49 30 0000 |\+86 000 0000 )", n));
    }

    [Fact]
    public async Task The_stage_of_a_customer_is_his_last_open_stage()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        await DemoCompany.SeedAsync(database.Engine, 300, AsOf);
        await using var context = database.CreateContext();

        var customers = await context.Customers.Include(c => c.Stages).ToListAsync();

        Assert.All(customers, c => Assert.Equal(c.LifecycleStage, c.Stages.Single(s => s.To == null).Stage));
        Assert.All(customers, c => Assert.Equal(c.CreatedAt, c.Stages.Min(s => s.From)));
    }

    private static void AssertOrders(IReadOnlyList<Order> orders)
    {
        Assert.All(orders, o =>
        {
            Assert.InRange(o.OrderedAt, new DateTime(AsOf.Year, AsOf.Month, 1).AddMonths(-DemoCompany.Months).AddDays(-1), AsOf);
            Assert.Equal(o.GrossAmount, o.Lines.Where(l => l.Kind == OrderKind.Sale).Sum(l => l.Amount));
            Assert.Equal(o.ReturnedAmount, o.Lines.Where(l => l.Kind == OrderKind.Return).Sum(l => l.Amount));
            Assert.All(o.Lines, l => Assert.Equal(l.Amount, l.Quantity / 10_000 * l.UnitPrice - l.DiscountAmount));
        });
        Assert.Contains(orders, o => o.CancelledAt is not null);
        Assert.Contains(orders, o => o.Kind == OrderKind.Return);
        // Growth and the peak before Christmas: the last quarter of the calendar year sells more than the first of the same year.
        var months = orders.Where(o => o.Kind == OrderKind.Sale && o.Day.Year == 2025).ToLookup(o => (o.Day.Month - 1) / 3);
        Assert.True(months[3].Count() > months[0].Count());
    }
}
