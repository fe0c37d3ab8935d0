using System.Globalization;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Goals;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Goals;

public sealed class GoalTests
{
    private const string Create = """
        mutation ($goal: GoalInput!) { createGoal(input: {goal: $goal}) {
          goal { id value reason target baseline status pace expectedAtDeadline metric { key } where owner { id } } errors { ... on Error { message code } } } }
        """;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_goal_tells_its_value_and_where_it_leads(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        var today = DateOnly.FromDateTime(database.Clock.GetUtcNow().UtcDateTime);
        await client.DataAsync("""
            mutation ($a: DateTime!, $b: DateTime!) { upsertOrders(input: {orders: [
              {orderedAt: $a, currency: "EUR", amount: 200, channel: "WEB"}, {orderedAt: $b, currency: "EUR", amount: 100, channel: "SHOP"}]}) { errors { ... on Error { message } } } }
            """, new { a = Moment(today.AddDays(-9)), b = Moment(today.AddDays(-3)) });

        // Ten of twenty days are over.
        var (start, deadline) = (today.AddDays(-9), today.AddDays(10));
        var goal = await CreatedAsync(client, new { name = "Sales", metric = "revenue", target = 1_000, startDay = start, deadline });
        Assert.Equal(
            "300 null AT_RISK 0.6 600",
            string.Join(' ', new[] { "value", "reason", "status", "pace", "expectedAtDeadline" }.Select(f => Text(goal, f))));
        Assert.Equal("REACHED", Text(await ChangedAsync(new { target = 300 }), "status"));
        Assert.Equal("ON_TRACK 1.2", $"{Text(await ChangedAsync(new { target = 500 }), "status")} {Text(await ChangedAsync(new { target = 500 }), "pace")}");
        Assert.Equal("MISSED", Text(await ChangedAsync(new { deadline = today.AddDays(-1) }), "status"));

        var web = await CreatedAsync(client, new
        {
            name = "Web", metric = "revenue", target = 100, startDay = today.AddDays(-9), deadline = today, where = new { channel = new { eq = "WEB" } },
        });
        Assert.Equal(("200", "REACHED"), (Text(web, "value"), Text(web, "status")));
        var later = await CreatedAsync(client, new { name = "Later", metric = "orders", target = 1, startDay = today.AddDays(1), deadline = today.AddDays(2) });
        Assert.Equal(("null", "NOT_STARTED"), (Text(later, "value"), Text(later, "status")));
        var unknown = await CreatedAsync(client, new { name = "Answers", metric = "nps", target = 40, startDay = today, deadline = today });
        Assert.Equal(("null", "NO_DATA", "UNKNOWN"), (Text(unknown, "value"), Text(unknown, "reason"), Text(unknown, "status")));

        var all = (await client.DataAsync("{ goals { name value target status pace expectedAtDeadline } }")).GetProperty("goals");
        Assert.Equal(["Sales", "Web", "Answers", "Later"], all.EnumerateArray().Select(g => g.GetProperty("name").GetString()));
        // A representative's own orders alone; there are none.
        var own = (await client.DataAsync("{ goals { name reason status } }", caller: new Caller("rep", Role.Representative, null, []))).GetProperty("goals");
        Assert.All(own.EnumerateArray().Where(g => Text(g, "name") != "Later"), g => Assert.Equal("NO_DATA", Text(g, "reason")));
        await using var db = database.CreateContext();
        Assert.Equal(3, await db.History.CountAsync(h => h.Table == "goals"));

        async Task<JsonElement> ChangedAsync(object change) => (await client.DataAsync("""
            mutation ($id: ID!, $change: GoalChangeInput!) { updateGoal(input: {id: $id, change: $change}) { goal { status pace } errors { ... on Error { message } } } }
            """, new { id = goal.GetProperty("id").GetString(), change })).GetProperty("updateGoal").GetProperty("goal");
    }

    [Theory]
    [InlineData("firstResponseTime", 12, 8, 10, GoalStatus.OnTrack, "1", "8")]
    [InlineData("firstResponseTime", null, 8, 9, GoalStatus.AtRisk, null, "9")]
    [InlineData("nps", 20, 30, 24, GoalStatus.AtRisk, "0.8", "28")]
    [InlineData("nps", 30, 30, 31, GoalStatus.OnTrack, null, "32")]
    [InlineData("complaints", 100, 40, 15, GoalStatus.OnTrack, "0.75", "30")]
    [InlineData("complaints", 100, 40, 25, GoalStatus.AtRisk, "1.25", "50")]
    public void Half_way_to_the_deadline(string metric, int? baseline, int target, int value, GoalStatus status, string? pace, string expected)
    {
        var today = new DateOnly(2026, 3, 10);
        var goal = new Goal
        {
            Metric = metric, Baseline = baseline * FixedPoint.MoneyUnit, Target = target * FixedPoint.MoneyUnit, StartDay = today.AddDays(-9),
            Deadline = today.AddDays(10),
        };
        GoalProgress.Judge(goal, MetricCatalog.Require(metric), value, today);
        Assert.Equal((status, Number(pace), Number(expected)), (goal.Status, goal.Pace, goal.ExpectedAtDeadline));
    }

    [Theory]
    [InlineData("""{"name":" ","metric":"orders","target":1,"startDay":"2026-01-01","deadline":"2026-02-01"}""", "needs a name")]
    [InlineData("""{"name":"x","metric":"sales","target":1,"startDay":"2026-01-01","deadline":"2026-02-01"}""", "There is no metric \"sales\"")]
    [InlineData("""{"name":"x","metric":"orders","target":0.00001,"startDay":"2026-01-01","deadline":"2026-02-01"}""", "at most 4 decimals")]
    [InlineData(
        """{"name":"x","metric":"orders","target":1,"startDay":"2026-01-01","deadline":"2025-12-31"}""",
        "The deadline is the first day or a later one")]
    [InlineData(
        """{"name":"x","metric":"nps","target":1,"startDay":"2024-01-01","deadline":"2024-02-01","where":{"product":{"name":{"eq":"Tea"}}}}""",
        "does not support a condition")]
    public async Task What_cannot_be_a_goal_is_refused(string goal, string message)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var client = new GraphQLClient(database);
        var payload = (await client.DataAsync(Create, new { goal = JsonSerializer.Deserialize<JsonElement>(goal) })).GetProperty("createGoal");
        Assert.Equal("GOAL_INVALID", payload.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Contains(message, payload.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goals_have_a_limit_and_are_kept_by_managers_and_analysts()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var client = new GraphQLClient(database, new() { Goals = 1 });
        var goal = new { name = "x", metric = "orders", target = 1, startDay = "2024-01-01", deadline = "2024-02-01" };
        Assert.Equal("AUTH_NOT_AUTHORIZED", await client.CodeAsync(Create, new { goal }, new Caller("rep", Role.Representative, null, [])));
        var first = await CreatedAsync(client, goal);
        var second = (await client.DataAsync(Create, new { goal })).GetProperty("createGoal");
        Assert.Equal("GOALS_TOO_MANY", second.GetProperty("errors")[0].GetProperty("code").GetString());
        var delete = "mutation ($id: ID!) { deleteGoal(input: {id: $id}) { goal { name } errors { __typename } } }";
        Assert.Equal("x", Text((await client.DataAsync(delete, new { id = Text(first, "id") })).GetProperty("deleteGoal").GetProperty("goal"), "name"));
        Assert.Equal(
            "NotFoundError",
            Text((await client.DataAsync(delete, new { id = Text(first, "id") })).GetProperty("deleteGoal").GetProperty("errors")[0], "__typename"));
    }

    private static async Task<JsonElement> CreatedAsync(GraphQLClient client, object goal)
    {
        var payload = (await client.DataAsync(Create, new { goal })).GetProperty("createGoal");
        Assert.Equal(JsonValueKind.Null, payload.GetProperty("errors").ValueKind);
        return payload.GetProperty("goal");
    }

    private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Moment(DateOnly day) => $"{day:yyyy-MM-dd}T12:00:00Z";

    private static string Text(JsonElement of, string field) =>
        of.GetProperty(field) is { ValueKind: not JsonValueKind.Null } value ? value.ToString() : "null";
}
