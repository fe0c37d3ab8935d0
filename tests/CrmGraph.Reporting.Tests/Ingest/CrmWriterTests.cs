using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

public sealed class CrmWriterTests
{
    private static readonly DateTime Noon = new(2026, 3, 4, 12, 0, 0, DateTimeKind.Utc);
    private static ExternalKey K(string key) => new("shop", key);

    private static OrderRecord Order(string key, RowRef customer, params LineRecord[] lines) =>
        new() { Key = K(key), Customer = customer, OrderedAt = Noon, Currency = "EUR", Lines = lines };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_order_with_lines_is_written_with_totals_and_repeats_day_and_currency(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var outcome = await crm.WriteAsync(b =>
        {
            b.Products.Add(new() { Key = K("P1"), Name = "Pen" });
            b.Customers.Add(new() { Key = K("C1"), Name = "Ada", AcquisitionChannel = "web", Email = "ada@example.com" });
            b.Orders.Add(Order("O1", K("C1"),
                new LineRecord { Product = K("P1"), Quantity = 3, UnitPrice = 1.115m, Discount = 0.5m, Cost = 2 },
                new LineRecord { Product = K("P1"), Quantity = -1, UnitPrice = 1.115m }));
        });
        Assert.Empty(outcome.Refusals);
        var order = await crm.ReadAsync(c => c.Orders.Include(o => o.Lines).SingleAsync());
        Assert.Equal((28450L, 11150L, 5000L, 20000L), (order.GrossAmount, order.ReturnedAmount, order.DiscountAmount, order.CostAmount));
        Assert.Equal((OrderKind.Sale, "web", new DateOnly(2026, 3, 4), 12), (order.Kind, order.Channel, order.Day, order.Hour));
        Assert.Equal(
            [(OrderKind.Sale, 28450L, "EUR"), (OrderKind.Return, 11150L, "EUR")],
            order.Lines.OrderBy(l => l.Kind).Select(l => (l.Kind, l.Amount, l.Currency)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Amounts_of_which_a_few_would_overflow_every_sum_are_refused(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        const decimal Most = 100_000_000_000m;
        var outcome = await crm.WriteAsync(b =>
        {
            b.Customers.Add(new() { Key = K("C1"), Name = "Ada" });
            b.Orders.Add(new() { Key = K("1"), OrderedAt = Noon, Currency = "EUR", Amount = Most });
            b.Orders.Add(new() { Key = K("2"), OrderedAt = Noon, Currency = "EUR", Amount = Most + 0.01m });
            b.Orders.Add(Order("3", K("C1"), new LineRecord { Quantity = 10_000, UnitPrice = Most / 1000 }));
            b.Orders.Add(Order("4", K("C1"), [.. Enumerable.Range(0, 5).Select(i => new LineRecord { Key = K($"L{i}"), Amount = Most })]));
            b.Opportunities.Add(
                new() { Key = K("5"), Customer = RowRef.Of(K("C1")), Name = "Deal", Stage = "new", OpenedAt = Noon, Currency = "EUR", Amount = Most * 2 });
        });
        // Of the third order its only line and the order itself.
        Assert.Equal(5, outcome.Refusals.Count(r => r.Code == RefusalCodes.OutOfRange));
        Assert.Equal(
            [4_000_000_000_000_000, 1_000_000_000_000_000],
            await crm.ReadAsync(c => c.Orders.OrderByDescending(o => o.GrossAmount).Select(o => o.GrossAmount).ToListAsync()));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Writing_the_same_again_changes_nothing_and_tells_nobody(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var notices = 0;
        crm.Hub.Subscribe(_ => notices++);
        async Task<IngestOutcome> Write() => await crm.WriteAsync(Everything, new WriteOptions { ContentIds = new ContentIds() });
        await Write();
        var before = await DatabaseContents.OfAsync(crm);
        crm.Database.Clock.Advance(TimeSpan.FromHours(1));
        var again = await Write();
        Assert.Equal(before, await DatabaseContents.OfAsync(crm));
        Assert.Equal(1, notices);
        foreach (var record in Enum.GetValues<RecordKind>())
            Assert.True(again.Count(record).Unchanged == again.Count(record).Total && again.Count(record).Total > 0, record.ToString());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Amounts_that_are_left_out_keep_their_values_and_null_empties_them(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        async Task<(long? Opportunity, long? Contract)> WriteAsync(Optional<decimal?> amount)
        {
            await crm.WriteAsync(b =>
            {
                b.Customers.Add(new() { Key = K("C1"), Name = "Ada" });
                b.Opportunities.Add(new() { Key = K("D1"), Customer = RowRef.Of(K("C1")), Stage = "Offer", OpenedAt = Noon, Amount = amount });
                b.Contracts.Add(new() { Key = K("K1"), Customer = RowRef.Of(K("C1")), StartDay = new DateOnly(2026, 1, 1), MonthlyAmount = amount });
            });
            return (await crm.ReadAsync(c => c.Opportunities.Select(o => o.Amount).SingleAsync()), await crm.ReadAsync(
                c => c.Contracts.Select(k => k.MonthlyAmount).SingleAsync()));
        }

        Assert.Equal((55_000, 55_000), await WriteAsync(5.5m));
        Assert.Equal((55_000, 55_000), await WriteAsync(default));
        Assert.Equal((null, null), await WriteAsync((decimal?)null));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Entries_into_stages_may_come_in_any_order_and_the_last_one_known_is_the_stage(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        async Task<WriteStatus> WriteAsync(Optional<string> stage, params (string Stage, int Day)[] entries)
        {
            var record = new OpportunityRecord
            {
                Key = K("D1"),
                Stage = stage,
                OpenedAt = Noon,
                Stages = [.. entries.Select(e => new StageEntry(e.Stage, Noon.AddDays(e.Day)))]
            };
            return (await crm.WriteAsync(b => b.Opportunities.Add(record))).Results(RecordKind.Opportunity).Single().Status;
        }

        Task<string> StageAsync() => crm.ReadAsync(c => c.Opportunities.Select(o => o.Stage).SingleAsync());

        await WriteAsync("Contact");
        foreach (var (stage, day, now) in new[] { ("Contract", 3, "Contract"), ("Offer", 1, "Contract"), ("Talk", 2, "Contract"), ("Signing", 4, "Signing") })
        {
            Assert.Equal(WriteStatus.Updated, await WriteAsync(default, (stage, day)));
            Assert.Equal(now, await StageAsync());
        }

        Assert.Equal(WriteStatus.Unchanged, await WriteAsync(default, ("Contract", 3), ("Offer", 1)));
        Assert.Equal(WriteStatus.Updated, await WriteAsync("Talk", ("Offer", 1)));
        Assert.Equal("Talk", await StageAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_new_order_of_which_no_line_can_be_written_is_not_made(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var outcome = await crm.WriteAsync(b =>
        {
            b.Customers.Add(new() { Key = K("C1"), Name = "Ada" });
            b.Orders.Add(Order("O1", K("C1"), new LineRecord { UnitPrice = -1 }, new LineRecord { Product = K("nothing"), UnitPrice = 1 }));
            b.Orders.Add(Order("O2", K("C1"), new LineRecord { UnitPrice = -1 }, new LineRecord { UnitPrice = 1 }));
        });
        Assert.Equal([WriteStatus.Refused, WriteStatus.Created], outcome.Results(RecordKind.Order).Select(r => r.Status));
        Assert.Equal(
            [RefusalCodes.NegativePrice, RefusalCodes.ReferenceNotFound, RefusalCodes.NegativePrice],
            outcome.Refusals.Where(r => r.Kind == RecordKind.OrderLine).Select(r => r.Code).Take(3));
        Assert.Equal(10_000L, (await crm.ReadAsync(c => c.Orders.SingleAsync())).GrossAmount);
        Assert.Equal(1, (await crm.ReadAsync(c => c.Customers.Select(x => x.Figures!).SingleAsync())).OrderCount);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Writers_of_the_same_outside_id_at_once_end_with_one_row_and_all_lines(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => crm.WriteAsync(b =>
        {
            b.Customers.Add(new() { Key = K("C1"), Name = "Ada" });
            b.Orders.Add(Order("O1", K("C1"), new LineRecord { Key = K($"L{i}"), UnitPrice = 1 }));
        }))));
        var order = await crm.ReadAsync(c => c.Orders.Include(o => o.Lines).Include(o => o.Customer).SingleAsync());
        Assert.Equal((8, 80_000L), (order.Lines.Count, order.GrossAmount));
        Assert.Equal(1, await crm.ReadAsync(c => c.Customers.CountAsync()));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_import_that_was_stopped_between_batches_and_run_again_ends_like_one_that_was_not(DatabaseKind kind)
    {
        await using var whole = await WriterFixture.CreateAsync(kind);
        await using var broken = await WriterFixture.CreateAsync(kind);
        async Task RunAsync(WriterFixture crm, int batches)
        {
            var ids = new ContentIds();
            for (var i = 0; i < batches; i++)
                await crm.WriteAsync(b => FileRows(b, i), new WriteOptions { ContentIds = ids });
        }

        await RunAsync(whole, 6);
        await RunAsync(broken, 3);
        await RunAsync(broken, 6);
        static Task<List<string>> Rows(WriterFixture crm) =>
            crm.ReadAsync(async c =>
                (await c.Orders.Select(o => new { o.Number, o.GrossAmount, o.ReturnedAmount, Lines = o.Lines.Count }).ToListAsync())
            .Select(o => o.ToString()!).Order(StringComparer.Ordinal).ToList());
        Assert.Equal(await Rows(whole), await Rows(broken));
        var before = await DatabaseContents.OfAsync(broken);
        await RunAsync(broken, 6);
        Assert.Equal(before, await DatabaseContents.OfAsync(broken));
    }

    /// <summary>Ten rows of a file of order lines: orders run on over the end of a batch, and lines repeat exactly.</summary>
    private static void FileRows(IngestBatch b, int batch)
    {
        for (var row = batch * 10; row < batch * 10 + 10; row++)
            b.Orders.Add(new()
            {
                Origin = row,
                Key = K($"O{row / 7}"),
                Number = $"O{row / 7}",
                OrderedAt = Noon,
                Currency = "EUR",
                Lines = [new() { Origin = row, Quantity = row % 3 == 0 ? -1 : 2, UnitPrice = 5 }]
            });
    }

    [Fact]
    public async Task A_representative_writes_only_for_customers_he_sees()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        var members = (await crm.WriteAsync(b =>
        {
            b.TeamMembers.Add(new() { Key = K("me"), Name = "Me" });
            b.TeamMembers.Add(new() { Key = K("other"), Name = "Other" });
            b.Customers.Add(new() { Key = K("theirs"), Name = "Theirs", Owner = RowRef.Of(K("other")) });
        })).Results(RecordKind.TeamMember);
        var me = new WriteOptions { Caller = new Caller("me", Role.Representative, members[0].Id, [members[0].Id]) };
        var outcome = await crm.WriteAsync(b =>
        {
            b.Customers.Add(new() { Key = K("mine"), Name = "Mine" });
            b.Customers.Add(new() { Key = K("theirs"), Name = "Stolen" });
            b.Customers.Add(new() { Key = K("gift"), Name = "Gift", Owner = RowRef.Of(K("other")) });
            b.Orders.Add(Order("O1", K("mine"), new LineRecord { UnitPrice = 1 }));
            b.Orders.Add(Order("O2", K("theirs"), new LineRecord { UnitPrice = 1 }));
            b.Orders.Add(new() { Key = K("O3"), OrderedAt = Noon, Amount = 1 });
            b.Products.Add(new() { Key = K("P"), Name = "Pen" });
        }, me);
        Assert.Equal([WriteStatus.Created, WriteStatus.Refused, WriteStatus.Refused], outcome.Results(RecordKind.Customer).Select(r => r.Status));
        Assert.Equal([null, RefusalCodes.ReferenceNotFound, RefusalCodes.Required], outcome.Results(RecordKind.Order).Select(r => r.Refusal?.Code));
        Assert.Equal(RefusalCodes.NotPermitted, outcome.Results(RecordKind.Product)[0].Refusal!.Code);
        Assert.Equal(members[0].Id, await crm.ReadAsync(c => c.Customers.Where(x => x.Name == "Mine").Select(x => x.OwnerId).SingleAsync()));
    }

    [Fact]
    public async Task Each_kind_of_bad_value_is_refused_with_code_and_field_and_nothing_else_is_lost()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        var outcome = await crm.WriteAsync(b =>
        {
            b.Customers.Add(new() { Key = K("ok"), Name = "Ok" });
            b.Customers.Add(new() { Key = K("1"), Name = "X", Email = "nobody" });
            b.Customers.Add(new() { Key = K("2"), Name = new string('x', 501) });
            b.Customers.Add(new() { Key = K("3"), Name = "a\0b" });
            b.Customers.Add(new() { Key = K("4"), Name = "X", BirthDate = new DateOnly(2030, 1, 1) });
            b.Orders.Add(new() { Key = K("5"), OrderedAt = Noon, Currency = "EURO", Amount = 1 });
            b.Orders.Add(new() { Key = K("6"), OrderedAt = new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc), Amount = 1 });
            b.Orders.Add(Order(
                "7",
                K("ok"),
                new LineRecord { Origin = 70, UnitPrice = -1 },
                new LineRecord { Origin = 71, UnitPrice = 1, Discount = 2 },
                new LineRecord { Origin = 72, UnitPrice = 3 }));
            b.SurveyResponses.Add(new() { Key = K("8"), Customer = RowRef.Of(K("ok")), SurveyKind = SurveyKind.Nps, Score = 11, AnsweredAt = Noon });
            b.Tickets.Add(new() { Key = K("9"), Customer = RowRef.Of(K("ok")), OpenedAt = Noon, ResolvedAt = Noon.AddDays(-1) });
        });
        Assert.Equal(
            [
                (RefusalCodes.InvalidEmail, "email"), (RefusalCodes.TooLong, "name"), (RefusalCodes.InvalidText, "name"),
                (RefusalCodes.InvalidDate, "birthDate"),
                (RefusalCodes.InvalidCurrency, "currency"), (RefusalCodes.InvalidDate, "orderedAt"), (RefusalCodes.NegativePrice, "unitPrice"),
                (RefusalCodes.OutOfRange, "discount"), (RefusalCodes.Inconsistent, "resolvedAt"), (RefusalCodes.OutOfRange, "score"),
            ],
            outcome.Refusals.Select(r => (r.Code, r.Field!)));
        Assert.Equal([70L, 71L], outcome.Refusals.Where(r => r.Kind == RecordKind.OrderLine).Select(r => r.Origin));
        Assert.Equal(30_000L, await crm.ReadAsync(c => c.Orders.Select(o => o.GrossAmount).SingleAsync()));
    }

    private static void Everything(IngestBatch b)
    {
        b.SalesTeams.Add(new() { Key = K("T"), Name = "North" });
        b.TeamMembers.Add(new() { Key = K("M2"), Name = "Bo", Manager = RowRef.Of(K("M1")), Team = RowRef.Of(K("T")) });
        b.TeamMembers.Add(new() { Key = K("M1"), Name = "Al", Email = "al@example.com" });
        b.Products.Add(new() { Key = K("P1"), Name = "Pen", Category = "Office" });
        b.Campaigns.Add(new() { Key = K("A"), Name = "Spring", Channel = "mail" });
        b.CampaignSpend.Add(new() { Campaign = K("A"), Day = new(2026, 3, 1), Amount = 100 });
        b.ExchangeRates.Add(new() { Currency = "usd", Day = new(2026, 3, 1), Rate = 0.91234567m });
        b.Customers.Add(new()
        {
            Key = K("C1"), Name = "Ada", Owner = RowRef.Of(K("M2")), Tags = new Optional<IReadOnlyList<string>?>(["a", "b"]), Attributes = [new("size", "L")],
            LifecycleStage = LifecycleStage.Lead, CreatedAt = Noon.AddDays(-9),
        });
        b.Orders.Add(Order(
            "O1",
            K("C1"),
            new LineRecord { Product = K("P1"), UnitPrice = 2 },
            new LineRecord { Product = K("P1"), UnitPrice = 2 },
            new LineRecord { Key = K("L3"), UnitPrice = 7 }));
        b.Orders.Add(new() { Key = K("O2"), OrderedAt = Noon, Amount = -3.5m });
        b.Interactions.Add(new() { Key = K("I"), Customer = RowRef.Of(K("C1")), OccurredAt = Noon, Subject = "Hello" });
        b.Interactions.Add(new() { Customer = RowRef.Of(K("C1")), OccurredAt = Noon, Subject = "No key" });
        b.Tickets.Add(new() { Key = K("T1"), Customer = RowRef.Of(K("C1")), OpenedAt = Noon, Csat = 4 });
        b.SurveyResponses.Add(new() { Key = K("S1"), Customer = RowRef.Of(K("C1")), SurveyKind = SurveyKind.Nps, Score = 9, AnsweredAt = Noon });
        b.Opportunities.Add(
            new()
            {
                Key = K("D1"), Customer = RowRef.Of(K("C1")), Name = "Deal", Stage = "Offer", OpenedAt = Noon, Status = OpportunityStatus.Won,
                Amount = 10
            });
        b.Contracts.Add(new() { Key = K("X1"), Customer = RowRef.Of(K("C1")), StartDay = new DateOnly(2026, 1, 1), MonthlyAmount = 5 });
    }
}
