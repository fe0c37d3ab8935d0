using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>
/// A believable company, a tea trader in Hamburg with customers in four countries, China most of all: growth since its first day, seasons, repeat buyers,
/// churn, returns, discounts, sales teams, service, marketing and segments. Everything follows from the seed, the number of customers and the moment.
/// </summary>
/// <param name="asOf">UTC; nothing happens after it.</param>
/// <param name="suffix">Of names that are unique in a database: other than those of the companies that it has.</param>
internal sealed class CompanyGenerator(int customers, int months, DateTime asOf, TimeZoneInfo zone, int seed, string suffix = "")
{
    public const string Zone = "Europe/Berlin";
    public const string Currency = "EUR";

    // How much faster new customers come after a year.
    private const double GrowthPerYear = 0.4;

    // What a customer who becomes known costs at first, in euros, and how that changes in a year. The store and the phone are not advertised.
    private static readonly (string Channel, double NewCustomer, double Dearer)[] Budgets
        = [("Web", 11, 1.05), ("Marketplace", 7, 1.1), ("Social", 15, 1.3), ("Partner", 24, 0.9)];

    private readonly IdSequence ids = new(asOf, seed);
    private readonly LocalClock clock = new(zone, asOf);

    public List<SalesTeam> Teams { get; } = [];
    public List<TeamMember> Members { get; } = [];
    public List<Campaign> Campaigns { get; } = [];
    public List<CampaignSpend> Spend { get; } = [];
    public List<ExchangeRate> Rates { get; } = [];
    public List<Goal> Goals { get; } = [];
    public List<Annotation> Annotations { get; } = [];
    public List<ReportRun> ReportRuns { get; } = [];
    public DemoSegments Segments { get; private set; } = null!;
    public Catalogue Catalogue { get; private set; } = null!;

    /// <summary>The first day of a month, on which the company opened.</summary>
    private DateTime Start => new DateTime(clock.Now.Year, clock.Now.Month, 1).AddMonths(-months);

    /// <summary>Teams, members, products, rates, campaigns and segments: what the customers' facts refer to.</summary>
    public void MakeReferences()
    {
        var draw = new Draw(seed);
        Catalogue = new Catalogue(ids);
        MakeTeams(draw);
        MakeRates(draw);
        MakeCampaigns(draw);
        Segments = new DemoSegments(ids, clock, suffix);
        Goals.AddRange(DemoPlans.Goals(ids, clock.Today, NewCustomersOn(months / 12d), Members[0].Id));
        Annotations.AddRange(DemoPlans.Annotations(ids, DateOnly.FromDateTime(Start), clock.Today));
        // Draws and ids of their own: the customers stay who they were. At most sixty people read, however large the company.
        var aside = unchecked(seed * 31 + 11);
        ReportRuns.AddRange(DemoReports.Runs(new IdSequence(asOf, aside), new Draw(aside), clock, Start, [.. Members.Take(60)]));
    }

    /// <summary>All customers with their facts, in batches of a size that a transaction holds well. Every batch is a COPY for each of its tables, a millisecond each.</summary>
    public IEnumerable<DemoBatch> MakeCustomers(int batchCustomers = 4_000)
    {
        var people = new CustomerMaker(ids, clock, Owners(), "demo" + suffix);
        var sales = new SalesMaker(ids, clock, Catalogue);
        var service = new ServiceMaker(ids, clock, [.. Members.Where(m => m.TeamId == Teams[^1].Id)]);
        var days = ArrivalDays();
        for (var first = 0; first < customers; first += batchCustomers)
        {
            var batch = new DemoBatch();
            for (var i = first; i < Math.Min(first + batchCustomers, customers); i++)
            {
                var draw = new Draw(unchecked(seed * 1_000_003 + i));
                var customer = people.Make(draw, i, days[i], batch);
                sales.Make(draw, customer, batch);
                service.Make(draw, customer.Row, batch);
                CustomerMaker.MakeStages(customer, clock, batch);
                Segments.Join(draw, customer, batch);
            }
            yield return batch;
        }
    }

    /// <summary>The days on which customers become known, one after the other.</summary>
    private DateTime[] ArrivalDays()
    {
        var draw = new Draw(unchecked(seed * 31 + 7));
        var growth = GrowthPerYear * months / 12;
        var length = (clock.Now - Start).TotalDays;
        var days = new DateTime[customers];
        for (var i = 0; i < days.Length; i++)
            do
                // Inverse of the growing density over the months.
                days[i] = Start.AddDays(Math.Log(1 + draw.Uniform() * (Math.Exp(growth) - 1)) / growth * length).Date;
            while (!PurchaseModel.IsIn(draw, days[i]));
        Array.Sort(days);
        return days;
    }

    private void MakeTeams(Draw draw)
    {
        string[] names = ["Europe Sales", "中国销售 China Sales", "America Sales", "客户服务 Customer Service"];
        Teams.AddRange(names.Select(n => new SalesTeam { Id = ids.Next(), Name = n }));
        var perTeam = Math.Clamp(customers / 600, 3, 60);
        foreach (var team in Teams)
        {
            var manager = Member(draw, team, null);
            Members.Add(manager);
            for (var i = 0; i < perTeam; i++)
                Members.Add(Member(draw, team, manager));
        }
        // One who left: his sales stay his.
        Members[^2].IsActive = false;
    }

    private ILookup<string, TeamMember> Owners() => (
        from place in Names.Places.DistinctBy(p => p.Country)
        let team = Teams[place.Currency switch { "CNY" => 1, "USD" => 2, _ => 0 }]
        from member in Members
        where member.TeamId == team.Id && member.IsActive && member.ManagerId is not null
        select (place.Country, member)).ToLookup(x => x.Country, x => x.member);

    private TeamMember Member(Draw draw, SalesTeam team, TeamMember? manager)
    {
        var name = draw.Chance(0.6)
            ? draw.One(Names.ChineseFamily) + draw.One(Names.ChineseGiven)
            : $"{draw.One(Names.EnglishGiven)} {draw.One(Names.EnglishFamily)}";
        return new() { Id = ids.Next(), Name = name, Email = $"member{Members.Count + 1}@crm.example.com", TeamId = team.Id, ManagerId = manager?.Id };
    }

    private void MakeRates(Draw draw)
    {
        // A walk of about 0.3 % a day around the price list's rates, drawn back to them.
        foreach (var currency in Catalogue.ForeignCurrencies)
        {
            var normal = Catalogue.InEuros(currency);
            var rate = normal;
            for (var day = DateOnly.FromDateTime(Start).AddMonths(-24); day <= clock.Today; day = day.AddDays(1))
            {
                rate += (normal - rate) * 0.01 + normal * 0.003 * draw.Normal();
                Rates.Add(new ExchangeRate { Currency = currency, Day = day, Rate = (long)(rate * 100_000_000) });
            }
        }
    }

    private void MakeCampaigns(Draw draw)
    {
        var first = DateOnly.FromDateTime(Start);
        for (var quarter = new DateOnly(first.Year, (first.Month - 1) / 3 * 3 + 1, 1); quarter <= clock.Today; quarter = quarter.AddMonths(3))
        {
            foreach (var (channel, newCustomer, dearer) in Budgets)
            {
                var end = quarter.AddMonths(3).AddDays(-1);
                var campaign = new Campaign
                {
                    Id = ids.Next(),
                    Name = $"{channel} {quarter.Year} Q{(quarter.Month + 2) / 3}",
                    Channel = channel,
                    StartDay = quarter,
                    EndDay = end
                };
                Campaigns.Add(campaign);
                for (var day = quarter < first ? first : quarter; day <= end && day <= clock.Today; day = day.AddDays(1))
                {
                    var years = (day.DayNumber - first.DayNumber) / 365.25;
                    var euros = NewCustomersOn(years) * Names.ChannelShare(channel) * newCustomer * Math.Pow(dearer, years) * (0.7 + 0.6 * draw.Uniform());
                    Spend.Add(
                        new CampaignSpend { CampaignId = campaign.Id, Day = day, Channel = channel, Amount = (long)(euros * 100) * 100, Currency = Currency });
                }
            }
        }
    }

    private double NewCustomersOn(double years)
    {
        var growth = GrowthPerYear * months / 12;
        return customers * GrowthPerYear * Math.Exp(GrowthPerYear * years) / (Math.Exp(growth) - 1) / 365.25;
    }
}
