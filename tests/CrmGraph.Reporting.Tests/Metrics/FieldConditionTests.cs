using System.Text.Json;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Conditions on single metrics of a table: the same figures as a table of that condition gives.</summary>
public sealed class FieldConditionTests
{
    private const string Value = "value reason previous share cumulative(toDate: YEAR) moving(count: 2)";
    private const string Persons = "{customer: {kind: {eq: PERSON}}}";
    private const string Web = "{channel: {eq: \"web\"}}";
    private const string Both = "{customer: {kind: {eq: PERSON}}, channel: {eq: \"web\"}}";

    public static TheoryData<DatabaseKind, string> Tables
    {
        get
        {
            var data = new TheoryData<DatabaseKind, string>();
            foreach (var kind in Enum.GetValues<DatabaseKind>())
                foreach (var arguments in new[]
                {
                    "",
                    "grain: QUARTER, compareTo: PREVIOUS_YEAR",
                    "groupBy: [COUNTRY]",
                    "groupBy: [PRODUCT_CATEGORY], grain: YEAR",
                    "groupBy: [CHANNEL], grain: MONTH, compareTo: PREVIOUS_PERIOD",
                })
                    data.Add(kind, arguments);
            return data;
        }
    }

    [Theory, MemberData(nameof(Tables))]
    public async Task A_metric_with_a_condition_is_that_of_a_table_with_the_condition(DatabaseKind kind, string arguments)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 1);
        var mixed = await RowsAsync(bench, arguments, Web, $$"""
            plain: revenue { {{Value}} } persons: revenue(where: {{Persons}}) { {{Value}} } buyers: activeCustomers(where: {{Persons}}) { {{Value}} }
            amount: winRate(by: AMOUNT, where: {{Persons}}) { {{Value}} } count: winRate { {{Value}} } quick: medianOrderValue(where: {{Persons}}) { {{Value}} }
            """);
        var plain = await RowsAsync(bench, arguments, Web, $$"""plain: revenue { {{Value}} } count: winRate { {{Value}} }""");
        var persons = await RowsAsync(bench, arguments, Both, $$"""
            persons: revenue { {{Value}} } buyers: activeCustomers { {{Value}} } amount: winRate(by: AMOUNT) { {{Value}} } quick: medianOrderValue { {{Value}} }
            """);
        Assert.NotEmpty(mixed);
        Assert.Contains(mixed, r => r.Value.GetProperty("persons").GetRawText() != r.Value.GetProperty("plain").GetRawText());
        foreach (var (key, row) in mixed)
            foreach (var (rows, names) in new[] { (plain, new[] { "plain", "count" }), (persons, ["persons", "buyers", "amount", "quick"]) })
                foreach (var name in names)
                    if (rows.TryGetValue(key, out var alone))
                        Assert.Equal((key, name, alone.GetProperty(name).GetRawText()), (key, name, row.GetProperty(name).GetRawText()));
                    else
                        Assert.True(row.GetProperty(name).GetProperty("value").ValueKind is JsonValueKind.Null || Zero(row.GetProperty(name)), $"{key} {name}");
        Assert.Subset(mixed.Keys.ToHashSet(), persons.Keys.ToHashSet());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_first_groups_are_those_of_the_table_and_the_others_hold_the_rest(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 1);
        foreach (var by in new[] { "COUNTRY", "CUSTOMER", "PRODUCT" })
        {
            var table = $"groupBy: [{by}], order: [{{revenue: DESC}}]";
            var fields = $$"""persons: revenue(where: {{Persons}}) { value } plain: revenue { value }""";
            var few = await RowsAsync(bench, table + ", first: 2", Web, fields);
            var all = await RowsAsync(bench, table, Web, fields);
            Assert.Equal(3, few.Count);
            foreach (var (key, row) in few.Where(r => r.Key != "others"))
                Assert.Equal(all[key].GetRawText(), row.GetRawText());
            foreach (var name in new[] { "persons", "plain" })
                Assert.Equal(Sum(all, name), Sum(few, name), 6);
        }
    }

    [Fact]
    public async Task Tables_of_which_every_metric_has_a_condition_have_their_groups_and_say_what_they_cannot_tell()
    {
        await using var bench = await MetricBench.CreateAsync(DatabaseKind.Sqlite, 1);
        var rows = await RowsAsync(
            bench, "groupBy: [COUNTRY]", Web, $$"""persons: revenue(where: {{Persons}}) { value } spend: marketingSpend(where: {{Persons}}) { reason }""");
        Assert.NotEmpty(rows);
        Assert.All(rows.Values, r => Assert.Equal("UNSUPPORTED_GROUPING", r.GetProperty("spend").GetProperty("reason").GetString()));
        await using var client = new GraphQLClient(bench.Database);
        foreach (var (field, message) in new[]
        {
            ("resolvedInTime(hours: 0) { value }", "`hours` of `resolvedInTime` must be 1 to 8784, not 0."),
            ("revenue { moving(count: -1) }", "`count` of `moving` must be at least 1, not -1."),
            ("revenue { moving(count: 2, unit: WEEK) }",
                "`unit` of `moving` is not for grain MONTH: WEEK holds no whole buckets. Leave it out to count buckets."),
        })
        {
            var errors = (await client.SendAsync($"{{ metrics(period: {{toDate: YEAR}}, grain: MONTH) {{ rows {{ {field} }} }} }}")).GetProperty("errors");
            Assert.Equal(1, errors.GetArrayLength());
            Assert.Equal((MetricErrorCodes.InvalidArgument, message), (Code(errors[0]), errors[0].GetProperty("message").GetString()));
        }

        static string? Code(JsonElement error) => error.GetProperty("extensions").GetProperty("code").GetString();
    }

    private static async Task<Dictionary<string, JsonElement>> RowsAsync(MetricBench bench, string arguments, string where, string fields)
    {
        await using var client = new GraphQLClient(bench.Database);
        var answer = await client.SendAsync(
            $"{{ metrics(period: {{last: {{count: 14, unit: MONTH}}}}, where: {where}, {arguments}) {{ rows {{ key {fields} }} totals {{ {fields} }} }} }}");
        Assert.False(answer.TryGetProperty("errors", out var errors), errors.ToString());
        var table = answer.GetProperty("data").GetProperty("metrics");
        return table.GetProperty("rows").EnumerateArray().ToDictionary(r => r.GetProperty("key").GetString()!);
    }

    private static bool Zero(JsonElement value) => value.GetProperty("value").GetDecimal() == 0;

    private static decimal Sum(Dictionary<string, JsonElement> rows, string name) =>
        rows.Values.Select(r => r.GetProperty(name).GetProperty("value")).Where(v => v.ValueKind == JsonValueKind.Number).Sum(v => v.GetDecimal());
}
