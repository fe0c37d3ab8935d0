using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

public sealed class SampleCrmTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_database_holds_what_the_lists_hold(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 3);

        await using var context = database.CreateContext();

        Assert.Equal(crm.Orders.Where(o => o.CancelledAt == null).Sum(o => o.GrossAmount - o.ReturnedAmount),
            await context.Orders.Where(o => o.CancelledAt == null).SumAsync(o => o.GrossAmount - o.ReturnedAmount));
        Assert.Equal(crm.OrderLines.Where(l => l.Product?.Category == "Tea" && l.Kind == OrderKind.Return).Select(l => l.Id).Order(),
            await context.OrderLines.Where(l => l.Product!.Category == "Tea" && l.Kind == OrderKind.Return).Select(l => l.Id).OrderBy(i => i).ToListAsync());
        Assert.Equal(crm.Customers.Where(c => c.Orders.Any(o => o.Lines.Count > 2)).Select(c => c.Id).Order(),
            await context.Customers.Where(c => c.Orders.Any(o => o.Lines.Count > 2)).Select(c => c.Id).OrderBy(i => i).ToListAsync());
        Assert.Equal(crm.SurveyResponses.Count, await context.SurveyResponses.CountAsync());
        Assert.Equal(
            crm.Tickets.Select(t => (t.Id, t.ResolvedAt)).OrderBy(t => t.Id),
            (await context.Tickets.OrderBy(t => t.Id).ToListAsync()).Select(t => (t.Id, t.ResolvedAt)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_data_and_another_seed_gives_other_data()
    {
        var orders = SampleCrm.InMemory(5).Orders.Select(o => (o.Id, o.OrderedAt, o.GrossAmount)).ToList();

        Assert.Equal(orders, SampleCrm.InMemory(5).Orders.Select(o => (o.Id, o.OrderedAt, o.GrossAmount)));
        Assert.NotEqual(orders, SampleCrm.InMemory(6).Orders.Select(o => (o.Id, o.OrderedAt, o.GrossAmount)));
    }

    [Fact]
    public void The_awkward_rows_are_there()
    {
        var crm = SampleCrm.InMemory();

        Assert.Contains(crm.Orders, o => o.CancelledAt is not null);
        Assert.Contains(crm.Orders, o => o.Kind == OrderKind.Return);
        Assert.Contains(crm.Orders, o => o.GrossAmount > 0 && o.ReturnedAmount > 0);
        Assert.Contains(crm.Orders, o => o.GrossAmount == 0 && o.ReturnedAmount == 0);
        Assert.Contains(crm.Orders, o => o.Customer!.IsGuest);
        Assert.Contains(crm.Orders, o => DateOnly.FromDateTime(o.OrderedAt) != o.Day);
        Assert.Contains(crm.Orders, o => crm.Zone.IsAmbiguousTime(TimeZoneInfo.ConvertTimeFromUtc(o.OrderedAt, crm.Zone)));
        Assert.Contains(crm.Customers, c => c is { IsGuest: false, Orders.Count: 0 });
        Assert.Contains(crm.Customers, c => c.Money.Count > 1);
        Assert.Equal(3, crm.Orders.Select(o => o.Currency).Distinct().Count());
    }
}
