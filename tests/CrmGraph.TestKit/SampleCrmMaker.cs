using CrmGraph.Data.Model;

namespace CrmGraph.TestKit;

/// <summary>Draws the rows of a <see cref="SampleCrm"/>.</summary>
internal sealed class SampleCrmMaker
{
    private static readonly string?[] Channels = ["web", "store", "Phone", "partner", null];
    private static readonly string?[] Regions = ["North", "South", "East", "华东", null];
    private static readonly string?[] Countries = ["Germany", "China", "United Kingdom", null];
    private static readonly string?[] Industries = ["Retail", "Software", null];
    private static readonly string[] Currencies = ["EUR", "EUR", "EUR", "USD", "CNY"];
    private static readonly string[] Stages = ["Qualify", "Proposal", "Negotiation"];
    private static readonly string[] Names
        = ["Ada Müller", "ada mueller", "王小明", "李娜", "O'Neil", "50% off_Ltd", "ＡＢＣ Trading", "Zoë", "İstanbul", "ACME", "acme", "x\\y"];

    private readonly Random random;
    private readonly SampleSizes sizes;
    private readonly SampleCrm crm;
    private int ids;

    public SampleCrmMaker(int seed, SampleSizes sizes, DateTime now)
    {
        random = new Random(seed);
        this.sizes = sizes;
        var settings = new Settings { ReportingZone = sizes.Zone, Currency = sizes.Currency, SmallGroupMinimum = sizes.SmallGroupMinimum };
        crm = new SampleCrm(settings, TimeZoneInfo.FindSystemTimeZoneById(sizes.Zone), now);
    }

    public SampleCrm Make()
    {
        MakeTeam();
        MakeCustomers();
        MakeProductsAndRates();
        for (var i = 0; i < sizes.Orders; i++)
            MakeOrder(i);
        MakeContacts();
        for (var i = 0; i < sizes.Opportunities; i++)
            MakeOpportunity(i);
        MakeMarketing();
        foreach (var (i, order) in crm.Orders.Index())
            order.CampaignId = i % 3 == 0 || i % 7 == 0 ? crm.Campaigns[i / 3 % crm.Campaigns.Count].Id : null;
        MakeSegments();
        MakeScores();
        MakeReportRuns();
        return crm;
    }

    /// <summary>By numbers of their own, so that all other rows stay what they were before there were scores.</summary>
    private void MakeScores()
    {
        foreach (var (i, customer) in crm.Customers.Where(c => !c.IsGuest).Index().Where(c => c.Index % 5 != 4))
            crm.Scores.Add(new()
            {
                CustomerId = customer.Id,
                RecencyScore = i % 3 == 0 ? null : 1 + (i * 7 % 5),
                FrequencyScore = i % 3 == 0 ? null : 1 + (i * 3 % 5),
                MonetaryScore = i % 3 == 0 ? null : 1 + (i % 5),
                RfmGroup = i % 3 == 0 ? RfmGroup.Prospects : (RfmGroup)(i % 10),
                ValueClass = i % 3 == 0 ? null : (AbcClass)(i % 7 % 3),
                Cluster = i % 3 == 0 ? null : 1 + (i % 4),
                ProbabilityAlive = i % 4 == 0 ? null : i * 37_123_457L % 1_000_000_000,
                ExpectedOrders = i % 4 == 0 ? null : i * 137_123_457L,
                PredictedValue = i % 4 == 0 ? null : i * 4_321_123L,
                PredictedValueTwoYears = i % 4 == 0 ? null : i * 8_321_123L,
                PredictedValueThreeYears = i % 4 == 0 ? null : i * 11_321_123L,
            });
    }

    private void MakeTeam()
    {
        crm.Teams.AddRange([Stamped(new SalesTeam { Id = NewId(), Name = "North" }), Stamped(new SalesTeam { Id = NewId(), Name = "Süd" })]);
        for (var i = 0; i < sizes.Members; i++)
        {
            // Two managers; the others stand under them, the last one under another member: a team of teams.
            var manager = i < 2 ? (Guid?)null : i == sizes.Members - 1 ? crm.Members[2].Id : crm.Members[i % 2].Id;
            crm.Members.Add(Stamped(new TeamMember
            {
                Id = NewId(), Name = $"Member {i}", Email = i % 3 == 2 ? null : $"Member{i}@example.com", ManagerId = manager,
                TeamId = i % 4 == 3 ? null : crm.Teams[i % 2].Id, IsActive = i != 4,
            }));
        }
    }

    private void MakeCustomers()
    {
        for (var i = 0; i < sizes.Customers; i++)
        {
            var guest = i >= sizes.Customers - 2;
            var customer = Stamped(new Customer
            {
                Id = NewId() is var id && guest ? Guests.IdOf(i % Guests.Count) : id,
                Kind = random.Next(4) == 0 ? CustomerKind.Company : CustomerKind.Person,
                Name = guest ? $"Guest {i}" : Names[random.Next(Names.Length)] + (random.Next(3) == 0 ? "" : $" {random.Next(10)}"),
                Email = Maybe($"c{i % 30}@Example.com"),
                Phone = Maybe($"+49 30 5550{i:000}"),
                Gender = random.Next(4) is var g && g < 3 ? (Gender)g : null,
                BirthDate = random.Next(3) == 0 ? null : new DateOnly(1940 + random.Next(70), 1 + random.Next(12), 1 + random.Next(28)),
                Occupation = Maybe(random.Next(2) == 0 ? "Teacher" : "教师"),
                Industry = One(Industries), Country = One(Countries), Region = One(Regions), City = Maybe($"City {random.Next(5)}"),
                AcquisitionChannel = One(Channels),
                LifecycleStage = (LifecycleStage)random.Next(8),
                Tags = [.. new[] { "vip", "Newsletter", "new" }.Where(_ => random.Next(3) == 0)],
                Interests = [.. new[] { "tea", "books" }.Where(_ => random.Next(3) == 0)],
                OwnerId = guest || random.Next(6) == 0 ? null : One(crm.Members).Id,
                CreatedAt = Moment(sizes.Days + 60),
                IsGuest = guest,
            });
            customer.Day = crm.DayOf(customer.CreatedAt);
            if (i == 3)
                (customer.ErasedAt, customer.Name, customer.Email, customer.Phone, customer.BirthDate) = (crm.Now, "", null, null, null);
            crm.Customers.Add(customer);
            AddDetails(customer, i);
        }
    }

    private void AddDetails(Customer customer, int i)
    {
        if (random.Next(2) == 0)
            crm.Attributes.Add(new CustomerAttribute { CustomerId = customer.Id, Key = "shoe size", Value = $"{36 + random.Next(10)}" });
        if (random.Next(3) == 0)
            crm.Attributes.Add(new CustomerAttribute { CustomerId = customer.Id, Key = "Plan", Value = random.Next(2) == 0 ? "Gold" : "gold" });
        if (random.Next(3) > 0)
            crm.ExternalIds.Add(new ExternalId
            {
                Entity = ExternalEntity.Customer,
                Source = i % 2 == 0 ? "shop" : "zoho",
                Key = $"K{i}",
                CustomerId = customer.Id,
                Id = customer.Id
            });
        if (random.Next(6) == 0)
            AddContract(customer);
    }

    private void AddContract(Customer customer)
    {
        var start = crm.Today.AddDays(-random.Next(sizes.Days));
        crm.Contracts.Add(Stamped(new Contract
        {
            CustomerId = customer.Id, Id = NewId(), Plan = Maybe("basic"), StartDay = start, EndDay = random.Next(2) == 0
                ? null
                : start.AddDays(random.Next(1, 400)),
            MonthlyAmount = random.Next(4) == 0 ? null : 9_9900, Currency = "EUR",
        }));
    }

    private void MakeProductsAndRates()
    {
        string?[] categories = ["Tea", "Books", "茶具", null];
        for (var i = 0; i < sizes.Products; i++)
            crm.Products.Add(
                Stamped(new Product { Id = NewId(), Sku = $"SKU-{i:000}", Name = i % 3 == 0 ? $"茶 {i}" : $"Product {i}", Category = One(categories) }));
        // Rates as banks publish them: on working days only, so that a weekend takes Friday's.
        for (var day = crm.Today.AddDays(-sizes.Days - 200); day <= crm.Today; day = day.AddDays(1))
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                crm.ExchangeRates.AddRange(
                    from rate in new[] { ("EUR", 1_00000000L), ("USD", 91_234567L), ("CNY", 12_765432L) }
                    where rate.Item1 != sizes.Currency
                    select new ExchangeRate { Currency = rate.Item1, Day = day, Rate = rate.Item2 + random.Next(-3_000_000, 3_000_000) });
    }

    private void MakeOrder(int i)
    {
        // A third of the customers never buys; a few buy much.
        var customer = random.Next(20) == 0
            ? crm.Customers[^(1 + random.Next(2))]
            : crm.Customers[(int)(Math.Pow(random.NextDouble(), 2) * crm.Customers.Count * 0.66)];
        var at = Moment(sizes.Days);
        var order = Stamped(new Order
        {
            CustomerId = customer.Id, Id = NewId(), Number = random.Next(5) == 0
                ? null
                : $"O-{i:0000}", OrderedAt = at, Day = crm.DayOf(at), Hour = crm.HourOf(at),
            Currency = One(Currencies), Channel = One(Channels), OwnerId = random.Next(4) == 0 ? null : One(crm.Members).Id,
            CancelledAt = random.Next(15) == 0 ? at.AddHours(5) : null, ShippingCountry = i % 4 == 3
                ? null
                : Countries[i % Countries.Length], ShippingCity = i % 3 == 0 ? $"City {i % 5}" : null,
        });
        var returns = random.Next(8) == 0;
        var lines = Enumerable.Range(0, 1 + random.Next(4)).Select(n => MakeLine(order, returns || (n > 0 && random.Next(12) == 0))).ToList();
        order.Kind = lines.Exists(l => l.Kind == OrderKind.Sale) ? OrderKind.Sale : OrderKind.Return;
        order.GrossAmount = lines.Where(l => l.Kind == OrderKind.Sale).Sum(l => l.Amount);
        order.ReturnedAmount = lines.Where(l => l.Kind == OrderKind.Return).Sum(l => l.Amount);
        order.DiscountAmount = lines.Where(l => l.Kind == OrderKind.Sale).Sum(l => l.DiscountAmount);
        var sold = lines.Where(l => l.Kind == OrderKind.Sale).ToList();
        order.CostAmount = sold.Exists(l => l.CostAmount is null) ? null : sold.Sum(l => l.CostAmount);
        crm.Orders.Add(order);
        if (i % 3 == 0)
            crm.OrderAttributes.Add(new OrderAttribute { CustomerId = order.CustomerId, FactId = order.Id, Key = "gift", Value = i % 2 == 0 ? "Yes" : "no" });
        crm.OrderLines.AddRange(lines);
        for (var n = 0; n < i % 3; n++)
            crm.OrderPayments.Add(new OrderPayment
            {
                CustomerId = order.CustomerId,
                Id = NewId(),
                OrderId = order.Id,
                PaidAt = at.AddDays(n),
                Amount = n == 0 ? order.GrossAmount : -12_300,
                Method = n == 0 ? "Card" : null,
                Reference = i % 2 == 0 ? $"P{i}-{n}" : null
            });
    }

    private OrderLine MakeLine(Order order, bool returned)
    {
        var quantity = random.Next(1, 6) * FixedPoint.MoneyUnit;
        var price = random.Next(12) == 0 ? 0 : random.Next(1, 2_000_000);
        var full = FixedPoint.FromDecimal(FixedPoint.ToDecimal(quantity) * FixedPoint.ToDecimal(price));
        var discount = random.Next(3) == 0 ? full / 10 : 0;
        return Stamped(new OrderLine
        {
            CustomerId = order.CustomerId, Id = NewId(), OrderId = order.Id, ProductId = random.Next(10) == 0 ? null : One(crm.Products).Id,
            Kind = returned ? OrderKind.Return : OrderKind.Sale, Quantity = quantity, UnitPrice = price, DiscountAmount = discount, Amount = full - discount,
            CostAmount = price % 4 == 0 ? null : full / 2, Day = order.Day, Hour = order.Hour, Currency = order.Currency, Channel = order.Channel,
            OwnerId = order.OwnerId,
            CancelledAt = order.CancelledAt,
        });
    }

    private void MakeContacts()
    {
        for (var i = 0; i < sizes.Contacts; i++)
        {
            MakeTicket();
            MakeAnswer();
            var at = Moment(sizes.Days);
            crm.Interactions.Add(Stamped(new Interaction
            {
                CustomerId = One(crm.Customers).Id, Id = NewId(), Kind = (InteractionKind)random.Next(8), Channel = One(Channels),
                Subject = Maybe($"About {One(Names)}"),
                OccurredAt = at, Day = crm.DayOf(at), Hour = crm.HourOf(at), DurationSeconds = random.Next(2) == 0
                    ? null
                    : random.Next(3_600), OwnerId = random.Next(3) == 0 ? null : One(crm.Members).Id,
            }));
        }
    }

    private static readonly long?[] Weights = [null, 5_000, 23_457, 0, 10_000, null, 999_999_999];
    private static readonly string?[] Questions = ["Delivery", "推荐", null];
    private static readonly string?[] Topics = ["Delivery", "茶具", null], Reasons = ["price", null, "Größe"];

    private void MakeTicket()
    {
        var at = Moment(sizes.Days);
        var answered = random.Next(5) == 0 ? (DateTime?)null : at.AddMinutes(random.Next(600));
        var resolved = answered is null || random.Next(4) == 0 ? (DateTime?)null : answered.Value.AddMinutes(random.Next(6_000));
        var ticket = Stamped(new Ticket
        {
            CustomerId = One(crm.Customers).Id, Id = NewId(), Kind = (TicketKind)random.Next(2), Channel = One(Channels), Subject = Maybe("Broken 茶壶"),
            Topic = Topics[crm.Tickets.Count % Topics.Length],
            OpenedAt = at,
            Day = crm.DayOf(at), Hour = crm.HourOf(at), FirstResponseAt = answered, FirstResponseDay = answered is { } a ? crm.DayOf(a) : null,
            ResolvedAt = resolved, ResolvedDay = resolved is { } r ? crm.DayOf(r) : null, AgentId = random.Next(4) == 0
                ? null
                : One(crm.Members).Id,
            Csat = resolved is null || random.Next(2) == 0 ? null : random.Next(1, 6),
            Priority = crm.Tickets.Count % 5 is var p && p < 4 ? (TicketPriority)p : null, ReopenedAt = crm.Tickets.Count % 7 == 0
                ? answered
                : null, ReopenCount = crm.Tickets.Count % 7 == 0 && answered is not null ? 1 : 0,
        });
        if (crm.Tickets.Count % 4 == 0)
            crm.TicketAttributes.Add(new TicketAttribute { CustomerId = ticket.CustomerId, FactId = ticket.Id, Key = "product line", Value = "Tea" });
        crm.Tickets.Add(ticket);
    }

    private void MakeAnswer()
    {
        var at = Moment(sizes.Days);
        var kind = (SurveyKind)random.Next(2);
        var scale = kind == SurveyKind.Nps ? 10 : One(new[] { 5, 5, 7, 10 });
        crm.SurveyResponses.Add(Stamped(new SurveyResponse
        {
            CustomerId = One(crm.Customers).Id, Id = NewId(), Kind = kind, ScaleMaximum = scale, Score = kind == SurveyKind.Nps
                ? random.Next(11)
                : random.Next(1, scale + 1),
            Question = crm.SurveyResponses.Count % 5 is var q && q < 3 ? Questions[q] : null, Weight = Weights[crm.SurveyResponses.Count % Weights.Length],
            Comment = Maybe("很好"), Channel = One(Channels), AnsweredAt = at, Day = crm.DayOf(at), Hour = crm.HourOf(at),
        }));
    }

    private void MakeOpportunity(int i)
    {
        var at = Moment(sizes.Days);
        var status = (OpportunityStatus)random.Next(3);
        var closed = status == OpportunityStatus.Open ? (DateTime?)null : Min(at.AddHours(random.Next(3_000)), crm.Now);
        var reached = 1 + random.Next(Stages.Length);
        var opportunity = Stamped(new Opportunity
        {
            CustomerId = One(crm.Customers).Id, Id = NewId(), Name = $"Deal {i}", Stage = Stages[reached - 1], Status = status, Amount = random.Next(6) == 0
                ? null
                : random.Next(1, 100) * 1_000_0000L,
            Currency = One(Currencies), Probability = random.Next(5) == 0 ? null : random.Next(101), Channel = One(Channels), OwnerId = random.Next(5) == 0
                ? null
                : One(crm.Members).Id,
            OpenedAt = at, Day = crm.DayOf(at), Hour = crm.HourOf(at), ExpectedCloseDay = random.Next(3) == 0 ? null : crm.DayOf(at).AddDays(60),
            ClosedAt = closed, ClosedDay = closed is { } c ? crm.DayOf(c) : null,
            LossReason = status == OpportunityStatus.Lost ? Reasons[i % Reasons.Length] : null,
            ProductId = i % 4 == 0 ? null : crm.Products[i % crm.Products.Count].Id,
        });
        crm.Opportunities.Add(opportunity);
        for (var s = 0; s < reached; s++)
            crm.OpportunityStages.Add(new OpportunityStage
            {
                CustomerId = opportunity.CustomerId,
                Id = NewId(),
                OpportunityId = opportunity.Id,
                Stage = Stages[s],
                EnteredAt = at.AddDays(s)
            });
    }

    private void MakeMarketing()
    {
        foreach (var channel in new[] { "web", "store", null })
        {
            var campaign = Stamped(new Campaign
            {
                Id = NewId(),
                Name = $"Campaign {channel}",
                Channel = channel,
                StartDay = crm.Today.AddDays(-sizes.Days),
                EndDay = channel is null ? null : crm.Today
            });
            crm.Campaigns.Add(campaign);
            for (var day = crm.Today.AddDays(-sizes.Days); day <= crm.Today; day = day.AddDays(1 + random.Next(9)))
                crm.CampaignSpend.Add(new CampaignSpend
                {
                    CampaignId = campaign.Id,
                    Day = day,
                    Channel = channel ?? "partner",
                    Amount = random.Next(1, 1_000_000),
                    Currency = One(Currencies)
                });
        }
    }

    private void MakeReportRuns()
    {
        for (var i = 0; i < 40; i++)
        {
            var at = Moment(sizes.Days);
            crm.ReportRuns.Add(new ReportRun
            {
                Id = NewId(), ReportId = NewId(), Version = 1, Reader = $"Reader {random.Next(5)}", IsOwn = i % 6 == 0, RanAt = at, Day = crm.DayOf(at),
            });
        }
    }

    private void MakeSegments()
    {
        var segment = Stamped(new Segment { Id = NewId(), Key = "hand-picked", Name = "Hand-picked", Kind = SegmentKind.Static });
        crm.Segments.Add(segment);
        foreach (var customer in crm.Customers.Where(c => !c.IsGuest && random.Next(4) == 0))
        {
            var joined = Moment(100);
            crm.SegmentMembers.Add(new SegmentMember
            {
                CustomerId = customer.Id,
                SegmentId = segment.Id,
                JoinedAt = joined,
                LeftAt = random.Next(4) == 0 ? Min(joined.AddDays(9), crm.Now) : null
            });
        }
    }

    /// <summary>A moment of the last days up to now; every fifth one is awkward: midnight of the zone, a second before it, or in the repeated hour.</summary>
    private DateTime Moment(int days)
    {
        var at = crm.Now.AddSeconds(-random.NextInt64(days * 86_400L));
        if (random.Next(5) > 0)
            return Instants.ToStored(at.AddTicks(random.Next(9_999_999)));
        var midnight = crm.DayOf(at).ToDateTime(TimeOnly.MinValue);
        if (crm.Zone.IsInvalidTime(midnight))
            return at;
        var start = TimeZoneInfo.ConvertTimeToUtc(midnight, crm.Zone);
        return random.Next(3) switch
        {
            0 => start,
            1 => start.AddSeconds(-1),
            _ => Min(new DateTime(at.Year, 10, 31 - (int)new DateTime(at.Year, 10, 31).DayOfWeek, random.Next(2), 30, 0, DateTimeKind.Utc), at),
        };
    }

    private static DateTime Min(DateTime a, DateTime b) => a < b ? a : b;

    private T One<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private string? Maybe(string text) => random.Next(4) == 0 ? null : text;

    private T Stamped<T>(T row) where T : IRecorded
    {
        row.RecordedAt = crm.Now;
        row.UpdatedAt = crm.Now;
        return row;
    }

    /// <summary>Version 7 ids from the clock's moment and a counter: the same for the same seed, in the order in which they were made.</summary>
    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes[10..]);
        var millisecond = new DateTimeOffset(crm.Now).ToUnixTimeMilliseconds() - 1_000_000 + ids++;
        for (var i = 0; i < 6; i++)
            bytes[i] = (byte)(millisecond >> (8 * (5 - i)));
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        return new Guid(bytes, bigEndian: true);
    }
}
