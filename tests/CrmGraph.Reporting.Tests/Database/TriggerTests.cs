using System.Data.Common;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

public sealed class TriggerTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Figures_and_money_equal_a_full_recomputation_after_any_writes(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 11);
        await AssertFiguresAsync(database);
        var random = new Random(4);
        for (var round = 0; round < 6; round++)
        {
            await using (var context = database.CreateContext())
            {
                var orders = await context.Orders.ToListAsync();
                foreach (var order in orders.Where(_ => random.Next(12) == 0))
                    Disturb(context, order, random, crm);
                await context.SaveChangesAsync();
            }
            await AssertFiguresAsync(database);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task One_statement_over_many_customers_keeps_the_figures(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await SampleCrm.CreateAsync(database, seed: 12);

        await database.ExecuteAsync("update orders set cancelled_at = null where cancelled_at is not null");
        await AssertFiguresAsync(database);
        await database.ExecuteAsync("update orders set gross_amount = gross_amount * 2, currency = 'EUR' where hour < 12");
        await AssertFiguresAsync(database);
        await database.ExecuteAsync("delete from orders where kind = 'RETURN' or currency = 'CNY'");
        await AssertFiguresAsync(database);
        await database.ExecuteAsync("delete from orders");
        await AssertFiguresAsync(database);
        Assert.Empty(await database.QueryAsync("select * from order_lines"));
        Assert.Empty(await database.QueryAsync("select * from customer_money"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_merge_moves_a_fact_under_its_old_id(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 13);
        var from = crm.Customers.First(c => c.Orders.Count > 3);
        var to = crm.Customers.First(c => c.Id != from.Id && c.Orders.Count > 3);

        await using (var context = database.CreateContext())
        {
            await using var transaction = await context.Database.BeginTransactionAsync();
            await CopyAsync(context, "order_lines", from.Id, to.Id);
            await CopyAsync(context, "orders", from.Id, to.Id);
            await context.Orders.Where(o => o.CustomerId == from.Id).ExecuteDeleteAsync();
            await transaction.CommitAsync();
        }

        await AssertFiguresAsync(database);
        await using var reader = database.CreateContext();
        Assert.Equal(
            from.Orders.Concat(to.Orders).Select(o => o.Id).Order(),
            await reader.Orders.Where(o => o.CustomerId == to.Id).Select(o => o.Id).OrderBy(i => i).ToListAsync());
        Assert.Equal(from.Orders.Concat(to.Orders).Sum(o => o.Lines.Count), await reader.OrderLines.CountAsync(l => l.CustomerId == to.Id));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lines_follow_a_change_of_their_order(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 14);
        var order = crm.Orders.First(o => o.Lines.Count > 1 && o.CancelledAt == null);

        await using var context = database.CreateContext();
        await context.Orders.Where(o => o.Id == order.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(o => o.Channel, "fair").SetProperty(o => o.CancelledAt, crm.Now));

        Assert.All(await context.OrderLines.Where(l => l.OrderId == order.Id).ToListAsync(), l => Assert.Equal(("fair", crm.Now), (l.Channel, l.CancelledAt)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Updates_and_deletions_leave_the_old_row_in_the_history(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var customer = new Customer
        {
            Id = Guid.CreateVersion7(),
            Name = "Old \"name\" 王",
            Tags = ["a"],
            CreatedAt = database.Clock.GetUtcNow().UtcDateTime,
            Day = new(2026, 3, 16)
        };
        await database.SaveAsync(customer);
        await using (var context = database.CreateContext())
        {
            var row = await context.Customers.SingleAsync();
            row.Name = "New";
            await context.SaveChangesAsync();
            context.Remove(row);
            await context.SaveChangesAsync();
        }

        await using var reader = database.CreateContext();
        var history = await reader.History.Where(h => h.Table == "customers").OrderBy(h => h.Sequence).ToListAsync();
        Assert.Equal(['U', 'D'], history.Select(h => h.Operation));
        Assert.All(history, h => Assert.Equal((customer.Id.ToString(), customer.Id), (h.RowId, h.CustomerId!.Value)));
        using var before = System.Text.Json.JsonDocument.Parse(history[0].Row);
        Assert.Equal("Old \"name\" 王", before.RootElement.GetProperty("name").GetString());
        Assert.Equal(customer.Id, before.RootElement.GetProperty("id").GetGuid());
        Assert.Equal("a", before.RootElement.GetProperty("tags")[0].GetString());
        Assert.Contains("\"New\"", history[1].Row, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_history_row_has_every_column_of_its_table(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await SampleCrm.CreateAsync(database, seed: 15);
        await using var context = database.CreateContext();
        foreach (var table in (string[])["tickets", "interactions", "survey_answers", "orders", "order_lines", "products", "customers", "external_ids",
            "segment_members", "campaign_spend"])
        {
            await context.History.ExecuteDeleteAsync();
            var change = table switch
            {
                "external_ids" => "id = id",
                "campaign_spend" => "amount = 5",
                "segment_members" => "left_at = joined_at",
                _ => "updated_at = recorded_at",
            };
            await database.ExecuteAsync($"update {table} set {change}");
            var row = await context.History.FirstAsync(h => h.Table == table);
            using var document = System.Text.Json.JsonDocument.Parse(row.Row);
            var columns = context.Model.GetRelationalModel().Tables.Single(t => t.Name == table).Columns.Select(c => c.Name);
            Assert.Equal(columns.Order(StringComparer.Ordinal), document.RootElement.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_change_of_lifecycle_stage_closes_one_stage_and_opens_the_next(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var start = database.Clock.GetUtcNow().UtcDateTime;
        var customer = new Customer { Id = Guid.CreateVersion7(), Name = "x", LifecycleStage = LifecycleStage.Lead, CreatedAt = start, Day = new(2026, 3, 16) };
        await database.SaveAsync(customer);
        database.Clock.Advance(TimeSpan.FromDays(2));
        await using var context = database.CreateContext();
        (await context.Customers.SingleAsync()).LifecycleStage = LifecycleStage.Customer;
        await context.SaveChangesAsync();

        var stages = await context.CustomerStages.OrderBy(s => s.From).Select(s => new { s.Stage, s.From, s.To }).ToListAsync();

        Assert.Equal(2, stages.Count);
        Assert.Equal((LifecycleStage.Lead, start, (DateTime?)start.AddDays(2)), (stages[0].Stage, stages[0].From, stages[0].To));
        Assert.Equal((LifecycleStage.Customer, start.AddDays(2), null), (stages[1].Stage, stages[1].From, stages[1].To));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_fact_of_an_unknown_customer_is_refused(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var order = new Order
        {
            CustomerId = Guid.CreateVersion7(),
            Id = Guid.CreateVersion7(),
            OrderedAt = new(2026, 1, 1, 5, 0, 0, DateTimeKind.Utc),
            Day = new(2026, 1, 1),
            Hour = 5,
            Currency = "EUR"
        };

        var error = await Assert.ThrowsAsync<DbUpdateException>(() => database.SaveAsync(order));

        Assert.Contains("there is no", error.InnerException!.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_customer_with_facts_cannot_be_deleted_and_one_without_leaves_nothing(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 16);
        var buyer = crm.Customers.First(c => c.Orders.Count > 0);
        var idle = new Customer { Id = Guid.CreateVersion7(), Name = "idle", CreatedAt = crm.Now, Day = crm.Today };
        await database.SaveAsync(idle, new CustomerAttribute { CustomerId = idle.Id, Key = "k", Value = "v" });
        await using var context = database.CreateContext();

        await Assert.ThrowsAnyAsync<DbException>(() => context.Customers.Where(c => c.Id == buyer.Id).ExecuteDeleteAsync());
        await context.Customers.Where(c => c.Id == idle.Id).ExecuteDeleteAsync();

        Assert.False(await context.CustomerFigures.AnyAsync(f => f.CustomerId == idle.Id) || await context.CustomerStages.AnyAsync(f => f.CustomerId == idle.Id)
            || await context.CustomerAttributes.AnyAsync(f => f.CustomerId == idle.Id));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Plain_sql_finds_its_text_folded(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await database.ExecuteAsync("insert into products (sku, name, category) values ('s', 'Green TEA', null)");
        await using var context = database.CreateContext();
        Assert.Equal(
            1,
            await context.Products.CountAsync(p => EF.Property<string>(p, "NameFolded") == "green tea" && EF.Property<string?>(p, "CategoryFolded") == null));

        await database.ExecuteAsync("update products set name = 'BLACK tea', category = 'Hot'");

        Assert.Equal(
            1,
            await context.Products.CountAsync(p => EF.Property<string>(p, "NameFolded") == "black tea" && EF.Property<string?>(p, "CategoryFolded") == "hot"));
        Assert.Equal(7, (await context.Products.SingleAsync()).Id.Version);
    }

    internal static async Task AssertFiguresAsync(TestDatabase database)
    {
        await using var context = database.CreateContext();
        var customers = await context.Customers.AsNoTracking().Include(c => c.Orders).Include(c => c.Figures).Include(c => c.Money).AsSplitQuery()
            .ToListAsync();
        foreach (var customer in customers)
        {
            var expected = SampleCrm.FiguresOf(customer);
            Assert.Equal(
                (expected.OrderCount, expected.FirstPurchaseDay, expected.LastPurchaseDay),
                (customer.Figures!.OrderCount, customer.Figures.FirstPurchaseDay, customer.Figures.LastPurchaseDay));
            Assert.Equal(SampleCrm.MoneyOf(customer).Select(m => (m.Currency, m.GrossAmount, m.ReturnedAmount)),
                customer.Money.OrderBy(m => m.Currency, StringComparer.Ordinal).Select(m => (m.Currency, m.GrossAmount, m.ReturnedAmount)));
        }
    }

    private static void Disturb(DbContext context, Order order, Random random, SampleCrm crm)
    {
        switch (random.Next(5))
        {
            case 0: context.Remove(order); break;
            case 1: order.CancelledAt = order.CancelledAt is null ? crm.Now : null; break;
            case 2: order.GrossAmount += 7_0000; break;
            case 3: (order.Currency, order.Kind) = ("USD", OrderKind.Return); break;
            default:
                order.OrderedAt = order.OrderedAt.AddDays(-random.Next(900));
                (order.Day, order.Hour) = (crm.DayOf(order.OrderedAt), crm.HourOf(order.OrderedAt));
                break;
        }
    }

    private static async Task CopyAsync(DbContext context, string table, Guid from, Guid to)
    {
        var columns = context.Model.GetRelationalModel().Tables.Single(t => t.Name == table).Columns.Select(c => c.Name).Where(n => n != "customer_id")
            .ToList();
        var list = string.Join(", ", columns);
#pragma warning disable EF1002 // Names from the model.
        if (context.Database.IsSqlite())
            await context.Database.ExecuteSqlRawAsync(
                $"insert into {table} (customer_id, {list}) select {{0}}, {list} from {table} where customer_id = {{1}}",
                to.ToByteArray(true),
                from.ToByteArray(true));
        else
            await context.Database.ExecuteSqlRawAsync(
                $"insert into {table} (customer_id, {list}) select {{0}}, {list} from {table} where customer_id = {{1}}", to, from);
#pragma warning restore EF1002
    }
}
