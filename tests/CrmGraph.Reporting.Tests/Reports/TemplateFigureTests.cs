using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Reports;
using CrmGraph.Reporting.Tests.Analyses;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Reports;

/// <summary>The figures of the templates for analyses, products, marketing, service and the like against the rows of the demo company, over a year.</summary>
public sealed class TemplateFigureTests(TemplateSentenceTests.Company company) : IClassFixture<TemplateSentenceTests.Company>
{
    private static readonly DateOnly From = new(2025, 3, 1), Month = new(2026, 2, 1), Until = new(2026, 3, 1);

    [Fact]
    public async Task Customer_analysis()
    {
        var orders = await OrdersAsync();
        var known = orders.Where(o => o.Kind == OrderKind.Sale && IsKnown(o)).GroupBy(o => o.CustomerId).Select(g => g.Count()).ToList();
        var figures = (await AskAsync("customer-analysis", "How customers buy")).GetProperty("totals");
        Near(known.Count, figures, "buyers");
        Near(known.Count(n => n == 1), figures, "oneTimeBuyers");
        Near((decimal)known.Count(n => n > 1) / known.Count, figures, "repeatPurchaseRate");
        Near((decimal)known.Sum() / known.Count, figures, "purchaseFrequency");
        var sales = orders.Where(o => o.Kind == OrderKind.Sale).ToList();
        var money = await MoneyAsync();
        Near(sales.Sum(o => money(o.GrossAmount, o.Currency, o.Day)) / sales.Count, figures, "averageOrderValue");
        foreach (var heading in new[] { "Ages", "Age and gender", "Occupations" })
            Near(Revenue(orders, money), (await RowsAsync("customer-analysis", heading)).Sum(r => Of(r, "revenue")));
        Assert.True((await RowsAsync("customer-analysis", "Interests")).Sum(r => Of(r, "buyers")) >= known.Count);
        Near(sales.Count, (await RowsAsync("customer-analysis", "Days and hours")).Sum(r => Of(r, "orders")));
        Assert.All(await RowsAsync("customer-analysis", "Until they buy again"), r => Assert.True(Of(r, "daysBetweenOrders") > 0));
    }

    [Fact]
    public async Task Product_sales()
    {
        await using var db = company.Database.CreateContext();
        var lines = await db.OrderLines.AsNoTracking().Where(l => l.Day >= From && l.Day < Until && l.Order!.CancelledAt == null).Include(l => l.Product)
            .ToListAsync();
        var (sold, back) = (lines.FindAll(l => l.Kind == OrderKind.Sale), lines.FindAll(l => l.Kind == OrderKind.Return));
        var (inMonth, money) = (lines.FindAll(l => l.Day >= Month), await MoneyAsync());
        Near(Net(inMonth), (await AskAsync("product-sales", "The products in figures")).GetProperty("totals"), "revenue");
        Near(Net(inMonth), (await RowsAsync("product-sales", "Products that sell most")).Sum(r => Of(r, "revenue")));
        Near(Net(lines), (await RowsAsync("product-sales", "Kinds of products month by month")).Sum(r => Of(r, "revenue")));
        foreach (var row in await RowsAsync("product-sales", "What they earn"))
            if (Label(row) is { } kind)
                Near(
                    lines.Where(l => l.Product?.Category == kind && l.CostAmount is not null)
                        .Sum(l => (l.Kind == OrderKind.Sale ? 1 : -1) * money(l.Amount - l.CostAmount!.Value, l.Currency, l.Day)), row, "grossProfit");
        var returned = await RowsAsync("product-sales", "What comes back");
        Near(back.Sum(l => money(l.Amount, l.Currency, l.Day)), returned.Sum(r => Of(r, "returns")));
        foreach (var row in returned)
            if (Label(row) is { } kind)
                Near(
                    Of(row, "returns") / sold.Where(l => l.Product?.Category == kind).Sum(l => money(l.Amount, l.Currency, l.Day)), row, "returnRate");
        Near(sold.Sum(l => l.Quantity) / 10_000m, (await RowsAsync("product-sales", "Ordered by season")).Sum(r => Of(r, "unitsSold")));

        decimal Net(List<OrderLine> of) => of.Sum(l => money(l.Kind == OrderKind.Sale ? l.Amount : -l.Amount, l.Currency, l.Day));
    }

    [Fact]
    public async Task Marketing_effect()
    {
        await using var db = company.Database.CreateContext();
        var spend = await db.CampaignSpend.Where(s => s.Day >= From && s.Day < Until).SumAsync(s => s.Amount) / 10_000m;
        var figures = (await AskAsync("marketing-effect", "Spent and earned")).GetProperty("totals");
        Near(spend, figures, "marketingSpend");
        Near((Of(figures, "campaignRevenue") - spend) / spend, figures, "returnOnSpend");
        Near(spend / Of(figures, "newCustomers"), figures, "cac");
        var campaigns = await RowsAsync("marketing-effect", "Campaigns");
        Near(spend, campaigns.Sum(r => Of(r, "marketingSpend")));
        Near(Of(figures, "campaignRevenue"), campaigns.Sum(r => Of(r, "campaignRevenue")));
        // Each order that is credited at all is credited in full, to whichever campaigns.
        var credited = await RowsAsync("marketing-effect", "First, last or shared credit");
        foreach (var how in new[] { "first", "last", "shared" })
            Near(Of(figures, "campaignRevenue"), credited.Sum(r => Of(r, how)));
        Near(Of(figures, "newCustomers"), (await RowsAsync("marketing-effect", "Channels")).Sum(r => Of(r, "newCustomers")));
        Near(spend, (await RowsAsync("marketing-effect", "Spend and new customers month by month")).Sum(r => Of(r, "marketingSpend")));
    }

    [Fact]
    public async Task Products_by_group()
    {
        var revenue = Revenue(await OrdersAsync(), await MoneyAsync());
        Near(revenue, (await RowsAsync("products-by-group", "Kinds of products and ages")).Sum(r => Of(r, "revenue")));
        var pivot = await RowsAsync("products-by-group", "Kinds of products and gender");
        foreach (var level in new[] { 0, 1, 2 })
            Near(revenue, pivot.Where(r => r.GetProperty("level").GetInt32() == level).Sum(r => Of(r, "revenue")));
        var pairs = await RowsAsync("products-by-group", "Pairs that sell most");
        Near(revenue, pairs.Sum(r => Of(r, "revenue")));
        Assert.Equal(pairs.Take(10).Select(r => Of(r, "revenue")).OrderDescending(), pairs.Take(10).Select(r => Of(r, "revenue")));
        Near(revenue, (await RowsAsync("products-by-group", "New and returning customers")).Sum(r => Of(r, "revenue")));
    }

    [Fact]
    public async Task Customer_journey()
    {
        await using var db = company.Database.CreateContext();
        var customers = await db.Customers.CountAsync(c => !c.IsGuest);
        var counts = await db.Orders.Where(o => o.Kind == OrderKind.Sale && o.CancelledAt == null && !o.Customer!.IsGuest).GroupBy(o => o.CustomerId)
            .Select(g => g.Count()).ToListAsync();
        var stages = (await DataAsync("customer-journey", "Stages")).GetProperty("customerAggregates").List("groups");
        Assert.Equal(customers, stages.Sum(g => g.GetProperty("count").GetInt32()));
        var steps = (await DataAsync("customer-journey", "From the first contact to the second order")).GetProperty("funnel").List("steps");
        Assert.Equal([customers, counts.Count, counts.Count(n => n > 1)], steps.Select(s => s.GetProperty("reached").GetInt32()));
        var contacts = await RowsAsync("customer-journey", "Points of contact");
        Near((await OrdersAsync()).Count(o => o.Kind == OrderKind.Sale), contacts.Sum(r => Of(r, "orders")));
        Near(await db.Tickets.CountAsync(t => t.Day >= From && t.Day < Until), contacts.Sum(r => Of(r, "tickets")));
        var lives = await RowsAsync("customer-journey", "Coming, staying, leaving");
        var growth = (await company.Graph.DataAsync(
            "{ metrics(period: {range: {from: \"2025-03-01\", until: \"2026-03-01\"}}) { totals { netCustomerGrowth { value } } } }")).GetProperty("metrics");
        Near(
            Of(growth.GetProperty("totals"), "netCustomerGrowth"),
            lives.Sum(r => Of(r, "newCustomers") + Of(r, "reactivatedCustomers") - Of(r, "lostCustomers")));
        Assert.All(await RowsAsync("customer-journey", "How long each step takes"), r => Assert.True(Of(r, "resolutionTime") >= Of(r, "firstResponseTime")));
    }

    [Fact]
    public async Task Customer_segments_and_values()
    {
        await company.Graph.DataAsync("mutation { refreshCustomerScores(input: {}) { customerScoring { asOf } } }");
        await using var db = company.Database.CreateContext();
        var (orders, money) = (await OrdersAsync(), await MoneyAsync());
        var revenue = Revenue(orders, money);
        foreach (var (template, heading) in new[]
        {
            ("customer-segments", "Groups by recency, frequency and money"), ("customer-segments", "Natural groups"),
            ("customer-segments", "Likely to come back"), ("customer-value", "Classes of customers"), ("customer-value", "Top customers"),
            ("customer-value", "Value by region"),
        })
        {
            var rows = await RowsAsync(template, heading);
            Near(revenue, rows.Sum(r => Of(r, "revenue")));
            Assert.True(rows.Count(r => Label(r) is not null) > 1, heading);
        }

        var groups = (await DataAsync("customer-segments", "Customers of each group")).GetProperty("rfm").List("groups").ToList();
        Assert.Equal(await db.Customers.CountAsync(c => !c.IsGuest), groups.Sum(g => g.GetProperty("customers").GetInt32()));
        Assert.NotEmpty((await DataAsync("customer-segments", "Saved segments")).GetProperty("segments").List("nodes"));

        var top = await RowsAsync("customer-value", "Top customers");
        var best = orders.Where(IsKnown).GroupBy(o => o.CustomerId).Select(g => Revenue([.. g], money)).OrderDescending().Take(20);
        Assert.All(best.Zip(top), pair => Near(pair.First, pair.Second, "revenue"));
        var worth = await RowsAsync("customer-value", "What a customer is worth");
        Assert.All(worth.Where(r => Of(r, "cac") > 0), r => Near(Of(r, "customerLifetimeValue") / Of(r, "cac"), r, "lifetimeValueToCac"));
        var predicted = (await DataAsync("customer-value", "Worth most in the next year")).GetProperty("customers").List("nodes")
            .Select(c => c.Number("predictedValue")).ToList();
        Assert.Equal(predicted.OrderDescending(), predicted);
        Assert.True(predicted[0] > 0);
    }

    [Fact]
    public async Task Satisfaction_map()
    {
        await using var db = company.Database.CreateContext();
        var responses = await db.SurveyResponses.Where(a => a.Day >= From && a.Day < Until).Select(a => new { a.Kind, a.Score, a.Day }).ToListAsync();
        var (nps, csat) = (responses.FindAll(a => a.Kind == SurveyKind.Nps), responses.FindAll(a => a.Kind == SurveyKind.Csat));
        var regions = await RowsAsync("satisfaction-map", "Regions by satisfaction");
        Assert.Equal((nps.Count, csat.Count), ((int)regions.Sum(r => Of(r, "npsResponses")), (int)regions.Sum(r => Of(r, "csatResponses"))));
        Near(csat.Count(a => a.Score >= 4), regions.Sum(r => Of(r, "csat") * Of(r, "csatResponses") / 100));
        Assert.Contains(await RowsAsync("satisfaction-map", "Kinds of customers and channels"), r => Of(r, "csat") > 0);
        Assert.True((await RowsAsync("satisfaction-map", "The valuable and the others")).Sum(r => Of(r, "complaints")) > 0);
        var months = await RowsAsync("satisfaction-map", "Promoters and detractors");
        Assert.Equal(
            (nps.Count(a => a.Score >= 9), nps.Count(a => a.Score is 7 or 8), nps.Count(a => a.Score <= 6)),
            ((int)months.Sum(r => Of(r, "promoters")), (int)months.Sum(r => Of(r, "passives")), (int)months.Sum(r => Of(r, "detractors"))));
        var questions = await RowsAsync("satisfaction-map", "What was asked");
        Near(nps.Sum(a => a.Score), questions.Sum(r => Of(r, "npsMeanScore") * Of(r, "npsResponses")), 0.1m);
    }

    [Fact]
    public async Task Sales_funnel()
    {
        await using var db = company.Database.CreateContext();
        var all = await db.Opportunities.AsNoTracking().ToListAsync();
        var figures = (await AskAsync("sales-funnel", "The funnel in figures")).GetProperty("totals");
        Near(all.Count(o => o.Day >= From && o.Day < Until), figures, "opportunitiesOpened");
        var stages = await RowsAsync("sales-funnel", "Open now");
        Near(Of(figures, "openPipeline"), stages.Sum(r => Of(r, "openPipeline")));
        Near(Of(figures, "weightedPipeline"), stages.Sum(r => Of(r, "weightedPipeline")));
        var steps = (await DataAsync("sales-funnel", "Stage by stage")).GetProperty("funnel").List("steps").ToList();
        Assert.Equal(steps.Select(s => s.GetProperty("reached").GetInt32()).OrderDescending(), steps.Select(s => s.GetProperty("reached").GetInt32()));
        Assert.True(steps[^1].GetProperty("reached").GetInt32() > 0);
        var lost = await RowsAsync("sales-funnel", "Why they were lost");
        Near(
            all.Count(o => o.Status == OpportunityStatus.Lost && o.ClosedDay >= From && o.ClosedDay < Until), lost.Sum(r => Of(r, "opportunitiesLost")));
        Assert.NotEmpty(await RowsAsync("sales-funnel", "Won and lost by owner"));
        var open = (await DataAsync("sales-funnel", "To follow up")).GetProperty("opportunities");
        Assert.Equal(all.Count(o => o.Status == OpportunityStatus.Open), open.GetProperty("totalCount").GetInt32());
        var days = open.List("nodes").Select(o => o.Text("expectedCloseDay")).OfType<string>().ToList();
        Assert.Equal(days.Order(StringComparer.Ordinal), days);
    }

    [Fact]
    public async Task Service_report()
    {
        await using var db = company.Database.CreateContext();
        var tickets = await db.Tickets.AsNoTracking().Where(t => t.Day >= From && t.Day < Until).ToListAsync();
        var figures = (await AskAsync("service-report", "Service in figures")).GetProperty("totals");
        Near(tickets.Count(t => t.Day >= Month), figures, "tickets");
        var resolved = await db.Tickets.AsNoTracking().Where(t => t.ResolvedAt != null).ToListAsync();
        var hours = resolved.Where(t => DayOf(t.ResolvedAt!.Value) >= Month && DayOf(t.ResolvedAt.Value) < Until)
            .Select(t => (decimal)(t.ResolvedAt!.Value - t.OpenedAt).TotalHours).Order().ToList();
        Near((hours[(hours.Count - 1) / 2] + hours[hours.Count / 2]) / 2, figures, "resolutionTime");
        Near((decimal)hours.Count(h => h <= 48) / hours.Count, figures, "resolvedInTime");
        var volume = await RowsAsync("service-report", "Volume month by month");
        Near(tickets.Count, volume.Sum(r => Of(r, "enquiries") + Of(r, "complaints")));
        Assert.All(await RowsAsync("service-report", "How fast"), r => Assert.True(Of(r, "resolutionTimeP90") >= Of(r, "resolutionTime")));
        Near(tickets.Count, (await RowsAsync("service-report", "Agents")).Sum(r => Of(r, "tickets")));
        Near(tickets.Count, (await RowsAsync("service-report", "Topics")).Sum(r => Of(r, "enquiries") + Of(r, "complaints")));
        Near(tickets.Count, (await RowsAsync("service-report", "When they come")).Sum(r => Of(r, "tickets")));
    }

    private async Task<List<Order>> OrdersAsync()
    {
        await using var db = company.Database.CreateContext();
        return await db.Orders.AsNoTracking().Where(o => o.CancelledAt == null && o.Day >= From && o.Day < Until).ToListAsync();
    }

    // What is resolved is told by the moment; days are those of the company.
    private DateOnly DayOf(DateTime moment)
    {
        using var db = company.Database.CreateContext();
        var zone = TimeZoneInfo.FindSystemTimeZoneById(db.Settings.Single().ReportingZone);
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(moment, zone));
    }

    private static bool IsKnown(Order order) => order.CustomerId < Guests.First || order.CustomerId > Guests.Last;

    private static decimal Revenue(IReadOnlyList<Order> orders, Func<long, string, DateOnly, decimal> money) =>
        orders.Sum(o => money(o.GrossAmount - o.ReturnedAmount, o.Currency, o.Day));

    /// <summary>Amounts in the reporting currency, by the last rate known on the day.</summary>
    private async Task<Func<long, string, DateOnly, decimal>> MoneyAsync()
    {
        await using var db = company.Database.CreateContext();
        var (own, all) = ((await db.Settings.SingleAsync()).Currency, await db.ExchangeRates.AsNoTracking().ToListAsync());
        var rates = all.ToLookup(r => r.Currency);
        var known = new Dictionary<(string, DateOnly), decimal>();
        return (amount, currency, day) =>
        {
            if (currency == own)
                return FixedPoint.ToDecimal(amount);
            if (!known.TryGetValue((currency, day), out var rate))
                known[(currency, day)] = rate = FixedPoint.ToDecimal(rates[currency].Where(r => r.Day <= day).MaxBy(r => r.Day)!.Rate, 8);
            return FixedPoint.ToDecimal(amount) * rate;
        };
    }

    private async Task<JsonElement> DataAsync(string template, string heading)
    {
        var content = ReportTemplates.Load().Single(t => t.Key == template).Content;
        var section = content.Sections.Single(s => s.Heading == heading);
        var variables = content.Parameters.Where(p => section.Operation!.Contains($"${p.Name}", StringComparison.Ordinal))
            .ToDictionary(p => p.Name, object? (p) => p.Default);
        foreach (var (name, from) in new[] { ("period", Month), ("trend", From) })
            if (section.Operation!.Contains($"${name}", StringComparison.Ordinal))
                variables[name] = new { range = new { from = $"{from:yyyy-MM-dd}", until = $"{Until:yyyy-MM-dd}" } };
        return await company.Graph.DataAsync(section.Operation!, variables);
    }

    private async Task<JsonElement> AskAsync(string template, string heading) => (await DataAsync(template, heading)).GetProperty("metrics");

    private async Task<List<JsonElement>> RowsAsync(string template, string heading) => [.. (await AskAsync(template, heading)).List("rows")];

    private static decimal Of(JsonElement row, string metric) => row.GetProperty(metric).Number("value") ?? 0;

    private static string? Label(JsonElement row) =>
        row.List("dimensions").First() is var dimension && dimension.Text("kind") == "VALUE" ? dimension.Text("label") : null;

    private static void Near(decimal expected, JsonElement row, string metric) => Near(expected, Of(row, metric));

    private static void Near(decimal expected, decimal found, decimal apart = 0.02m) =>
        Assert.True(Math.Abs(found - expected) <= apart, $"{found} is not {expected}.");
}
