using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Demo;
using CrmGraph.Reporting.Reports;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Reports;

/// <summary>The sentences of every template against its own figures, over the last twelve whole months of the demo company.</summary>
public sealed class TemplateSentenceTests(TemplateSentenceTests.Company company) : IClassFixture<TemplateSentenceTests.Company>
{
    public sealed class Company : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;
        public GraphQLClient Graph { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Database = TestDatabase.Create(DatabaseKind.Sqlite);
            await DemoCompany.SeedAsync(Database.Engine, 1_000, new DateTime(2026, 3, 16, 10, 0, 0, DateTimeKind.Utc));
            Graph = new GraphQLClient(Database);
        }

        public async Task DisposeAsync()
        {
            await Graph.DisposeAsync();
            await Database.DisposeAsync();
        }
    }

    public static TheoryData<int> Months => [.. Enumerable.Range(0, 12)];

    [Theory, MemberData(nameof(Months))]
    public async Task Monthly_customers(int month)
    {
        var told = (await AskAsync("monthly-customers", "What they tell us", month)).GetProperty("totals");
        var customers = (await AskAsync("monthly-customers", "Customers at a glance", month)).GetProperty("totals");
        var channels = await RowsAsync("monthly-customers", "Where new customers come from", month);
        var bought = (await AskAsync("monthly-customers", "What they bought", month)).GetProperty("totals");

        Near(Of(told, "retentionRate") + Of(told, "churnRate"), 1);
        Assert.InRange(Of(told, "nps"), -100, 100);
        Assert.InRange(Of(told, "csat"), 0, 100);
        Near(
            Of(customers, "customersAtEnd"),
            Of(customers, "customersAtEnd", "previous") + Of(customers, "newCustomers")
                + Of(customers, "reactivatedCustomers") - Of(customers, "lostCustomers"));
        Near(channels.Sum(c => Of(c, "newCustomers")), Of(customers, "newCustomers"));
        // All marketing spend divided by the new customers; 0 where nothing was spent.
        Near(Of(told, "cac") * Of(customers, "newCustomers"), await SpendAsync(month, null));
        foreach (var channel in channels.Where(c => Of(c, "newCustomers") > 0))
            Near(Of(channel, "cac") * Of(channel, "newCustomers"), Label(channel) is { } name ? await SpendAsync(month, name) : 0);
        Assert.True(Of(bought, "averageOrderValue") > 0 && Of(bought, "purchaseFrequency") >= 1);
    }

    [Theory, MemberData(nameof(Months))]
    public async Task Customer_growth(int month)
    {
        var growth = (await AskAsync("customer-growth", "Growth in figures", month)).GetProperty("totals");
        var channels = await RowsAsync("customer-growth", "Which channels bring customers", month);
        var ages = await RowsAsync("customer-growth", "Who they are", month);
        var regions = await RowsAsync("customer-growth", "Where they live", month);
        var trend = await RowsAsync("customer-growth", "Growth month by month", month);

        Near(Of(growth, "customerGrowthRate"), Of(growth, "customersAtEnd") / Of(growth, "customersAtEnd", "previous") - 1, 0.0001m);
        Assert.All(channels.Where(c => Of(c, "newCustomers") > 0), c => Near(Of(c, "cac") * Of(c, "newCustomers"), Of(c, "marketingSpend")));
        var arrived = trend.Sum(t => Of(t, "newCustomers"));
        Assert.All(new[] { channels, ages, regions }, rows => Near(rows.Sum(r => Of(r, "newCustomers")), arrived));
        AssertTop(regions, "newCustomers", 10);
        Assert.Contains(ages, a => Label(a) is null);
    }

    [Theory, MemberData(nameof(Months))]
    public async Task Sales_performance(int month)
    {
        var figures = (await AskAsync("sales-performance", "The month in figures", month)).GetProperty("totals");
        var trend = await RowsAsync("sales-performance", "Revenue month by month", month);
        var owners = await RowsAsync("sales-performance", "By owner", month);
        var channels = await RowsAsync("sales-performance", "By channel", month);
        var kinds = await RowsAsync("sales-performance", "By kind of product", month);
        var deals = (await AskAsync("sales-performance", "Still to be won", month)).GetProperty("totals");

        Near(Of(figures, "revenue"), Of(figures, "orders") * Of(figures, "averageOrderValue") - Of(figures, "returns"));
        Near(Of(trend[^1], "revenue"), Of(figures, "revenue"));
        Near(Of(trend[^2], "revenue"), Of(figures, "revenue", "previous"));
        var yearBefore = await AskAsync("sales-performance", "The month in figures", month - 12);
        Near(Of(trend[^1], "revenue", "previous"), Of(yearBefore.GetProperty("totals"), "revenue"));
        Assert.All(new[] { owners, channels, kinds }, rows => Near(rows.Sum(r => Of(r, "revenue")), Of(figures, "revenue"), 0.1m));
        AssertTop(owners, "revenue", 10);
        Near(kinds.Sum(k => Of(k, "returns")), Of(figures, "returns"), 0.1m);
        Near(Of(deals, "winRate") * (Of(deals, "opportunitiesWon") + Of(deals, "opportunitiesLost")), Of(deals, "opportunitiesWon"), 0.01m);
    }

    [Theory, MemberData(nameof(Months))]
    public async Task Satisfaction(int month)
    {
        var content = (await AskAsync("satisfaction", "Content or not", month)).GetProperty("totals");
        var scores = await RowsAsync("satisfaction", "Scores month by month", month);
        var complaints = await RowsAsync("satisfaction", "Complaints and enquiries", month);
        var channels = await RowsAsync("satisfaction", "By channel", month);
        var open = (await DataAsync("satisfaction", "Complaints still open", month)).GetProperty("tickets");
        await using var context = company.Database.CreateContext();
        var (from, until) = (First(month), First(month + 1));
        var answers = await context.SurveyResponses.Where(a => a.Day >= from && a.Day < until).Select(a => new { a.Kind, a.Score }).ToListAsync();
        var orders = await context.Orders.CountAsync(o => o.Kind == OrderKind.Sale && o.CancelledAt == null && o.Day >= from && o.Day < until);

        var (nps, csat) = (answers.FindAll(a => a.Kind == SurveyKind.Nps), answers.FindAll(a => a.Kind == SurveyKind.Csat));
        Near(Of(content, "nps"), 100m * (nps.Count(a => a.Score >= 9) - nps.Count(a => a.Score <= 6)) / nps.Count, 0.01m);
        Near(Of(content, "csat"), 100m * csat.Count(a => a.Score >= 4) / csat.Count, 0.01m);
        Assert.Equal((nps.Count, csat.Count), ((int)Of(content, "npsResponses"), (int)Of(content, "csatResponses")));
        Near(Of(scores[^1], "nps"), Of(content, "nps"));
        Assert.All(scores, s => Assert.True(Value(s, "nps") is not null || s.GetProperty("nps").GetProperty("reason").GetString() == "NO_DATA"));
        Near(Of(complaints[^1], "complaintRate") * orders, Of(complaints[^1], "complaints"), 0.1m);
        Assert.True(channels.Count(c => Of(c, "csatResponses") > 0) >= 2);
        Near(channels.Sum(c => Of(c, "complaints")), Of(complaints[^1], "complaints"));
        var opened = open.GetProperty("nodes").EnumerateArray().Select(t => t.GetProperty("openedAt").GetDateTime()).ToList();
        Assert.NotEmpty(opened);
        Assert.Equal(opened.Order(), opened);
        Assert.Equal(await context.Tickets.CountAsync(t => t.Kind == TicketKind.Complaint && t.ResolvedAt == null), open.GetProperty("totalCount").GetInt32());
    }

    /// <summary>Of the twelve months; those before have negative numbers.</summary>
    private static DateOnly First(int month) => new DateOnly(2025, 3, 1).AddMonths(month);

    private async Task<decimal> SpendAsync(int month, string? channel)
    {
        await using var context = company.Database.CreateContext();
        var (from, until) = (First(month), First(month + 1));
        return await context.CampaignSpend.Where(s => s.Day >= from && s.Day < until && (channel == null || s.Channel == channel)).SumAsync(s => s.Amount)
            / 10_000m;
    }

    private async Task<JsonElement> DataAsync(string template, string heading, int month)
    {
        var section = ReportTemplates.Load().Single(t => t.Key == template).Content.Sections.Single(s => s.Heading == heading);
        object Range(DateOnly from) => new { range = new { from = $"{from:yyyy-MM-dd}", until = $"{First(month + 1):yyyy-MM-dd}" } };
        var variables = new Dictionary<string, object>();
        foreach (var (name, period) in new[] { ("period", Range(First(month))), ("trend", Range(First(month).AddMonths(-3))) })
            if (section.Operation!.Contains($"${name}", StringComparison.Ordinal))
                variables[name] = period;
        return await company.Graph.DataAsync(section.Operation!, variables);
    }

    private async Task<JsonElement> AskAsync(string template, string heading, int month) => (await DataAsync(template, heading, month)).GetProperty("metrics");

    private async Task<List<JsonElement>> RowsAsync(string template, string heading, int month)
        => [.. (await AskAsync(template, heading, month)).GetProperty("rows").EnumerateArray()];

    private static decimal? Value(JsonElement row, string metric, string part = "value") =>
        row.GetProperty(metric).GetProperty(part) is { ValueKind: JsonValueKind.Number } number ? number.GetDecimal() : null;

    private static decimal Of(JsonElement row, string metric, string part = "value") => Value(row, metric, part) ?? 0;

    /// <summary>Null for the unknown and the others.</summary>
    private static string? Label(JsonElement row) =>
        row.GetProperty("dimensions")[0] is var dimension && dimension.GetProperty("kind").GetString() == "VALUE"
            ? dimension.GetProperty("label").GetString()
            : null;

    /// <summary>The greatest first, at most so many, and the rest behind them.</summary>
    private static void AssertTop(List<JsonElement> rows, string metric, int most)
    {
        var chosen = rows.Where(r => r.GetProperty("dimensions")[0].GetProperty("kind").GetString() != "OTHERS").ToList();
        Assert.InRange(chosen.Count, 1, most);
        Assert.Equal(chosen.Select(r => Of(r, metric)).OrderDescending(), chosen.Select(r => Of(r, metric)));
        Assert.True(rows.Count == chosen.Count || chosen.Count == most);
    }

    private static void Near(decimal found, decimal expected, decimal apart = 0.02m)
        => Assert.True(Math.Abs(found - expected) <= apart, $"{found} is not {expected}.");
}
