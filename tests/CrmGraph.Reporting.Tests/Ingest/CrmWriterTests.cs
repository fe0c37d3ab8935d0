using CrmGraph.Reporting.Customers;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Sales;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

public sealed class CrmWriterTests
{
    private static readonly DateTime Noon = new(2026, 3, 4, 12, 0, 0, DateTimeKind.Utc);
    private static ExternalKey K(string key) => new("shop", key);

    private static OrderRecord Order(string key, RowRef customer, params LineRecord[] lines) =>
        new() { Key = K(key), Customer = customer, OrderedAt = Noon, Currency = "EUR", Lines = lines };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_order_with_lines_is_written_with_totals_and_repeats_day_and_currency(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var outcome = await crm.WriteAsync(b =>
        {
            b.Products.Add(new() { Key = K("P1"), Name = "Pen" });
            b.Customers.Add(new() { Key = K("C1"), Name = "Ada", AcquisitionChannel = "web", Email = "ada@example.com" });
            b.Orders.Add(Order("O1", K("C1"),
                new LineRecord { Product = K("P1"), Quantity = 3, UnitPrice = 1.115m, Discount = 0.5m, Cost = 2 },
                new LineRecord { Product = K("P1"), Quantity = -1, UnitPrice = 1.115m }));
        });
        Assert.Empty(outcome.Refusals);
        var order = await crm.ReadAsync(c => c.Orders.Include(o => o.Lines).SingleAsync());
        Assert.Equal((28450L, 11150L, 5000L, 20000L), (order.GrossAmount, order.ReturnedAmount, order.DiscountAmount, order.CostAmount));
        Assert.Equal((OrderKind.Sale, "web", new DateOnly(2026, 3, 4), 12), (order.Kind, order.Channel, order.Day, order.Hour));
        Assert.Equal([(OrderKind.Sale, 28450L, "EUR"), (OrderKind.Return, 11150L, "EUR")], order.Lines.OrderBy(l => l.Kind).Select(l => (l.Kind, l.Amount, l.Currency)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Writing_the_same_again_changes_nothing_and_tells_nobody(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var notices = 0;
        crm.Hub.Subscribe(_ => notices++);
        async Task<IngestOutcome> Write() => await crm.WriteAsync(Everything, new WriteOptions { ContentIds = new ContentIds() });
        await Write();
        var before = await DatabaseContents.OfAsync(crm);
        crm.Database.Clock.Advance(TimeSpan.FromHours(1));
        var again = await Write();
        Assert.Equal(before, await DatabaseContents.OfAsync(crm));
        Assert.Equal(1, notices);
        foreach (var record in Enum.GetValues<RecordKind>())
            Assert.True(again.Count(record).Unchanged == again.Count(record).Total && again.Count(record).Total > 0, record.ToString());
    }

    private static void Everything(IngestBatch b)
    {
        b.SalesTeams.Add(new() { Key = K("T"), Name = "North" });
        b.TeamMembers.Add(new() { Key = K("M2"), Name = "Bo", Manager = RowRef.Of(K("M1")), Team = RowRef.Of(K("T")) });
        b.TeamMembers.Add(new() { Key = K("M1"), Name = "Al", Email = "al@example.com" });
        b.Products.Add(new() { Key = K("P1"), Name = "Pen", Category = "Office" });
        b.Campaigns.Add(new() { Key = K("A"), Name = "Spring", Channel = "mail" });
        b.CampaignSpend.Add(new() { Campaign = K("A"), Day = new(2026, 3, 1), Amount = 100 });
        b.ExchangeRates.Add(new() { Currency = "usd", Day = new(2026, 3, 1), Rate = 0.91234567m });
        b.Customers.Add(new()
        {
            Key = K("C1"), Name = "Ada", Owner = RowRef.Of(K("M2")), Tags = new Given<IReadOnlyList<string>>(["a", "b"]), Attributes = [new("size", "L")],
            LifecycleStage = LifecycleStage.Lead, CreatedAt = Noon.AddDays(-9),
        });
        b.Orders.Add(Order("O1", K("C1"), new LineRecord { Product = K("P1"), UnitPrice = 2 }, new LineRecord { Product = K("P1"), UnitPrice = 2 }, new LineRecord { Key = K("L3"), UnitPrice = 7 }));
        b.Orders.Add(new() { Key = K("O2"), OrderedAt = Noon, Amount = -3.5m });
        b.Interactions.Add(new() { Key = K("I"), Customer = RowRef.Of(K("C1")), OccurredAt = Noon, Subject = "Hello" });
        b.Interactions.Add(new() { Customer = RowRef.Of(K("C1")), OccurredAt = Noon, Subject = "No key" });
        b.Tickets.Add(new() { Key = K("T1"), Customer = RowRef.Of(K("C1")), OpenedAt = Noon, Csat = 4 });
        b.SurveyAnswers.Add(new() { Key = K("S1"), Customer = RowRef.Of(K("C1")), SurveyKind = Service.SurveyKind.Nps, Score = 9, AnsweredAt = Noon });
        b.Opportunities.Add(new() { Key = K("D1"), Customer = RowRef.Of(K("C1")), Name = "Deal", Stage = "Offer", OpenedAt = Noon, Status = OpportunityStatus.Won, Amount = 10 });
        b.Contracts.Add(new() { Key = K("X1"), Customer = RowRef.Of(K("C1")), StartDay = new DateOnly(2026, 1, 1), MonthlyAmount = 5 });
    }
}
