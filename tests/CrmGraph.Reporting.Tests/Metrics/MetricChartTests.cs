using System.Text.Json;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Series and pivot tables say what the rows of the same table say.</summary>
public sealed class MetricChartTests
{
    private static readonly string[] Dimensions = ["COUNTRY", "CHANNEL", "GENDER"];
    private static readonly string[] Grains = ["MONTH", "QUARTER", "HOUR"];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Series_and_pivot_are_the_rows(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await SampleCrm.CreateAsync(database);
        await using var client = new GraphQLClient(database);
        await Fuzz.RunAsync(25, async random =>
        {
            var dimensions = Dimensions.OrderBy(_ => random.Next()).Take(random.Next(0, 4)).ToList();
            var grain = random.Next(2) == 0 ? Grains[random.Next(Grains.Length)] : null;
            var by = grain is null ? dimensions.Take(Math.Max(0, dimensions.Count - 1)).ToList() : dimensions;
            var given = random.Next(2) == 0 ? "" : $", by: [{string.Join(' ', by.OrderBy(_ => random.Next()))}]";
            var subtotals = random.Next(2) == 0 ? ", subtotals: true" : "";
            var table = await TableAsync(client, $$"""
                period: { last: { count: {{(grain == "HOUR" ? 2 : 200)}}, unit: DAY } }, compareTo: PREVIOUS_PERIOD, groupBy: [{{string.Join(' ', dimensions)}}]
                {{(grain is null ? "" : $"grain: {grain}")}} {{(dimensions.Count == 0 ? "" : subtotals)}}
                """, given);
            Check(table, grain is not null, by);
        });
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task More_or_less_than_one_axis_is_refused(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await SampleCrm.CreateAsync(database);
        await using var client = new GraphQLClient(database);
        foreach (var (arguments, by) in new[]
        {
            ("groupBy: [COUNTRY CHANNEL]", "[]"), ("groupBy: [COUNTRY CHANNEL]", "[COUNTRY CHANNEL]"), ("groupBy: [COUNTRY]", "[GENDER]"),
            ("groupBy: [COUNTRY], grain: MONTH", "[]"), ("groupBy: [COUNTRY CHANNEL]", "[COUNTRY COUNTRY]"),
        })
            Assert.Equal("METRIC_INVALID_ARGUMENT", await client.CodeAsync(
                $$"""{ metrics(period: { last: { count: 200, unit: DAY } }, {{arguments}}) { series(metrics: ["revenue"], by: {{by}}) { name } } }"""));
        Assert.Equal("METRIC_UNKNOWN", await client.CodeAsync("""{ metrics(period: { year: 2026 }) { pivot(metrics: ["x"]) { rows { x } } } }"""));
    }

    private static void Check(JsonElement table, bool isOfTime, List<string> by)
    {
        var expected = table.GetProperty("rows").EnumerateArray().Where(r => !r.GetProperty("isSubtotal").GetBoolean()).SelectMany(r =>
        {
            var dimensions = r.GetProperty("dimensions").EnumerateArray().ToList();
            var axis = dimensions.Where(d => !by.Contains(d.GetProperty("dimension").GetString()!)).ToList();
            var bucket = r.GetProperty("bucket");
            var label = isOfTime ? bucket.GetProperty("label").GetString() : axis is [var only] ? only.GetProperty("label").GetString() : "";
            var x = isOfTime ? null : axis is [var place] ? place.GetProperty("key").GetString() : null;
            var group = string.Join('|', dimensions.Except(axis).Select(Shown).Order(StringComparer.Ordinal));
            return r.GetProperty("values").EnumerateArray().Select(v => $"{v.GetProperty("metric").GetProperty("key")} {group} {x} {label} "
                + $"{v.GetProperty("value")} {v.GetProperty("reason")} {v.GetProperty("previous")}");
        }).Order(StringComparer.Ordinal).ToList();
        var series = table.GetProperty("series").EnumerateArray().ToList();
        Assert.Equal(expected, series.SelectMany(s =>
        {
            var group = string.Join('|', s.GetProperty("keys").EnumerateArray().Select(Shown).Order(StringComparer.Ordinal));
            return s.GetProperty("points").EnumerateArray().Select(p =>
                $"{s.GetProperty("metric").GetProperty("key")} {group} "
                + $"{(isOfTime ? null : p.GetProperty("x").GetString())} {p.GetProperty("label").GetString()} "
                + $"{p.GetProperty("y")} {p.GetProperty("reason")} {p.GetProperty("previous")}");
        }).Order(StringComparer.Ordinal));
        Assert.Equal(series.Count, series.Select(s => s.GetProperty("name").GetString()).Distinct().Count());
        var pivot = table.GetProperty("pivot");
        Assert.Equal(
            series.Select(s => s.GetProperty("name").GetString()),
            pivot.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        foreach (var row in pivot.GetProperty("rows").EnumerateArray())
            Assert.Equal(
                series.Select(s => s.GetProperty("points").EnumerateArray().Where(p => Place(p) == Place(row))
                    .Select(p => $"{p.GetProperty("y")}").SingleOrDefault("")),
                row.GetProperty("values").EnumerateArray().Select(v => $"{v}"));
        Assert.Equal(
            series.SelectMany(s => s.GetProperty("points").EnumerateArray()).Select(Place).Distinct(),
            pivot.GetProperty("rows").EnumerateArray().Select(Place));
    }

    private static string Place(JsonElement of) => $"{of.GetProperty("x")} {of.GetProperty("label")}";

    private static string Shown(JsonElement dimension) =>
        $"{dimension.GetProperty("dimension")} {dimension.GetProperty("key")} {dimension.GetProperty("kind")}";

    private static async Task<JsonElement> TableAsync(GraphQLClient client, string arguments, string by) => (await client.DataAsync($$"""
        { metrics({{arguments}}) {
          rows { isSubtotal bucket { label } dimensions { dimension key label kind }
            values(metrics: ["revenue", "orders"]) { metric { key } value reason previous } }
          series(metrics: ["revenue", "orders"]{{by}}) {
            name metric { key } keys { dimension key kind } points { x label y reason previous } }
          pivot(metrics: ["revenue", "orders"]{{by}}) { columns { name } rows { x label values } }
        } }
        """)).GetProperty("metrics");
}
