using System.Globalization;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Demo;
using CrmGraph.Reporting.Ingest;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Demo;

/// <summary>Asks the demo company what an analyst would ask first.</summary>
public sealed class DemoAnalystTests(DemoAnalystTests.Company company) : IClassFixture<DemoAnalystTests.Company>
{
    private static readonly DateTime AsOf = new(2026, 11, 17, 15, 0, 0, DateTimeKind.Utc);

    public sealed class Company : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Database = TestDatabase.Create(DatabaseKind.Sqlite, new ManualTimeProvider(AsOf));
            await DemoCompany.SeedAsync(Database.Engine, DemoCompany.DefaultCustomers, AsOf);
        }

        public async Task DisposeAsync() => await Database.DisposeAsync();
    }

    [Fact]
    public async Task Birthdays_are_spread_and_nobody_is_too_young()
    {
        await using var context = company.Database.CreateContext();

        var births = await context.Customers.Where(c => c.BirthDate != null).Select(c => c.BirthDate!.Value).ToListAsync();

        Assert.True(births.Count > 900);
        Assert.All(births.CountBy(b => b), day => Assert.InRange(day.Value, 1, 3));
        Assert.All(births.CountBy(b => b.Month), month => Assert.InRange(month.Value / (double)births.Count, 0.04, 0.13));
        Assert.All(births, b => Assert.InRange(DateOnly.FromDateTime(AsOf).DayNumber - b.DayNumber, 18 * 365, 91 * 366));
    }

    [Fact]
    public async Task Every_month_is_whole_and_sales_grow_with_seasons_and_weekdays()
    {
        await using var context = company.Database.CreateContext();

        var days = (await context.Orders.Where(o => o.Kind == OrderKind.Sale).Select(o => o.Day).ToListAsync()).CountBy(d => d).ToDictionary();

        var months = days.GroupBy(d => (d.Key.Year, d.Key.Month)).OrderBy(m => m.Key).ToList();
        Assert.Equal((2024, 11), months[0].Key);
        Assert.Equal(25, months.Count);
        Assert.All(months.SkipLast(1), m => Assert.True(m.Count() >= 20, $"{m.Key} has sales on {m.Count()} days only."));
        Assert.All(months.SkipLast(1), m => Assert.True(m.Min(d => d.Key.Day) <= 3 && m.Max(d => d.Key.Day) >= 26));
        int Sales(int year, params int[] of) => months.Where(m => m.Key.Year == year && of.Contains(m.Key.Month)).Sum(m => m.Sum(d => d.Value));
        Assert.True(Sales(2026, 1, 2, 3, 4, 5, 6) > 1.2 * Sales(2025, 1, 2, 3, 4, 5, 6));
        Assert.True(Sales(2025, 11, 12) > 1.2 * Sales(2026, 1, 2));
        int On(params DayOfWeek[] of) => days.Where(d => of.Contains(d.Key.DayOfWeek)).Sum(d => d.Value);
        Assert.True(On(DayOfWeek.Saturday, DayOfWeek.Sunday) > 1.1 * On(DayOfWeek.Monday, DayOfWeek.Tuesday));
    }

    [Fact]
    public async Task Mooncakes_are_sold_before_the_Mid_Autumn_festival_and_seasonal_tea_in_its_season()
    {
        await using var context = company.Database.CreateContext();

        var lines = await context.OrderLines.Where(l => l.Kind == OrderKind.Sale)
            .Join(context.Products, l => l.ProductId, p => p.Id, (l, p) => new { l.Day, p.Name })
            .ToListAsync();

        // The festival's days as calendars print them.
        DateOnly[] festivals = [new(2025, 10, 6), new(2026, 9, 25)];
        var cakes = lines.Where(l => l.Name.Contains("Mooncakes", StringComparison.Ordinal)).Select(l => l.Day).ToList();
        Assert.All(cakes, day => Assert.Contains(festivals, f => f.DayNumber - day.DayNumber is >= 0 and <= 40));
        Assert.All(festivals, f => Assert.Contains(cakes, day => day.Year == f.Year));
        Assert.All(lines.Where(l => l.Name.Contains("Iced tea", StringComparison.Ordinal)), l => Assert.InRange(l.Day.Month, 6, 8));
        Assert.All(
            lines.GroupBy(l => (l.Day.Year, l.Day.Month)),
            month => Assert.InRange(month.CountBy(l => l.Name).Max(p => p.Value), 1, 0.35 * month.Count()));
    }

    [Fact]
    public async Task Marketing_differs_by_channel_and_so_does_what_a_new_customer_costs()
    {
        await using var graph = new GraphQLClient(company.Database);

        var rows = (await graph.DataAsync("""
            { metrics(period: {range: {from: "2025-11-01", until: "2026-11-01"}}, groupBy: [ACQUISITION_CHANNEL]) { rows { acquisitionChannel newCustomers { value } marketingSpend { value reason } cac { value reason } } } }
            """)).GetProperty("metrics").GetProperty("rows").EnumerateArray().Where(
            r => r.GetProperty("acquisitionChannel").ValueKind == JsonValueKind.String).ToList();

        decimal? Of(JsonElement row, string metric)
            => row.GetProperty(metric).GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDecimal() : null;
        var paid = rows.Where(r => Of(r, "marketingSpend") > 0).ToList();
        Assert.Equal(["Marketplace", "Partner", "Social", "Web"], paid.Select(r => r.GetProperty("acquisitionChannel").GetString()).Order());
        Assert.All(paid, r => Assert.InRange(Of(r, "cac")!.Value, 4, 60));
        Assert.True(paid.Max(r => Of(r, "marketingSpend")) > 1.5m * paid.Min(r => Of(r, "marketingSpend")));
        Assert.True(paid.Max(r => Of(r, "cac")) > 2 * paid.Min(r => Of(r, "cac")));
    }

    [Fact]
    public async Task Some_complaints_are_open_some_were_slow_and_channels_differ()
    {
        await using var context = company.Database.CreateContext();

        var complaints = await context.Tickets.Where(t => t.Kind == TicketKind.Complaint)
            .Select(t => new { t.Channel, t.OpenedAt, t.FirstResponseAt, t.ResolvedAt })
            .ToListAsync();

        double Resolved(string? channel) => complaints.Where(c => channel is null || c.Channel == channel).Average(c => c.ResolvedAt is null ? 0 : 1d);
        Assert.InRange(Resolved(null), 0.7, 0.97);
        Assert.All(complaints.Select(c => c.Channel).Distinct(), c => Assert.InRange(Resolved(c), 0.7, 1));
        Assert.True(Resolved("Phone") > Resolved("WeChat"));
        var took = complaints.Where(c => c.ResolvedAt != null).Select(c => (c.ResolvedAt!.Value - c.OpenedAt).TotalDays).Order().ToList();
        Assert.InRange(took[took.Count / 2], 0.2, 3);
        Assert.InRange(took[^(took.Count / 50)], 7, 90);
        Assert.All(complaints, c => Assert.True(c.ResolvedAt is null || c.FirstResponseAt <= c.ResolvedAt));
    }

    [Fact]
    public async Task Every_order_has_a_number_of_its_own_and_so_have_those_of_the_living_company()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite, new ManualTimeProvider(AsOf));
        await DemoCompany.SeedAsync(database.Engine, 150, AsOf);
        await using var graph = new GraphQLClient(database);
        var living = new LivingCompany(
            graph.Services.GetRequiredService<IDbContextFactory<CrmDbContext>>(), graph.Services.GetRequiredService<CrmWriter>(),
            new ManualTimeProvider(AsOf), 5);
        await living.LoadAsync(default);
        await using var context = database.CreateContext();
        var before = await context.Orders.CountAsync();

        for (var i = 0; i < 60; i++)
            await living.HappenAsync(default);

        var orders = await context.Orders.AsNoTracking().Include(o => o.Lines).Include(o => o.Payments).Include(o => o.Customer).ToListAsync();
        Assert.True(orders.Count > before + 15);
        Assert.All(orders, o => Assert.Matches(@"^(SO|RE)-\d{6}-\d{4}$", o.Number));
        Assert.Equal(orders.Count, orders.DistinctBy(o => o.Number).Count());
        Assert.All(orders.GroupBy(o => o.CustomerId), mine => Assert.Single(mine.DistinctBy(o => o.Currency)));
        var alive = orders.Where(o => o.OrderedAt == AsOf && o is { Kind: OrderKind.Sale, Lines.Count: > 0 }).ToList();
        var campaigns = await context.Campaigns.ToDictionaryAsync(c => c.Id);
        Assert.InRange(alive.Count(o => o.CampaignId is not null), 3, alive.Count - 3);
        Assert.All(alive.Where(o => o.CampaignId is not null), o => Assert.Equal(o.Channel, campaigns[o.CampaignId!.Value].Channel));
        Assert.All(alive.Where(o => o.Payments.Count > 0), o => Assert.Equal(o.GrossAmount, o.Payments.Single().Amount));
        Assert.InRange(alive.Count(o => o.Payments.Count > 0), alive.Count * 4 / 5, alive.Count);
        Assert.DoesNotContain(
            orders.SelectMany(o => o.Lines),
            l => l.Day > new DateOnly(2026, 11, 1) && context.Products.Any(p => p.Id == l.ProductId && p.Name.Contains("Mooncakes")));
    }

    [Fact]
    public async Task Customers_are_numbered_as_they_came()
    {
        await using var context = company.Database.CreateContext();

        var days = await context.ExternalIds.OrderBy(e => e.Key).Join(context.Customers, e => e.Id, c => c.Id, (e, c) => c.Day).ToListAsync();

        Assert.Equal(DemoCompany.DefaultCustomers, days.Count);
        Assert.Equal(days.Order(), days);
    }

    [Fact]
    public async Task There_are_segments_of_both_kinds_with_members_and_none_holds_everybody()
    {
        await using var graph = new GraphQLClient(company.Database);
        await SavedDefinitions.RefreshAsync(graph.Services, default);

        var segments = (await graph.DataAsync("{ segments { nodes { key kind brokenReason memberCount } } }")).GetProperty("segments").GetProperty("nodes")
            .EnumerateArray()
            .ToList();

        Assert.True(segments.Count >= 5);
        Assert.Equal(
            [nameof(SegmentKind.Dynamic), nameof(SegmentKind.Static)],
            segments.Select(s => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(s.GetProperty("kind").GetString()!.ToLowerInvariant())).Distinct().Order());
        Assert.All(segments, s => Assert.Equal(JsonValueKind.Null, s.GetProperty("brokenReason").ValueKind));
        Assert.All(segments, s => Assert.InRange(s.GetProperty("memberCount").GetInt32(), 5, DemoCompany.DefaultCustomers / 3));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_second_company_stands_beside_the_first(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind, new ManualTimeProvider(AsOf));
        await DemoCompany.SeedAsync(database.Engine, 60, AsOf);

        await DemoCompany.SeedAsync(database.Engine, 60, AsOf, 7, null);

        await using var context = database.CreateContext();
        Assert.Equal((120, 14), (await context.Customers.CountAsync(c => !c.IsGuest), await context.Segments.CountAsync()));
    }
}
