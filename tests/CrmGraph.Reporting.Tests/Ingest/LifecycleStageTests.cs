using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

public sealed class LifecycleStageTests
{
    private static readonly DateTime Day = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static ExternalKey K(string key) => new("shop", key);

    private static CustomerRecord Record(LifecycleStage? stage, int? since, WriteMode mode = WriteMode.Upsert) => new()
    {
        Key = K("C"), Name = "Ada", Mode = mode, LifecycleStage = stage is { } s
            ? new Optional<LifecycleStage>(s)
            : default, LifecycleStageSince = since is { } day ? Day.AddDays(day) : null,
        CreatedAt = Day.AddDays(50),
    };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_stage_that_is_said_to_be_older_than_the_present_one_is_refused_and_nothing_is_lost(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await crm.WriteAsync(b => b.Customers.Add(Record(LifecycleStage.Lead, 10)));
        await crm.WriteAsync(b => b.Customers.Add(Record(LifecycleStage.Opportunity, 20)));
        foreach (var (stage, since) in new[] {
            (LifecycleStage.Customer, 15),
            (LifecycleStage.Customer, 5),
            (LifecycleStage.Opportunity, 10),
            (LifecycleStage.Opportunity, 1) })
            Assert.Equal(
                [(RefusalCodes.Inconsistent, "lifecycleStageSince")],
                (await crm.WriteAsync(b => b.Customers.Add(Record(stage, since)))).Refusals.Select(r => (r.Code, r.Field)));
        Assert.Equal("Lead 10-20 Opportunity 20-", await StagesAsync(crm));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_present_stage_moves_between_its_neighbours_and_the_first_one_that_nobody_dated_gives_way(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        foreach (var (stage, since, expected) in new (LifecycleStage?, int?, string)[]
        {
            (LifecycleStage.Lead, null, "Lead 50-"), (LifecycleStage.Customer, 40, "Customer 40-"), (LifecycleStage.Customer, 30, "Customer 30-"),
            (LifecycleStage.Customer, 30, "Customer 30-"),
            (LifecycleStage.Former, 60, "Customer 30-60 Former 60-"), (null, 55, "Customer 30-55 Former 55-"),
            (LifecycleStage.Former, 58, "Customer 30-58 Former 58-"),
            (LifecycleStage.Lead, 58, "Customer 30-58 Lead 58-"),
        })
        {
            crm.Database.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Empty((await crm.WriteAsync(b => b.Customers.Add(Record(stage, since)))).Refusals);
            Assert.Equal(expected, await StagesAsync(crm));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public Task Whatever_is_written_and_merged_a_history_has_one_open_stage_and_no_overlap(DatabaseKind kind) => Fuzz.RunAsync(kind == DatabaseKind.Sqlite
        ? 2
        : 1, async random =>
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        for (var step = 0; step < 30; step++)
        {
            crm.Database.Clock.Advance(TimeSpan.FromHours(random.Next(3)));
            await crm.WriteAsync(b =>
            {
                for (var i = random.Next(3); i >= 0; i--)
                    b.Customers.Add(new()
                    {
                        Key = K("C" + random.Next(4)), LifecycleStage = random.Next(3) == 0
                            ? default
                            : (LifecycleStage)random.Next(5), Mode = (WriteMode)random.Next(3),
                        LifecycleStageSince = random.Next(2) == 0 ? null : Day.AddDays(random.Next(400)), CreatedAt = random.Next(4) == 0
                            ? Day.AddDays(random.Next(100))
                            : default(Optional<DateTime>),
                    });
            });
            var ids = await crm.ReadAsync(c => c.Customers.Select(x => x.Id).ToListAsync());
            if (ids.Count > 3 && random.Next(9) == 0)
                await crm.Customers.MergeAsync(ids[0], ids[1], Caller.System);
            foreach (var customer in await crm.ReadAsync(c => c.Customers.Include(x => x.Stages).ToListAsync()))
            {
                var stages = customer.Stages.OrderBy(s => s.From).ToList();
                Assert.Equal(customer.LifecycleStage, stages[^1].Stage);
                Assert.Null(stages[^1].To);
                Assert.All(stages.Zip(stages.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
            }
        }
    });

    private static async Task<string> StagesAsync(WriterFixture crm)
    {
        static string Of(DateTime? at) => at is { } moment ? $"{(moment - Day).TotalDays}" : "";
        return string.Join(
            ' ',
            (await crm.ReadAsync(c => c.CustomerStages.ToListAsync())).OrderBy(s => s.From).Select(s => $"{s.Stage} {Of(s.From)}-{Of(s.To)}"));
    }
}
