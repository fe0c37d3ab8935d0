using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Demo;

/// <summary>What can happen in a company.</summary>
public enum CompanyEvent { Order, Return, NewCustomer, Ticket, TicketProgress, Answer, OpportunityOpened, OpportunityMoved }

/// <summary>
/// Lets a company live on: things happen to the customers that a database has, written now through the same writer as everything else. The same
/// seed over the same database draws the same events. Not thread-safe.
/// </summary>
public sealed class LivingCompany(IDbContextFactory<CrmDbContext> contexts, CrmWriter writer, TimeProvider clock, int seed)
{
    private const int Sample = 20_000;
    private static readonly (CompanyEvent Event, double Weight)[] _chances =
    [
        (CompanyEvent.Order, 52), (CompanyEvent.Return, 4), (CompanyEvent.NewCustomer, 10), (CompanyEvent.Ticket, 10), (CompanyEvent.TicketProgress, 6),
        (CompanyEvent.Answer, 8), (CompanyEvent.OpportunityOpened, 4), (CompanyEvent.OpportunityMoved, 6),
    ];

    private static readonly double[] _weights = [.. _chances.Select(c => c.Weight)];
    private static readonly string[] _stages = ["Qualification", "Needs analysis", "Proposal", "Negotiation"];

    private readonly Draw _draw = new(seed);
    private readonly List<Buyer> _customers = [];
    private readonly OrderNumbers _numbers = new();
    private readonly List<OpenDeal> _deals = [];
    private readonly List<OpenTicket> _tickets = [];
    private List<IGrouping<string, Sold>> _sold = [];
    private Guid[] _members = [];
    private ILookup<string?, Guid> _campaigns = Array.Empty<Guid>().ToLookup(_ => (string?)null);
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;

    /// <summary>Reads whom and what there is: up to 20,000 customers, the latest sales, open opportunities and tickets.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        _customers.AddRange(await db.Customers.Where(c => !c.IsGuest && c.ErasedAt == null).OrderBy(c => c.Id).Take(Sample)
            .Select(c => new Buyer(c.Id, c.Money.Max(m => m.Currency) ?? c.Orders.Max(o => o.Currency))).ToListAsync(cancellationToken));
        _members = await db.TeamMembers.Where(m => m.IsActive).OrderBy(m => m.Id).Select(m => m.Id).ToArrayAsync(cancellationToken);
        var sold = await db.OrderLines.Where(l => l.Kind == OrderKind.Sale && l.UnitPrice > 0).OrderByDescending(l => l.Day).ThenBy(l => l.Id).Take(1_000)
            .Select(l => new Sold(l.Day, l.ProductId, l.UnitPrice, l.Currency, l.Channel)).ToListAsync(cancellationToken);
        // What is sold in this season.
        _sold = [.. sold.Where(s => s.Day.AddDays(7) >= sold[0].Day).GroupBy(s => s.Currency)];
        _zone = TimeZoneInfo.FindSystemTimeZoneById((await db.SettingsAsync(cancellationToken)).ReportingZone);
        var today = Today;
        _campaigns = (await db.Campaigns.Where(c => c.StartDay <= today && c.EndDay >= today).OrderBy(c => c.Id).Select(c => new { c.Channel, c.Id })
            .ToListAsync(cancellationToken)).ToLookup(c => c.Channel, c => c.Id);
        _numbers.Continue(today, await db.Orders.CountAsync(o => o.Day == today, cancellationToken));
        _deals.AddRange(await db.Opportunities.Where(o => o.Status == OpportunityStatus.Open).OrderBy(o => o.Id).Select(o => new OpenDeal(o.Id, o.Stage))
            .Take(Sample)
            .ToListAsync(cancellationToken));
        _tickets.AddRange(await db.Tickets.Where(t => t.ResolvedAt == null).OrderBy(t => t.Id).Select(t => new OpenTicket(t.Id, t.FirstResponseAt != null))
            .Take(Sample)
            .ToListAsync(cancellationToken));
    }

    /// <summary>Lets one thing happen, committed when the task ends.</summary>
    public async Task<CompanyEvent> HappenAsync(CancellationToken cancellationToken)
    {
        var what = Possible(_chances[_draw.Weighted(_weights)].Event);
        var batch = new IngestBatch();
        var after = Fill(batch, what);
        var outcome = await writer.WriteAsync(batch, null, cancellationToken);
        if (outcome.Refusals.Count > 0)
            throw new InvalidOperationException($"The simulation made a record that cannot be: {outcome.Refusals[0].Message}");
        after?.Invoke(outcome);
        return what;
    }

    private CompanyEvent Possible(CompanyEvent drawn) => drawn switch
    {
        _ when _customers.Count == 0 => CompanyEvent.NewCustomer,
        CompanyEvent.TicketProgress when _tickets.Count == 0 => CompanyEvent.Ticket,
        CompanyEvent.OpportunityMoved when _deals.Count == 0 => CompanyEvent.OpportunityOpened,
        _ => drawn,
    };

    private DateTime Now => Instants.Now(clock);

    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(Now, _zone));

    private Buyer Customer => _customers[_draw.Below(_customers.Count)];

    /// <returns>What is to be remembered of the outcome.</returns>
    private Action<IngestOutcome>? Fill(IngestBatch batch, CompanyEvent what)
    {
        switch (what)
        {
            case CompanyEvent.Order or CompanyEvent.Return:
                batch.Orders.Add(Order(what == CompanyEvent.Return ? OrderKind.Return : OrderKind.Sale));
                return null;
            case CompanyEvent.NewCustomer:
                batch.Customers.Add(NewCustomer());
                return outcome => _customers.Add(new(outcome.Results(RecordKind.Customer)[0].Id, null));
            case CompanyEvent.Ticket:
                batch.Tickets.Add(Ticket());
                return outcome => _tickets.Add(new(outcome.Results(RecordKind.Ticket)[0].Id, false));
            case CompanyEvent.TicketProgress:
                batch.Tickets.Add(Progress());
                return null;
            case CompanyEvent.Answer:
                batch.SurveyResponses.Add(Answer());
                return null;
            case CompanyEvent.OpportunityOpened:
                batch.Opportunities.Add(Deal());
                return outcome => _deals.Add(new(outcome.Results(RecordKind.Opportunity)[0].Id, _stages[0]));
            default:
                batch.Opportunities.Add(Move());
                return null;
        }
    }

    private OrderRecord Order(OrderKind kind)
    {
        var (at, number) = (_draw.Below(_customers.Count), _numbers.Next(kind, Today));
        var customer = _customers[at];
        if (Shelf(customer) is not { } shelf)
        {
            return new()
            {
                Customer = RowRef.Of(customer.Id), Number = number, OrderedAt = Now, Amount = (kind == OrderKind.Return ? -1 : 1) * _draw.Between(5, 400),
                Currency = customer.Currency is { } currency ? currency : default(Optional<string?>),
            };
        }

        _customers[at] = customer with { Currency = shelf[0].Currency };
        var lines = new List<LineRecord>();
        for (var left = kind == OrderKind.Return ? 1 : _draw.Between(1, 4); left > 0; left--)
        {
            var item = _draw.One(shelf);
            lines.Add(new()
            {
                Product = item.Product is { } product ? RowRef.Of(product) : RowRef.None,
                LineKind = kind,
                Quantity = kind == OrderKind.Return ? 1 : _draw.Between(1, 3),
                UnitPrice = FixedPoint.ToDecimal(item.UnitPrice),
            });
        }

        var (channel, isSale) = (_draw.One(shelf).Channel, kind == OrderKind.Sale);
        var campaigns = _campaigns[channel].ToArray();
        return new()
        {
            Customer = RowRef.Of(customer.Id),
            Number = number,
            OrderedAt = Now,
            Currency = shelf[0].Currency,
            Channel = channel,
            // As often as in what the demo company has behind it.
            Campaign = isSale && campaigns.Length > 0 && _draw.Chance(0.4) ? RowRef.Of(_draw.One(campaigns)) : default(Optional<RowRef>),
            Lines = lines,
            Payments = isSale && _draw.Chance(0.96)
                ? [new(Now, lines.Sum(l => (l.Quantity ?? 0) * (l.UnitPrice ?? 0)), FactDetails.MethodOf(channel, _draw.Below(3)), null)]
                : null,
        };
    }

    /// <summary>What is sold in the currency in which he pays; null when nothing is.</summary>
    private Sold[]? Shelf(Buyer customer) => customer.Currency is { } currency
        ? _sold.Find(g => g.Key == currency)?.ToArray()
        : _sold.Count == 0 ? null : [.. _sold[_draw.Weighted([.. _sold.Select(g => (double)g.Count())])]];

    private CustomerRecord NewCustomer()
    {
        var place = Names.Places[_draw.Weighted(Names.PlaceWeights)];
        var name = place.IsChinese
            ? _draw.One(Names.ChineseFamily) + _draw.One(Names.ChineseGiven)
            : $"{_draw.One(Names.EnglishGiven)} {_draw.One(Names.EnglishFamily)}";
        return new()
        {
            Name = name,
            Country = place.Country,
            Region = place.Region,
            City = place.City,
            AcquisitionChannel = _draw.One(Names.Channels),
            LifecycleStage = LifecycleStage.Lead,
            CreatedAt = Now,
            Owner = Member(),
        };
    }

    private TicketRecord Ticket() => new()
    {
        Customer = RowRef.Of(Customer.Id),
        TicketKind = _draw.Chance(0.7) ? TicketKind.Enquiry : TicketKind.Complaint,
        Channel = _draw.One(["Email", "Phone", "Chat", "WeChat"]),
        Topic = _draw.One(["Delivery", "Invoice", "Products", "Damage"]),
        Subject = _draw.One(["Where is my parcel?", "Question about an invoice", "Wrong item", "Opening hours", "Damaged on arrival"]),
        OpenedAt = Now,
        Agent = Member(),
    };

    private TicketRecord Progress()
    {
        var at = _draw.Below(_tickets.Count);
        var ticket = _tickets[at];
        if (!ticket.IsAnswered)
        {
            _tickets[at] = ticket with { IsAnswered = true };
            return new() { Id = ticket.Id, Mode = WriteMode.UpdateOnly, FirstResponseAt = Now };
        }

        _tickets.RemoveAt(at);
        return new() { Id = ticket.Id, Mode = WriteMode.UpdateOnly, ResolvedAt = Now, Csat = _draw.Between(2, 5) };
    }

    private SurveyResponseRecord Answer() => _draw.Chance(0.5)
        ? new()
        {
            Customer = RowRef.Of(Customer.Id),
            SurveyKind = SurveyKind.Nps,
            Question = FactDetails.QuestionOf(SurveyKind.Nps, 0),
            Score = Math.Min(10, _draw.Between(4, 12)),
            AnsweredAt = Now,
            Channel = "Email"
        }
        : new()
        {
            Customer = RowRef.Of(Customer.Id),
            SurveyKind = SurveyKind.Csat,
            Question = FactDetails.QuestionOf(SurveyKind.Csat, Now.Second),
            Score = Math.Min(5, _draw.Between(2, 6)),
            AnsweredAt = Now,
            Channel = "Web"
        };

    private OpportunityRecord Deal()
    {
        var customer = Customer;
        return new()
        {
            Customer = RowRef.Of(customer.Id),
            Name = _draw.One(["Yearly supply", "New branch", "Seasonal gifts", "Renewal"]),
            Stage = _stages[0],
            Amount = _draw.Between(10, 400) * 100m,
            Probability = 10,
            OpenedAt = Now,
            Owner = Member(),
            Product = Shelf(customer) is { } shelf && _draw.One(shelf).Product is { } product ? RowRef.Of(product) : default(Optional<RowRef>),
        };
    }

    private OpportunityRecord Move()
    {
        var at = _draw.Below(_deals.Count);
        var deal = _deals[at];
        var stage = Array.IndexOf(_stages, deal.Stage) + 1;
        if (stage < _stages.Length && !_draw.Chance(0.2))
        {
            _deals[at] = deal with { Stage = _stages[stage] };
            return new() { Id = deal.Id, Mode = WriteMode.UpdateOnly, Stage = _stages[stage] };
        }

        _deals.RemoveAt(at);
        return new()
        {
            Id = deal.Id,
            Mode = WriteMode.UpdateOnly,
            Status = stage == _stages.Length && _draw.Chance(0.7) ? OpportunityStatus.Won : OpportunityStatus.Lost,
            ClosedAt = Now
        };
    }

    private RowRef Member() => _members.Length == 0 ? RowRef.None : RowRef.Of(_draw.One(_members));

    /// <param name="Currency">Of what he bought; null when he never did.</param>
    private sealed record Buyer(Guid Id, string? Currency);

    private sealed record Sold(DateOnly Day, Guid? Product, long UnitPrice, string Currency, string? Channel);

    private sealed record OpenDeal(Guid Id, string Stage);

    private sealed record OpenTicket(Guid Id, bool IsAnswered);
}
