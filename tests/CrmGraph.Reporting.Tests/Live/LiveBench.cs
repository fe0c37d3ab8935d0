using System.Text.Json;
using CrmGraph.Data;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Live;

/// <summary>Two representatives with a customer each, a server's services on the real clock, and every way to write an order.</summary>
internal sealed class LiveBench : IAsyncDisposable
{
    public const string Orders = """subscription { metricsUpdated(period: {range: {from: "2020-01-01", until: "2100-01-01"}}) { totals { orders { value } """
        + """grossRevenue { value } } } }""";

    private readonly TestDatabase _database;
    private readonly GraphQLClient _client;

    private LiveBench(TestDatabase database)
    {
        _database = database;
        _client = new GraphQLClient(database, add: services => services.AddSingleton(TimeProvider.System));
    }

    public TestDatabase Database => _database;
    public TeamMember Ann { get; } = new() { Id = Guid.CreateVersion7(), Name = "Ann" };
    public TeamMember Bob { get; } = new() { Id = Guid.CreateVersion7(), Name = "Bob" };
    public Guid CustomerOfAnn { get; } = Guid.CreateVersion7();
    public Guid CustomerOfBob { get; } = Guid.CreateVersion7();
    public IServiceProvider Services => _client.Services;

    public static async Task<LiveBench> CreateAsync(DatabaseKind kind)
    {
        var bench = new LiveBench(await TestDatabase.CreateAsync(kind));
        await bench._database.SaveAsync(bench.Ann, bench.Bob, Customer(bench.CustomerOfAnn, bench.Ann), Customer(bench.CustomerOfBob, bench.Bob));
        return bench;
    }

    public static Caller Representative(TeamMember member) => new(member.Name, Role.Representative, member.Id, [member.Id]);

    public async Task<LiveStream> WatchAsync(string subscription, Caller? caller = null, CostPolicy? policy = null)
    {
        var state = new RequestState().Set(caller ?? Caller.System);
        if (policy is not null)
            state.Set(policy);
        var result = await _client.Executor.ExecuteAsync(new GraphQLRequest(subscription), state, Services, CancellationToken.None);
        Assert.True(
            result.Stream is not null,
            result.Stream is null ? $"{result} {string.Join(Environment.NewLine, _client.Errors.Select(e => e.Exception))}" : null);
        return new(result.Stream!);
    }

    public Task<JsonElement> SendAsync(string operation) => _client.SendAsync(operation);

    /// <summary>What an operation costs that is sent on its own.</summary>
    public async Task<double> PriceAsync(GraphQLRequest request, CostPolicy policy) => (await _client.Executor.ExecuteAsync(
        request, new RequestState().Set(Caller.System).Set(policy with { Bucket = null }), Services, CancellationToken.None)).Cost!.Cost.Total;

    /// <summary>By this server's writer.</summary>
    public Task OrderAsync(Guid customer, decimal amount) => OrderAsync(Services, customer, amount);

    /// <summary>By the writer of another process: another engine, another hub.</summary>
    public async Task OrderElsewhereAsync(Guid customer, decimal amount)
    {
        await using var engine = DatabaseEngine.Create(_database.ConnectionString);
        await using var services = new ServiceCollection().AddLogging().AddCrmDatabase(engine).AddCrm(new()).BuildServiceProvider();
        await OrderAsync(services, customer, amount);
    }

    /// <summary>An order as plain SQL would write it. On SQLite nothing fills the day and the hour.</summary>
    public string OrderSql(Guid customer, long amount)
    {
        var stored = amount * 10_000;
        return _database.Kind == DatabaseKind.Postgres
            ? $"insert into orders (customer_id, ordered_at, currency, gross_amount) values ('{customer}', now(), 'EUR', {stored})"
            : $"insert into orders (customer_id, ordered_at, day, hour, currency, gross_amount) values (x'{Convert.ToHexString(customer.ToByteArray(true))}', "
                + $"'2026-03-16 09:00:00', '2026-03-16', 9, 'EUR', {stored})";
    }

    private static async Task OrderAsync(IServiceProvider services, Guid customer, decimal amount)
    {
        var batch = new IngestBatch();
        batch.Orders.Add(new() { Customer = RowRef.Of(customer), OrderedAt = TimeProvider.System.GetUtcNow().UtcDateTime, Currency = "EUR", Amount = amount });
        var outcome = await services.GetRequiredService<CrmWriter>().WriteAsync(batch);
        Assert.Empty(outcome.Refusals);
    }

    private static Customer Customer(Guid id, TeamMember owner) =>
        new()
        {
            Id = id,
            Name = "Customer of " + owner.Name,
            OwnerId = owner.Id,
            CreatedAt = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Day = new(2026, 1, 1)
        };

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>The answers of a subscription, one by one.</summary>
internal sealed class LiveStream(IAsyncEnumerable<ExecutionResult> results) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly IAsyncEnumerator<ExecutionResult> _results = results.GetAsyncEnumerator();

    /// <summary>The next answer; fails the test when none comes.</summary>
    public async Task<JsonElement> NextAsync()
    {
        Assert.True(await _results.MoveNextAsync().AsTask().WaitAsync(Patience), "The stream ended.");
        return _results.Current.ToJson();
    }

    /// <summary>Orders and gross revenue of the next answer.</summary>
    public async Task<(decimal Orders, decimal Revenue)> TotalsAsync()
    {
        var answer = await NextAsync();
        Assert.False(answer.TryGetProperty("errors", out var errors), errors.ToString());
        var totals = answer.GetProperty("data").GetProperty("metricsUpdated").GetProperty("totals");
        return (Number(totals.GetProperty("orders")), Number(totals.GetProperty("grossRevenue")));
    }

    private static decimal Number(JsonElement metric)
    {
        var value = metric.GetProperty("value");
        // Nothing was recorded yet.
        if (value.ValueKind == JsonValueKind.Null)
            return 0;
        return value.ValueKind == JsonValueKind.String
            ? decimal.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            : value.GetDecimal();
    }

    public ValueTask DisposeAsync() => _results.DisposeAsync();
}
