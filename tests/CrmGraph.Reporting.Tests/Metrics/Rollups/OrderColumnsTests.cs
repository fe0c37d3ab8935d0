using CrmGraph.Data.Database.Postgres;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Tests.Querying;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics.Rollups;

/// <summary>Orders in columns, and who is chosen of their customers.</summary>
public sealed class OrderColumnsTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Columns_hold_what_went_into_them_in_whatever_order_it_came(int seed)
    {
        var random = new Random(seed);
        var numbers = Enumerable.Range(1, 40).ToDictionary(_ => Guid.CreateVersion7(), n => n * n * 100);
        Guid?[] owners = [null, Guid.NewGuid(), Guid.NewGuid()];
        string?[] channels = [null, "", "web", "渠道", new string('x', 300)];
        List<OrderToRoll> orders = [.. Enumerable.Range(0, random.Next(200)).Select(_ => Any())];
        var bytes = OrderColumns.Encode(orders, numbers);
        Assert.Equal(bytes, OrderColumns.Encode(orders.OrderBy(_ => random.Next()), numbers));
        var columns = OrderColumns.Decode(bytes, s => s);
        var expected = orders.Select(o => (
            o.IsGuest ? Guests.NumberOf(o.CustomerId) : Guests.Count + numbers[o.CustomerId],
            new OrderSlice(o.Slice.Channel, o.Currency, o.Slice.OwnerId, o.Kind == OrderKind.Sale).ToString(), o.Gross, o.Returned, o.Discount)).Order();
        var found = columns.Customers.Select((code, i) => (
            code, columns.Slices[(int)columns.Slice[i]].ToString(), columns.Gross[i], At(columns.Returned, i), At(columns.Discount, i))).Order();
        Assert.Equal(expected, found);
        Assert.Equal(columns.Customers.DefaultIfEmpty().Max(), columns.Last);

        static long At(SomeAmounts some, int order) => Array.IndexOf(some.Places, order) is >= 0 and var place ? some.Amounts[place] : 0;

        OrderToRoll Any()
        {
            var isGuest = random.Next(5) == 0;
            return new(
                new(2026, 1, 1), random.Next(3) == 0 ? "CNY" : "EUR", new(channels[random.Next(5)], "North", null, owners[random.Next(3)], null),
                isGuest ? Guests.IdOf(random.Next(Guests.Count)) : numbers.Keys.ElementAt(random.Next(40)), isGuest,
                random.Next(4) == 0 ? OrderKind.Return : OrderKind.Sale, Amount(), Amount(), seed == 1 ? 0 : Amount());
        }

        long Amount() => random.Next(5) switch { 0 => 0, 1 => random.NextInt64(long.MinValue, long.MaxValue), _ => random.Next(1_000_000) };
    }

    [Theory]
    [InlineData("10:10:", "10:10:", true)]
    [InlineData("10:12:", "10:10:", true)]
    [InlineData("10:10:", "10:12:", false)]
    // 11 is still running for the later one, and was so for the earlier one.
    [InlineData("11:14:11", "11:13:11", true)]
    [InlineData("11:14:11", "12:13:12", false)]
    // 13 has begun and is running; the earlier one had not seen it.
    [InlineData("13:15:13,14", "13:13:", true)]
    [InlineData("10:13:10,12", "11:13:11", false)]
    public void A_snapshot_has_seen_another_when_nothing_is_hidden_from_it_that_the_other_saw(string position, string earlier, bool hasSeen) =>
        Assert.Equal(hasSeen, PostgresChanges.HasSeen(position, earlier));

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Customers_are_chosen_again_when_what_chose_them_has_changed_and_not_else(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var crm = await SampleCrm.CreateAsync(database, 3, new SampleSizes());
        var keeper = new RollupKeeper(database.Engine);
        await RollUpAsync();
        await using var client = new GraphQLClient(database);
        await using var facts = new GraphQLClient(database, new CrmLimits { Rollups = false });
        await using var db = database.CreateContext();
        Assert.Contains(await AskAsync(), s => s.Contains("sales_day_orders", StringComparison.Ordinal));
        await ExpectAsync(reads: false, null);
        // No condition reads these.
        var order = crm.Orders[0].Id;
        await ExpectAsync(reads: false, () => db.Orders.Where(o => o.Id == order).ExecuteUpdateAsync(s => s.SetProperty(o => o.GrossAmount, 77_0000)));
        var buyer = crm.Orders.First(o => crm.Customers.Any(c => c.Id == o.CustomerId && !c.IsGuest)).CustomerId;
        await ExpectAsync(reads: true, () => db.Customers.Where(c => c.Id == buyer).ExecuteUpdateAsync(s => s.SetProperty(c => c.City, "Elsewhere")));
        await ExpectAsync(reads: false, null);
        await ExpectAsync(reads: true, () => db.Customers.Where(c => c.Id == buyer).ExecuteUpdateAsync(s => s.SetProperty(c => c.City, "Anywhere")));
        await ExpectAsync(reads: kind == DatabaseKind.Sqlite, async () =>
        {
            db.Customers.Add(new() { Id = Guid.CreateVersion7(), Name = "New", CreatedAt = database.Clock.GetUtcNow().UtcDateTime });
            await db.SaveChangesAsync();
        });
        // Whoever buys for the first time gets a number, and those alone are read.
        var (idle, like) = (
            await db.Customers.AsNoTracking().FirstOrDefaultAsync(c => !c.IsGuest && !db.CustomerNumbers.Any(n => n.CustomerId == c.Id)),
            await db.Orders.AsNoTracking().FirstAsync(o => o.Kind == OrderKind.Sale && o.CancelledAt == null));
        if (idle is not null)
            await ExpectAsync(reads: true, async () =>
            {
                (like.Id, like.CustomerId) = (Guid.CreateVersion7(), idle.Id);
                db.Orders.Add(like);
                await db.SaveChangesAsync();
            });
        await ExpectAsync(reads: false, null);

        async Task ExpectAsync(bool reads, Func<Task>? change)
        {
            if (change is not null)
                await change();
            await RollUpAsync();
            Assert.Equal(reads, (await AskAsync()).Any(s => s.Contains("FROM customer_numbers") || s.Contains("FROM \"customer_numbers\"")));
        }

        async Task<IReadOnlyList<string>> AskAsync()
        {
            const string Question = "{ metrics(period: {last: {count: 24, unit: MONTH}}, groupBy: [AGE_BAND], where: {customer: {city: {neq: \"Elsewhere\"}}}) "
                + "{ rows { key revenue { value } buyers { value } } totals { buyers { value } } } }";
            using var log = new StatementLog(database);
            var answer = (await client.SendAsync(Question)).GetRawText();
            List<string> statements = [.. log.Statements];
            Assert.Equal((await facts.SendAsync(Question)).GetRawText(), answer);
            return statements;
        }

        async Task RollUpAsync()
        {
            while (await keeper.StepAsync(CancellationToken.None))
            {
            }
        }
    }
}
