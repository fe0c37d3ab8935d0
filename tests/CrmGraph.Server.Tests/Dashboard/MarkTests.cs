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

    [Theory]
    [InlineData("plan", "gold", """{"customer":{"and":[{"attributes":{"some":{"key":{"eq":"plan"},"value":{"eq":"gold"}}}}]}}""")]
    [InlineData("plan", null, """{"customer":{"and":[{"attributes":{"none":{"key":{"eq":"plan"}}}}]}}""")]
    public void A_value_of_an_attribute_is_a_filter_and_stands_in_an_address(string attribute, string? key, string expected)
    {
        var mark = new Mark("ATTRIBUTE", key, key ?? "Unknown", attribute);
        Assert.Equal(expected, Mark.Filter([mark])!.ToJsonString());
        var read = Assert.Single(Mark.Of("http://localhost/dashboards/x?period=30d" + Mark.Query([mark])));
        Assert.Equal((mark.Dimension, mark.Attribute, mark.Key), (read.Dimension, read.Attribute, read.Key));
    }

    [Fact]
    public void Names_of_attributes_may_hold_what_parts_an_address()
    {
        Mark[] marks = [new("ATTRIBUTE", "a:b/c", "a:b/c", "x/y:z,&"), new("ATTRIBUTE", "v", "v", "other")];
        Assert.Equal(marks.Select(m => (m.Attribute, m.Key)), Mark.Of("http://localhost/?" + Mark.Query(marks)).Select(m => (m.Attribute, m.Key)));
    }

    [Theory]
    [InlineData("ATTRIBUTE", "18..30", "age")]
    [InlineData("ATTRIBUTE", "..-2.5", "age")]
    [InlineData("ATTRIBUTE", "gold", null)]
    [InlineData("ORDER_ATTRIBUTE", "box", "gift wrap")]
    [InlineData("HOUR_OF_DAY", "7", null)]
    public void What_no_filter_says_is_none(string dimension, string key, string? attribute) =>
        Assert.False(new Mark(dimension, key, key, attribute).IsFilter);

    [Fact]
    public void Without_a_mark_the_filter_is_its_own() => Assert.Equal("""{"channel":{"eq":"Web"}}""",
        Mark.Narrow((JsonObject)JsonNode.Parse("""{"channel":{"eq":"Web"}}""")!, [])!.ToJsonString());
}
