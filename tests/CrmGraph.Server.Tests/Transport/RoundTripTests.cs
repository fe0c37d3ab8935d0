using System.Net;
using System.Net.Http.Json;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Server.Tests.Transport;

/// <summary>How often usual requests go to the database and back, which is what they take where it is far away.</summary>
[Collection(AloneCollection.Name)]
public sealed class RoundTripTests
{
    private const string Period = "period: {last: {count: 6, unit: MONTH}}";

    [Fact]
    public async Task Usual_requests_go_to_the_database_and_back_a_few_times()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await SampleCrm.CreateAsync(database, 3);
        await using var relay = new FrozenRelay(database, 20);
        await using var server = await RunningServer.StartAsync("Production", ["--ConnectionStrings:Crm", relay.ConnectionString]);
        var key = (await server.CreateKeyAsync(Role.Analyst)).Secret;
        // Until then the worker goes to the database as well.
        while ((await database.QueryAsync("select 1 from rollup_marks limit 1")).Count > 0)
            await Task.Delay(50);
        (string Name, string Query, int Turns)[] requests =
        [
            ("page", "{ customers(first: 20) { nodes { name orders(first: 5) { nodes { number } } } } }", 1),
            ("count", "{ metrics(SPAN) { totals { orders { value } } } }", 4),
            ("customers", "{ metrics(SPAN) { totals { totalCustomers { value } } } }", 4),
            // Rates are known to be needed when the money is there.
            ("six by month", "{ metrics(SPAN, grain: MONTH) { bucketTotals { revenue { value } orders { value } averageOrderValue { value } activeCustomers "
                + "{ value } newCustomers { value } retentionRate { value } } } }", 4),
            ("compared", "{ metrics(SPAN, compareTo: PREVIOUS_PERIOD) { totals { orders { value } newCustomers { value } nps { value } complaints "
                + "{ value } } } }", 4),
        ];
        var seen = new List<string>();
        foreach (var (name, query, turns) in requests)
        {
            var least = int.MaxValue;
            // The first ones open connections, prepare statements and look up the caller; the ends of transactions may come after the answer.
            for (var i = 0; i < 6; i++)
                least = Math.Min(least, await TurnsAsync(relay, server, key, query.Replace("SPAN", Period, StringComparison.Ordinal)));
            if (least > turns)
                seen.Add($"{name}: {least} instead of {turns}");
        }

        Assert.Empty(seen);
    }

    private static async Task<int> TurnsAsync(FrozenRelay relay, RunningServer server, string key, string query)
    {
        var before = relay.Turns;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query }),
            Headers = { Authorization = new("Bearer", key) }
        };
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("\"errors\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Task.Delay(100);
        return relay.Turns - before;
    }
}
