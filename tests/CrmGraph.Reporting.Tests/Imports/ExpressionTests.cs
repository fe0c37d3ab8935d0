using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Expressions;
using CrmGraph.Reporting.Imports.Values;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

public sealed class ExpressionTests
{
    private static readonly string[] Columns = ["InvoiceNo", "Quantity", "Order Date", "Nothing", "客户"];

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("10 - 4 - 3", "3")]
    [InlineData("7 % 4 / 2", "1.5")]
    [InlineData("-Quantity", "6")]
    [InlineData("abs(Quantity) & ' pieces'", "6 pieces")]
    [InlineData("0.1 + 0.2 = 0.3", "true")]
    [InlineData("Quantity < 0 and not starts_with(InvoiceNo, 'A')", "true")]
    [InlineData("true or 1 / 0 = 1", "true")]
    [InlineData("if(starts_with(InvoiceNo, 'C'), 'RETURN', 'SALE')", "RETURN")]
    [InlineData("coalesce(Nothing, empty, [客户])", "纷享")]
    [InlineData("客户 = '纷享'", "true")]
    [InlineData("Quantity = '-6.0'", "false")]
    [InlineData("Quantity = -6.0", "true")]
    [InlineData("InvoiceNo in ('X', 'C536379')", "true")]
    [InlineData("InvoiceNo not in ('X', 'Y')", "true")]
    [InlineData("Nothing = empty", "true")]
    [InlineData("Nothing > 0", "false")]
    [InlineData("is_empty(Nothing + 1)", "true")]
    [InlineData("substring('abcdef', 2, 3)", "bcd")]
    [InlineData("substring('abc', 0, 2)", "a")]
    [InlineData("left('abc', 2) & right('abc', 1)", "abc")]
    [InlineData("before('a;b;c', ';') & after('a;b;c', ';')", "ab;c")]
    [InlineData("before('abc', ';')", "abc")]
    [InlineData("replace('a.b.c', '.', '')", "abc")]
    [InlineData("join(' ', Nothing, 'Ada', 'Lovelace')", "Ada Lovelace")]
    [InlineData("round(2.345, 2)", "2.34")]
    [InlineData("max(1, 3, 2) - min(4, 2)", "1")]
    [InlineData("add_months(date('2020-01-31'), 1)", "2020-02-29")]
    [InlineData("add_months(date([Order Date]), -72)", "2004-12-01")]
    [InlineData("days_between([Order Date], '2010-12-31')", "30")]
    [InlineData("format_date(date([Order Date]), 'yyyy-MM')", "2010-12")]
    [InlineData("date([Order Date]) < '2011-01-01'", "true")]
    [InlineData("is_number('12x')", "false")]
    [InlineData("is_date('2020-02-30')", "false")]
    [InlineData("'it''s'", "it's")]
    [InlineData("line()", "7")]
    public void Expressions_have_the_value_that_they_should(string source, string expected)
        => Assert.Equal(expected, Parse(source).Evaluate(new OneRow()).Text);

    [Theory]
    [InlineData("1 / 0")]
    [InlineData("InvoiceNo + 1")]
    [InlineData("if(InvoiceNo, 1, 2)")]
    [InlineData("substring('a', 1.5)")]
    [InlineData("add_months(date('2020-01-31'), 999999)")]
    [InlineData("79228162514264337593543950335 * 2")]
    public void What_has_no_value_refuses_the_row(string source) => Assert.Throws<ValueException>(() => Parse(source).Evaluate(new OneRow()));

    [Theory]
    [InlineData("1 +", 4)]
    [InlineData("(1", 3)]
    [InlineData("1 2", 3)]
    [InlineData("'open", 1)]
    [InlineData("nonsense(1)", 1)]
    [InlineData("if(true)", 1)]
    [InlineData("Order-Date!", 11)]
    [InlineData("1.2.3", 1)]
    [InlineData("$x", 1)]
    [InlineData("and 1", 1)]
    public void Mistakes_are_found_with_their_place(string source, int column)
        => Assert.Equal(column, Assert.Throws<ExpressionException>(() => Parse(source)).Column);

    [Fact]
    public void Functions_are_suggested()
        => Assert.Contains("did you mean 'starts_with'", Assert.Throws<ExpressionException>(() => Parse("start_with(a, b)")).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_is_limited() => Assert.Throws<ExpressionException>(() => Parse(new string('(', 200) + "1" + new string(')', 200)));

    [Fact]
    public void Texts_cannot_grow_without_bound()
    {
        var source = "'" + new string('a', 100) + "'";
        for (var i = 0; i < 12; i++)
            source = $"replace({source}, 'a', 'aaaaaaaaaa')";
        Assert.Throws<ValueException>(() => Parse(source).Evaluate(new OneRow()));
    }

    private static Expression Parse(string source) =>
        new ExpressionParser(source, new ImportLimits(), name => Array.IndexOf(Columns, name) is >= 0 and var found ? found : 3, position => position - 1)
            .Parse();

    private sealed class OneRow : IRowValues
    {
        private readonly string[] _cells = ["C536379", "-6", "2010-12-01", "", "纷享"];

        public long Line => 7;
        public string FileName => "file.csv";
        public NumberFormat Numbers => NumberFormat.Plain;
        public DateFormats Dates => DateFormats.Default;
        public DateOnly Today => new(2026, 6, 1);
        public Value Column(int reference) => Value.Of(_cells[reference]);
        public Value Lookup(int table, string key) => Value.Empty;
    }
}
