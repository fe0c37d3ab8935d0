using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CrmGraph.Data;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Live;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Benchmarks;

/// <summary>
/// From a commit to the value that contains it, as a subscriber inside the process reads it: 100 different queries that every commit changes, and
/// 1,000 representatives who watch their own figures, under 20 commits a second for 20 seconds.
/// </summary>
internal static class LiveBenchmark
{
    private const int CommitsPerSecond = 20, Seconds = 20, Writers = 4, Representatives = 1_000;

    public static async Task RunAsync()
    {
        foreach (var open in new Func<Task<BenchDatabase?>>[] { async () => await BenchDatabase.SqliteAsync(), () => BenchDatabase.PostgresAsync() })
        {
            if (await open() is not { } database)
                continue;
            await using (database)
            {
                await MeasureAsync("100 different queries", database.Engine, Queries());
                var members = await HireAsync(database.Engine);
                await MeasureAsync("1,000 representatives", database.Engine, [.. members.Select(OwnFigures)]);
            }
        }
    }

    private static List<(MetricQuery, MetricSelection, Caller)> Queries()
    {
        PeriodInput[] periods = [new() { Last = new() { Count = 7, Unit = CalendarUnit.Day } }, new() { Last = new() { Count = 30, Unit = CalendarUnit.Day } },
            new() { ToDate = CalendarUnit.Month }, new() { ToDate = CalendarUnit.Quarter }, new() { ToDate = CalendarUnit.Year }];
        (TimeGrain? Grain, MetricDimension[] By)[] shapes = [(null, []), (TimeGrain.Day, []), (null, [MetricDimension.Channel]),
            (TimeGrain.Week, [MetricDimension.Country]), (null, [MetricDimension.Owner])];
        string[][] metrics
            = [["orders", "revenue"], ["orders", "activeCustomers", "averageOrderValue"], ["orders", "newCustomers"], ["orders", "grossRevenue", "returns"]];
        return [.. from p in periods from s in shapes from m in metrics
                   select (new MetricQuery { Period = p, Grain = s.Grain, GroupBy = s.By }, MetricSelection.Of(m), Caller.System)];
    }

    private static (MetricQuery, MetricSelection, Caller) OwnFigures(Guid member) =>
        (new()
        {
            Period = new() { ToDate = CalendarUnit.Month },
            Grain = TimeGrain.Day
        }, MetricSelection.Of("orders", "revenue", "newCustomers"), new("representative", Role.Representative, member, [member]));

    /// <summary>As many representatives, with two customers each.</summary>
    private static async Task<List<Guid>> HireAsync(DatabaseEngine engine)
    {
        await using var db = engine.CreateContext();
        var members = Enumerable.Range(0, Representatives).Select(i => new TeamMember { Id = Guid.CreateVersion7(), Name = $"Representative {i}" }).ToList();
        db.AddRange(members);
        var customers = await db.Customers.Where(c => !c.IsGuest).OrderBy(c => c.Id).ToListAsync();
        for (var i = 0; i < customers.Count; i++)
            customers[i].OwnerId = members[i % members.Count].Id;
        await db.SaveChangesAsync();
        return [.. members.Select(m => m.Id)];
    }

    private static async Task MeasureAsync(string what, DatabaseEngine engine, List<(MetricQuery Query, MetricSelection Selection, Caller Caller)> queries)
    {
        await using var services = new ServiceCollection().AddLogging().AddCrmDatabase(engine).AddCrm(new()).AddSingleton(CrmSchema.Builder().Build())
            .BuildServiceProvider();
        var live = services.GetRequiredService<LiveMetrics>();
        services.GetRequiredService<CommitAnnouncer>();
        using var stop = new CancellationTokenSource();
        var watched = queries.Select(q => new Watched(q.Caller.TeamMemberId)).ToList();
        var readers = queries.Select((q, i) => Task.Run(() => watched[i].ReadAsync(live, q.Query, q.Selection, q.Caller, stop.Token))).ToList();
        var begun = Stopwatch.GetTimestamp();
        foreach (var w in watched)
            await w.First;
        var first = Stopwatch.GetElapsedTime(begun);

        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        begun = Stopwatch.GetTimestamp();
        var commits = await WriteAsync(services, engine);
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu) / Stopwatch.GetElapsedTime(begun);
        // Whatever is still on its way.
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(15) && watched.Exists(w => !w.HasAll(commits));)
            await Task.Delay(50);
        var latencies = watched.SelectMany(w => w.Latencies(commits)).Order().ToList();
        var missing = watched.Count(w => !w.HasAll(commits));
        var values = watched.Sum(w => w.Values);
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{engine.Name,-10} {what}: first values of all {first.TotalMilliseconds,5:0} ms; {commits.Count} commits, commit to value p50 {At(latencies, 0.5):0} ms, p99 {At(latencies, 0.99):0} ms, worst {latencies[^1]:0} ms; {values} values, {missing} queries incomplete, {used:0.0} cores used, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"));
    }

    private static double At(List<double> sorted, double part) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * part)];

    /// <returns>Owner and moment of every commit.</returns>
    private static async Task<List<(Guid? Owner, long At)>> WriteAsync(IServiceProvider services, DatabaseEngine engine)
    {
        await using var db = engine.CreateContext();
        var customers = await db.Customers.Where(c => !c.IsGuest).Select(c => new { c.Id, c.OwnerId }).ToListAsync();
        var writer = services.GetRequiredService<CrmWriter>();
        var commits = new ConcurrentBag<(Guid? Owner, long At)>();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async w =>
        {
            var draw = new Random(w);
            for (var i = w; i < CommitsPerSecond * Seconds; i += Writers)
            {
                var due = TimeSpan.FromSeconds(i / (double)CommitsPerSecond) - Stopwatch.GetElapsedTime(begun);
                if (due > TimeSpan.Zero)
                    await Task.Delay(due);
                var customer = customers[draw.Next(customers.Count)];
                var batch = new IngestBatch();
                batch.Orders.Add(new()
                {
                    Customer = RowRef.Of(customer.Id),
                    OrderedAt = TimeProvider.System.GetUtcNow().UtcDateTime,
                    Currency = "CNY",
                    Amount = draw.Next(5, 500)
                });
                await writer.WriteAsync(batch);
                commits.Add((customer.OwnerId, Stopwatch.GetTimestamp()));
            }
        }));
        return [.. commits.OrderBy(c => c.At)];
    }

    /// <summary>A query and when each number of orders was first seen.</summary>
    private sealed class Watched(Guid? owner)
    {
        private readonly TaskCompletionSource _first = new();
        private readonly List<(long Orders, long At)> _seen = [];

        public Task First => _first.Task;
        public int Values => _seen.Count;

        public async Task ReadAsync(LiveMetrics live, MetricQuery query, MetricSelection selection, Caller caller, CancellationToken stop)
        {
            try
            {
                await foreach (var figures in (await live.OpenAsync(query, selection, caller, null, stop)).WithCancellation(stop))
                {
                    lock (_seen)
                        _seen.Add(((long)(figures.Table!.Totals.Values["orders"].Value ?? 0), Stopwatch.GetTimestamp()));
                    _first.TrySetResult();
                }
            }
            catch (OperationCanceledException)
            {
            }
        }

        public bool HasAll(List<(Guid? Owner, long At)> commits)
        {
            lock (_seen)
                return _seen[^1].Orders >= _seen[0].Orders + Own(commits).Count();
        }

        public IEnumerable<double> Latencies(List<(Guid? Owner, long At)> commits)
        {
            lock (_seen)
            {
                var (next, number) = (0, _seen[0].Orders);
                var found = new List<double>();
                foreach (var (_, at) in Own(commits))
                {
                    number++;
                    while (next < _seen.Count && _seen[next].Orders < number)
                        next++;
                    if (next < _seen.Count)
                        found.Add(Math.Max(0, Stopwatch.GetElapsedTime(at, _seen[next].At).TotalMilliseconds));
                }

                return found;
            }
        }

        private IEnumerable<(Guid? Owner, long At)> Own(List<(Guid? Owner, long At)> commits) => owner is null ? commits : commits.Where(c => c.Owner == owner);
    }
}
