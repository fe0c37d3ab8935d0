using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

public sealed class ChineseWordsTests
{
    [Fact]
    public void Every_unit_and_every_enum_value_of_a_dimension_has_a_Chinese_word()
    {
        Assert.All(MetricCatalog.All, m => Assert.NotNull(ChineseWords.OfUnit(m.Unit)));
        Assert.Equal(("货币 / 客户数", "货币 × 天 / 订单数"), (ChineseWords.OfUnit("currency per customers"), ChineseWords.OfUnit("currency x days per orders")));
        var types = typeof(FactRow).GetProperties().Select(p => Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType).Where(t => t.IsEnum)
            .Append(typeof(DayOfWeek)).Distinct();
        Assert.All(
            types.SelectMany(t => Enum.GetValues(t).Cast<Enum>()),
            value => Assert.True(ChineseWords.Of(value) is not null, $"{value.GetType().Name}.{value}"));
        Assert.All(Enum.GetValues<NoValueReason>(), r => Assert.NotEqual("无数值", ChineseWords.Of(r)));
    }
}
