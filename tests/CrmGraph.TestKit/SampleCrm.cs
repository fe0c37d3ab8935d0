using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.TestKit;

/// <summary>How much a <see cref="SampleCrm"/> holds and under which settings.</summary>
public sealed record SampleSizes
{
    public int Customers { get; init; } = 80;
    public int Orders { get; init; } = 500;
    public int Products { get; init; } = 12;
    public int Members { get; init; } = 9;
    /// <summary>Each of tickets, survey responses, interactions.</summary>
    public int Contacts { get; init; } = 200;
    public int Opportunities { get; init; } = 120;
    /// <summary>Facts lie in this many days up to the clock's today.</summary>
    public int Days { get; init; } = 800;
    /// <summary>Has daylight saving, so that some days have 23 and 25 hours.</summary>
    public string Zone { get; init; } = "Europe/Berlin";
    public string Currency { get; init; } = "EUR";
    public int SmallGroupMinimum { get; init; }
}

/// <summary>
/// A small random CRM, the same for the same seed, saved in a database and kept here as linked objects: the oracles of filters and metrics are
/// LINQ over these lists. It is full of awkward rows on purpose: missing attributes, cancelled orders, mixed orders and returns, orders without an
/// amount, facts at midnight and in the repeated hour of autumn, three currencies, guests, erased people, owners who left.
/// </summary>
public sealed class SampleCrm
{
    internal SampleCrm(Settings settings, TimeZoneInfo zone, DateTime now)
    {
        Settings = settings;
        Zone = zone;
        Now = now;
    }

    public Settings Settings { get; }
    public TimeZoneInfo Zone { get; }
    /// <summary>The clock's moment when the data was made.</summary>
    public DateTime Now { get; }
    public DateOnly Today => DayOf(Now);

    public List<SalesTeam> Teams { get; } = [];
    public List<TeamMember> Members { get; } = [];
    /// <summary>Guests included: <c>IsGuest</c> tells them.</summary>
    public List<Customer> Customers { get; } = [];
    public List<CustomerAttribute> Attributes { get; } = [];
    public List<OrderAttribute> OrderAttributes { get; } = [];
    public List<OrderPayment> OrderPayments { get; } = [];
    public List<TicketAttribute> TicketAttributes { get; } = [];
    public List<ExternalId> ExternalIds { get; } = [];
    public List<Product> Products { get; } = [];
    public List<Order> Orders { get; } = [];
    public List<OrderLine> OrderLines { get; } = [];
    public List<Opportunity> Opportunities { get; } = [];
    public List<OpportunityStage> OpportunityStages { get; } = [];
    public List<Contract> Contracts { get; } = [];
    public List<ExchangeRate> ExchangeRates { get; } = [];
    public List<Interaction> Interactions { get; } = [];
    public List<Ticket> Tickets { get; } = [];
    public List<SurveyResponse> SurveyResponses { get; } = [];
    public List<Campaign> Campaigns { get; } = [];
    public List<CampaignSpend> CampaignSpend { get; } = [];
    public List<Segment> Segments { get; } = [];
    public List<SegmentMember> SegmentMembers { get; } = [];
    /// <summary>Of some customers; drawn, not computed: nothing that reads them may care.</summary>
    public List<CustomerScores> Scores { get; } = [];
    public List<ReportRun> ReportRuns { get; } = [];

    /// <summary>Makes the data, saves it and links the objects (Customer.Orders, Order.Lines, OrderLine.Product, Customer.Figures and so on).</summary>
    public static async Task<SampleCrm> CreateAsync(TestDatabase database, int seed = 1, SampleSizes? sizes = null)
    {
        var crm = new SampleCrmMaker(seed, sizes ?? new SampleSizes(), database.Clock.GetUtcNow().UtcDateTime).Make();
        await crm.SaveAsync(database);
        crm.Link();
        return crm;
    }

    /// <summary>The same data without a database.</summary>
    public static SampleCrm InMemory(int seed = 1, SampleSizes? sizes = null, DateTime? now = null)
    {
        var crm = new SampleCrmMaker(seed, sizes ?? new SampleSizes(), now ?? new ManualTimeProvider().GetUtcNow().UtcDateTime).Make();
        crm.Link();
        return crm;
    }

    public DateOnly DayOf(DateTime utc) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(utc, Zone));

    public int HourOf(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, Zone).Hour;

    private async Task SaveAsync(TestDatabase database)
    {
        await using var context = database.CreateContext();
        context.ChangeTracker.AutoDetectChangesEnabled = false;
        await context.Settings.ExecuteDeleteAsync();
        context.Add(Settings);
        // First and alone: the zone in it decides which days are right.
        await context.SaveChangesAsync();
        context.ChangeTracker.Clear();
        await using var writer = await BulkWriter.OpenAsync(database.Engine);
        await writer.InsertAsync(Teams);
        await writer.InsertAsync(Members);
        await writer.InsertAsync(Customers);
        await writer.InsertAsync(Attributes);
        await writer.InsertAsync(ExternalIds);
        await writer.InsertAsync(Products);
        await writer.InsertAsync(Orders);
        await writer.InsertAsync(OrderLines);
        await writer.InsertAsync(OrderAttributes);
        await writer.InsertAsync(OrderPayments);
        await writer.InsertAsync(Opportunities);
        await writer.InsertAsync(OpportunityStages);
        await writer.InsertAsync(Contracts);
        await writer.InsertAsync(ExchangeRates);
        await writer.InsertAsync(Interactions);
        await writer.InsertAsync(Tickets);
        await writer.InsertAsync(TicketAttributes);
        await writer.InsertAsync(SurveyResponses);
        await writer.InsertAsync(Campaigns);
        await writer.InsertAsync(CampaignSpend);
        await writer.InsertAsync(Segments);
        await writer.InsertAsync(SegmentMembers);
        await writer.InsertAsync(Scores);
        await writer.InsertAsync(ReportRuns);
        await writer.CommitAsync();
        await context.CustomerScoring.ExecuteUpdateAsync(s => s.SetProperty(x => x.Currency, Settings.Currency).SetProperty(x => x.ScoredDay, Today));
        Unlink();
    }

    /// <summary>EF links what it tracks; the links made here must not be doubled.</summary>
    private void Unlink()
    {
        foreach (var customer in Customers)
        {
            customer.Orders = [];
            customer.Attributes = [];
            customer.ExternalIds = [];
            customer.Opportunities = [];
            customer.Contracts = [];
            customer.Interactions = [];
            customer.Tickets = [];
            customer.SurveyResponses = [];
        }
        Orders.ForEach(o => o.Lines = []);
        Opportunities.ForEach(o => o.Stages = []);
        Campaigns.ForEach(c => c.Spend = []);
        Segments.ForEach(s => s.Members = []);
    }

    private void Link()
    {
        var teams = Teams.ToDictionary(t => t.Id);
        var members = Members.ToDictionary(m => m.Id);
        var customers = Customers.ToDictionary(c => c.Id);
        var products = Products.ToDictionary(p => p.Id);
        TeamMember? Member(Guid? id) => id is { } known ? members[known] : null;
        foreach (var member in Members)
            (member.Team, member.Manager) = (member.TeamId is { } t ? teams[t] : null, Member(member.ManagerId));
        foreach (var group in OrderLines.GroupBy(l => l.OrderId).Join(Orders, g => g.Key, o => o.Id, (g, o) => (Order: o, Lines: g)))
            group.Order.Lines = [.. group.Lines];
        foreach (var group in OpportunityStages.GroupBy(s => s.OpportunityId).Join(Opportunities, g => g.Key, o => o.Id, (g, o) => (Opportunity: o, Stages: g)))
            group.Opportunity.Stages = [.. group.Stages];
        foreach (var line in OrderLines)
            (line.Customer, line.Product) = (customers[line.CustomerId], line.ProductId is { } p ? products[p] : null);
        foreach (var order in Orders)
        {
            (order.Customer, order.Owner) = (customers[order.CustomerId], Member(order.OwnerId));
            order.Campaign = Campaigns.Find(c => c.Id == order.CampaignId);
            order.Lines.ForEach(l => l.Order = order);
        }
        Opportunities.ForEach(
            o => (o.Customer, o.Owner, o.Product) = (customers[o.CustomerId], Member(o.OwnerId), o.ProductId is { } p ? products[p] : null));
        Interactions.ForEach(i => (i.Customer, i.Owner) = (customers[i.CustomerId], Member(i.OwnerId)));
        Tickets.ForEach(t => (t.Customer, t.Agent) = (customers[t.CustomerId], Member(t.AgentId)));
        SurveyResponses.ForEach(a => a.Customer = customers[a.CustomerId]);
        Contracts.ForEach(c => c.Customer = customers[c.CustomerId]);
        SegmentMembers.ForEach(m => m.Customer = customers[m.CustomerId]);
        CampaignSpend.ForEach(s => s.Campaign = Campaigns.Single(c => c.Id == s.CampaignId));
        Campaigns.ForEach(c => c.Spend = [.. CampaignSpend.Where(s => s.CampaignId == c.Id)]);
        Segments.ForEach(s => s.Members = [.. SegmentMembers.Where(m => m.SegmentId == s.Id)]);
        foreach (var customer in Customers)
            LinkCustomer(customer, Member(customer.OwnerId));
    }

    private void LinkCustomer(Customer customer, TeamMember? owner)
    {
        customer.Owner = owner;
        customer.Orders = [.. Orders.Where(o => o.CustomerId == customer.Id)];
        customer.Attributes = [.. Attributes.Where(a => a.CustomerId == customer.Id)];
        customer.ExternalIds = [.. ExternalIds.Where(e => e.CustomerId == customer.Id)];
        customer.Opportunities = [.. Opportunities.Where(o => o.CustomerId == customer.Id)];
        customer.Contracts = [.. Contracts.Where(c => c.CustomerId == customer.Id)];
        customer.Interactions = [.. Interactions.Where(i => i.CustomerId == customer.Id)];
        customer.Tickets = [.. Tickets.Where(t => t.CustomerId == customer.Id)];
        customer.SurveyResponses = [.. SurveyResponses.Where(a => a.CustomerId == customer.Id)];
        customer.Orders.ForEach(
            o => (o.Attributes, o.Payments) = ([.. OrderAttributes.Where(a => a.FactId == o.Id)], [.. OrderPayments.Where(p => p.OrderId == o.Id)]));
        customer.Tickets.ForEach(t => t.Attributes = [.. TicketAttributes.Where(a => a.FactId == t.Id)]);
        customer.Figures = FiguresOf(customer);
        customer.Money = MoneyOf(customer);
        customer.Scores = Scores.Find(s => s.CustomerId == customer.Id);
        customer.Stages = [new CustomerStage { CustomerId = customer.Id, Stage = customer.LifecycleStage, From = customer.CreatedAt }];
    }

    /// <summary>The definition of the kept figures, from the facts: what the database's triggers must come to.</summary>
    public static CustomerFigures FiguresOf(Customer customer)
    {
        var sales = customer.Orders.Where(o => o.Kind == OrderKind.Sale && o.CancelledAt == null).ToList();
        return new CustomerFigures
        {
            CustomerId = customer.Id,
            OrderCount = sales.Count,
            FirstPurchaseDay = sales.Count == 0 ? null : sales.Min(o => o.Day),
            LastPurchaseDay = sales.Count == 0 ? null : sales.Max(o => o.Day),
        };
    }

    /// <summary>A currency in which both sums are zero has no row.</summary>
    public static List<CustomerMoney> MoneyOf(Customer customer) =>
    [
        .. from order in customer.Orders
           where order.CancelledAt == null
           group order by order.Currency into money
           let gross = money.Sum(o => o.GrossAmount)
           let returned = money.Sum(o => o.ReturnedAmount)
           where gross != 0 || returned != 0
           orderby money.Key
           select new CustomerMoney { CustomerId = customer.Id, Currency = money.Key, GrossAmount = gross, ReturnedAmount = returned },
    ];
}
