using System.Globalization;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Company;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Ingest.Customers;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Live;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Reading;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Tests.Metrics;
using CrmGraph.Reporting.Tests.Metrics.Rollups;
using CrmGraph.Reporting.Tests.Querying;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Live;

/// <summary>
/// Whatever is committed, in whatever order and by whomever: what live queries remember from one moment to the next never makes them show other
/// figures than the query that reads everything.
/// </summary>
public sealed class LiveMemoryTests
{
    private const int Steps = 40;

    public static TheoryData<DatabaseKind, int> Cases
        => new() { { DatabaseKind.Sqlite, 1 }, { DatabaseKind.Postgres, 2 }, { DatabaseKind.Sqlite, 3 }, { DatabaseKind.Postgres, 4 } };

    [Theory, MemberData(nameof(Cases))]
    public async Task After_every_commit_live_queries_show_what_the_query_answers(DatabaseKind kind, int seed)
    {
        await using var bench = await MemoryBench.CreateAsync(kind, seed);
        await bench.CheckAsync("the beginning");
        for (var step = 0; step < Steps; step++)
            await bench.CheckAsync($"step {step}: {await bench.CommitAsync()}");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Orders_of_today_read_only_today_again(DatabaseKind kind)
    {
        await using var bench = await MemoryBench.CreateAsync(kind, 5);
        await bench.CheckAsync("the beginning");
        var today = bench.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await bench.CommitAsync("an order of today");
        using var log = new StatementLog(bench.Database);

        await bench.ComputeAsync();

        // Of sums of money there are those of today alone, whatever the period.
        var sums = log.Logged.Where(s => s.Text.Contains("\"Gross\"", StringComparison.Ordinal) && !s.Text.Contains("order_lines", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(sums);
        Assert.All(sums, s => Assert.Contains(s.Parameters, p => Convert.ToString(
            p.Value is DateOnly day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : p.Value,
            CultureInfo.InvariantCulture) == today));
    }

    [Fact]
    public void What_is_remembered_is_bounded_in_rows_and_in_time()
    {
        var clock = new ManualTimeProvider();
        var memory = new MetricMemory(clock, TimeSpan.FromMinutes(30), rows: 3);
        var reads = new MetricReads(new HashSet<string> { "orders" }, null, DateOnly.MaxValue);
        memory.Keep("three rows", new List<FactRow> { new(), new(), new() }, reads);
        memory.Keep("one more", new List<FactRow> { new() }, reads);
        Assert.True(memory.TryGet("three rows", out List<FactRow> _));
        Assert.False(memory.TryGet("one more", out List<FactRow> _));

        clock.Advance(TimeSpan.FromMinutes(31));
        memory.Forget(_ => false, more: false);

        Assert.False(memory.TryGet("three rows", out List<FactRow> _));
        memory.Keep("of this moment", 1, null);
        Assert.True(memory.TryGet("of this moment", out int _));
        memory.Forget(_ => false, more: false);
        Assert.False(memory.TryGet("of this moment", out int _));
    }
}

/// <summary>A sample CRM, every kind of live query on it, and everything that can be committed.</summary>
internal sealed class MemoryBench : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly SampleCrm _crm;
    private readonly ServiceProvider _services;
    private readonly MetricComputation _computation;
    private readonly MetricEngine _engine;
    private readonly ChangeSource _changes;
    private readonly Random _draw;
    private readonly Dictionary<LiveMetric, string> _shown = [];
    private readonly List<(string What, Func<Task> Run)> _commits;
    private int _keys;

    private MemoryBench(TestDatabase database, SampleCrm crm, int seed)
    {
        (_database, _crm, _draw) = (database, crm, new Random(seed));
        _services = database.CreateServices(s => s.AddLogging().AddCrm(new()).AddSingleton(CrmSchema.Builder().Build()));
        _engine = _services.GetRequiredService<MetricEngine>();
        _computation = new(_engine, database.Engine, new(), database.Clock);
        _changes = database.Engine.CreateChangeSource();
        _commits = [.. Commits()];
    }

    public TestDatabase Database => _database;
    public DateOnly Today => _crm.Today;

    private DateTime Now => _database.Clock.GetUtcNow().UtcDateTime;

    public static async Task<MemoryBench> CreateAsync(DatabaseKind kind, int seed)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var bench = new MemoryBench(
            database,
            await SampleCrm.CreateAsync(database, seed, new() { Customers = 40, Orders = 300, Contacts = 80, Opportunities = 40, Days = 500 }),
            seed);
        await bench._changes.OpenAsync(CancellationToken.None);
        // Other halves of them with other seeds; those of representatives make families.
        foreach (var query in bench.Queries().Where(q => q.Owner is not null || bench._draw.Next(2) == 0))
            bench._shown[query] = "";
        return bench;
    }

    /// <summary>Makes one of the commits, drawn or named, and says which.</summary>
    public async Task<string> CommitAsync(string? what = null)
    {
        var (name, run) = what is null ? _commits[_draw.Next(_commits.Count)] : _commits.Single(c => c.What == what);
        await run();
        return name;
    }

    /// <summary>All live queries against all queries; and no figure has moved of which the database's notices did not tell.</summary>
    public async Task CheckAsync(string when)
    {
        var notices = await _changes.PollAsync(CancellationToken.None);
        var told = _shown.Keys.Where(
            q => notices.Any(n => _computation.IsAffected(q, n)) || _computation.NextRollover(q, q.Moment?.Now ?? default) <= Now
                || q.Answer is null).ToHashSet();
        var values = await ComputeAsync();
        foreach (var query in _shown.Keys.ToList())
        {
            await using var db = _database.CreateContext();
            var expected = Text(await _engine.ComputeAsync(db, query.Query, query.Selection, query.Caller, CancellationToken.None));
            Assert.True(values.ContainsKey(query), $"{when}: nothing of {query}");
            Assert.True(values[query].Failure is null, $"{when}: {values[query].Failure?.Message}");
            var live = Text(values[query].Table!);
            Assert.True(live == expected, $"{when}: {query}\n{Difference(live, expected)}");
            Assert.True(_shown[query] == expected || told.Contains(query), $"{when}: nobody told of {query}: {string.Join(", ", notices)}");
            _shown[query] = expected;
        }
    }

    public async Task<Dictionary<LiveMetric, LiveFigures>> ComputeAsync()
    {
        var values = new Dictionary<LiveMetric, LiveFigures>();
        var round = new LiveRound<LiveMetric, LiveFigures>(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), _database.Clock, CancellationToken.None)
        {
            Done = (key, value) => values[key] = value, Failed = (family, e) => family.ToList()
                .ForEach(key => values[key] = new(null, e)), IsWatched = _ => true,
        };
        await _computation.ComputeAsync([.. _shown.Keys.GroupBy(_computation.FamilyOf).Select(f => f.ToList())], round);
        return values;
    }

    private IEnumerable<LiveMetric> Queries()
    {
        PeriodInput[] periods =
        [
            new() { Last = new() { Count = 30, Unit = CalendarUnit.Day } }, new() { ToDate = CalendarUnit.Year },
            new() { Range = new() { From = _crm.Today.AddDays(-200), Until = _crm.Today.AddDays(-20) } }, new() {
                Range = new() { From = _crm.Today.AddDays(-100), Until = _crm.Today.AddDays(40) } },
        ];
        (TimeGrain? Grain, MetricDimension[] By)[] shapes =
            [(null, []), (TimeGrain.Month, []), (TimeGrain.Week, [MetricDimension.Channel]), (null, [MetricDimension.Country]),
                (null, [MetricDimension.Owner]), (null, [MetricDimension.AgeBand]), (null, [MetricDimension.ProductCategory])];
        string[][] metrics = [["orders", "revenue"], ["activeCustomers", "averageOrderValue", "newCustomers"],
            ["lostCustomers", "retentionRate", "openPipeline", "nps", "enquiries", "marketingSpend", "winRate"]];
        var owners = _crm.Members.Take(3).Select(m => m.Id).ToList();
        Caller Representative(Guid id) => new("representative", Role.Representative, id, [id]);
        foreach (var period in periods)
        {
            foreach (var (grain, by) in shapes)
                foreach (var m in metrics.Where(m => m.Any(key => by.All(MetricCatalog.Require(key).Dimensions.Contains))))
                    yield return new(new() { Period = period, Grain = grain, GroupBy = by }, MetricSelection.Of(m), Caller.System);
            foreach (var owner in owners)
                yield return new(
                    new() { Period = period, Grain = TimeGrain.Month },
                    MetricSelection.Of("orders", "revenue", "newCustomers", "activeCustomers"),
                    Representative(owner));
            yield return new(
                new() { Period = period, GroupBy = [MetricDimension.Channel], CompareTo = Comparison.PreviousYear },
                MetricSelection.Of("orders", "revenue", "totalCustomers"),
                new("viewer", Role.Viewer, null, null));
        }

        yield return new(
            new() { Period = new() { Last = new() { Count = 3, Unit = CalendarUnit.Day } }, Grain = TimeGrain.Hour },
            MetricSelection.Of("orders", "revenue"),
            Caller.System);
        yield return new(
            new() { Period = periods[1], GroupBy = [MetricDimension.Channel], First = 2, Order = [new(MetricCatalog.Require("revenue"), true)] },
            MetricSelection.Of("revenue"),
            Caller.System);
        yield return new(
            new() { Period = periods[0], Currency = "USD" },
            MetricSelection.Of("revenue"),
            new("manager", Role.Manager, owners[0], [.. owners.Order()]));
    }

    private IEnumerable<(string What, Func<Task> Run)> Commits()
    {
        yield return ("an order of today", () => OrderAsync(Now));
        yield return ("another order of today", () => OrderAsync(Now));
        yield return ("an order of the past", () => OrderAsync(Now.AddDays(-_draw.Next(1, 450))));
        yield return ("an order of the future", () => OrderAsync(Now.AddDays(_draw.Next(1, 30))));
        yield return ("an order of a guest", () => WriteAsync(b => b.Orders.Add(new() { OrderedAt = Now, Amount = 12, Currency = "EUR" })));
        yield return ("an order twice", OrderTwiceAsync);
        yield return ("an order moved", () => WriteAsync(b => b.Orders.Add(new() { Id = Any(_crm.Orders).Id, OrderedAt = Now.AddDays(-_draw.Next(300)) })));
        yield return ("an order cancelled", () => WriteAsync(b => b.Orders.Add(new() { Id = Any(_crm.Orders).Id, CancelledAt = Now })));
        yield return ("two orders in one transaction", () => WriteAsync(b => { b.Orders.Add(Order(Now)); b.Orders.Add(Order(Now.AddDays(-100))); }));
        yield return ("an order deleted", () => SqlAsync("delete from orders where id in (select id from orders order by id limit 1)"));
        yield return ("orders changed by plain SQL", () => SqlAsync(
            $"update orders set gross_amount = gross_amount + 10000 where day = '{_crm.Today.AddDays(-_draw.Next(60)):yyyy-MM-dd}'"));
        yield return ("a transaction rolled back", () => SqlAsync("begin; update orders set gross_amount = 0; rollback"));
        yield return ("a new customer", () => WriteAsync(b => b.Customers.Add(new() { Key = new("test", $"c{_keys++}"), Name = "New", Country = "Norway" })));
        yield return ("a new customer with an order", NewCustomerAsync);
        yield return ("a customer's country", () => WriteAsync(b => b.Customers.Add(new() { Id = Customer(), Country = "Peru" })));
        yield return ("a customer's owner", () => WriteAsync(b => b.Customers.Add(new() { Id = Customer(), Owner = RowRef.Of(Any(_crm.Members).Id) })));
        yield return ("two customers merged", MergeAsync);
        yield return ("a customer erased", () => TryAsync(() => _services.GetRequiredService<CustomerWriter>().EraseAsync(Customer(), Caller.System)));
        yield return ("a contract", () => WriteAsync(b => b.Contracts.Add(
            new() { Customer = RowRef.Of(Customer()), StartDay = _crm.Today.AddDays(-_draw.Next(200)), EndDay = _crm.Today.AddDays(-_draw.Next(20)) })));
        yield return ("contracts gone", () => SqlAsync("delete from contracts"));
        yield return ("a ticket", () => WriteAsync(b => b.Tickets.Add(new() { Customer = RowRef.Of(Customer()), OpenedAt = Now.AddDays(-_draw.Next(40)) })));
        yield return ("survey responses changed", () => SqlAsync("update survey_answers set score = scale_maximum where score < 4"));
        yield return ("opportunities won",
            () => SqlAsync($"update opportunities set status = 'WON', closed_at = opened_at, closed_day = day where status = 'OPEN' and id in (select id from "
            + $"opportunities order by id limit {_draw.Next(1, 10)})"));
        yield return ("spend", () => SqlAsync("update campaign_spend set amount = amount + 1"));
        yield return ("no spend any more", () => SqlAsync(_database.Kind == DatabaseKind.Postgres ? "truncate campaign_spend" : "delete from campaign_spend"));
        yield return ("exchange rates", () => SqlAsync("update exchange_rates set rate = rate + 1000000"));
        yield return ("no exchange rates", () => SqlAsync("delete from exchange_rates"));
        yield return ("a product's category", () => SqlAsync(
            "update products set category = 'Other' where id in (select id from products order by id limit 1)"));
        yield return ("a name", () => SqlAsync("update team_members set name = name || 'x'"));
        yield return ("the activity window", () => ApplyAsync(new() { ActivityDays = _draw.Next(20, 200) }));
        yield return ("the week's start", () => ApplyAsync(new() { WeekStart = (DayOfWeek)_draw.Next(7) }));
        yield return ("the currency", () => ApplyAsync(new() { Currency = _draw.Next(2) == 0 ? "USD" : "EUR" }));
        yield return ("small groups", () => ApplyAsync(new() { SmallGroupMinimum = _draw.Next(2) * 3 }));
        yield return ("the zone", () => ApplyAsync(new() { ReportingZone = _draw.Next(2) == 0 ? "Asia/Shanghai" : "America/New_York" }));
        yield return ("days rolled up", RollUpAsync);
        yield return ("days rolled up again", RollUpAsync);
        yield return ("rollups made again", async () =>
        {
            await _services.GetRequiredService<RollupCatalog>().ResetAsync(CancellationToken.None);
            await RollUpAsync();
        }
        );
        yield return ("a rollup added or removed", async () =>
        {
            await RandomChanges.RollupsAsync(_database, _draw);
            await RollUpAsync();
        }
        );
        yield return ("the next day", () => Later(TimeSpan.FromDays(1)));
        yield return ("half an hour", () => Later(TimeSpan.FromMinutes(30)));
    }

    private async Task RollUpAsync()
    {
        while (await _services.GetRequiredService<RollupKeeper>().StepAsync(CancellationToken.None))
        {
        }
    }

    private OrderRecord Order(DateTime at) => new()
    {
        Customer = RowRef.Of(Customer()), OrderedAt = at, Currency = _draw.Next(2) == 0 ? "EUR" : "USD", Channel = _draw.Next(3) == 0
            ? null
            : $"channel {_draw.Next(3)}",
        Lines = [new() { Product = RowRef.Of(Any(_crm.Products).Id), Quantity = 2, UnitPrice = _draw.Next(1, 90) }, new() {
            Product = RowRef.Of(Any(_crm.Products).Id),
            Quantity = _draw.Next(4) == 0 ? -1 : 1,
            UnitPrice = 5 }],
    };

    private Task OrderAsync(DateTime at) => WriteAsync(b => b.Orders.Add(Order(at)));

    private async Task OrderTwiceAsync()
    {
        var record = new OrderRecord { Key = new("test", $"o{_keys++}"), Customer = RowRef.Of(Customer()), OrderedAt = Now, Currency = "EUR", Amount = 70 };
        await WriteAsync(b => b.Orders.Add(record));
        await WriteAsync(b => b.Orders.Add(record));
    }

    private Task NewCustomerAsync()
    {
        var key = new ExternalKey("test", $"c{_keys++}");
        return WriteAsync(b =>
        {
            b.Customers.Add(new() { Key = key, Name = "New", Country = "Norway", Owner = RowRef.Of(Any(_crm.Members).Id) });
            b.Orders.Add(new() { Customer = RowRef.Of(key), OrderedAt = Now, Currency = "EUR", Amount = 33 });
        });
    }

    private async Task WriteAsync(Action<IngestBatch> fill)
    {
        var batch = new IngestBatch();
        fill(batch);
        // What is refused (the row was merged away, deleted, erased) is as if it had not been sent.
        await _services.GetRequiredService<CrmWriter>().WriteAsync(batch);
    }

    private Task MergeAsync() => TryAsync(() => _services.GetRequiredService<CustomerWriter>().MergeAsync(Customer(), Customer(), Caller.System));

    private static async Task TryAsync(Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (Exception e) when (e is NotFoundException or ConflictException or ValidationException)
        {
        }
    }

    private Task ApplyAsync(UpdateSettingsInput change) => _services.GetRequiredService<SettingsStore>().ApplyAsync(change);

    private Task SqlAsync(string sql) => _database.ExecuteAsync(sql);

    private Task Later(TimeSpan time)
    {
        _database.Clock.Advance(time);
        return Task.CompletedTask;
    }

    private Guid Customer() => Any(_crm.Customers.FindAll(c => !c.IsGuest)).Id;

    private T Any<T>(List<T> list) => list[_draw.Next(list.Count)];

    private static string Text(MetricTable table) => $"{table.Period} {table.Comparison} {table.Currency} {table.GroupCount}\n" + string.Join(
        '\n', table.Rows.Concat(table.GroupTotals).Concat(table.BucketTotals).Append(table.Totals)
            .Select(r => string.Join(',', r.Dimensions.Select(d => d.Label)) + r.Bucket?.Label + r.Bucket?.Incomplete + MetricBench.Text(r)));

    private static string Difference(string live, string expected)
    {
        var (a, b) = (live.Split('\n'), expected.Split('\n'));
        return $"live {string.Join('\n', a.Except(b).Take(3))}\nquery {string.Join('\n', b.Except(a).Take(3))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _changes.DisposeAsync();
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }
}
