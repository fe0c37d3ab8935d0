using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>The engine against <see cref="MetricOracle"/> on random data: every metric, every grain, every grouping, both databases.</summary>
public sealed class MetricOracleTests
{
    public static TheoryData<DatabaseKind, int> Cases => new() { { DatabaseKind.Sqlite, 1 }, { DatabaseKind.Postgres, 1 }, { DatabaseKind.Sqlite, 7 } };

    [Theory, MemberData(nameof(Cases))]
    public async Task Every_metric_equals_the_oracle_by_every_grouping_it_supports(DatabaseKind kind, int seed)
    {
        await using var bench = await MetricBench.CreateAsync(kind, seed);
        foreach (var dimension in Enum.GetValues<MetricDimension>().Where(d => d != MetricDimension.Segment))
            await bench.CheckAsync(
                bench.Query() with
                {
                    GroupBy = [dimension],
                    Attribute = AttributeOf(dimension),
                    AttributeBands = dimension == MetricDimension.AttributeBand ? [38, 42.5m] : [],
                    CompareTo = Comparison.PreviousPeriod,
                    Grain = TimeGrain.Quarter,
                },
                Caller.System);
    }

    private static string? AttributeOf(MetricDimension dimension) => dimension switch
    {
        MetricDimension.Attribute => "Plan",
        MetricDimension.AttributeBand => "shoe size",
        MetricDimension.OrderAttribute => "gift",
        MetricDimension.TicketAttribute => "product line",
        _ => null,
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task Every_metric_equals_the_oracle_by_every_grain(DatabaseKind kind, int seed)
    {
        await using var bench = await MetricBench.CreateAsync(kind, seed);
        foreach (var grain in Enum.GetValues<TimeGrain>())
        {
            var days = grain is TimeGrain.Hour or TimeGrain.Day
                ? new LastInput { Count = grain == TimeGrain.Hour ? 4 : 25, Unit = CalendarUnit.Day }
                : new LastInput { Count = 14, Unit = CalendarUnit.Month };
            await bench.CheckAsync(
                bench.Query() with { Period = new PeriodInput { Last = days }, Grain = grain, CompareTo = Comparison.PreviousYear },
                Caller.System);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Callers_and_groups_of_two_dimensions_equal_the_oracle(DatabaseKind kind, int seed)
    {
        await using var bench = await MetricBench.CreateAsync(kind, seed);
        var owners = bench.Crm.Members.Take(3).Select(m => m.Id).Order().ToList();
        var manager = new Caller("manager", Role.Manager, owners[0], owners);
        await bench.CheckAsync(bench.Query() with { GroupBy = [MetricDimension.Country, MetricDimension.Channel], Grain = TimeGrain.Year }, manager);
        await bench.CheckAsync(bench.Query() with { GroupBy = [MetricDimension.Gender, MetricDimension.AgeBand] }, Caller.System);
        await bench.CheckAsync(bench.Query() with { GroupBy = [MetricDimension.Owner], Currency = "USD", CompareTo = Comparison.PreviousYear }, manager);
        await bench.CheckAsync(bench.Query() with { GroupBy = [MetricDimension.Tag, MetricDimension.Interest], Grain = TimeGrain.Year }, manager);
        await bench.CheckAsync(
            bench.Query() with { GroupBy = [MetricDimension.Attribute, MetricDimension.Tag], Attribute = "shoe size", Grain = TimeGrain.Year }, manager);
        await bench.CheckAsync(
            bench.Query() with
            {
                GroupBy = [MetricDimension.Attribute, MetricDimension.OrderAttribute],
                Attribute = "Plan",
                OrderAttribute = "gift",
            },
            Caller.System);
        await bench.CheckAsync(
            bench.Query() with { GroupBy = [MetricDimension.Product, MetricDimension.Weekday, MetricDimension.NewOrReturning, MetricDimension.SalesTeam] },
            manager);
        await bench.CheckAsync(bench.Query() with { Currency = "CNY" }, new Caller("nobody", Role.Representative, null, []));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Segments_overlap_and_their_totals_count_each_customer_once(DatabaseKind kind, int seed)
    {
        await using var bench = await MetricBench.CreateAsync(kind, seed);
        var (a, b) = (Guid.NewGuid(), Guid.NewGuid());
        bench.Segments[a] = c => c.Country == "Germany" || c.Country == "China";
        bench.Segments[b] = c => c.Kind == CustomerKind.Person;
        var query = bench.Query() with
        { GroupBy = [MetricDimension.Segment], Segments = [a, b], Grain = TimeGrain.Month, CompareTo = Comparison.PreviousPeriod };
        await bench.CheckAsync(query, Caller.System);
        await bench.CheckAsync(query with { GroupBy = [MetricDimension.Segment, MetricDimension.Region], Grain = null }, Caller.System);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task The_others_of_segments_are_the_customers_in_none_of_those_shown(DatabaseKind kind, int seed)
    {
        await using var bench = await MetricBench.CreateAsync(kind, seed);
        var (a, b, c, rest) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        bench.Segments[a] = x => x.Country == "Germany" || x.Country == "China";
        bench.Segments[b] = x => x.Kind == CustomerKind.Person;
        bench.Segments[c] = x => x.City == null;
        var query = bench.Query() with
        {
            GroupBy = [MetricDimension.Segment],
            Segments = [a, b, c],
            Grain = TimeGrain.Quarter,
            First = 1,
            Order = [new(
            MetricCatalog.Require("revenue"),
            true)]
        };
        var few = await bench.ComputeAsync(query, Caller.System);
        var shown = Guid.Parse(few.GroupTotals[0].Dimensions[0].Key!);
        var (others, chosen) = (query.Segments.Where(s => s != shown).Select(s => bench.Segments[s]).ToArray(), bench.Segments[shown]);
        bench.Segments[rest] = Conditions.And(Conditions.Or(others[0], others[1]), Conditions.Not(chosen))!;
        var all = await bench.ComputeAsync(query with { Segments = [shown, rest], First = null }, Caller.System);

        Assert.Equal((2, 3, DimensionValueKind.Others), (few.GroupTotals.Count, few.GroupCount, few.GroupTotals[1].Dimensions[0].Kind));
        Assert.Equal(ValuesOf(all.GroupTotals.Single(r => r.Dimensions[0].Key == rest.ToString())), ValuesOf(few.GroupTotals[1]));
        Assert.Equal(few.Totals.Values["revenue"].Value, few.GroupTotals.Sum(r => r.Values["revenue"].Value));
        Assert.Equal(few.BucketTotals.Select(ValuesOf), (await bench.ComputeAsync(query with { First = null }, Caller.System)).BucketTotals.Select(ValuesOf));

        static string ValuesOf(MetricRow row) => string.Join(' ', row.Values.Select(v => $"{v.Key}={v.Value.Value}/{v.Value.Reason}"));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task The_first_groups_and_the_others_hold_the_totals(DatabaseKind kind, int seed)
    {
        await using var bench = await MetricBench.CreateAsync(kind, seed);
        foreach (var dimension in new[] {
            MetricDimension.Channel,
            MetricDimension.City,
            MetricDimension.AgeBand,
            MetricDimension.ProductCategory,
            MetricDimension.Customer,
            MetricDimension.Product,
            MetricDimension.Weekday,
            MetricDimension.NewOrReturning,
            MetricDimension.Owner })
        {
            var query = bench.Query() with
            {
                GroupBy = [dimension],
                Grain = TimeGrain.Quarter,
                First = 2,
                CompareTo = Comparison.PreviousPeriod,
                Order = [new(MetricCatalog.Require("revenue"), true)],
            };
            await bench.CheckOthersAsync(query);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Groups_of_which_the_metric_of_the_order_knows_nothing_are_chosen_and_left_over_like_others(DatabaseKind kind, int seed)
    {
        await using var bench = await MetricBench.CreateAsync(kind, seed);
        var won = MetricCatalog.Require("opportunitiesWon");
        var today = new PeriodInput { Range = new DayRangeInput { From = bench.Crm.Today, Until = bench.Crm.Today.AddDays(1) } };
        foreach (var descending in new[] { false, true })
        {
            var query = bench.Query() with { GroupBy = [MetricDimension.City], First = 2, Order = [new(won, descending)] };
            await bench.CheckOthersAsync(query);
            await bench.CheckOthersAsync(query with { Period = today });
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, true),
        InlineData(DatabaseKind.Sqlite, false),
        InlineData(DatabaseKind.Postgres, true),
        InlineData(DatabaseKind.Postgres, false)]
    public async Task A_shop_without_exchange_rates_and_contracts_equals_the_oracle_in_one_currency_and_in_several(DatabaseKind kind, bool oneCurrency)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 4);
        await bench.ForgetRatesAndContractsAsync(oneCurrency);
        var owner = bench.Crm.Members[0].Id;
        foreach (var caller in new[] { Caller.System, new Caller("rep", Role.Representative, owner, [owner]) })
        {
            await bench.CheckAsync(
                bench.Query() with { GroupBy = [MetricDimension.Country], CompareTo = Comparison.PreviousPeriod },
                caller,
                money: oneCurrency);
            await bench.CheckAsync(bench.Query() with { GroupBy = [MetricDimension.ProductCategory], Grain = TimeGrain.Quarter }, caller, money: oneCurrency);
            await bench.CheckAsync(bench.Query() with { Grain = TimeGrain.Month }, caller, money: oneCurrency);
            await bench.CheckAsync(bench.Query(), caller, money: oneCurrency);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_metric_selected_alone_is_the_same_as_among_all_others(DatabaseKind kind, int seed)
    {
        await using var bench = await MetricBench.CreateAsync(kind, seed);
        foreach (var query in new[] {
            bench.Query() with { GroupBy = [MetricDimension.Country], CompareTo = Comparison.PreviousPeriod },
            bench.Query() with { Grain = TimeGrain.Quarter } })
        {
            await using var db = bench.Database.CreateContext();
            var all = await bench.ComputeAsync(query, Caller.System);
            foreach (var metric in MetricBench.Of(query).Metrics)
            {
                var alone = await bench.Engine.ComputeAsync(db, query, new([metric]), Caller.System, CancellationToken.None);
                foreach (var row in alone.Rows.Append(alone.Totals).Concat(alone.GroupTotals))
                {
                    var among = all.Rows.Append(all.Totals).Concat(all.GroupTotals).First(r => r.Key == row.Key).Values[metric.Asked];
                    var one = row.Values[metric.Asked];
                    Assert.Equal((metric.Key, among.Value, among.Reason, among.Previous), (metric.Key, one.Value, one.Reason, one.Previous));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task One_reading_for_many_owners_gives_each_his_own_table(DatabaseKind kind, int seed)
    {
        await using var bench = await MetricBench.CreateAsync(kind, seed);
        var owners = bench.Crm.Members.Select(m => m.Id).ToList();
        foreach (var query in new[]
        {
            bench.Query() with { Grain = TimeGrain.Month, CompareTo = Comparison.PreviousPeriod },
            bench.Query() with { GroupBy = [MetricDimension.Channel], Grain = TimeGrain.Quarter },
            bench.Query() with { GroupBy = [MetricDimension.ProductCategory] },
        })
        {
            await using var db = bench.Database.CreateContext();
            var tables = await bench.Engine.ComputeForOwnersAsync(db, query, MetricBench.Of(query), Role.Representative, owners, CancellationToken.None);
            foreach (var owner in owners)
            {
                var alone = await bench.Engine.ComputeAsync(
                    db, query, MetricBench.Of(query), new Caller("rep", Role.Representative, owner, [owner]), CancellationToken.None);
                Assert.Equal(MetricBench.Text(alone), MetricBench.Text(tables[owner]));
            }
        }
    }
}

/// <summary>A sample CRM in a database, an engine on it, and the comparison of the engine's tables with the oracle's cells.</summary>
internal sealed class MetricBench : IAsyncDisposable
{
    private MetricBench(TestDatabase database, SampleCrm crm)
    {
        Database = database;
        Crm = crm;
        Engine = new MetricEngine(database.Clock, new CrmLimits(), MembersAsync)
        {
            Statements = new StatementCache(database.Engine, new CrmLimits().KeptStatements)
        };
    }

    public TestDatabase Database { get; }
    public SampleCrm Crm { get; }
    public MetricEngine Engine { get; }
    public Dictionary<Guid, Expression<Func<Customer, bool>>> Segments { get; } = [];

    public static async Task<MetricBench> CreateAsync(DatabaseKind kind, int seed, SampleSizes? sizes = null)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var crm = await SampleCrm.CreateAsync(database, seed, sizes);
        // The figures are kept by the database's triggers; a database without them gets the figures' definition.
        await using var db = database.CreateContext();
        if (!await db.CustomerFigures.AnyAsync())
            await database.SaveAsync(crm.Customers.Select(SampleCrm.FiguresOf));
        // The same answers from rollups and from facts.
        for (var keeper = new RollupKeeper(database.Engine); seed % 7 != 0 && await keeper.StepAsync(CancellationToken.None);)
        {
        }

        return new(database, crm);
    }

    public MetricQuery Query()
        => new() { Period = new PeriodInput { Range = new DayRangeInput { From = Crm.Today.AddDays(-401), Until = Crm.Today.AddDays(1) } } };

    /// <summary>In the database and in the sample alike.</summary>
    public async Task ForgetRatesAndContractsAsync(bool oneCurrency)
    {
        await Database.ExecuteAsync("delete from exchange_rates");
        await Database.ExecuteAsync("delete from contracts");
        Crm.ExchangeRates.Clear();
        Crm.Contracts.Clear();
        Crm.Customers.ForEach(c => c.Contracts.Clear());
        if (!oneCurrency)
            return;
        foreach (var table in new[] { "orders", "order_lines", "opportunities", "campaign_spend" })
            await Database.ExecuteAsync($"update {table} set currency = '{Crm.Settings.Currency}'");
        Crm.Orders.ForEach(o => o.Currency = Crm.Settings.Currency);
        Crm.Orders.ForEach(o => o.Lines.ForEach(l => l.Currency = Crm.Settings.Currency));
        Crm.Opportunities.ForEach(o => o.Currency = Crm.Settings.Currency);
        Crm.CampaignSpend.ForEach(s => s.Currency = Crm.Settings.Currency);
    }

    public async Task<MetricTable> ComputeAsync(MetricQuery query, Caller caller)
    {
        await using var db = Database.CreateContext();
        return await Engine.ComputeAsync(db, query, Of(query), caller, CancellationToken.None);
    }

    /// <summary>Every metric that can be grouped so.</summary>
    public static MetricSelection Of(MetricQuery query) => new([.. All.Where(m => query.GroupBy.All(m.Dimensions.Contains))]);

    /// <summary>The metrics as they are, and with their arguments.</summary>
    private static IReadOnlyList<MetricDefinition> All { get; } =
    [
        .. MetricCatalog.All,
        With("winRate", ("by", DealMeasure.Amount)),
        With("resolvedInTime", ("hours", 60)),
        With("cac", ("lag", 40)),
        With("conversionRate", ("within", 20)),
        With("conversionRate", ("view", ConversionView.Event), ("within", 400)),
        With("expiringContracts", ("within", 200)),
        With("cac", ("lag", 7), ("paidOnly", true)),
        With("customerLifetimeValue", ("of", LifetimeMoney.Profit)),
        With("customerLifetimeValue", ("model", LifetimeModel.Simple)),
        With("customerLifetimeValue", ("model", LifetimeModel.Simple), ("of", LifetimeMoney.Profit), ("horizon", 6)),
        With("customerLifetimeValue", ("model", LifetimeModel.Predicted)),
        With("customerLifetimeValue", ("model", LifetimeModel.Predicted), ("of", LifetimeMoney.Profit), ("horizon", 12)),
        .. MetricCatalog.All.Where(m => m.Parameters.Any(p => p.Name == "weighted")).Select(m => With(m.Key, ("weighted", true))),
        With("campaignRevenue", ("attribution", Attribution.First), ("window", 90)),
        With("campaignRevenue", ("attribution", Attribution.Linear), ("window", 200)),
    ];

    private static MetricDefinition With(string key, params (string Name, object? Value)[] arguments) =>
        MetricCatalog.Require(key).With(arguments.ToDictionary(a => a.Name, a => a.Value), _ => throw new ArgumentException("There is no condition."));

    private static MetricDefinition Asked(string metric) => All.First(m => m.Asked == metric);

    /// <param name="money">False when there are several currencies and no rates: the oracle adds up only what can be converted.</param>
    public async Task CheckAsync(MetricQuery query, Caller caller, bool money = true)
    {
        var table = await ComputeAsync(query, caller);
        var oracle = Oracle(query, caller);
        // Totals of a table by product category are read from lines as well.
        var lines = query.GroupBy.Any(d => d.IsOfLines())
            ? new MetricOracle(Crm, caller) { Currency = query.Currency, Attribute = query.Attribute, Line = _ => true }
            : oracle;
        var rows = table.Rows.Concat(table.GroupTotals).Concat(table.BucketTotals).Append(table.Totals).ToList();
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            // The same list for all metrics of a row: by it the oracle knows a cell again.
            var asked = new Asking(query, caller, table, row, [.. row.Dimensions.Select(d => (d.Dimension, d.Key))]);
            foreach (var (metric, value) in row.Values.Where(v => money || !Asked(v.Key).Reads.Any(m => m.IsMoney)))
                Check(asked, asked.Group.Count == 0 ? lines : oracle, metric, value, wrong);
        }
        Assert.True(wrong.Count == 0, $"{query.Canonical()}\n{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(15))}");
        CheckGroups(query, table);
        foreach (var row in rows.Where(r => r.Values.GetValueOrDefault("customersAtEnd")?.Value is not null))
            Assert.Equal(
                row.Values["customersAtEnd"].Value,
                row.Values["customersAtStart"].Value + row.Values["newCustomers"].Value + row.Values["reactivatedCustomers"].Value
                    - row.Values["lostCustomers"].Value);
    }

    /// <summary>The chosen groups equal those of the whole table, and with the others they make up the totals; distinct counts are counted anew.</summary>
    public async Task CheckOthersAsync(MetricQuery query)
    {
        var (few, all) = (await ComputeAsync(query, Caller.System), await ComputeAsync(query with { First = null }, Caller.System));
        Assert.Equal(all.GroupTotals.Count, few.GroupCount);
        Assert.Equal(query.First + 1, few.GroupTotals.Count);
        Assert.Equal(DimensionValueKind.Others, few.GroupTotals[^1].Dimensions[0].Kind);
        Assert.Equal(all.GroupTotals.Take(query.First!.Value).Select(Text), few.GroupTotals.Take(query.First.Value).Select(Text));
        Assert.Equal(all.BucketTotals.Select(Text), few.BucketTotals.Select(Text));
        Assert.Equal(Text(all.Totals), Text(few.Totals));
        var rest = all.GroupTotals.Skip(query.First.Value).ToList();
        foreach (var metric in MetricCatalog.All
            .Where(m => m.Additivity != Additivity.NonAdditive && m.Key != "orders" && m.Kind == MetricKind.Count && query.GroupBy.All(m.Dimensions.Contains)))
            Assert.Equal(Sum(rest, metric), few.GroupTotals[^1].Values[metric.Key].Value);
        // A customer of two small groups is one customer of the others.
        Assert.InRange(
            few.GroupTotals[^1].Values["activeCustomers"].Value!.Value,
            rest.Max(r => r.Values["activeCustomers"].Value!.Value),
            rest.Sum(r => r.Values["activeCustomers"].Value!.Value));
    }

    public static string Text(MetricTable table)
        => string.Join('\n', table.Rows.Concat(table.GroupTotals).Concat(table.BucketTotals).Append(table.Totals).Select(Text));

    public static string Text(MetricRow row) =>
        row.Key + ": "
            + string.Join(", ", row.Values.Select(v => $"{v.Key}={v.Value.Value}/{v.Value.Reason}/{v.Value.Previous}/{(v.Value as MoneyMetric)?.Currency}"));

    private ValueTask<IReadOnlyDictionary<Guid, Expression<Func<Customer, bool>>>> MembersAsync(
        IReadOnlyCollection<Guid> segments,
        FilterContext context,
        CancellationToken cancellationToken) =>
        new(Segments);

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private MetricOracle Oracle(MetricQuery query, Caller caller) => new(Crm, caller)
    {
        Currency = query.Currency,
        Attribute = query.Attribute,
        OrderAttribute = query.OrderAttribute,
        Bands = query.AttributeBands,
        Segments = query.Segments.ToDictionary(s => s, s => Segments[s].Compile()),
    };

    /// <summary>A row of a table, and the question that the table answers.</summary>
    private sealed record Asking(
        MetricQuery Query, Caller Caller, MetricTable Table, MetricRow Row, IReadOnlyList<(MetricDimension Dimension, string? Key)> Group);

    private static void Check(Asking asked, MetricOracle oracle, string metric, MetricValue value, List<string> wrong)
    {
        var (query, caller, table, row, group) = asked;
        var definition = Asked(metric);
        var supported = (query.Grain is null || definition.Grains.Contains(query.Grain.Value))
            && (caller.SeesAll || definition.Key is not ("cac" or "marketingSpend" or "reportRuns" or "reportReaders" or "returnOnSpend"
                or "lifetimeValueToCac"));
        if (!supported)
        {
            if (value.Value is not null || value.Reason is not (NoValueReason.UnsupportedGrain or NoValueReason.NotAllowed))
                wrong.Add($"{row.Key} {metric}: a metric that is not supported has {value.Value} {value.Reason}");
            return;
        }

        if (value.Value < definition.Minimum || value.Value > definition.Maximum)
            wrong.Add($"{row.Key} {metric}: {value.Value} is not from {definition.Minimum} to {definition.Maximum}");
        if (value.Reason == NoValueReason.NoPartner)
            Assert.True(row.Bucket is not null && row.Bucket == row.ComparedBucket && value.Value is null, row.Key);
        else
            Compare("", table.Period, row.Bucket, value.Value, value.Reason);
        if (table.Comparison is null)
            return;
        if (row.Bucket is null || row.ComparedBucket is not null)
            Compare("previous ", table.Comparison, row.ComparedBucket, value.Previous, value.PreviousReason);
        else if (value.Previous is not null || value.PreviousReason != NoValueReason.NoPartner)
            wrong.Add($"{row.Key} {metric}: previous without a bucket");

        void Compare(string what, MetricPeriod period, TimeBucket? bucket, decimal? found, NoValueReason? reason)
        {
            var cell = new MetricOracle.Cell(group, bucket?.Start ?? period.Start, bucket?.Until ?? period.Until, bucket?.Hour, period.Until)
            {
                Attributes = group.Count > 0 ? query.Attributes : [],
            };
            var (expected, why) = bucket is { IsFuture: true } ? (null, NoValueReason.IncompletePeriod) : oracle.Value(metric, cell);
            var rounded = expected is { } e ? Math.Round(e, MetricValue.Digits, MidpointRounding.ToEven) : (decimal?)null;
            // Sums of converted amounts differ in the 20th digit by the order of adding.
            if (rounded != found && !(rounded is { } r && found is { } f && Math.Abs(r - f) <= 0.000000000001m && definition.Kind == MetricKind.Money))
                wrong.Add($"{row.Key} {metric}: {what}{found} instead of {rounded}");
            else if (reason != why)
                wrong.Add($"{row.Key} {metric}: reason {reason} instead of {why}");
        }
    }

    /// <summary>No group is missing: what adds up over groups adds up to the totals.</summary>
    private static void CheckGroups(MetricQuery query, MetricTable table)
    {
        if (query.GroupBy.Count == 0 || query.GroupBy.Any(d => d.Overlaps()))
            return;
        Assert.Equal(table.GroupTotals.Count, table.GroupTotals.Select(r => r.Key).Distinct().Count());
        foreach (var metric in MetricCatalog.All
            .Where(m => m.Additivity != Additivity.NonAdditive && m.Kind == MetricKind.Count && query.GroupBy.All(m.Dimensions.Contains)))
            if (metric.Key != "orders" || !query.GroupBy.Any(d => d.IsOfLines()))
                Assert.Equal(table.Totals.Values[metric.Key].Value, Sum(table.GroupTotals, metric));
    }

    /// <summary>Of what nobody has, such as contracts where there are none, no row has a value, and neither has the sum.</summary>
    private static decimal? Sum(IReadOnlyList<MetricRow> rows, MetricDefinition metric) =>
        rows.Count > 0 && rows.All(r => r.Values[metric.Key].Value is null) ? null : rows.Sum(r => r.Values[metric.Key].Value);
}
