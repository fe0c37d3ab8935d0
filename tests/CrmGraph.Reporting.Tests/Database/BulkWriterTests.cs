using System.Data.Common;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

public sealed class BulkWriterTests
{
    private static readonly string[] Tables =
    [
        "sales_teams", "team_members", "customers", "customer_attributes", "external_ids", "products", "orders", "order_lines", "opportunities",
        "opportunity_stages",
        "contracts", "exchange_rates", "interactions", "tickets", "survey_answers", "campaigns", "campaign_spend", "segments", "segment_members",
        "customer_figures",
        "customer_money", "customer_stages", "customer_scores", "order_attributes", "ticket_attributes", "order_payments", "report_runs",
    ];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Rows_written_in_bulk_are_the_rows_that_EF_writes(DatabaseKind kind)
    {
        await using var byEf = TestDatabase.Create(kind);
        await using var byBulk = TestDatabase.Create(kind);
        await SampleCrm.CreateAsync(byEf, seed: 21);

        await WriteAllAsync(byBulk, SampleCrm.InMemory(21));

        foreach (var table in Tables)
            Assert.Equal(await DumpAsync(byEf, table), await DumpAsync(byBulk, table));
        Assert.Equal(await DaysAsync(byEf, "rollup_marks", "day"), await DaysAsync(byBulk, "rollup_marks", "day"));
        if (kind == DatabaseKind.Sqlite)
            Assert.Equal(await DaysAsync(byEf, "changes", "\"table\", from_day, to_day"), await DaysAsync(byBulk, "changes", "\"table\", from_day, to_day"));
    }

    [Fact]
    public async Task What_was_written_before_a_failure_is_noted_when_the_transaction_goes_on()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        await using (var connection = await database.Engine.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            Product[] products = [.. new[] { 1, 2, 1 }.Select(i => new Product { Id = new Guid(i, 0, 0, new byte[8]), Sku = "a", Name = "b" })];

            await Assert.ThrowsAnyAsync<DbException>(() => BulkWriter.Within(database.Engine, transaction).InsertAsync(products));
            await transaction.CommitAsync();
        }

        Assert.Equal(2L, (await database.QueryAsync("select count(*) from products"))[0][0]);
        Assert.Single(await database.QueryAsync("select 1 from changes where \"table\" = 'products'"));
        Assert.Empty(await database.QueryAsync("select * from bulk_inserts"));
    }

    [Fact]
    public async Task A_row_that_a_trigger_would_refuse_is_refused_with_those_behind_it()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        var (known, unknown) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await database.Engine.BulkInsertAsync<Customer>([new Customer { Id = known, Name = "a", CreatedAt = database.Clock.GetUtcNow().UtcDateTime }]);
        await using (var connection = await database.Engine.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var orders = new[] { known, unknown, known }.Select((customer, i) => new Order
            {
                Id = new Guid(i + 1, 0, 0, new byte[8]), CustomerId = customer, Currency = "EUR", GrossAmount = 5, Day = new DateOnly(2026, 1, i + 1),
            });

            var refusal = await Assert.ThrowsAnyAsync<DbException>(() => BulkWriter.Within(database.Engine, transaction).InsertAsync(orders));
            Assert.Contains("orders: there is no such customer.", refusal.Message, StringComparison.Ordinal);
            await transaction.CommitAsync();
        }

        Assert.Equal(["2026-01-01"], await DaysAsync(database, "orders", "day"));
        Assert.Equal(["2026-01-01"], await DaysAsync(database, "rollup_marks where day is not null", "day"));
        Assert.Equal(["1|5"], await DaysAsync(database, "customer_figures f join customer_money m using (customer_id)", "order_count, gross_amount"));
        Assert.Empty(await database.QueryAsync("select * from history where \"table\" = 'orders'"));
        // Triggers are fired again.
        await database.QueryAsync("update orders set number = 'n'");
        Assert.Single(await database.QueryAsync("select * from history where \"table\" = 'orders'"));
    }

    // A customer who is not there, an order that is not there, an order of another customer.
    [Theory]
    [InlineData(9, 1, 1, "orders: there is no such customer")]
    [InlineData(1, 1, 9, "order_payments: there is no such row of this customer in orders")]
    [InlineData(1, 2, 1, "order_payments: there is no such row of this customer in orders")]
    public async Task A_transaction_whose_bulk_insert_is_refused_is_undone_and_triggers_are_fired_again(int customer, int payer, int paid, string message)
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        static Guid Id(int i) => new(i, 0, 0, new byte[8]);
        Order Make(int id, int customer) => new() { Id = Id(id), CustomerId = Id(customer), Currency = "EUR", GrossAmount = 5, Day = new DateOnly(2026, 1, 1) };
        await database.Engine.BulkInsertAsync<Customer>(
            new[] { 1, 2 }.Select(i => new Customer { Id = Id(i), Name = "a", CreatedAt = database.Clock.GetUtcNow().UtcDateTime }));
        var before = (await DumpAsync(database, "changes"), await DumpAsync(database, "customer_figures"));
        await using (var connection = await database.Engine.OpenConnectionAsync())
        {
            await using (var transaction = await connection.BeginTransactionAsync())
            {
                var refusal = await Assert.ThrowsAnyAsync<DbException>(async () =>
                {
                    var writer = BulkWriter.Within(database.Engine, transaction);
                    await writer.InsertAsync([Make(1, 1), Make(2, customer)]);
                    await writer.InsertAsync([
                        new OrderPayment { Id = Id(1), CustomerId = Id(1), OrderId = Id(1), Amount = 1 },
                        new OrderPayment { Id = Id(2), CustomerId = Id(payer), OrderId = Id(paid), Amount = 1 },
                    ]);
                });
                Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
            }

            Assert.Empty(await database.QueryAsync("select id from orders union all select id from order_payments"));
            Assert.Equal(before, (await DumpAsync(database, "changes"), await DumpAsync(database, "customer_figures")));
            await AssertTriggersAsync(connection, Id(1));
        }
    }

    [Fact]
    public async Task A_check_of_a_bulk_insert_that_fails_leaves_a_connection_with_triggers()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        var customer = Guid.CreateVersion7();
        await database.Engine.BulkInsertAsync<Customer>([new Customer { Id = customer, Name = "a", CreatedAt = database.Clock.GetUtcNow().UtcDateTime }]);
        await database.QueryAsync(
            "CREATE TRIGGER orders_day BEFORE INSERT ON orders WHEN abs(NEW.gross_amount - 9223372036854775807 - 6) > 0 BEGIN SELECT RAISE(ABORT, 'no'); END");
        await using (var connection = await database.Engine.OpenConnectionAsync())
        {
            await using (var transaction = await connection.BeginTransactionAsync())
            {
                var failure = await Assert.ThrowsAnyAsync<DbException>(() => BulkWriter.Within(database.Engine, transaction).InsertAsync<Order>(
                    [new Order { Id = Guid.CreateVersion7(), CustomerId = customer, Currency = "EUR", GrossAmount = 5, Day = new DateOnly(2026, 1, 1) }]));
                Assert.Contains("overflow", failure.Message, StringComparison.Ordinal);
            }

            await database.QueryAsync("DROP TRIGGER orders_day");
            Assert.Empty(await database.QueryAsync("select * from orders"));
            await AssertTriggersAsync(connection, customer);
        }
    }

    private static async Task AssertTriggersAsync(DbConnection connection, Guid customer)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            insert into orders (id, customer_id, ordered_at, day, hour, currency, gross_amount)
            select randomblob(16), id, '2026-01-02', '2026-01-02', 0, 'EUR', 7 from customers
            where id = unhex('{Convert.ToHexString(customer.ToByteArray(true))}');
            update orders set number = 'n';
            select (select sum(gross_amount) from customer_money) || '|' || (select sum(order_count) from customer_figures)
                || '|' || (select count(*) from history where "table" = 'orders') || '|' || (select count(*) from changes where from_day = '2026-01-02');
            """;
        Assert.Equal("7|1|1|1", await command.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("CREATE TRIGGER own AFTER INSERT ON orders BEGIN INSERT INTO told VALUES (NEW.number); END")]
    [InlineData("CREATE TRIGGER orders_own /* INSERT */ BEFORE INSERT ON main.\"orders\" BEGIN INSERT INTO told VALUES (NEW.number); END")]
    public async Task Triggers_that_are_not_ours_see_every_row(string trigger)
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        var customer = Guid.CreateVersion7();
        await database.Engine.BulkInsertAsync<Customer>([new Customer { Id = customer, Name = "a", CreatedAt = database.Clock.GetUtcNow().UtcDateTime }]);
        await database.QueryAsync("create table told (number text)");
        await database.QueryAsync(trigger);

        await database.Engine.BulkInsertAsync(Enumerable.Range(1, 3).Select(i => new Order
        {
            Id = new Guid(i, 0, 0, new byte[8]), CustomerId = customer, Currency = "EUR", GrossAmount = 5, Number = $"{i}", Day = new DateOnly(2026, 1, i),
        }));

        Assert.Equal(["1", "2", "3"], await DaysAsync(database, "told", "number"));
        Assert.Equal(["3|15"], await DaysAsync(database, "customer_figures f join customer_money m using (customer_id)", "order_count, gross_amount"));
        Assert.Empty(await database.QueryAsync("select * from bulk_inserts"));
    }

    [Fact]
    public async Task No_table_with_facts_has_a_trigger_that_a_bulk_insert_has_to_fire()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        await using var connection = (Microsoft.Data.Sqlite.SqliteConnection)await database.Engine.OpenConnectionAsync();

        foreach (var table in CrmGraph.Data.Model.Tables.OfCustomers.Where(t => t.Entity != typeof(Customer)))
        {
            var triggers = CrmGraph.Data.Database.Sqlite.SqliteInsertTriggers.Of(connection, table);
            Assert.True(triggers is not null, table.Name);
            var texts = await database.QueryAsync(
                $"select count(*) from sqlite_master where type = 'trigger' and tbl_name = '{table.Name}' and sql like '%RAISE%'");
            Assert.Equal(texts[0][0], (long)triggers.Refused.Count);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_upsert_inserts_updates_and_leaves_equal_rows_alone(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        Product Make(int i, string name) => new() { Id = new Guid(i, 0, 0, new byte[8]), Sku = $"{i}", Name = name };
        await database.Engine.BulkInsertAsync<Product>([Make(1, "one"), Make(2, "two")]);
        var recorded = database.Clock.GetUtcNow().UtcDateTime;
        database.Clock.Advance(TimeSpan.FromHours(1));

        await database.Engine.BulkUpsertAsync<Product>([Make(1, "one"), Make(2, "lost"), Make(3, "three"), Make(2, "ZWEI")]);

        await using var context = database.CreateContext();
        var rows = await context.Products.OrderBy(p => p.Sku)
            .Select(p => new { p.Name, Folded = EF.Property<string>(p, "NameFolded"), p.RecordedAt, p.UpdatedAt })
            .ToListAsync();
        Assert.Equal(["one", "ZWEI", "three"], rows.Select(r => r.Name));
        Assert.Equal("zwei", rows[1].Folded);
        Assert.Equal([recorded, recorded, recorded.AddHours(1)], rows.Select(r => r.RecordedAt));
        Assert.Equal([recorded, recorded.AddHours(1), recorded.AddHours(1)], rows.Select(r => r.UpdatedAt));
        Assert.DoesNotContain(
            await context.History.Where(h => h.Table == "products").Select(h => h.RowId).ToListAsync(),
            id => id == new Guid(1, 0, 0, new byte[8]).ToString());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_upsert_that_keeps_changes_nothing_that_is_there(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        ExternalId Make(string key, Guid id) => new() { Entity = ExternalEntity.Product, Source = "s", Key = key, Id = id };
        var first = Guid.CreateVersion7();
        await database.Engine.BulkInsertAsync<ExternalId>([Make("a", first)]);

        await database.Engine.BulkUpsertAsync<ExternalId>([Make("a", Guid.CreateVersion7()), Make("b", first)], OnExisting.Keep);

        await using var context = database.CreateContext();
        Assert.Equal([first, first], await context.ExternalIds.OrderBy(e => e.Key).Select(e => e.Id).ToListAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_not_committed_is_not_there(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var product = new Product { Id = Guid.CreateVersion7(), Sku = "s", Name = "" };
        await using (var writer = await BulkWriter.OpenAsync(database.Engine))
            await writer.InsertAsync([product]);
        await using (var writer = await BulkWriter.OpenAsync(database.Engine))
        {
            await writer.InsertAsync([product]);
            await Assert.ThrowsAnyAsync<DbException>(() => writer.InsertAsync([product]));
        }

        Assert.Empty(await database.QueryAsync("select * from products"));
    }

    internal static async Task WriteAllAsync(TestDatabase database, SampleCrm crm)
    {
        await using (var context = database.CreateContext())
        {
            context.Update(crm.Settings);
            await context.SaveChangesAsync();
        }
        await using var writer = await BulkWriter.OpenAsync(database.Engine);
        await writer.InsertAsync(crm.Teams);
        await writer.InsertAsync(crm.Members);
        await writer.InsertAsync(crm.Customers);
        await writer.InsertAsync(crm.Attributes);
        await writer.InsertAsync(crm.ExternalIds);
        await writer.InsertAsync(crm.Products);
        await writer.InsertAsync(crm.Orders);
        await writer.InsertAsync(crm.OrderLines);
        await writer.InsertAsync(crm.Opportunities);
        await writer.InsertAsync(crm.OpportunityStages);
        await writer.InsertAsync(crm.Contracts);
        await writer.InsertAsync(crm.ExchangeRates);
        await writer.InsertAsync(crm.Interactions);
        await writer.InsertAsync(crm.Tickets);
        await writer.InsertAsync(crm.SurveyResponses);
        await writer.InsertAsync(crm.OrderAttributes);
        await writer.InsertAsync(crm.TicketAttributes);
        await writer.InsertAsync(crm.OrderPayments);
        await writer.InsertAsync(crm.Campaigns);
        await writer.InsertAsync(crm.CampaignSpend);
        await writer.InsertAsync(crm.Segments);
        await writer.InsertAsync(crm.SegmentMembers);
        await writer.InsertAsync(crm.Scores);
        await writer.InsertAsync(crm.ReportRuns);
        await writer.CommitAsync();
    }

    private static async Task<string> DumpAsync(TestDatabase database, string table)
    {
        var rows = await database.QueryAsync($"select * from {table}");
        return string.Join('\n', rows.Select(r => string.Join('|', r.Select(Text))).Order(StringComparer.Ordinal));
    }

    private static string Text(object? value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        string[] texts => string.Join(',', texts),
        DateTime moment => $"{moment:O}",
        _ => $"{value}",
    };

    private static async Task<IEnumerable<string>> DaysAsync(TestDatabase database, string table, string columns) =>
        (await database.QueryAsync($"select distinct {columns} from {table}")).Select(row => string.Join('|', row)).Order(StringComparer.Ordinal);
}
