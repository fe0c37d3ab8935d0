using System.Globalization;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;
using Xunit.Abstractions;

namespace CrmGraph.Reporting.Tests.Metrics.Rollups;

/// <summary>
/// What a server adds up day by day in its memory is what the database says, after any change by whomever. <c>CRMGRAPH_ROLLUPS="SEED STEPS"</c> looks further
/// than every run can.
/// </summary>
public sealed class DailySumsTests(ITestOutputHelper output)
{
    private static readonly string[] Questions =
    [
        "nps { value } csat { value } npsResponses { value } promoterShare { value }", "tickets { value } complaints { value } complaintRate { value }",
        "unitsSold { value } grossProfit { value } unitsPerOrder { value }", "revenue { value } orders { value } discountRate { value }",
        "marketingSpend { value }", "paidAmount { value } payments { value }",
    ];

    private static readonly string[] Groupings = ["", "CHANNEL", "OWNER", "CHANNEL, REGION", "PRODUCT_CATEGORY", "WEEKDAY, CHANNEL", "TICKET_TOPIC"];

    private static readonly string[] Grains = ["", "grain: DAY", "grain: WEEK", "grain: MONTH"];

    private static readonly string[] Filters = ["", "", "where: {channel: {in: [\"web\", \"store\", \"email\"]}}", "where: {knownCustomersOnly: true}"];

    private static List<int>? Further => Environment.GetEnvironmentVariable("CRMGRAPH_ROLLUPS")?.Split(' ')
        .Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToList();

    public static TheoryData<DatabaseKind, int, int> Cases =>
        Further is [var seed, var steps]
            ? new() { { DatabaseKind.Sqlite, seed, steps }, { DatabaseKind.Postgres, seed, steps } }
            : new() { { DatabaseKind.Sqlite, 1, 20 }, { DatabaseKind.Postgres, 2, 20 } };

    [Theory, MemberData(nameof(Cases))]
    public async Task Sums_from_memory_are_those_of_the_facts_after_any_changes(DatabaseKind kind, int seed, int steps)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var random = new Random(seed);
        var crm = await SampleCrm.CreateAsync(database, seed, new SampleSizes { SmallGroupMinimum = 0, Days = 60 });
        await using var memory = new GraphQLClient(database, new CrmLimits { DailySumRows = 0 });
        await using var facts = new GraphQLClient(database, new CrmLimits { Rollups = false });
        var (changes, keeper, answered) = (new RandomChanges(database, random), new RollupKeeper(database.Engine), 0);
        var owner = crm.Members[0].Id;
        Caller[] callers = [Caller.System, new("analyst", Role.Analyst, null, null), new("rep", Role.Representative, owner, [owner])];
        // Few questions, of many periods: only what is asked again comes from memory.
        var asked = Questions.Select(metrics => (
            Metrics: metrics, Grouping: One(random, Groupings), Grain: One(random, Grains), Filter: One(random, Filters),
            Caller: One(random, callers))).ToList();
        for (var step = 0; step < steps; step++)
        {
            for (var i = random.Next(3); i > 0; i--)
                await ChangeAsync(database, crm, changes, random);
            if (random.Next(4) == 0)
                await keeper.StepAsync(CancellationToken.None);
            foreach (var (metrics, grouping, grain, filter, caller) in asked)
            {
                var from = crm.Today.AddDays(-random.Next(2, 60));
                var range = string.Create(CultureInfo.InvariantCulture, $"from: \"{from:yyyy-MM-dd}\", until: \"{crm.Today.AddDays(1):yyyy-MM-dd}\"");
                string[] arguments =
                [
                    $"period: {{range: {{{range}}}}}", grain, grouping.Length == 0 ? "" : $"groupBy: [{grouping}]", filter,
                ];
                var question = $"{{ metrics({string.Join(", ", arguments.Where(a => a.Length > 0))}) {{ rows {{ key {metrics} }} totals {{ {metrics} }} }} }}";
                var (a, b) = (await facts.SendAsync(question, null, caller), await memory.SendAsync(question, null, caller));
                Assert.True(
                    a.GetRawText() == b.GetRawText(),
                    $"step {step}, {caller.Role}: {question}\n{a}\n{b}\n{string.Join('\n', memory.Errors.Select(e => e.Exception))}");
                answered += a.TryGetProperty("errors", out _) ? 0 : 1;
            }
        }

        output.WriteLine($"{answered} answers");
        Assert.True(answered > steps);
    }

    /// <summary>Changes of what the questions are about, as other programs make them.</summary>
    private static async Task ChangeAsync(TestDatabase database, SampleCrm crm, RandomChanges changes, Random random)
    {
        await using var db = database.CreateContext();
        var response = One(random, crm.SurveyResponses);
        var (ticket, line, product) = (One(random, crm.Tickets), One(random, crm.Orders.SelectMany(o => o.Lines).ToList()), One(random, crm.Products));
        var (channel, day) = (One<string?>(random, "web", "store", null), crm.Today.AddDays(-random.Next(50)));
        var moment = TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(new TimeOnly(12, 0)), crm.Zone);
        var responses = db.SurveyResponses.Where(r => r.Id == response.Id);
        var tickets = db.Tickets.Where(t => t.Id == ticket.Id);
        _ = random.Next(11) switch
        {
            0 => await responses.ExecuteUpdateAsync(s => s.SetProperty(r => r.Score, 1).SetProperty(r => r.Channel, channel)),
            1 => await responses.ExecuteUpdateAsync(s => s.SetProperty(r => r.AnsweredAt, moment).SetProperty(r => r.Day, day).SetProperty(r => r.Hour, 12)),
            2 => await responses.ExecuteDeleteAsync(),
            3 => await tickets.ExecuteUpdateAsync(s => s.SetProperty(t => t.Topic, channel).SetProperty(t => t.Kind, TicketKind.Complaint)),
            4 => await tickets.ExecuteUpdateAsync(s => s.SetProperty(t => t.OpenedAt, moment).SetProperty(t => t.Day, day).SetProperty(t => t.Hour, 12)),
            5 => await db.OrderLines.Where(l => l.Id == line.Id).ExecuteUpdateAsync(s => s.SetProperty(l => l.Quantity, 70_000)),
            6 => await db.Products.Where(p => p.Id == product.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Category, channel)),
            7 => await db.CampaignSpend.Take(1).ExecuteDeleteAsync(),
            8 => await db.OrderPayments.Take(1).ExecuteDeleteAsync(),
            _ => await MakeAsync(),
        };

        async Task<int> MakeAsync()
        {
            await changes.MakeAsync();
            return 1;
        }
    }

    private static T One<T>(Random random, params IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
