using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

public sealed class ModelTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_customer_comes_back_as_he_was_saved(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var moment = new DateTime(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(1_234_567);
        var saved = Customer("Ünal 王小明 ＡＢＣ", moment);
        saved.Tags = ["vip", "a,b\"c"];
        saved.Gender = Gender.Female;
        saved.BirthDate = new DateOnly(1980, 2, 29);
        saved.LifecycleStage = LifecycleStage.MarketingQualified;

        await database.SaveAsync(saved);

        await using var context = database.CreateContext();
        var read = await context.Customers.SingleAsync(c => c.Tags.Contains("a,b\"c") && c.LifecycleStage == LifecycleStage.MarketingQualified);
        Assert.Equal(saved.Id, read.Id);
        Assert.Equal(new DateTime(moment.Ticks / 10 * 10, DateTimeKind.Utc), read.CreatedAt);
        Assert.Equal(DateTimeKind.Utc, read.CreatedAt.Kind);
        Assert.Equal(saved.Tags, read.Tags);
        Assert.Equal(saved.BirthDate, read.BirthDate);
        Assert.Equal(Gender.Female, read.Gender);
        Assert.Equal(database.Clock.GetUtcNow().UtcDateTime, read.RecordedAt);
        Assert.Equal("ünal 王小明 abc", context.Entry(read).Property("NameFolded").CurrentValue);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_changed_name_changes_the_folded_name_and_the_update_moment(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var customer = Customer("Before", database.Clock.GetUtcNow().UtcDateTime);
        await database.SaveAsync(customer);
        var recorded = database.Clock.GetUtcNow().UtcDateTime;
        database.Clock.Advance(TimeSpan.FromHours(1));

        await using (var context = database.CreateContext())
        {
            (await context.Customers.SingleAsync()).Name = "AFTER";
            await context.SaveChangesAsync();
        }

        await using var reader = database.CreateContext();
        var read = await reader.Customers.SingleAsync(c => EF.Property<string>(c, "NameFolded") == "after");
        Assert.Equal(recorded, read.RecordedAt);
        Assert.Equal(recorded.AddHours(1), read.UpdatedAt);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Ids_are_ordered_and_compared_as_in_memory(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var random = new Random(7);
        var bytes = new byte[16];
        var ids = Enumerable.Range(0, 200).Select(_ => { random.NextBytes(bytes); return new Guid(bytes); }).ToList();
        await database.SaveAsync(ids.Select(id => { var c = Customer("x", database.Clock.GetUtcNow().UtcDateTime); c.Id = id; return c; }));
        var bound = ids[0];

        await using var context = database.CreateContext();
        Assert.Equal(ids.Order(), await context.Customers.OrderBy(c => c.Id).Select(c => c.Id).ToListAsync());
        Assert.Equal(ids.Where(i => i > bound).Order(), await context.Customers.Where(c => c.Id > bound).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync());
        Assert.Equal(
            ids.Where(i => i.CompareTo(bound) <= 0).Order(),
            await context.Customers.Where(c => c.Id.CompareTo(bound) <= 0).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync());
        Assert.Equal(50, await context.Customers.CountAsync(c => ids.Take(50).Contains(c.Id)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Text_is_ordered_by_code_units_on_both(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        string[] names = ["b", "a", "B", "A", "ä", "z", "Z", "_", "王", "10", "9", "a b", "ab", ""];
        await database.SaveAsync(names.Select(n => Customer(n, database.Clock.GetUtcNow().UtcDateTime)));

        await using var context = database.CreateContext();

        Assert.Equal(names.Order(StringComparer.Ordinal), await context.Customers.OrderBy(c => c.Name).Select(c => c.Name).ToListAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Related_rows_can_be_asked_through_every_navigation(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var now = database.Clock.GetUtcNow().UtcDateTime;
        var customer = Customer("c", now);
        var order = new Order
        {
            CustomerId = customer.Id,
            Id = Guid.CreateVersion7(),
            OrderedAt = now,
            Day = DateOnly.FromDateTime(now),
            Hour = now.Hour,
            Currency = "EUR",
            GrossAmount = 5_0000
        };
        var product = new Product { Id = Guid.CreateVersion7(), Sku = "s", Name = "Tea" };
        order.Lines.Add(new OrderLine
        {
            CustomerId = customer.Id,
            Id = Guid.CreateVersion7(),
            ProductId = product.Id,
            Day = order.Day,
            Hour = order.Hour,
            Currency = "EUR",
            Amount = 5_0000
        });
        var ticket = new Ticket { CustomerId = customer.Id, Id = Guid.CreateVersion7(), OpenedAt = now, Day = order.Day, Hour = order.Hour };
        await database.SaveAsync(
            customer,
            product,
            order,
            ticket,
            new ExternalId { Entity = ExternalEntity.Customer, Source = "s", Key = "k", CustomerId = customer.Id, Id = customer.Id });

        await using var context = database.CreateContext();

        Assert.Equal(1, await context.Customers.CountAsync(
            c => c.Orders.Any(o => o.Lines.Any(l => l.Product!.Name == "Tea")) && c.Tickets.Any() && c.ExternalIds.Any(e => e.Key == "k")));
        Assert.Equal("Tea", await context.OrderLines.Where(l => l.Order!.Customer!.Name == "c").Select(l => l.Product!.Name).SingleAsync());
        Assert.Equal(0, await context.Customers.CountAsync(
            c => c.Interactions.Any() || c.SurveyResponses.Any() || c.Opportunities.Any() || c.Contracts.Any() || c.Attributes.Any()));
    }

    [Fact]
    public async Task Local_time_is_refused()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        var customer = Customer("x", new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local));

        var error = await Assert.ThrowsAnyAsync<Exception>(() => database.SaveAsync(customer));

        Assert.Contains("Convert it to UTC", error.ToString(), StringComparison.Ordinal);
    }

    private static Customer Customer(string name, DateTime at) =>
        new() { Id = Guid.CreateVersion7(), Name = name, CreatedAt = at, Day = DateOnly.FromDateTime(at) };
}
