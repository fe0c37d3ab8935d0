using System.Globalization;
using System.Text.RegularExpressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>One call with many records leaves what the same records leave that are written one after another.</summary>
public sealed class BulkEqualsSinglesTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static ExternalKey K(string key) => new("shop", key);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public Task Random_batches_of_every_kind_leave_what_their_records_leave_one_by_one(DatabaseKind kind) => Fuzz.RunAsync(kind == DatabaseKind.Sqlite
        ? 3
        : 1, async random =>
    {
        await using var bulk = await WriterFixture.CreateAsync(kind);
        await using var single = await WriterFixture.CreateAsync(kind);
        for (var step = 0; step < 10; step++)
        {
            bulk.Database.Clock.Advance(TimeSpan.FromMinutes(1));
            single.Database.Clock.Advance(TimeSpan.FromMinutes(1));
            var batch = Batch(random, step);
            var together = await bulk.Writer.WriteAsync(batch, new WriteOptions { WholeOrders = true });
            Assert.Equal(await OneByOneAsync(single, batch), Statuses(together));
        }

        var (expected, actual) = (await ContentsAsync(single), await ContentsAsync(bulk));
        Assert.True(
            expected.SequenceEqual(actual),
            $"Only one by one:\n{string.Join('\n', expected.Except(actual))}\nOnly together:\n{string.Join('\n', actual.Except(expected))}");
    });

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_new_fact_that_comes_twice_with_two_customers_is_the_seconds_and_can_be_written_again(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await crm.WriteAsync(b => b.Customers.AddRange([new() { Key = K("X") }, new() { Key = K("Y") }]));
        var outcome = await crm.WriteAsync(b => b.AddFacts("X").AddFacts("Y"));
        Assert.Empty(outcome.Refusals);
        var again = await crm.WriteAsync(b => b.AddFacts(null));
        Assert.Empty(again.Refusals);
        var y = await crm.ReadAsync(c => c.Customers.Where(x => x.Name == "Y").Select(x => x.Id).SingleAsync());
        Assert.All(await crm.ReadAsync(c => c.ExternalIds.Where(x => x.Entity != ExternalEntity.Customer).ToListAsync()), x => Assert.Equal(y, x.CustomerId));
        Assert.Equal([y], await crm.ReadAsync(c => c.OpportunityStages.Select(s => s.CustomerId).Distinct().ToListAsync()));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_fact_whose_outside_id_was_left_with_another_customer_is_written_and_mended(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await crm.WriteAsync(b => b.Customers.AddRange([new() { Key = K("X") }, new() { Key = K("Y") }]));
        await crm.WriteAsync(b => b.AddFacts("Y"));
        await using (var context = await crm.Contexts.CreateDbContextAsync())
        {
            var x = await context.Customers.Where(c => c.Name == "X").Select(c => c.Id).SingleAsync();
            await context.ExternalIds.Where(e => e.Entity != ExternalEntity.Customer).ExecuteUpdateAsync(e => e.SetProperty(k => k.CustomerId, x));
        }

        Assert.Empty((await crm.WriteAsync(b => b.AddFacts(null))).Refusals);
        var y = await crm.ReadAsync(c => c.Customers.Where(x => x.Name == "Y").Select(x => x.Id).SingleAsync());
        Assert.All(await crm.ReadAsync(c => c.ExternalIds.Where(e => e.Entity != ExternalEntity.Customer).ToListAsync()), e => Assert.Equal(y, e.CustomerId));
    }

    private static IngestBatch Batch(Random random, int step)
    {
        var batch = new IngestBatch();
        for (var i = random.Next(1, 30); i >= 0; i--)
            Add(batch, random, step == 0 ? 0 : random.Next(8));
        for (var i = random.Next(1, 12); i >= 0; i--)
            AddReference(batch, random);
        return batch;
    }

    private static void AddReference(IngestBatch b, Random random)
    {
        var (day, mode) = (DateOnly.FromDateTime(Start).AddDays(random.Next(9)), Mode(random));
        var (key, text) = (K("R" + random.Next(4)), Text(random));
        Optional<RowRef> other = random.Next(3) switch
        {
            0 => default,
            1 => new Optional<RowRef>(RowRef.None),
            _ => new Optional<RowRef>(K("R" + random.Next(4)))
        };
        switch (random.Next(6))
        {
            case 0:
                b.SalesTeams.Add(new() { Key = key, Mode = mode, Name = text });
                break;
            case 1:
                // A manager may come after those whom he manages: members of one call are one team.
                b.TeamMembers.Add(new() { Key = key, Mode = mode, Name = text, Team = other, IsActive = random.Next(3) > 0 });
                break;
            case 2:
                b.Products.Add(new()
                {
                    Key = random.Next(3) == 0 ? default : key,
                    Mode = mode,
                    Sku = random.Next(2) == 0 ? default : new Optional<string?>("S" + random.Next(3)),
                    Name = text,
                    Category = text
                });
                break;
            case 3:
                b.Campaigns.Add(new()
                {
                    Key = key,
                    Mode = mode,
                    Name = text,
                    Channel = text,
                    StartDay = day,
                    EndDay = random.Next(2) == 0 ? default : day.AddDays(random.Next(-2, 4))
                });
                break;
            case 4:
                b.CampaignSpend.Add(new()
                {
                    Mode = mode,
                    Campaign = key,
                    Day = day,
                    Channel = text.Value,
                    Amount = random.Next(9),
                    Currency = random.Next(2) == 0 ? null : "USD"
                });
                break;
            default:
                b.ExchangeRates.Add(new() { Mode = mode, Day = day, Currency = random.Next(2) == 0 ? "USD" : "GBP", Rate = random.Next(4) });
                break;
        }
    }

    private static WriteMode Mode(Random random)
        => random.Next(5) switch { 0 => WriteMode.KeepExisting, 1 => WriteMode.FillMissing, 2 => WriteMode.UpdateOnly, _ => WriteMode.Upsert };

    private static Optional<string?> Text(Random random) => random.Next(3) == 0 ? default : new Optional<string?>("T" + random.Next(4));

    private static void Add(IngestBatch b, Random random, int kind)
    {
        var at = Start.AddHours(random.Next(24 * 90));
        var key = K("F" + random.Next(6));
        Optional<RowRef> customer = random.Next(4) switch
        {
            0 => default,
            1 => new Optional<RowRef>(RowRef.None),
            _ => new Optional<RowRef>(K("C" + random.Next(7)))
        };
        var (mode, text) = (Mode(random), Text(random));
        switch (kind)
        {
            case 0:
                b.Customers.Add(new()
                {
                    Key = K("C" + random.Next(5)), Mode = mode, City = text, LifecycleStage = random.Next(2) == 0
                        ? default
                        : (LifecycleStage)random.Next(4), Attributes = [new("a", text.Value)],
                    LifecycleStageSince = random.Next(3) == 0 ? at : null, AddTags = [text.Value ?? "t"], AcquisitionChannel = text,
                });
                break;
            case 1:
                b.Interactions.Add(new() { Key = key, Mode = mode, Customer = customer, OccurredAt = at, Subject = text });
                break;
            case 2:
                b.Tickets.Add(new()
                {
                    Key = key, Mode = mode, Customer = customer, OpenedAt = at, Subject = text, Csat = random.Next(7), Attributes = [new(
                        "a",
                        text.Value)], Priority = random.Next(3) == 0 ? (TicketPriority)random.Next(4) : default(Optional<TicketPriority?>),
                    ReopenedAt = random.Next(2) == 0 ? at.AddDays(random.Next(-1, 5)) : default(Optional<DateTime?>), ResolvedAt = random.Next(2) == 0
                        ? at.AddDays(random.Next(5))
                        : default(Optional<DateTime?>),
                });
                break;
            case 3:
                b.SurveyResponses.Add(
                    new()
                    {
                        Key = key, Mode = mode, Customer = customer, AnsweredAt = at, SurveyKind = SurveyKind.Nps, Score = random.Next(12),
                        Comment = text
                    });
                break;
            case 4:
                b.Opportunities.Add(new()
                {
                    Key = key, Mode = mode, Customer = customer, OpenedAt = at, Name = text, Stage = random.Next(3) == 0
                        ? default
                        : new Optional<string>("S" + random.Next(3)),
                    Stages = [new("S" + random.Next(3), at.AddDays(random.Next(9)))], Status = (OpportunityStatus)random.Next(3),
                    Product = random.Next(3) == 0 ? new Optional<RowRef>(K("R" + random.Next(4))) : default,
                });
                break;
            case 5:
                b.Contracts.Add(new() { Key = key, Mode = mode, Customer = customer, StartDay = DateOnly.FromDateTime(at), Plan = text });
                break;
            default:
                b.Orders.Add(Order(random, key, mode, customer, at, text));
                break;
        }
    }

    private static OrderRecord Order(Random random, ExternalKey key, WriteMode mode, Optional<RowRef> customer, DateTime at, Optional<string?> text)
    {
        var adds = random.Next(3) == 0;
        var lines = Enumerable.Range(0, random.Next(4)).Select(i => new LineRecord
        {
            Key = random.Next(2) == 0 ? default : K($"{key.Key}/{random.Next(8)}"), Product = random.Next(3) == 0
                ? K("R" + random.Next(4))
                : default(RowRef), UnitPrice = random.Next(-1, 20), Quantity = random.Next(-1, 3), Origin = i,
        });
        var payments = Enumerable.Range(0, random.Next(4))
            .Select(_ => new PaymentEntry(Start.AddDays(random.Next(2)), random.Next(-2, 3), text.Value, random.Next(2) == 0 ? null : "P" + random.Next(3)));
        return new()
        {
            Key = key, Mode = random.Next(3) == 0 ? mode : default, Payments = random.Next(3) == 0 ? null : [.. payments], PaymentsAreComplete = random.Next(
                3) == 0, Customer = customer, OrderedAt = at, Channel = text, ShippingCity = text, Attributes = [new("a", text.Value)], AddsLines = adds,
            LinesAreComplete = !adds && random.Next(2) == 0,
            Amount = random.Next(3) == 0 ? random.Next(-20, 20) : null, Lines = random.Next(3) == 0 ? null : [.. lines],
        };
    }

    /// <summary>In the order in which a batch applies its kinds.</summary>
    private static async Task<List<string>> OneByOneAsync(WriterFixture crm, IngestBatch batch)
    {
        var results = new List<string>();
        async Task WriteAsync<T>(List<T> records, Func<IngestBatch, List<T>> list, RecordKind kind)
        {
            foreach (var record in records)
                results.Add(Shown((await crm.WriteAsync(b => list(b).Add(record), new WriteOptions { WholeOrders = true })).Results(kind).Single(), kind));
        }

        await WriteAsync(batch.SalesTeams, b => b.SalesTeams, RecordKind.SalesTeam);
        await WriteAsync(batch.TeamMembers, b => b.TeamMembers, RecordKind.TeamMember);
        await WriteAsync(batch.Products, b => b.Products, RecordKind.Product);
        await WriteAsync(batch.Campaigns, b => b.Campaigns, RecordKind.Campaign);
        await WriteAsync(batch.CampaignSpend, b => b.CampaignSpend, RecordKind.CampaignSpend);
        await WriteAsync(batch.ExchangeRates, b => b.ExchangeRates, RecordKind.ExchangeRate);
        await WriteAsync(batch.Customers, b => b.Customers, RecordKind.Customer);
        await WriteAsync(batch.Orders, b => b.Orders, RecordKind.Order);
        await WriteAsync(batch.Interactions, b => b.Interactions, RecordKind.Interaction);
        await WriteAsync(batch.Tickets, b => b.Tickets, RecordKind.Ticket);
        await WriteAsync(batch.SurveyResponses, b => b.SurveyResponses, RecordKind.SurveyResponse);
        await WriteAsync(batch.Opportunities, b => b.Opportunities, RecordKind.Opportunity);
        await WriteAsync(batch.Contracts, b => b.Contracts, RecordKind.Contract);
        return results;
    }

    private static List<string> Statuses(IngestOutcome outcome) =>
        [.. Enum.GetValues<RecordKind>().Where(k => k != RecordKind.OrderLine).SelectMany(k => outcome.Results(k).Select(r => Shown(r, k)))];

    private static string Shown(RecordResult result, RecordKind kind) => $"{kind} {result.Status} {result.Refusal?.Code} {result.Refusal?.Message}";

    /// <summary>
    /// Everything that is stored, with outside ids in the place of ours, but not when it was changed last: what one call changes and changes back was not changed.
    /// </summary>
    private static async Task<List<string>> ContentsAsync(WriterFixture crm)
    {
        var names = (await crm.ReadAsync(c => c.ExternalIds.ToListAsync())).ToDictionary(x => x.Id, x => $"{x.Entity}:{x.Key}");
        for (var i = 0; i < Guests.Count; i++)
            names[Guests.IdOf(i)] = "guest" + i.ToString(CultureInfo.InvariantCulture);
        var text = Regex.Replace(
            await DatabaseContents.OfAsync(crm, except: "updated_at"),
            "[0-9A-F]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
            id => names.GetValueOrDefault(Guid.Parse(id.Value), "#"));
        return [.. text.Split('\n').Order(StringComparer.Ordinal)];
    }
}

internal static class FactBatches
{
    /// <summary>A fact of each kind, with a line and a stage.</summary>
    public static IngestBatch AddFacts(this IngestBatch b, string? customer)
    {
        var (key, at) = (new ExternalKey("shop", "F"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Optional<RowRef> whose = customer is null ? default : new Optional<RowRef>(RowRef.Of("shop", customer));
        b.Orders.Add(new() { Key = key, Customer = whose, OrderedAt = at, Lines = [new() { Key = key, UnitPrice = 5 }, new() { UnitPrice = 6 }] });
        b.Interactions.Add(new() { Key = key, Customer = whose, OccurredAt = at });
        b.Tickets.Add(new() { Key = key, Customer = whose, OpenedAt = at });
        b.SurveyResponses.Add(new() { Key = key, Customer = whose, AnsweredAt = at, SurveyKind = SurveyKind.Nps, Score = 9 });
        b.Opportunities.Add(new() { Key = key, Customer = whose, OpenedAt = at, Stage = "Offer", Stages = [new("Talk", at)] });
        b.Contracts.Add(new() { Key = key, Customer = whose, StartDay = new DateOnly(2026, 1, 1) });
        return b;
    }
}
