using CrmGraph.Reporting.Marketing;
using CrmGraph.Reporting.Sales;
using CrmGraph.Reporting.Team;

namespace CrmGraph.Reporting.Demo;

/// <summary>
/// A believable company, a tea trader in Shanghai with customers in four countries: growth, seasons, repeat buyers, churn, returns, discounts, sales
/// teams, service and marketing. Everything follows from the seed, the number of customers and the moment.
/// </summary>
/// <param name="asOf">UTC; nothing happens after it.</param>
internal sealed class CompanyGenerator(int customers, int months, DateTime asOf, TimeZoneInfo zone, int seed)
{
    public const string Zone = "Asia/Shanghai";
    public const string Currency = "CNY";

    // The customer base grows by about 40 % a year; 35 % of it was there before the first month.
    private const double GrowthPerYear = 0.4;
    private const double BaseShare = 0.35;

    private readonly IdSequence ids = new(asOf, seed);
    private readonly LocalClock clock = new(zone, asOf);

    public List<SalesTeam> Teams { get; } = [];
    public List<TeamMember> Members { get; } = [];
    public List<Campaign> Campaigns { get; } = [];
    public List<CampaignSpend> Spend { get; } = [];
    public List<ExchangeRate> Rates { get; } = [];
    public Catalogue Catalogue { get; private set; } = null!;

    private DateTime Start => clock.Now.Date.AddMonths(-months);

    /// <summary>Teams, members, products, rates and campaigns: what the customers' facts refer to.</summary>
    public void MakeReferences()
    {
        var draw = new Draw(seed);
        Catalogue = new Catalogue(ids);
        MakeTeams(draw);
        MakeRates(draw);
        MakeCampaigns(draw);
    }

    /// <summary>All customers with their facts, in batches of a size that a transaction holds well. Every batch is a COPY for each of its tables, a millisecond each.</summary>
    public IEnumerable<DemoBatch> MakeCustomers(int batchCustomers = 4_000)
    {
        var people = new CustomerMaker(ids, clock, [.. Members.Where(m => m.IsActive && m.ManagerId is not null)]);
        var sales = new SalesMaker(ids, clock, Catalogue);
        var service = new ServiceMaker(ids, clock, [.. Members.Where(m => m.TeamId == Teams[^1].Id)]);
        for (var first = 0; first < customers; first += batchCustomers)
        {
            var batch = new DemoBatch();
            for (var i = first; i < Math.Min(first + batchCustomers, customers); i++)
            {
                // A seed per customer: he stays the same when the number of customers changes.
                var draw = new Draw(unchecked(seed * 1_000_003 + i));
                var customer = people.Make(draw, i, Created(draw), batch);
                sales.Make(draw, customer, Start, batch);
                service.Make(draw, customer.Row, batch);
                CustomerMaker.MakeStages(customer, clock, batch);
            }
            yield return batch;
        }
    }

    private DateTime Created(Draw draw)
    {
        var now = clock.Now;
        if (draw.Chance(BaseShare))
            return Start.AddDays(-draw.Uniform() * 700).Date.AddHours(8 + draw.Uniform() * 14);
        // Inverse of the growing density over the months.
        var years = months / 12d;
        var share = Math.Log(1 + draw.Uniform() * (Math.Exp(GrowthPerYear * years) - 1)) / (GrowthPerYear * years);
        var day = Start.AddDays(share * (now - Start).TotalDays).Date.AddHours(8 + draw.Uniform() * 14);
        return day < now ? day : now.AddMinutes(-1 - draw.Below(600));
    }

    private void MakeTeams(Draw draw)
    {
        string[] names = ["华东销售 East Sales", "华北华南销售 North and South Sales", "Export Sales", "客户服务 Customer Service"];
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

    private TeamMember Member(Draw draw, SalesTeam team, TeamMember? manager)
    {
        var name = draw.Chance(0.6) ? draw.One(Names.ChineseFamily) + draw.One(Names.ChineseGiven) : $"{draw.One(Names.EnglishGiven)} {draw.One(Names.EnglishFamily)}";
        return new() { Id = ids.Next(), Name = name, Email = $"member{Members.Count + 1}@crm.example.com", TeamId = team.Id, ManagerId = manager?.Id };
    }

    private void MakeRates(Draw draw)
    {
        // A walk of about 0.3 % a day around the price list's rates, drawn back to them.
        foreach (var currency in new[] { "EUR", "USD" })
        {
            var normal = Catalogue.InYuan(currency);
            var rate = normal;
            for (var day = clock.Today.AddMonths(-months - 24); day <= clock.Today; day = day.AddDays(1))
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
            foreach (var channel in new[] { "Web", "Marketplace", "Social", "Partner" })
            {
                var end = quarter.AddMonths(3).AddDays(-1);
                var campaign = new Campaign { Id = ids.Next(), Name = $"{channel} {quarter.Year} Q{(quarter.Month + 2) / 3}", Channel = channel, StartDay = quarter, EndDay = end };
                Campaigns.Add(campaign);
                // About 90 yuan for each customer that a day brings.
                var daily = customers * 0.65 / (months * 30.4) * 90 / 4;
                for (var day = quarter < first ? first : quarter; day <= end && day <= clock.Today; day = day.AddDays(1))
                    Spend.Add(new CampaignSpend { CampaignId = campaign.Id, Day = day, Channel = channel, Amount = (long)(daily * (0.6 + 0.8 * draw.Uniform()) * 100) * 100, Currency = Currency });
            }
        }
    }
}
