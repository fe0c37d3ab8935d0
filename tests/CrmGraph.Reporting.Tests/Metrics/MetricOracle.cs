using System.Globalization;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.TestKit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>
/// Every metric again, one cell at a time, straight from the words of its definition: LINQ over the lists of a sample CRM. Nothing is shared with
/// the engine; a cell is (group, days, hour), and each is computed from scratch. Only the rows of a cell are looked for once for all its metrics.
/// </summary>
internal sealed partial class MetricOracle(SampleCrm crm, Caller caller)
{
    /// <summary>Further conditions on customers, channels, owners and lines, as a test wants them.</summary>
    public Func<Customer, bool>? Customer { get; init; }
    public Func<string?, bool>? Channel { get; init; }
    public Func<OrderLine, bool>? Line { get; init; }
    public string? Currency { get; init; }
    public string? Attribute { get; init; }
    public string? OrderAttribute { get; init; }
    public IReadOnlyList<decimal> Bands { get; init; } = [];
    public IReadOnlyDictionary<Guid, Func<Customer, bool>> Segments { get; init; } = new Dictionary<Guid, Func<Customer, bool>>();

    private readonly Dictionary<(string, Cell), object> _rows = [];
    private readonly Dictionary<(Guid, DateOnly), bool> _active = [];
    private readonly Dictionary<Guid, (DateOnly? First, List<DateOnly> Lost, List<DateOnly> Back)> _lives = [];
    private readonly Dictionary<(string, DateOnly), decimal> _rates = [];
    private bool _byLine;

    public sealed record Cell(IReadOnlyList<(MetricDimension Dimension, string? Key)> Group, DateOnly From, DateOnly Until, int? Hour, DateOnly PeriodUntil)
    {
        /// <summary>The attribute of each dimension of attributes, in their order; none where the oracle knows them by its own.</summary>
        public IReadOnlyList<MetricAttributeInput> Attributes { get; init; } = [];
    }

    public (decimal? Value, NoValueReason? Reason) Value(string metric, Cell cell)
    {
        if (!IsRecorded(metric.Split('(')[0]))
            return (null, NoValueReason.NoData);
        _byLine = Line is not null || cell.Group.Any(g => g.Dimension.IsOfLines());
        return metric switch
        {
            "revenue" => (Money(cell, l => l.Gross - l.Returned), null),
            "grossRevenue" => (Money(cell, l => l.Gross), null),
            "returns" => (Money(cell, l => l.Returned), null),
            "discounts" => (Money(cell, l => l.Discount), null),
            "orders" => (Orders(cell).Count(), null),
            "paidAmount" => (Payments(cell).Sum(p => Convert(p.Payment.Amount / 10_000m, p.Order.Currency, p.Order.Day)), null),
            "payments" => (Payments(cell).Count, null),
            "unitsSold" => (Lines(cell).Where(l => l.Kind == OrderKind.Sale).Sum(l => l.Quantity) / 10_000m, null),
            "averageOrderValue" => Ratio(Money(cell, l => l.Gross), Orders(cell).Count()),
            "revenuePerCustomer" => Ratio(Money(cell, l => l.Known ? l.Gross - l.Returned : 0), Buyers(cell)),
            "purchaseFrequency" => Ratio(Orders(cell).Count(o => !o.Customer!.IsGuest), Buyers(cell)),
            "cost" => Costed(cell, Cost(cell), null),
            "grossProfit" => Costed(cell, CostedRevenue(cell) - Cost(cell), null),
            "grossMargin" => Costed(cell, CostedRevenue(cell) - Cost(cell), CostedRevenue(cell)),
            "costCoverage" => Ratio(
                Lines(cell).Where(l => l.Kind == OrderKind.Sale && l.CostAmount is not null).Sum(l => Convert(l.Amount / 10_000m, l.Currency, l.Day)),
                Money(cell, l => l.Gross)),
            "discountRate" => Ratio(Money(cell, l => l.Discount), Money(cell, l => l.Gross + l.Discount)),
            "returnRate" => Ratio(Money(cell, l => l.Returned), Money(cell, l => l.Gross)),
            "unitsPerOrder" => Ratio(Lines(cell).Where(l => l.Kind == OrderKind.Sale).Sum(l => l.Quantity) / 10_000m, Orders(cell).Count()),
            "ordersPerDay" => Ratio(Orders(cell).Count(), Days(cell).Count()),
            "medianOrderValue" => Quantile(Orders(cell).Select(o => Convert(o.GrossAmount / 10_000m, o.Currency, o.Day)), 0.5m),
            "repeatPurchaseRate" => Ratio(OrdersPerBuyer(cell).Count(n => n > 1), Buyers(cell)),
            "oneTimeBuyers" => (OrdersPerBuyer(cell).Count(n => n == 1), null),
            "daysBetweenOrders" => Quantile(Gaps(cell).Select(g => g.Days), 0.5m),
            "daysToSecondOrder" => Quantile(Gaps(cell).Where(g => g.Number == 2).Select(g => g.Days), 0.5m),
            "activeCustomers" or "buyers" => (Buyers(cell), null),
            "customersAtStart" => (Opening(cell).Count, null),
            "customersAtEnd" => (People(cell).Count(c => Active(c, End(cell))), null),
            "netCustomerGrowth" => (People(cell).Count(c => Active(c, End(cell))) - Opening(cell).Count, null),
            "totalCustomers" => (People(cell).Count(c => Active(c, End(cell))), null),
            "newCustomers" => (People(cell).Count(c => FirstDay(c) is { } d && In(d, cell)), null),
            "lostCustomers" => (People(cell).Sum(c => Life(c).Lost.Count(d => In(d, cell))), null),
            "reactivatedCustomers" => (People(cell).Sum(c => Life(c).Back.Count(d => In(d, cell))), null),
            "customerGrowthRate" => Ratio(People(cell).Count(c => Active(c, End(cell))) - Opening(cell).Count, Opening(cell).Count),
            "retentionRate" => Ratio(Opening(cell).Count(c => Active(c, End(cell))), Opening(cell).Count),
            "churnRate" => Ratio(Opening(cell).Count(c => !Active(c, End(cell))), Opening(cell).Count),
            "npsResponseRate" => Ratio(
                Orders(cell).Where(o => !o.Customer!.IsGuest && crm.SurveyResponses.Exists(
                    a => a.CustomerId == o.CustomerId && a.Kind == SurveyKind.Nps && In(a.Day, cell))).Select(o => o.CustomerId).Distinct().Count(),
                Buyers(cell)),
            "csatResponseRate" => Ratio(Resolved(cell).Count(t => t.Csat is not null), Resolved(cell).Count),
            "reportRuns" => (Runs(cell).Count(), null),
            "reportReaders" => (Runs(cell).Select(r => r.Reader).Distinct().Count(), null),
            "tickets" => (Tickets(cell).Count(), null),
            "openTickets" => (AllTickets(cell).Count(t => t.Day < cell.Until && !(t.ResolvedDay < cell.Until)), null),
            "reopenRate" => Ratio(Tickets(cell).Count(t => t.ReopenCount > 0), Tickets(cell).Count(t => t.ResolvedAt is not null || t.ReopenCount > 0)),
            "firstResponseTime" => Quantile(Hours(cell, t => t.FirstResponseAt, t => t.FirstResponseDay), 0.5m),
            "firstResponseTimeP90" => Quantile(Hours(cell, t => t.FirstResponseAt, t => t.FirstResponseDay), 0.9m),
            "resolutionTime" => Quantile(Hours(cell, t => t.ResolvedAt, t => t.ResolvedDay), 0.5m),
            "resolutionTimeP90" => Quantile(Hours(cell, t => t.ResolvedAt, t => t.ResolvedDay), 0.9m),
            "resolvedInTime" => InTime(cell, 24),
            "resolvedInTime(hours: 60)" => InTime(cell, 60),
            "enquiries" => (Tickets(cell).Count(t => t.Kind == TicketKind.Enquiry), null),
            "complaints" => (Tickets(cell).Count(t => t.Kind == TicketKind.Complaint), null),
            "complaintRate" => Ratio(Tickets(cell).Count(t => t.Kind == TicketKind.Complaint), Orders(cell).Count()),
            "marketingSpend" => (Spend(cell), null),
            "cac" => Ratio(Spend(cell), People(cell).Count(c => FirstDay(c) is { } d && In(d, cell))),
            "cac(lag: 40)" => Ratio(Spend(cell, 40), People(cell).Count(c => FirstDay(c) is { } d && In(d, cell))),
            "cac(lag: 7, paidOnly: true)" => Ratio(
                Spend(cell, 7),
                People(cell).Count(c => FirstDay(c) is { } d && In(d, cell) && crm.CampaignSpend.Exists(s => s.Channel == c.AcquisitionChannel))),
            "campaignRevenue" => (Credited(cell, "LAST", 30).Sum(Worth), null),
            "campaignRevenue(attribution: FIRST, window: 90)" => (Credited(cell, "FIRST", 90).Sum(Worth), null),
            "campaignRevenue(attribution: LINEAR, window: 200)" => (Credited(cell, "LINEAR", 200).Sum(Worth), null),
            "campaignCustomers" => (Credited(cell, "LAST", 30).Where(c => c.Order is { Kind: OrderKind.Sale, Customer.IsGuest: false })
                .DistinctBy(c => c.Order.CustomerId).Count(), null),
            "returnOnSpend" => Ratio(Credited(cell, "LAST", 30).Sum(Worth) - Spend(cell), Spend(cell)),
            "winRate(by: AMOUNT)" => Closed(cell).TrueForAll(o => o.Amount is null)
                ? (null, NoValueReason.NoData)
                : Ratio(Won(cell).Sum(Deal), Closed(cell).Sum(Deal)),
            "winRate" => Ratio(Closed(cell).Count(o => o.Status == OpportunityStatus.Won), Closed(cell).Count),
            "conversionRate" => Converted(cell, 90),
            "conversionRate(within: 20)" => Converted(cell, 20),
            "conversionRate(view: EVENT, within: 400)" => Ratio(
                Won(cell).Count(o => o.ClosedDay <= o.Day.AddDays(400)), Opened(cell).Count),
            "opportunitiesOpened" => (Opened(cell).Count, null),
            "opportunitiesWon" => (Closed(cell).Count(o => o.Status == OpportunityStatus.Won), null),
            "opportunitiesLost" => (Closed(cell).Count(o => o.Status == OpportunityStatus.Lost), null),
            "wonAmount" => Estimated(Won(cell), o => o.Amount, o => o.ClosedDay!.Value),
            "lostAmount" => Estimated(Closed(cell).Except(Won(cell)), o => o.Amount, o => o.ClosedDay!.Value),
            "averageDealSize" => Ratio(
                Won(cell).Sum(Deal), Won(cell).Count(o => o.Amount is not null)),
            "salesCycleDays" => Quantile(Won(cell).Select(o => (decimal)(o.ClosedDay!.Value.DayNumber - o.Day.DayNumber)), 0.5m),
            "salesCycleDaysP90" => Quantile(Won(cell).Select(o => (decimal)(o.ClosedDay!.Value.DayNumber - o.Day.DayNumber)), 0.9m),
            "weightedPipeline" => Estimated(Open(cell), o => o.Amount * (decimal?)o.Probability / 100, o => o.Day),
            "openPipelineAge" => Quantile(Open(cell).Select(o => (decimal)(End(cell).DayNumber - o.Day.DayNumber)), 0.5m),
            "recurringRevenue" => Recurring(cell),
            "netRevenueRetention" => Renewed(cell, (start, end) => start > 0 ? end : 0),
            "grossRevenueRetention" => Renewed(cell, Math.Min),
            "contractChurnRate" => Ratio(
                Running(cell, cell.From.AddDays(-1)).Count(k => k.EndDay <= End(cell)), Running(cell, cell.From.AddDays(-1)).Count()),
            "contractLength" => Quantile(Lengths(cell), 0.5m),
            "expiringContracts" => (Running(cell, End(cell)).Count(k => k.EndDay <= End(cell).AddDays(90)), null),
            "expiringContracts(within: 200)" => (Running(cell, End(cell)).Count(k => k.EndDay <= End(cell).AddDays(200)), null),
            "openOpportunities" => (Open(cell).Count, null),
            "openPipeline" => Estimated(Open(cell), o => o.Amount, o => o.Day),
            _ => Survey(metric, cell) ?? Lifetime(metric, cell),
        };
    }

    /// <summary>Whether the caller may see facts of the kinds that the metric needs, of any time.</summary>
    private bool IsRecorded(string metric)
    {
        var (sales, purchases) = (crm.Orders.Exists(o => Sees(o.Customer!)), crm.Orders.Exists(o => o.Kind == OrderKind.Sale && Sees(o.Customer!))
            || crm.Contracts.Exists(k => Sees(k.Customer!)));
        return metric switch
        {
            "nps" or "npsResponses" or "promoters" or "passives" or "detractors" or "promoterShare" or "passiveShare" or "detractorShare"
                or "npsMeanScore" => crm.SurveyResponses.Exists(a => a.Kind == SurveyKind.Nps && Sees(a.Customer!)),
            "csat" or "csatResponses" or "csatMeanScore" => crm.SurveyResponses.Exists(a => a.Kind == SurveyKind.Csat && Sees(a.Customer!)),
            "tickets" or "openTickets" or "reopenRate" or "firstResponseTime" or "firstResponseTimeP90" or "resolutionTime" or "resolutionTimeP90"
                or "resolvedInTime" or "csatResponseRate"
                => crm.Tickets.Exists(t => Sees(t.Customer!)),
            "enquiries" => crm.Tickets.Exists(t => t.Kind == TicketKind.Enquiry && Sees(t.Customer!)),
            "complaints" => crm.Tickets.Exists(t => t.Kind == TicketKind.Complaint && Sees(t.Customer!)),
            "complaintRate" => sales && crm.Tickets.Exists(t => t.Kind == TicketKind.Complaint && Sees(t.Customer!)),
            "npsResponseRate" => sales && crm.SurveyResponses.Exists(a => a.Kind == SurveyKind.Nps && Sees(a.Customer!)),
            "paidAmount" or "payments" => crm.OrderPayments.Exists(p => Sees(crm.Customers.Single(c => c.Id == p.CustomerId))),
            "reportRuns" or "reportReaders" => crm.ReportRuns.Count > 0,
            "marketingSpend" => crm.CampaignSpend.Count > 0,
            "returnOnSpend" => sales && crm.CampaignSpend.Count > 0,
            "lifetimeValueToCac" => sales && purchases && crm.CampaignSpend.Count > 0,
            "cac" => purchases && crm.CampaignSpend.Count > 0,
            "conversionRate" or "opportunitiesOpened"
                or "winRate" or "opportunitiesWon" or "opportunitiesLost" or "openOpportunities" or "openPipeline" or "weightedPipeline" or "openPipelineAge"
                or "wonAmount" or "lostAmount" or "averageDealSize" or "salesCycleDays" or "salesCycleDaysP90"
                => crm.Opportunities.Exists(o => Sees(o.Customer!)),
            "recurringRevenue" or "netRevenueRetention" or "grossRevenueRetention" or "contractChurnRate" or "expiringContracts" or "contractLength"
                => crm.Contracts.Exists(k => Sees(k.Customer!)),
            "totalCustomers" or "customersAtStart" or "customersAtEnd" or "netCustomerGrowth"
                or "newCustomers" or "lostCustomers" or "reactivatedCustomers" or "customerGrowthRate" or "retentionRate"
                or "churnRate" => purchases,
            _ => sales,
        };
    }

    // Facts of a cell.

    private sealed record Amount(decimal Gross, decimal Returned, decimal Discount, string Currency, DateOnly Day, bool Known);

    private decimal Money(Cell cell, Func<Amount, decimal> of) => Amounts(cell).Sum(a => Convert(of(a), a.Currency, a.Day));

    private IEnumerable<Amount> Amounts(Cell cell) => _byLine
        ? Lines(cell).Select(l => new Amount(
            l.Kind == OrderKind.Sale ? l.Amount / 10_000m : 0, l.Kind == OrderKind.Return ? l.Amount / 10_000m : 0, l.Kind == OrderKind.Sale
                ? l.DiscountAmount / 10_000m
                : 0,
            l.Currency, l.Day, !l.Customer!.IsGuest))
        : Whole(cell).Select(
            o => new Amount(o.GrossAmount / 10_000m, o.ReturnedAmount / 10_000m, o.DiscountAmount / 10_000m, o.Currency, o.Day, !o.Customer!.IsGuest));

    private List<T> Once<T>(string what, Cell cell, Func<IEnumerable<T>> rows)
    {
        if (!_rows.TryGetValue((what, cell), out var found))
            _rows[(what, cell)] = found = rows().ToList();
        return (List<T>)found;
    }

    private List<Order> Whole(Cell cell) => Once("orders", cell, () => crm.Orders.Where(o => o.CancelledAt is null && InHour(o.Day, o.Hour, cell)
        && Counts(o.Customer!) && (Channel is null || Channel(o.Channel)) && Matches(cell, o.Customer!, o.Channel, o.OwnerId, o)));

    private List<OrderLine> Lines(Cell cell) => Once("lines", cell, () => crm.OrderLines.Where(l => l.CancelledAt is null && InHour(l.Day, l.Hour, cell)
        && Counts(l.Customer!) && (Channel is null || Channel(l.Channel)) && (Line is null || Line(l))
        && Matches(cell, l.Customer!, l.Channel, l.OwnerId, l)));

    private IEnumerable<Order> Orders(Cell cell) => _byLine
        ? Lines(cell).Where(l => l.Kind == OrderKind.Sale).Select(l => l.Order!).Distinct()
        : Whole(cell).Where(o => o.Kind == OrderKind.Sale);

    private int Buyers(Cell cell) => Orders(cell).Where(o => !o.Customer!.IsGuest).Select(o => o.CustomerId).Distinct().Count();

    private decimal Cost(Cell cell) => Signed(cell, l => l.CostAmount ?? 0);

    private decimal CostedRevenue(Cell cell) => Signed(cell, l => l.CostAmount is null ? 0 : l.Amount);

    private decimal Signed(Cell cell, Func<OrderLine, decimal> of) =>
        Lines(cell).Sum(l => Convert((l.Kind == OrderKind.Sale ? of(l) : -of(l)) / 10_000m, l.Currency, l.Day));

    private (decimal?, NoValueReason?) Costed(Cell cell, decimal value, decimal? per) =>
        Lines(cell).Any(l => l.Amount != 0) && Lines(cell).All(l => l.CostAmount is null) ? (null, NoValueReason.UnknownCost)
        : per is { } divisor ? Ratio(value, divisor) : (value, null);

    private IEnumerable<int> OrdersPerBuyer(Cell cell) => Orders(cell).Where(o => !o.Customer!.IsGuest).GroupBy(o => o.CustomerId).Select(g => g.Count());

    /// <summary>Orders that follow another one of their customer: which of his it is, and the days since the one before.</summary>
    private IEnumerable<(int Number, decimal Days)> Gaps(Cell cell) =>
        from order in Orders(cell)
        where !order.Customer!.IsGuest
        let all = order.Customer!.Orders.Where(o => o.Kind == OrderKind.Sale && o.CancelledAt is null).OrderBy(o => o.OrderedAt).ThenBy(o => o.Id).ToList()
        let place = all.IndexOf(order)
        where place > 0
        select (place + 1, (decimal)(order.Day.DayNumber - all[place - 1].Day.DayNumber));

    private IEnumerable<Ticket> Tickets(Cell cell) => AllTickets(cell).Where(t => InHour(t.Day, t.Hour, cell));

    private IEnumerable<decimal> Hours(Cell cell, Func<Ticket, DateTime?> moment, Func<Ticket, DateOnly?> day) =>
        from ticket in crm.Tickets
        where day(ticket) is { } d && In(d, cell) && IsAsked(cell, ticket, new Ended(ticket, d))
        select (decimal)(moment(ticket)!.Value - ticket.OpenedAt).Ticks / TimeSpan.TicksPerHour;

    private List<Ticket> Resolved(Cell cell) => Once("resolved", cell, () =>
        crm.Tickets.Where(t => t.ResolvedDay is { } d && In(d, cell) && IsAsked(cell, t, new Ended(t, d))));

    private List<Ticket> AllTickets(Cell cell) => Once("tickets", cell, () => crm.Tickets.Where(t => IsAsked(cell, t, t)));

    private bool IsAsked(Cell cell, Ticket t, object fact) => Counts(t.Customer!)
        && (Channel is null || Channel(t.Channel)) && Matches(cell, t.Customer!, t.Channel, t.AgentId, fact);

    /// <summary>A ticket on the day on which its customer had waited to the end.</summary>
    private sealed record Ended(Ticket Ticket, DateOnly Day);

    private List<Opportunity> Closed(Cell cell) => Once("closed", cell, () =>
        crm.Opportunities.Where(o => o.Status != OpportunityStatus.Open && o.ClosedDay is { } d && In(d, cell) && Counts(o.Customer!)
            && (Channel is null || Channel(o.Channel)) && Matches(cell, o.Customer!, o.Channel, o.OwnerId, o)));

    private List<Opportunity> Opened(Cell cell) => Once("opened", cell, () => crm.Opportunities.Where(o => In(o.Day, cell) && Counts(o.Customer!)
        && (Channel is null || Channel(o.Channel)) && Matches(cell, o.Customer!, o.Channel, o.OwnerId, new Begun(o, o.Day))));

    private (decimal?, NoValueReason?) Converted(Cell cell, int within)
    {
        var old = Opened(cell).Where(o => o.Day.AddDays(within) <= crm.Today).ToList();
        return Ratio(old.Count(o => o.Status == OpportunityStatus.Won && o.ClosedDay <= o.Day.AddDays(within)), old.Count);
    }

    /// <summary>An opportunity on the day on which it was opened.</summary>
    private sealed record Begun(Opportunity Opportunity, DateOnly Day);

    private decimal Deal(Opportunity o) => Convert((o.Amount ?? 0) / 10_000m, o.Currency, o.ClosedDay!.Value);

    private (decimal?, NoValueReason?) InTime(Cell cell, int hours)
    {
        var all = Hours(cell, t => t.ResolvedAt, t => t.ResolvedDay).ToList();
        return all.Count == 0 ? (null, NoValueReason.NoData) : Ratio(all.Count(h => h <= hours), all.Count);
    }

    private IEnumerable<ReportRun> Runs(Cell cell) =>
        crm.ReportRuns.Where(r => !r.IsOwn && In(r.Day, cell) && cell.Group.All(g => OfFact(g.Dimension, r) == g.Key));

    private IEnumerable<Opportunity> Won(Cell cell) => Closed(cell).Where(o => o.Status == OpportunityStatus.Won);

    private List<Opportunity> Open(Cell cell) => Once("open", cell, () =>
        crm.Opportunities.Where(o => o.Day < cell.Until && (o.Status == OpportunityStatus.Open || o.ClosedDay >= cell.Until)
            && Counts(o.Customer!) && (Channel is null || Channel(o.Channel)) && Matches(cell, o.Customer!, o.Channel, o.OwnerId, o)));

    private decimal Spend(Cell cell, int lag = 0) =>
        crm.CampaignSpend
            .Where(s => In(s.Day.AddDays(lag), cell) && (Channel is null || Channel(s.Channel)) && cell.Group.All(g => OfFact(g.Dimension, s) == g.Key))
            .Sum(s => Convert(s.Amount / 10_000m, s.Currency, s.Day));

    private List<Customer> People(Cell cell) => Once("people", cell, () =>
        crm.Customers.Where(c => !c.IsGuest && Counts(c) && Matches(cell, c, null, c.OwnerId)));

    private List<Customer> Opening(Cell cell) => [.. People(cell).Where(c => Active(c, cell.From.AddDays(-1)))];

    // Customers.

    private bool Sees(Customer c) => caller.Owners is null || (!c.IsGuest && c.OwnerId is { } o && caller.Owners.Contains(o));

    private bool Counts(Customer c) => Sees(c)
        && (Customer is null || (!c.IsGuest && Customer(c))) && (Segments.Count == 0 || (!c.IsGuest && Segments.Values.Any(s => s(c))));

    private bool Active(Customer c, DateOnly day)
    {
        if (!_active.TryGetValue((c.Id, day), out var active))
            _active[(c.Id, day)] = active = IsActive(c, day);
        return active;
    }

    private bool IsActive(Customer c, DateOnly day) =>
        Purchases(c).Any(d => d <= day && d > day.AddDays(-crm.Settings.ActivityDays))
            || c.Contracts.Exists(k => k.StartDay <= day && (k.EndDay is null || day < k.EndDay));

    private static IEnumerable<DateOnly> Purchases(Customer c) => c.Orders.Where(o => o.Kind == OrderKind.Sale && o.CancelledAt is null).Select(o => o.Day);

    private DateOnly? FirstDay(Customer c) => Life(c).First;

    /// <summary>The day on which a customer became one, and those up to today on which he was lost and came back.</summary>
    private (DateOnly? First, List<DateOnly> Lost, List<DateOnly> Back) Life(Customer c)
    {
        if (_lives.TryGetValue(c.Id, out var life))
            return life;
        var begun = Purchases(c).Concat(c.Contracts.Where(k => k.EndDay is null || k.EndDay > k.StartDay).Select(k => k.StartDay)).ToList();
        if (begun.Count == 0)
            return _lives[c.Id] = (null, [], []);
        var first = begun.Min();
        var after = Enumerable.Range(1, Math.Max(0, crm.Today.DayNumber - first.DayNumber)).Select(first.AddDays).ToList();
        return _lives[c.Id] = (
            first,
            after.FindAll(d => !Active(c, d) && Active(c, d.AddDays(-1))),
            after.FindAll(d => Active(c, d) && !Active(c, d.AddDays(-1))));
    }

    private bool Matches(Cell cell, Customer c, string? channel, Guid? owner, object? fact = null) => cell.Attributes.Count > 0
        ? Matches(cell with { Attributes = [], Group = [.. cell.Group.Where(g => !g.Dimension.IsOfAttribute())] }, c, channel, owner, fact)
            && cell.Group.Where(g => g.Dimension.IsOfAttribute()).Zip(cell.Attributes).All(g => Told(g.First.Dimension, g.Second, c, fact) == g.First.Key)
        : cell.Group.All(g => g.Dimension switch
    {
        MetricDimension.Region => c.Region == g.Key,
        MetricDimension.Country => c.Country == g.Key,
        MetricDimension.City => c.City == g.Key,
        MetricDimension.Channel => channel == g.Key,
        MetricDimension.Owner => owner?.ToString() == g.Key,
        MetricDimension.SalesTeam => crm.Members.Find(m => m.Id == owner)?.TeamId?.ToString() == g.Key,
        MetricDimension.Customer => (c.IsGuest ? null : c.Id.ToString()) == g.Key,
        MetricDimension.Industry => c.Industry == g.Key,
        MetricDimension.Occupation => c.Occupation == g.Key,
        MetricDimension.Tag => g.Key is { } tag ? c.Tags.Contains(tag) : c.Tags.Count == 0,
        MetricDimension.Interest => g.Key is { } interest ? c.Interests.Contains(interest) : c.Interests.Count == 0,
        MetricDimension.Cohort => (c.IsGuest || !Purchases(c).Any() ? null : Purchases(c).Min().ToString("yyyy-MM", CultureInfo.InvariantCulture)) == g.Key,
        MetricDimension.RfmGroup => (c.IsGuest || c.Scores?.RfmGroup is not { } group ? null : SnakeCase.Upper(group.ToString())) == g.Key,
        MetricDimension.Cluster => (c.IsGuest ? null : c.Scores?.Cluster?.ToString(CultureInfo.InvariantCulture)) == g.Key,
        MetricDimension.ProbabilityAlive => (c.IsGuest || c.Scores?.ProbabilityAlive is not { } alive
            ? null
            : ((decimal)alive / 1_000_000_000) switch { < 0.25m => "0-25", < 0.5m => "25-50", < 0.75m => "50-75", _ => "75-100" }) == g.Key,
        MetricDimension.ValueClass => (c.IsGuest ? null : c.Scores?.ValueClass?.ToString()) == g.Key,
        MetricDimension.Attribute => c.Attributes.Find(a => a.Key == Attribute)?.Value == g.Key,
        MetricDimension.AttributeBand => BandOf(c.Attributes.Find(a => a.Key == Attribute)?.Value, Bands) == g.Key,
        MetricDimension.Gender => string.Equals(c.Gender?.ToString(), g.Key, StringComparison.OrdinalIgnoreCase),
        MetricDimension.AgeBand => Band(c.BirthDate, cell.PeriodUntil.AddDays(-1)) == g.Key,
        MetricDimension.LifecycleStage => string.Equals(
            c.IsGuest ? null : c.LifecycleStage.ToString(),
            g.Key?.Replace("_", "", StringComparison.Ordinal),
            StringComparison.OrdinalIgnoreCase),
        MetricDimension.AcquisitionChannel => c.AcquisitionChannel == g.Key,
        MetricDimension.CustomerKind => string.Equals(c.IsGuest ? null : c.Kind.ToString(), g.Key, StringComparison.OrdinalIgnoreCase),
        MetricDimension.Segment => !c.IsGuest && Segments[Guid.Parse(g.Key!)](c),
        _ => OfFact(g.Dimension, fact!) == g.Key,
    });

    private string? OfFact(MetricDimension dimension, object fact) => (dimension, fact) switch
    {
        (not (MetricDimension.Weekday or MetricDimension.MonthOfYear), Ended e) => OfFact(dimension, e.Ticket),
        (not (MetricDimension.Weekday or MetricDimension.MonthOfYear), Begun b) => OfFact(dimension, b.Opportunity),
        (MetricDimension.Weekday, _) => When(fact).Day.DayOfWeek.ToString().ToUpperInvariant(),
        (MetricDimension.MonthOfYear, _) => When(fact).Day.Month.ToString(CultureInfo.InvariantCulture),
        (MetricDimension.HourOfDay, _) => When(fact).Hour.ToString(CultureInfo.InvariantCulture),
        (MetricDimension.Campaign, CreditedSale s) => s.Campaign.ToString(),
        (_, CreditedSale s) => OfFact(dimension, s.Order),
        (MetricDimension.Campaign, Order o) => o.CampaignId?.ToString(),
        (MetricDimension.Campaign, OrderLine l) => l.Order!.CampaignId?.ToString(),
        (MetricDimension.NewOrReturning, Order o) => Following(o),
        (MetricDimension.NewOrReturning, OrderLine l) => Following(l.Order!),
        (_, OrderLine l) when dimension.IsOfOrders() && dimension is not (MetricDimension.Currency or MetricDimension.Campaign) => OfOrder(dimension, l.Order!),
        (_, Order o) when dimension.IsOfOrders() && dimension is not (MetricDimension.Currency or MetricDimension.Campaign) => OfOrder(dimension, o),
        (MetricDimension.PaymentMethod, PaidOrder p) => p.Payment.Method,
        (_, PaidOrder p) => OfFact(dimension, p.Order),
        (MetricDimension.TicketAttribute, Ticket t) => t.Attributes.Find(a => a.Key == Attribute)?.Value,
        (MetricDimension.Currency, Order o) => o.Currency,
        (MetricDimension.Currency, OrderLine l) => l.Currency,
        (MetricDimension.Currency, Opportunity o) => o.Currency,
        (MetricDimension.Currency, CampaignSpend s) => s.Currency,
        (MetricDimension.ProductCategory, OrderLine l) => l.Product?.Category,
        (MetricDimension.Product, OrderLine l) => l.ProductId?.ToString(),
        (MetricDimension.ProductCategory, Opportunity o) => o.Product?.Category,
        (MetricDimension.Product, Opportunity o) => o.ProductId?.ToString(),
        (MetricDimension.Stage, Opportunity o) => o.Stage,
        (MetricDimension.LossReason, Opportunity o) => o.LossReason,
        (MetricDimension.SurveyQuestion, SurveyResponse a) => a.Question,
        (MetricDimension.TicketTopic, Ticket t) => t.Topic,
        (MetricDimension.TicketPriority, Ticket t) => t.Priority?.ToString().ToUpperInvariant(),
        (MetricDimension.TicketKind, Ticket t) => t.Kind.ToString().ToUpperInvariant(),
        (MetricDimension.Agent, Ticket t) => t.AgentId?.ToString(),
        (MetricDimension.Channel or MetricDimension.AcquisitionChannel, CampaignSpend s) => s.Channel,
        (MetricDimension.Campaign, CampaignSpend s) => s.CampaignId.ToString(),
        _ => throw new ArgumentException($"{fact} has no {dimension}."),
    };

    private static string? Following(Order order)
    {
        if (order.Customer!.IsGuest)
            return null;
        var sales = order.Customer.Orders.Where(o => o.Kind == OrderKind.Sale && o.CancelledAt is null && o.Id != order.Id).Select(o => (o.OrderedAt, o.Id));
        return sales.Any(s => s.CompareTo((order.OrderedAt, order.Id)) < 0) ? "RETURNING" : "NEW";
    }

    private static (DateOnly Day, int Hour) When(object fact) => fact switch
    {
        Order o => (o.Day, o.Hour),
        OrderLine l => (l.Day, l.Hour),
        Ticket t => (t.Day, t.Hour),
        Ended e => (e.Day, 0),
        Begun b => (b.Day, 0),
        SurveyResponse a => (a.Day, a.Hour),
        Opportunity o => (o.ClosedDay!.Value, 0),
        CampaignSpend s => (s.Day, 0),
        ReportRun r => (r.Day, 0),
        CreditedSale s => When(s.Order),
        PaidOrder p => When(p.Order),
        Contract k => (k.EndDay!.Value, 0),
        _ => throw new ArgumentException($"{fact} has no day."),
    };

    private static string? Band(DateOnly? birth, DateOnly on)
    {
        if (birth is not { } b)
            return null;
        var age = on.Year - b.Year - ((on.Month, on.Day).CompareTo((b.Month, b.Day)) < 0 ? 1 : 0);
        return age switch { < 18 => "0-17", < 25 => "18-24", < 35 => "25-34", < 45 => "35-44", < 55 => "45-54", < 65 => "55-64", _ => "65+" };
    }

    // Days and money.

    private DateOnly End(Cell cell) => cell.Until.AddDays(-1) > crm.Today ? crm.Today : cell.Until.AddDays(-1);

    private IEnumerable<DateOnly> Days(Cell cell)
    {
        for (var d = cell.From; d < cell.Until && d <= crm.Today; d = d.AddDays(1))
            yield return d;
    }

    private static bool In(DateOnly day, Cell cell) => day >= cell.From && day < cell.Until;

    private static bool InHour(DateOnly day, int hour, Cell cell) => In(day, cell) && (cell.Hour is null || cell.Hour == hour);

    private decimal Convert(decimal amount, string currency, DateOnly day)
    {
        var target = Currency ?? crm.Settings.Currency;
        return currency == target ? amount : amount * Rate(currency, day) / Rate(target, day);
    }

    private decimal Rate(string currency, DateOnly day)
    {
        if (currency == crm.Settings.Currency)
            return 1;
        if (!_rates.TryGetValue((currency, day), out var rate))
            _rates[(currency, day)] = rate = crm.ExchangeRates.Where(r => r.Currency == currency && r.Day <= day).MaxBy(r => r.Day)!.Rate / 100_000_000m;
        return rate;
    }

    /// <summary>A sum of those that have an amount; none when nobody has one.</summary>
    private (decimal?, NoValueReason?) Estimated(IEnumerable<Opportunity> deals, Func<Opportunity, decimal?> amount, Func<Opportunity, DateOnly> day)
    {
        var all = deals.ToList();
        return all.Count > 0 && all.TrueForAll(o => amount(o) is null)
            ? (null, NoValueReason.NoData)
            : (all.Sum(o => Convert((amount(o) ?? 0) / 10_000m, o.Currency, day(o))), null);
    }

    private static (decimal?, NoValueReason?) Quantile(IEnumerable<decimal> values, decimal part)
    {
        var sorted = values.Order().ToList();
        if (sorted.Count == 0)
            return (null, NoValueReason.NoData);
        var place = part * (sorted.Count - 1);
        var (low, high) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return (low + ((high - low) * (place % 1)), null);
    }

    private static (decimal?, NoValueReason?) Ratio(decimal numerator, decimal denominator)
        => denominator == 0 ? (null, NoValueReason.ZeroDenominator) : (numerator / denominator, null);
}
