using System.Text;
using System.Text.Json;
using CrmGraph.Reporting.Access;
using Xunit;

namespace CrmGraph.Server.Tests.Endpoints;

/// <summary>What people read comes in the language that they ask for; what programs read does not change.</summary>
public sealed class LanguageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Han = @"\p{IsCJKUnifiedIdeographs}";

    [Theory]
    [InlineData(null, "en"), InlineData("", "en"), InlineData("de", "en"), InlineData("zh", "zh")]
    [InlineData("zh-Hans-CN,en;q=0.5", "zh")]
    [InlineData("en, zh", "en"), InlineData("zh;q=0.2, en;q=0.9", "en"), InlineData("fr, ZH;q=0.1", "zh"), InlineData("zh;q=0", "en")]
    [InlineData("zh;q=x", "en")]
    public void The_most_preferred_of_the_known_languages_is_taken(string? header, string tag) => Assert.Equal(tag, Language.Of(header).Tag);

    [Fact]
    public async Task Labels_formulas_units_and_names_of_series_are_Chinese_on_request()
    {
        const string Query = """
            { metricCatalog { key label formula unit unitLabel }
              metrics(period: { last: { count: 90, unit: DAY } }, groupBy: [WEEKDAY, LIFECYCLE_STAGE], subtotals: true) {
                rows { key dimensions { key label kind } nps { reason reasonLabel } }
                series(metrics: ["orders", "revenue"]) { name } } }
            """;
        var (english, chinese) = (await AskAsync(Query, null), await AskAsync(Query, "zh-CN,zh;q=0.9,en;q=0.8"));
        string[] words = ["label", "formula", "unitLabel", "reasonLabel", "name"];
        Assert.Equal(Leaves(english).Where(l => !words.Contains(l.Name)), Leaves(chinese).Where(l => !words.Contains(l.Name)));
        foreach (var name in words)
        {
            Assert.All(Texts(english, name), t => Assert.DoesNotMatch(Han, t));
            Assert.All(Texts(chinese, name).Where(t => t is not "NPS" and not "CSAT"), t => Assert.Matches(Han, t));
            Assert.NotEmpty(Texts(chinese, name));
        }
    }

    private async Task<JsonElement> AskAsync(string query, string? language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { query }), Encoding.UTF8, "application/json"),
        };
        if (language is not null)
            request.Headers.Add("Accept-Language", language);
        using var answer = await shared.Server.Client.SendAsync(request);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.False(json.RootElement.TryGetProperty("errors", out var errors), errors.ToString());
        return json.RootElement.GetProperty("data").Clone();
    }

    private static IEnumerable<string> Texts(JsonElement json, string name) =>
        Leaves(json).Where(l => l.Name == name && l.Value.Length > 0).Select(l => l.Value);

    private static IEnumerable<(string Name, string Value)> Leaves(JsonElement json, string name = "") => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => Leaves(p.Value, p.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(e => Leaves(e, name)),
        _ => [(name, json.ToString())],
    };
}
