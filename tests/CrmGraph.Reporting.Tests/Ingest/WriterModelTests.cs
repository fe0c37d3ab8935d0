using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>Random writes against a model in memory that knows nothing of rows: what each order sold, to whom, and when.</summary>
public sealed class WriterModelTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static ExternalKey K(string key) => new("shop", key);

    private sealed class ModelOrder
    {
        public required string? Customer { get; set; }
        public DateTime At { get; set; }
        public bool Cancelled { get; set; }
        public Dictionary<string, decimal> Lines { get; } = [];
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, 1), InlineData(DatabaseKind.Sqlite, 2), InlineData(DatabaseKind.Postgres, 3), InlineData(DatabaseKind.Postgres, 4)]
    public async Task Random_writes_merges_and_erasures_leave_what_the_model_says_and_figures_that_recompute(DatabaseKind kind, int seed)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var random = new Random(seed);
        var orders = new Dictionary<string, ModelOrder>();
        // Where each customer's key leads after merges.
        var leads = new Dictionary<string, string>();
        for (var i = 0; i < 8; i++)
            leads["C" + i] = "C" + i;
        await crm.WriteAsync(b => b.Customers.AddRange(leads.Keys.Select(k => new CustomerRecord { Key = K(k), Name = k })));
        for (var step = 0; step < 60; step++)
            await StepAsync(crm, random, orders, leads);
        await CheckOrdersAsync(crm, orders, leads);
        await CheckFiguresAsync(crm);
    }

    private static async Task StepAsync(WriterFixture crm, Random random, Dictionary<string, ModelOrder> orders, Dictionary<string, string> leads)
    {
        crm.Database.Clock.Advance(TimeSpan.FromMinutes(1));
        var name = "O" + random.Next(12);
        var known = orders.GetValueOrDefault(name);
        switch (random.Next(12))
        {
            case 0 when known is not null:
                known.Cancelled = !known.Cancelled;
                await crm.WriteAsync(b => b.Orders.Add(new() { Key = K(name), CancelledAt = known.Cancelled ? Start : null }));
                break;
            case 1 when known is not null:
                await crm.Facts.DeleteAsync<Order>(await IdAsync(crm, name), Caller.System);
                orders.Remove(name);
                break;
            case 2 when leads.Values.Distinct().Count() > 4:
                var (keep, lose) = (leads.Values.ElementAt(random.Next(8)), leads.Values.ElementAt(random.Next(8)));
                if (keep == lose)
                    break;
                await crm.Customers.MergeAsync(await CustomerAsync(crm, keep), await CustomerAsync(crm, lose), Caller.System);
                foreach (var (key, _) in leads.Where(l => l.Value == lose).ToList())
                    leads[key] = keep;
                break;
            case 3:
                await WriteOrderAsync(crm, random, orders, name, null);
                break;
            default:
                await WriteOrderAsync(crm, random, orders, name, "C" + random.Next(8));
                break;
        }
    }

    private static async Task WriteOrderAsync(WriterFixture crm, Random random, Dictionary<string, ModelOrder> orders, string name, string? customer)
    {
        var model = orders.GetValueOrDefault(name);
        if (model is null)
            orders[name] = model = new ModelOrder { Customer = customer };
        model.Customer = customer ?? model.Customer;
        model.At = Start.AddHours(random.Next(24 * 60));
        var complete = random.Next(3) == 0;
        if (complete)
            model.Lines.Clear();
        var lines = new List<LineRecord>();
        for (var i = random.Next(4); i >= 0; i--)
        {
            var (key, amount) = ($"{name}/{random.Next(5)}", random.Next(-500, 2000) / 100m);
            model.Lines[key] = amount;
            lines.RemoveAll(l => l.Key == K(key));
            lines.Add(new() { Key = K(key), Amount = amount });
        }

        var outcome = await crm.WriteAsync(b => b.Orders.Add(new()
        {
            Key = K(name), Customer = customer is null
                ? default
                : new Optional<RowRef>(K(customer)), OrderedAt = model.At, Currency = "EUR", Lines = lines, LinesAreComplete = complete,
        }));
        Assert.Empty(outcome.Refusals);
    }

    private static async Task CheckOrdersAsync(WriterFixture crm, Dictionary<string, ModelOrder> orders, Dictionary<string, string> leads)
    {
        var rows = await crm.ReadAsync(c => c.Orders.Include(o => o.Lines).Include(o => o.Customer).ToListAsync());
        var keys = await crm.ReadAsync(c => c.ExternalIds.Where(x => x.Entity == ExternalEntity.Order).ToDictionaryAsync(x => x.Key, x => x.Id));
        Assert.Equal(orders.Keys.Order(StringComparer.Ordinal), keys.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(orders.Count, rows.Count);
        foreach (var (name, model) in orders)
        {
            var row = rows.Single(r => r.Id == keys[name]);
            Assert.Equal(model.Customer is null ? "guest" : leads[model.Customer], row.Customer!.IsGuest ? "guest" : row.Customer.Name);
            Assert.Equal((model.At, DateOnly.FromDateTime(model.At), model.Cancelled), (row.OrderedAt, row.Day, row.CancelledAt is not null));
            Assert.Equal(model.Lines.Values.Where(a => a >= 0).Sum(), row.GrossAmount / 10_000m);
            Assert.Equal(-model.Lines.Values.Where(a => a < 0).Sum(), row.ReturnedAmount / 10_000m);
            Assert.Equal(model.Lines.Values.Select(Math.Abs).Order(), row.Lines.Select(l => l.Amount / 10_000m).Order());
            Assert.Equal(model.Lines.Values.Any(a => a >= 0) ? OrderKind.Sale : OrderKind.Return, row.Kind);
            Assert.All(
                row.Lines,
                l => Assert.Equal((row.CustomerId, row.Day, row.Hour, row.Currency, row.CancelledAt),
                    (l.CustomerId, l.Day, l.Hour, l.Currency, l.CancelledAt)));
        }
    }

    private static async Task CheckFiguresAsync(WriterFixture crm)
    {
        var customers = await crm.ReadAsync(c => c.Customers.Include(x => x.Orders).Include(x => x.Figures).Include(x => x.Money).ToListAsync());
        foreach (var customer in customers)
        {
            var counted = customer.Orders.Where(o => o.CancelledAt is null).ToList();
            var sales = counted.Where(o => o.Kind == OrderKind.Sale).Select(o => o.Day).Order().ToList();
            Assert.Equal((sales.Count, sales.Count == 0 ? null : (DateOnly?)sales[0], sales.Count == 0 ? null : (DateOnly?)sales[^1]),
                (customer.Figures!.OrderCount, customer.Figures.FirstPurchaseDay, customer.Figures.LastPurchaseDay));
            Assert.Equal(
                (counted.Sum(o => o.GrossAmount), counted.Sum(o => o.ReturnedAmount)),
                (customer.Money.Sum(m => m.GrossAmount), customer.Money.Sum(m => m.ReturnedAmount)));
        }
    }

    private static Task<Guid> IdAsync(WriterFixture crm, string order)
        => crm.ReadAsync(c => c.ExternalIds.Where(x => x.Entity == ExternalEntity.Order && x.Key == order).Select(x => x.Id).SingleAsync());
    private static Task<Guid> CustomerAsync(WriterFixture crm, string name)
        => crm.ReadAsync(c => c.Customers.Where(x => x.Name == name).Select(x => x.Id).SingleAsync());
}
