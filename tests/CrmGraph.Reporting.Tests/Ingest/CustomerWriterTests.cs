using System.Text.RegularExpressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

public sealed class CustomerWriterTests
{
    private static readonly DateTime Noon = new(2026, 3, 4, 12, 0, 0, DateTimeKind.Utc);
    private static ExternalKey K(string key) => new("shop", key);

    private static async Task<(Guid A, Guid B)> TwoCustomersAsync(WriterFixture crm)
    {
        var outcome = await crm.WriteAsync(b =>
        {
            b.Customers.Add(new()
            {
                Key = K("A"),
                Name = "Ada Long",
                Email = "ada@example.com",
                Tags = new Optional<IReadOnlyList<string>?>(["x"]),
                Attributes = [new("size", "L")],
                CreatedAt = Noon
            });
            b.Customers.Add(new()
            {
                Key = K("B"), Name = "A. Long", Phone = "0123", Tags = new Optional<IReadOnlyList<string>?>(["y"]), Attributes = [new("size", "S"), new(
                    "pet",
                    "cat")],
                CreatedAt = Noon.AddDays(-30), LifecycleStage = LifecycleStage.Lead,
            });
            foreach (var c in new[] { "A", "B" })
            {
                b.Orders.Add(new()
                {
                    Key = K("O" + c),
                    Customer = RowRef.Of(K(c)),
                    OrderedAt = Noon.AddDays(c[0] - 'A'),
                    Currency = "EUR",
                    Lines = [new() { Key = K("L" + c), UnitPrice = 10 }],
                    ShippingCity = "Ada Longville",
                    ShippingPostalCode = "0123",
                    Attributes = [new("Ada's note", "for Ada Long")],
                    Payments = [new(Noon, 9, "card", "pay-" + c)]
                });
                b.Interactions.Add(new() { Key = K("I" + c), Customer = RowRef.Of(K(c)), OccurredAt = Noon, Subject = "Call Ada Long" });
                b.Tickets.Add(new()
                {
                    Key = K("T" + c),
                    Customer = RowRef.Of(K(c)),
                    OpenedAt = Noon,
                    Subject = "Ada Long complains",
                    Attributes = [new("caller", "Ada Long")]
                });
                b.SurveyResponses.Add(new()
                {
                    Key = K("S" + c),
                    Customer = RowRef.Of(K(c)),
                    SurveyKind = SurveyKind.Nps,
                    Score = 7,
                    AnsweredAt = Noon,
                    Comment = "yours, Ada Long"
                });
                b.Opportunities.Add(new() { Key = K("D" + c), Customer = RowRef.Of(K(c)), Name = "Ada Long deal", Stage = "Offer", OpenedAt = Noon });
                b.Contracts.Add(new() { Key = K("X" + c), Customer = RowRef.Of(K(c)), StartDay = new DateOnly(2026, 1, 1) });
            }
        });
        Assert.Empty(outcome.Refusals);
        var results = outcome.Results(RecordKind.Customer);
        return (results[0].Id, results[1].Id);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_merge_moves_every_fact_under_its_id_and_the_figures_follow(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var (a, b) = await TwoCustomersAsync(crm);
        var ids = await FactIdsAsync(crm);
        await crm.Customers.MergeAsync(a, b, Caller.System);
        Assert.Equal(ids, await FactIdsAsync(crm));
        var keep = await crm.ReadAsync(
            c => c.Customers.Include(x => x.Figures).Include(x => x.Money).Include(x => x.Attributes).Include(x => x.Stages).SingleAsync());
        Assert.Equal((a, "Ada Long", "ada@example.com", "0123", Noon.AddDays(-30)), (keep.Id, keep.Name, keep.Email, keep.Phone, keep.CreatedAt));
        Assert.Equal(
            (2, new DateOnly(2026, 3, 4), new DateOnly(2026, 3, 5)),
            (keep.Figures!.OrderCount, keep.Figures.FirstPurchaseDay, keep.Figures.LastPurchaseDay));
        Assert.Equal([("EUR", 200_000L)], keep.Money.Select(m => (m.Currency, m.GrossAmount)));
        Assert.Equal(["pet=cat", "size=L"], keep.Attributes.OrderBy(x => x.Key).Select(x => $"{x.Key}={x.Value}"));
        Assert.Equal(["x", "y"], keep.Tags);
        Assert.Equal([(a, 2), (a, 2)], await crm.ReadAsync(async c => new[] { await CountAsync(c.OrderAttributes), await CountAsync(c.TicketAttributes) }));
        Assert.Equal(
            [(a, "pay-A"), (a, "pay-B")],
            await crm.ReadAsync(async c => (await c.OrderPayments.OrderBy(p => p.Reference).ToListAsync()).Select(p => (p.CustomerId, p.Reference!))));
        Assert.Equal(
            [(LifecycleStage.Lead, Noon.AddDays(-30), Noon), (LifecycleStage.Customer, Noon, (DateTime?)null)],
            keep.Stages.OrderBy(s => s.From).Select(s => (s.Stage, s.From, s.To)));
        Assert.All(await crm.ReadAsync(c => c.ExternalIds.Where(x => x.CustomerId != null).ToListAsync()), x => Assert.Equal(a, x.CustomerId));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task After_a_merge_the_losers_ids_lead_to_the_keeper_and_merging_again_changes_nothing(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var (a, b) = await TwoCustomersAsync(crm);
        await crm.Customers.MergeAsync(a, b, Caller.System);
        await crm.Customers.MergeAsync(a, b, Caller.System);
        var outcome = await crm.WriteAsync(x =>
        {
            x.Customers.Add(new() { Key = K("B"), City = "Oslo" });
            x.Customers.Add(new() { Id = b, Region = "East" });
        });
        Assert.Equal([a, a], outcome.Results(RecordKind.Customer).Select(r => r.Id));
        await Assert.ThrowsAsync<NotFoundException>(() => crm.Customers.MergeAsync(a, Guid.CreateVersion7(), Caller.System));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task After_erasing_no_table_holds_a_word_of_the_person_and_the_money_is_the_same(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var (a, _) = await TwoCustomersAsync(crm);
        await crm.WriteAsync(b => b.Customers.Add(new() { Key = K("A"), City = "Ada Longville" }));
        var money = await crm.Database.QueryAsync("select sum(gross_amount), count(*) from orders");
        await crm.Customers.MergeAsync(a, await crm.ReadAsync(c => c.Customers.Where(x => x.Id != a).Select(x => x.Id).SingleAsync()), Caller.System);
        await crm.Customers.EraseAsync(a, Caller.System);
        var all = await DatabaseContents.OfAsync(crm)
            + string.Join('\n', (await crm.Database.QueryAsync("select * from history")).Select(r => string.Join('|', r)));
        // An id may spell a name by chance.
        all = Regex.Replace(all, "[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}", "ID");
        foreach (var word in new[] { "Ada", "ada", "Long", "0123", "cat" })
            Assert.DoesNotContain(word, all, StringComparison.Ordinal);
        Assert.Equal(money, await crm.Database.QueryAsync("select sum(gross_amount), count(*) from orders"));
        Assert.Equal(["card", "card"], await crm.ReadAsync(c => c.OrderPayments.Select(p => p.Method!).ToListAsync()));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_import_does_not_bring_an_erased_person_back_but_his_orders_still_find_him(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var (a, _) = await TwoCustomersAsync(crm);
        await crm.Customers.EraseAsync(a, Caller.System);
        var outcome = await crm.WriteAsync(b =>
        {
            b.Customers.Add(new() { Key = K("A"), Name = "Ada Long" });
            b.Orders.Add(new() { Key = K("new"), Customer = RowRef.Of(K("A")), OrderedAt = Noon, Amount = 5 });
        });
        Assert.Equal([RefusalCodes.Erased], outcome.Refusals.Select(r => r.Code));
        Assert.Equal(a, outcome.Results(RecordKind.Order)[0].CustomerId);
    }

    private static async Task<(Guid, int)> CountAsync(IQueryable<FreeFactAttribute> attributes)
        => (await attributes.Select(x => x.CustomerId).Distinct().SingleAsync(), await attributes.CountAsync());

    private static Task<List<Guid>> FactIdsAsync(WriterFixture crm) =>
        crm.ReadAsync(async c => (List<Guid>)[.. (await c.Orders.Select(x => x.Id).Concat(c.OrderLines.Select(x => x.Id))
            .Concat(c.Interactions.Select(x => x.Id)).Concat(c.Tickets.Select(x => x.Id)).Concat(c.SurveyResponses.Select(x => x.Id))
            .Concat(c.Opportunities.Select(x => x.Id)).Concat(c.OpportunityStages.Select(x => x.Id)).Concat(c.Contracts.Select(x => x.Id))
            .ToListAsync()).Order()]);
}
