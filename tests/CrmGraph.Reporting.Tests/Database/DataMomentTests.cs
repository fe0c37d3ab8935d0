using CrmGraph.Data.Database.Moments;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

public sealed class DataMomentTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_committed_later_is_not_seen(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await database.ExecuteAsync("insert into products (sku, name) values ('a', 'a')");
        await using var moment = await DataMoment.OpenAsync(database.Engine, concurrent: true);
        await database.ExecuteAsync("insert into products (sku, name) values ('b', 'b')");

        var counts = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => Task.Run(async () =>
        {
            await using var lease = await moment.CreateContextAsync();
            return await lease.Context.Products.CountAsync();
        })));

        Assert.All(counts, c => Assert.Equal(1, c));
        await using var later = await DataMoment.OpenAsync(database.Engine, concurrent: true);
        await using var context = await later.CreateContextAsync();
        Assert.Equal(2, await context.Context.Products.CountAsync());
        Assert.Equal(database.Clock.GetUtcNow().UtcDateTime, later.AsOf);
    }

    [Fact]
    public async Task Leases_of_PostgreSQL_are_used_at_the_same_time()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Postgres);
        await using var moment = await DataMoment.OpenAsync(database.Engine, concurrent: true);

        await using var first = await moment.CreateContextAsync();
        await using var second = await moment.CreateContextAsync();

        Assert.Equal(await first.Context.Calendar.CountAsync(), await second.Context.Calendar.CountAsync());
    }
}
