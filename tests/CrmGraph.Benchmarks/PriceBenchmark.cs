using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CrmGraph.Data;
using CrmGraph.Data.Database;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Benchmarks;

/// <summary>Whether prices are in proportion to what operations take: milliseconds per unit of price, of representative operations on each database.</summary>
internal sealed class PriceBenchmark(IServiceProvider services, int runs)
{
    /// <summary>What any operation may take whatever its price, so that small ones are not judged by their overhead.</summary>
    private const double FloorMilliseconds = 5;

    /// <summary>Beyond this one run is exact enough.</summary>
    private const double LongMilliseconds = 3_000;

    private const int Worst = 10;

    private static readonly CostPolicy Reported = new() { FieldCost = double.MaxValue, TypeCost = double.MaxValue, Mode = CostMode.Report };

    private sealed record Measured(string Name, double Milliseconds, double Price)
    {
        public double Ratio => Milliseconds / Price;
        public double Judged => Math.Max(0, Milliseconds - FloorMilliseconds) / Price;
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (customers, runs, connection) = (20_000, 3, (string?)null);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            if (arguments[i] == "--database" && value.Length > 0)
                connection = value;
            else if (arguments[i] == "--customers" && int.TryParse(value, out var number) && number > 0)
                customers = number;
            else if (arguments[i] == "--runs" && int.TryParse(value, out number) && number > 0)
                runs = number;
            else
                return 2;
        }

        if (connection is not null)
        {
            await using var engine = DatabaseEngine.Create(connection);
            await engine.MigrateAsync();
            await MeasureAsync(engine, runs);
            return 0;
        }

        foreach (var open in new Func<Task<BenchDatabase?>>[] {
            async () => await BenchDatabase.SqliteAsync(customers),
            () => BenchDatabase.PostgresAsync(customers) })
        {
            if (await open() is not { } database)
                continue;
            await using (database)
                await MeasureAsync(database.Engine, runs);
        }

        return 0;
    }

    private static async Task MeasureAsync(DatabaseEngine engine, int runs)
    {
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddCrmDatabase(engine);
        collection.AddCrm(new CrmLimits());
        collection.AddSingleton(new GraphQLLimits());
        var schema = CrmSchema.Builder().Build();
        collection.AddSingleton(schema);
        collection.AddSingleton(
            new RequestExecutor(schema, new()
            {
                Limits = new() { RequestTimeoutSeconds = 600 },
                OnUnexpectedError = e => Console.Error.WriteLine(e.Exception)
            }));
        await using var services = collection.BuildServiceProvider();
        await new PriceBenchmark(services, runs).MeasureAsync(schema, engine.Name);
    }

    private async Task MeasureAsync(Schema schema, string engine)
    {
        Console.WriteLine($"{engine}\n{"ms",10}{"price",10}{"ms/price",10}  operation");
        var measured = new List<Measured>();
        foreach (var one in UsualOperations.All(schema, await SegmentAsync()))
        {
            measured.Add(await MeasureAsync(one));
            Console.WriteLine(Line(measured[^1]));
        }

        var median = measured.Select(m => m.Ratio).Order().ElementAt(measured.Count / 2);
        Console.WriteLine($"\n{engine}: {measured.Count} operations, median {Number(median)} ms/price; the worst, above {FloorMilliseconds} ms, in medians:");
        foreach (var one in measured.OrderByDescending(m => m.Judged).Take(Worst))
            Console.WriteLine($"{(one.Judged / median).ToString("0.0", CultureInfo.InvariantCulture),6}{Line(one)}");
        Console.WriteLine($"{measured.Count(m => m.Judged > 10 * median)} above ten medians\n");
    }

    private async Task<Measured> MeasureAsync(UsualOperation one)
    {
        var request = new GraphQLRequest(one.Query) { Variables = one.Variables is null ? default : JsonSerializer.SerializeToElement(one.Variables) };
        var (price, warm) = await OnceAsync(one.Name, request);
        if (warm > LongMilliseconds)
            return new(one.Name, warm, price);
        var times = new List<double>();
        for (var i = 0; i < runs; i++)
            times.Add((await OnceAsync(one.Name, request)).Milliseconds);
        return new(one.Name, times.Order().ElementAt(times.Count / 2), price);
    }

    private async Task<(double Price, double Milliseconds)> OnceAsync(string name, GraphQLRequest request)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await services.GetRequiredService<RequestExecutor>()
            .ExecuteAsync(request, new RequestState().Set(Caller.System).Set(Reported), services, CancellationToken.None);
        if (result.Errors.Count > 0)
            throw new InvalidOperationException($"{name}: {string.Join("; ", result.Errors.Select(e => e.Message))}");
        result.WriteTo(new ArrayBufferWriter<byte>(1 << 16));
        return (result.Cost!.Cost.Total, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>The id of a segment, made when there is none.</summary>
    private async Task<string> SegmentAsync()
    {
        const string make = """
            mutation { createSegment(input: {key: "prices", name: "Prices", definition: {orderCount: {gte: 3}, country: {neq: "Germany"}}}) { segment { id } errors { __typename } } }
            """;
        foreach (var query in new[] { "{ segmentByKey(key: \"prices\") { id } }", make, "{ segmentByKey(key: \"prices\") { id } }" })
        {
            var result = await services.GetRequiredService<RequestExecutor>()
                .ExecuteAsync(new GraphQLRequest(query), new RequestState().Set(Caller.System), services, CancellationToken.None);
            var answer = new ArrayBufferWriter<byte>();
            result.WriteTo(answer);
            using var json = JsonDocument.Parse(answer.WrittenMemory);
            if (json.RootElement.GetProperty("data").TryGetProperty("segmentByKey", out var segment) && segment.ValueKind == JsonValueKind.Object)
                return segment.GetProperty("id").GetString()!;
        }

        throw new InvalidOperationException("No segment could be made.");
    }

    private static string Line(Measured one) => $"{Number(one.Milliseconds),10}{one.Price,10:0}{Number(one.Ratio),10}  {one.Name}";

    private static string Number(double value) => value.ToString(value < 1 ? "0.0000" : "0.0", CultureInfo.InvariantCulture);
}
