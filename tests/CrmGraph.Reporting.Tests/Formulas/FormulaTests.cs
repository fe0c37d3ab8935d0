using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using Xunit;

namespace CrmGraph.Reporting.Tests.Formulas;

/// <summary>What formulas mean, and what is said of those that mean nothing.</summary>
public sealed class FormulaTests
{
    [Theory]
    [InlineData("", 1, "Expected a metric, a number or \"(\", found the end.")]
    [InlineData("revenue +", 10, "Expected a metric, a number or \"(\", found the end.")]
    [InlineData("revenue orders", 9, "Expected an operator or the end, found \"o\".")]
    [InlineData("(revenue / orders", 18, "Expected \")\" for the \"(\" at 1, found the end.")]
    [InlineData("revenue / (orders * )", 21, "Expected a metric, a number or \"(\", found \")\".")]
    [InlineData("revenue # orders", 9, "Expected an operator or the end, found \"#\".")]
    [InlineData("revenue * 1.2.3", 11, "\"1.2.3\" is no number up to 1000000000000 with at most 9 decimals.")]
    [InlineData("revenue * 9999999999999", 11, "\"9999999999999\" is no number up to 1000000000000 with at most 9 decimals.")]
    [InlineData("orders * 0.00000000000000000000000000000000001", 10,
        "\"0.00000000000000000000000000000000001\" is no number up to 1000000000000 with at most 9 decimals.")]
    [InlineData("orders\0 + nonsense", 7, "Expected an operator or the end, found U+0000.")]
    [InlineData("revenu / orders", 1, "There is no metric \"revenu\". Did you mean \"revenue\"?")]
    [InlineData("12 * 3", 1, "A formula names at least one metric.")]
    [InlineData("revenue + orders", 9, "money and a count (orders) cannot be added.")]
    [InlineData("revenue + 5", 9, "Money and a plain number cannot be added: the number has no currency.")]
    [InlineData("revenue * cost", 9, "Amounts of money cannot be multiplied by each other.")]
    [InlineData("nps - csat", 5, "a score (points from -100 to 100) and a score (percent) cannot be added.")]
    [InlineData("revenue / 0", 9, "Nothing can be divided by zero.")]
    [InlineData("cac(lag: x)", 5, "\"lag\" is a whole number, not \"x\".")]
    [InlineData("cac(lag: 900)", 1, "`lag` of `cac` must be 0 to 366, not 900.")]
    [InlineData("cac(lags: 3)", 5, "\"cac\" has no argument \"lags\", only lag, paidOnly.")]
    [InlineData("cac(lag: 3, lag: 4)", 13, "\"lag\" is given twice.")]
    [InlineData("winRate(by: MONEY)", 9, "\"by\" is one of COUNT, AMOUNT, not \"MONEY\".")]
    [InlineData("orders(within: 3)", 8, "\"orders\" has no arguments.")]
    [InlineData("itself + 1", 1, "The metric \"itself\" would be made of itself, by way of \"itself\".")]
    public void What_is_wrong_is_said_with_its_place(string formula, int position, string message)
    {
        var failure = Assert.Throws<FormulaException>(() => Catalog(("itself", formula)).Require("itself"));
        Assert.Equal((position, message), (failure.Position, failure.Message));
    }

    [Theory]
    [InlineData("revenue - cost", MetricKind.Money, "currency", Additivity.Additive, EmptyRule.Zero)]
    [InlineData("revenue / orders", MetricKind.Money, "currency", Additivity.NonAdditive, EmptyRule.Null)]
    [InlineData("revenue / marketingSpend", MetricKind.Ratio, "ratio", Additivity.NonAdditive, EmptyRule.Null)]
    [InlineData("1 - returnRate", MetricKind.Ratio, "ratio", Additivity.NonAdditive, EmptyRule.Null)]
    [InlineData("returnRate * 100", MetricKind.Rate, "number", Additivity.NonAdditive, EmptyRule.Null)]
    [InlineData("-revenue * 0.5 + 2 * returns", MetricKind.Money, "currency", Additivity.Additive, EmptyRule.Zero)]
    [InlineData("orders + complaints", MetricKind.Count, "number", Additivity.Additive, EmptyRule.Zero)]
    [InlineData("orders * 3", MetricKind.Count, "orders", Additivity.Additive, EmptyRule.Zero)]
    [InlineData("orders / 3", MetricKind.Rate, "orders", Additivity.Additive, EmptyRule.Zero)]
    [InlineData("orders + 1", MetricKind.Count, "orders", Additivity.NonAdditive, EmptyRule.Null)]
    [InlineData("openTickets + openTickets", MetricKind.Count, "tickets", Additivity.SemiAdditive, EmptyRule.Zero)]
    [InlineData("tickets - openTickets", MetricKind.Count, "tickets", Additivity.NonAdditive, EmptyRule.Zero)]
    [InlineData("complaints / orders", MetricKind.Rate, "tickets per orders", Additivity.NonAdditive, EmptyRule.Null)]
    [InlineData("resolutionTime - firstResponseTime", MetricKind.Rate, "hours", Additivity.NonAdditive, EmptyRule.Null)]
    [InlineData("averageOrderValue * orders", MetricKind.Money, "currency", Additivity.NonAdditive, EmptyRule.Null)]
    [InlineData("orders * retentionRate", MetricKind.Rate, "orders", Additivity.NonAdditive, EmptyRule.Null)]
    public void Unit_and_empty_rule_follow(string formula, MetricKind kind, string unit, Additivity additivity, EmptyRule empty)
    {
        var metric = Catalog(("own", formula)).Require("own");
        Assert.Equal((kind, unit, additivity, empty), (metric.Kind, metric.Unit, metric.Additivity, metric.EmptyRule));
    }

    [Theory]
    [InlineData("a - b - c", -4)]
    [InlineData("a - (b - c)", 2)]
    [InlineData("a / b / c", "0.1666666666666666666666666667")]
    [InlineData("a + 2 * b", 5)]
    [InlineData("(a + b) * c", 9)]
    [InlineData("-a * -(b + 1)", 3)]
    [InlineData("2 * 3 / 4 + 0 * a", "1.5")]
    [InlineData("a / (b - 2)", null)]
    public void Products_come_before_sums_from_left_to_right(string formula, object? expected)
    {
        // Three counts, 1, 2 and 3.
        var metric = Catalog(("own", formula.Replace("a", "orders", StringComparison.Ordinal).Replace("b", "enquiries", StringComparison.Ordinal)
            .Replace("c", "complaints", StringComparison.Ordinal))).Require("own");
        var outcome = metric.Combine!(part => Outcome.Count(part.Key switch { "orders" => 1, "enquiries" => 2, _ => 3 }));
        Assert.Equal(
            expected is null ? default(decimal?) : decimal.Parse(expected.ToString()!, System.Globalization.CultureInfo.InvariantCulture), outcome.Value);
        Assert.Equal(expected is null ? NoValueReason.ZeroDenominator : default(NoValueReason?), outcome.Reason);
    }

    [Fact]
    public void Numbers_that_leave_what_can_be_told_are_said_to()
    {
        var metric = Catalog(("own", "orders * 1000000000000 * 1000000000000 * 1000000000000")).Require("own");
        Assert.Equal(NoValueReason.OutOfRange, metric.Combine!(_ => Outcome.Count(5)).Reason);
    }

    [Fact]
    public void Formulas_name_formulas_within_limits_and_never_themselves()
    {
        var chain = Catalog(("a", "b + 1"), ("b", "c + 1"), ("c", "d"), ("d", "e"), ("e", "orders"), ("f", "a"), ("x", "y"), ("y", "z"), ("z", "x"));
        Assert.Equal(["orders"], chain.Require("a").Parts.Select(p => p.Key));
        // The order in which they are asked for decides nothing.
        Assert.Equal("Formulas name metrics of the company's own at most 5 deep.", Assert.Throws<FormulaException>(() => chain.Require("f")).Message);
        Assert.Equal("Formulas name metrics of the company's own at most 5 deep.", Assert.Throws<FormulaException>(
            () => Catalog(("a", "b + 1"), ("b", "c + 1"), ("c", "d"), ("d", "e"), ("e", "orders"), ("f", "a")).Require("f")).Message);
        Assert.Contains("would be made of itself", Assert.Throws<FormulaException>(() => chain.Require("x")).Message, StringComparison.Ordinal);
        var deeper = Catalog(new() { MetricNesting = 9 }, [.. Enumerable.Range(1, 8).Select(i => ($"m{i}", $"m{i + 1}")), ("m9", "orders")]);
        Assert.Equal(["orders"], deeper.Require("m1").Parts.Select(p => p.Key));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Parentheses_stand_so_deep(int depth, bool fits) =>
        Refused(fits, new string('(', depth - 1) + "orders" + new string(')', depth - 1), "at most 20 deep");

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void Formulas_have_so_many_parts(int metrics, bool fits) =>
        Refused(fits, string.Join('+', Enumerable.Repeat("orders", metrics)), "at most 100 numbers");

    [Theory]
    [InlineData(2_000, true)]
    [InlineData(2_001, false)]
    public void Formulas_have_so_many_characters(int characters, bool fits) => Refused(fits, "orders".PadRight(characters), "at most 2000 characters");

    private static void Refused(bool fits, string formula, string message)
    {
        var failure = Record.Exception(() => Catalog(("own", formula)).Require("own"));
        if (fits)
            Assert.Null(failure);
        else
            Assert.Contains(message, Assert.IsType<FormulaException>(failure).Message, StringComparison.Ordinal);
    }

    private static CustomCatalog Catalog(params (string Key, string Formula)[] metrics) => Catalog(new(), metrics);

    private static CustomCatalog Catalog(CrmLimits limits, (string Key, string Formula)[] metrics) =>
        new CustomMetrics(() => throw new InvalidOperationException("No condition is read."), limits).With(
        [
            .. metrics.Select(m => new CustomMetric
            {
                Id = Guid.CreateVersion7(), Key = m.Key, Label = m.Key, Formula = m.Formula, Favourable = "Neither", Version = 1,
            }),
        ]);
}
