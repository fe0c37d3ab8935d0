using System.Text.Json.Nodes;
using CrmGraph.Dashboard;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>How what is chosen on a dashboard narrows the filter that a tile has of its own.</summary>
public sealed class MarkTests
{
    [Theory]
    [InlineData(null, "CHANNEL:Web", """{"channel":{"eq":"Web"}}""")]
    [InlineData("""{"channel":{"eq":"Web"}}""", "CHANNEL:Web", """{"channel":{"eq":"Web"}}""")]
    [InlineData("""{"channel":{"eq":"Web"}}""", "CHANNEL:Store", """{"channel":{"eq":"Web","in":["Store"]}}""")]
    [InlineData("""{"channel":{"in":["Web","Store"]}}""", "CHANNEL:Store", """{"channel":{"in":["Web","Store"],"eq":"Store"}}""")]
    [InlineData("""{"channel":{"eq":"Web","in":["Web"]}}""", "CHANNEL:Store", """{"channel":{"eq":"Web","in":[]}}""")]
    [InlineData("""{"channel":{"eq":"Web"}}""", "REGION:Bayern", """{"channel":{"eq":"Web"},"customer":{"and":[{"region":{"eq":"Bayern"}}]}}""")]
    [InlineData("""{"customer":{"orderCount":{"gte":2}}}""", "REGION:Bayern",
        """{"customer":{"and":[{"orderCount":{"gte":2}},{"and":[{"region":{"eq":"Bayern"}}]}]}}""")]
    public void Both_hold(string? own, string mark, string expected)
    {
        var parts = mark.Split(':');
        var narrowed = Mark.Narrow((JsonObject?)(own is null ? null : JsonNode.Parse(own)), [new(parts[0], parts[1], parts[1])]);
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), narrowed!.ToJsonString());
    }

    [Fact]
    public void Without_a_mark_the_filter_is_its_own() => Assert.Equal("""{"channel":{"eq":"Web"}}""",
        Mark.Narrow((JsonObject)JsonNode.Parse("""{"channel":{"eq":"Web"}}""")!, [])!.ToJsonString());
}
