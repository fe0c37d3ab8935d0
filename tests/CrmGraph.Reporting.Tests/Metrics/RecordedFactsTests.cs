using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Diagnostics;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>What was never recorded is no 0; and how many statements a table takes.</summary>
public sealed class RecordedFactsTests
{
    private static readonly DateTime Long = new(2024, 5, 6, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TeamMember Ann = new() { Id = Guid.CreateVersion7(), Name = "Ann" };
    private static readonly Caller OfAnn = new("Ann", Role.Representative, Ann.Id, [Ann.Id]);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_metric_of_facts_that_were_never_recorded_has_no_value_and_is_0_when_there_are_some_of_another_time(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        var (hers, other) = (Somebody(Ann.Id), Somebody(null));
        await database.SaveAsync(Ann, hers, other, OrderOf(hers, new(2026, 3, 10, 9, 0, 0, DateTimeKind.Utc)));
        const string query = "{ metrics(period: {toDate: MONTH}, compareTo: PREVIOUS_YEAR) { totals { orders { ...V } revenue { ...V } complaints { ...V } "
            + "complaintRate { ...V } enquiries { ...V } marketingSpend { ...V } cac { ...V } openPipeline { ...V } npsResponses { ...V } } } } fragment V on "
            + "MetricValue { value reason previous previousReason }";

        var before = await TotalsAsync(client, query, Caller.System);
        Assert.Equal("1 0", Text(before, "orders"));
        Assert.All(
            new[] { "complaints", "complaintRate", "enquiries", "marketingSpend", "cac", "openPipeline", "npsResponses" },
            m => Assert.Equal("NO_DATA NO_DATA", Text(before, m)));

        await database.SaveAsync(
            new Ticket
            {
                CustomerId = other.Id,
                Id = Guid.CreateVersion7(),
                Kind = TicketKind.Complaint,
                OpenedAt = Long,
                Day = DateOnly.FromDateTime(Long),
                Hour = Long.Hour
            },
            new SurveyResponse
            {
                CustomerId = other.Id,
                Id = Guid.CreateVersion7(),
                Kind = SurveyKind.Nps,
                ScaleMaximum = 10,
                Score = 9,
                AnsweredAt = Long,
                Day = DateOnly.FromDateTime(Long),
                Hour = Long.Hour
            });
        var campaign = new Campaign { Id = Guid.CreateVersion7(), Name = "Spring" };
        await database.SaveAsync(
            campaign,
            new CampaignSpend { CampaignId = campaign.Id, Day = DateOnly.FromDateTime(Long), Channel = "web", Amount = 1, Currency = "EUR" });

        var after = await TotalsAsync(client, query, Caller.System);
        Assert.Equal(("0 0", "0 ZERO_DENOMINATOR", "NO_DATA NO_DATA", "0 0", "0 ZERO_DENOMINATOR", "0 0"),
            (Text(after, "complaints"), Text(after, "complaintRate"), Text(after, "enquiries"), Text(after, "marketingSpend"), Text(after, "cac"), Text(
                after,
                "npsResponses")));
        // What others' customers said is nothing that she may know of.
        var seen = await TotalsAsync(client, query, OfAnn);
        Assert.Equal(
            ("1 0", "NO_DATA NO_DATA", "NO_DATA NO_DATA", "NOT_ALLOWED NOT_ALLOWED"),
            (Text(seen, "orders"), Text(seen, "complaints"), Text(seen, "npsResponses"), Text(seen, "cac")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_table_reads_the_settings_once_and_nothing_that_is_not_shown(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await SampleCrm.CreateAsync(database, 3);
        List<SlowOperation> told = [];
        // Without what a server keeps in memory, which spares it some of them the second time.
        await using var client = new GraphQLClient(database, new CrmLimits { Rollups = false }, add: s => s.AddSingleton(p => new RequestExecutor(
            p.GetRequiredService<Schema>(), new()
            {
                Limits = new() { SlowOperationMilliseconds = 1 },
                TimeProvider = new ManyMinutes(),
                OnSlowOperation = told.Add
            })));
        (string Query, int Statements)[] cases =
        [
            // The settings, with whether there are rates; the orders; the rates.
            ("{ metrics(period: {last: {count: 6, unit: MONTH}}) { totals { orders { value } } } }", 2),
            ("{ metrics(period: {last: {count: 6, unit: MONTH}}, grain: MONTH) { rows { orders { value } } } }", 2),
            ("{ metrics(period: {last: {count: 6, unit: MONTH}}) { totals { revenue { value } } } }", 3),
            // Buyers of each group alone, and of all together beside them.
            ("{ metrics(period: {last: {count: 6, unit: MONTH}}, groupBy: [CHANNEL]) { rows { activeCustomers { value } } } }", 2),
            ("{ metrics(period: {last: {count: 6, unit: MONTH}}, groupBy: [CHANNEL]) { rows { activeCustomers { value } } totals { activeCustomers "
                + "{ value } } } }", 3),
            ("{ a: metrics(period: {last: {count: 6, unit: MONTH}}) { totals { orders { value } } } b: metrics(period: {toDate: YEAR}) { totals { orders "
                + "{ value } } } }", 3),
        ];
        foreach (var (query, _) in cases)
            await client.DataAsync(query);
        Assert.Equal(cases.Select(c => c.Statements), told.Select(t => t.Statements));
    }

    /// <summary>A clock by which every operation is slow.</summary>
    private sealed class ManyMinutes : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => Interlocked.Add(ref _now, TimeSpan.TicksPerMinute);
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }

    private static Customer Somebody(Guid? owner)
        => new() { Id = Guid.CreateVersion7(), Name = "Somebody", OwnerId = owner, CreatedAt = Long, Day = DateOnly.FromDateTime(Long) };

    private static Order OrderOf(Customer customer, DateTime at) => new()
    {
        CustomerId = customer.Id, Id = Guid.CreateVersion7(), OrderedAt = at, Day = DateOnly.FromDateTime(at), Hour = at.Hour, Currency = "EUR",
        GrossAmount = 10_0000,
    };

    private static async Task<JsonElement> TotalsAsync(GraphQLClient client, string query, Caller caller) =>
        (await client.DataAsync(query, caller: caller)).GetProperty("metrics").GetProperty("totals");

    private static string Text(JsonElement totals, string metric)
    {
        var value = totals.GetProperty(metric);
        return $"{Shown("value", "reason")} {Shown("previous", "previousReason")}";

        string Shown(string number, string reason)
            => value.GetProperty(number) is { ValueKind: JsonValueKind.Number } n ? n.GetRawText() : value.GetProperty(reason).GetString()!;
    }
}
