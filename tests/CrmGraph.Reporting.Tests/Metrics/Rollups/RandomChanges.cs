using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Tests.Metrics.Rollups;

/// <summary>Changes of orders and customers, as other programs make them.</summary>
/// <param name="ofScores">Also of scores, which are else computed from the others.</param>
internal sealed class RandomChanges(TestDatabase database, Random random, bool ofScores = true)
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById(new SampleSizes().Zone);

    public int Made { get; private set; }

    public async Task MakeAsync()
    {
        await using var db = database.CreateContext();
        var order = await AnyAsync(db.Orders.AsNoTracking().OrderBy(o => o.Id));
        var customer = await AnyAsync(db.Customers.AsNoTracking().Where(c => !c.IsGuest).OrderBy(c => c.Id));
        if (order is null || customer is null)
            return;
        var moment = order.OrderedAt.AddDays(random.Next(-40, 20));
        var local = TimeZoneInfo.ConvertTimeFromUtc(moment, Zone);
        var (day, hour) = (DateOnly.FromDateTime(local), local.Hour);
        var orders = db.Orders.Where(o => o.Id == order.Id);
        var customers = db.Customers.Where(c => c.Id == customer.Id);
        var (amount, channel) = (random.Next(1, 100) * 10_000L, One("web", "store", null));
        Made += random.Next(15) switch
        {
            0 or 1 => await AddAsync(db, order, customer, moment, day, hour),
            2 => await orders.ExecuteUpdateAsync(s => s.SetProperty(o => o.GrossAmount, amount).SetProperty(o => o.Channel, channel)),
            3 => await orders.ExecuteUpdateAsync(
                s => s.SetProperty(o => o.OrderedAt, moment).SetProperty(o => o.Day, day).SetProperty(o => o.Hour, hour)),
            4 => await orders.ExecuteUpdateAsync(s => s.SetProperty(o => o.CancelledAt, order.CancelledAt is null ? order.OrderedAt : null)),
            5 => await orders.ExecuteDeleteAsync(),
            6 => await customers.ExecuteUpdateAsync(s => s.SetProperty(c => c.Region, One("North", "South", null))),
            7 => await customers.ExecuteUpdateAsync(s => s.SetProperty(c => c.Country, One("Germany", "China", null))),
            8 => await HandOverAsync(db, customers),
            9 => await customers.ExecuteUpdateAsync(s => s.SetProperty(c => c.City, "Anywhere")),
            10 => await AddOfGuestAsync(db, order),
            11 or 12 => await RatesAsync(db, order.Day),
            13 when ofScores => await db.CustomerScores.Where(x => x.CustomerId == customer.Id).ExecuteUpdateAsync(s => s
                .SetProperty(x => x.RfmGroup, One<RfmGroup?>(RfmGroup.Champions, null)).SetProperty(x => x.Cluster, One<int?>(1, 2, null))),
            _ => random.Next(6) == 0 ? await db.Orders.Where(o => o.CustomerId == customer.Id).ExecuteDeleteAsync() : 0,
        };
    }

    private static async Task<int> AddAsync(CrmDbContext db, Order like, Customer customer, DateTime moment, DateOnly day, int hour)
    {
        like.Id = Guid.CreateVersion7();
        like.CustomerId = customer.Id;
        (like.OrderedAt, like.Day, like.Hour) = (moment, day, hour);
        db.Orders.Add(like);
        return await db.SaveChangesAsync();
    }

    /// <summary>An order of a guest, who may be a new one.</summary>
    private async Task<int> AddOfGuestAsync(CrmDbContext db, Order like)
    {
        var guest = Guests.IdOf(random.Next(Guests.Count));
        if (!await db.Customers.AnyAsync(c => c.Id == guest))
            db.Customers.Add(new() { Id = guest, IsGuest = true, City = One("Anywhere", null), LifecycleStage = LifecycleStage.Customer, Day = like.Day });
        (like.Id, like.CustomerId) = (Guid.CreateVersion7(), guest);
        db.Orders.Add(like);
        return await db.SaveChangesAsync();
    }

    /// <summary>Changes a rate, takes some away, or all before a day.</summary>
    private async Task<int> RatesAsync(CrmDbContext db, DateOnly day)
    {
        var (currency, rate) = (One("USD", "CNY"), random.Next(1, 300) * 1_000_000L);
        var rates = db.ExchangeRates.Where(r => r.Currency == currency);
        return random.Next(4) switch
        {
            0 => await rates.Where(r => r.Day <= day).ExecuteDeleteAsync(),
            1 => await rates.Where(r => r.Day == day).ExecuteDeleteAsync(),
            _ => await rates.Where(r => r.Day >= day).ExecuteUpdateAsync(s => s.SetProperty(r => r.Rate, rate)),
        };
    }

    private async Task<int> HandOverAsync(CrmDbContext db, IQueryable<Customer> customers)
    {
        var members = await db.TeamMembers.OrderBy(m => m.Id).Select(m => m.Id).ToListAsync();
        Guid? owner = random.Next(4) == 0 ? null : members[random.Next(members.Count)];
        return await customers.ExecuteUpdateAsync(s => s.SetProperty(c => c.OwnerId, owner));
    }

    private async Task<T?> AnyAsync<T>(IQueryable<T> rows) where T : class =>
        await rows.CountAsync() is > 0 and var count ? await rows.Skip(random.Next(count)).FirstOrDefaultAsync() : null;

    private T One<T>(params T[] of) => of[random.Next(of.Length)];

    /// <summary>Adds a rollup, or removes one that was added.</summary>
    public static async Task RollupsAsync(TestDatabase database, Random random)
    {
        var catalog = new RollupCatalog(database.Engine);
        var added = (await catalog.ListAsync(CancellationToken.None)).Where(r => !r.IsShipped).ToList();
        if (added.Count > 2)
        {
            await catalog.RemoveAsync(added[random.Next(added.Count)].Number, CancellationToken.None);
            return;
        }

        var names = RollupCatalog.AttributeNames.Split(' ');
        random.Shuffle(names);
        try
        {
            await catalog.AddAsync(names[..random.Next(1, names.Length + 1)], CancellationToken.None);
        }
        catch (ArgumentException e) when (e.Message.Contains("already", StringComparison.Ordinal))
        {
        }
    }
}
