using System.Globalization;
using CrmGraph.Reporting.Imports.Values;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

public sealed class ValueFormatTests
{
    private static readonly DateOnly Today = new(2026, 6, 1);

    [Theory]
    [InlineData("1234.56", "2.55", "2.55")]
    [InlineData("1234.56", "-11062.06", "-11062.06")]
    [InlineData("1234.56", "1.5E+3", "1500")]
    [InlineData("1234.56", ".5", "0.5")]
    [InlineData("1234.56", "45%", "0.45")]
    [InlineData("1234.56", "１２.５", "12.5")]
    [InlineData("1234.56", "1.2万", "12000")]
    [InlineData("1234.56", "3亿", "300000000")]
    [InlineData("1,234.56", "£1,234.50", "1234.50")]
    [InlineData("1,234.56", "(1,234.50)", "-1234.50")]
    [InlineData("1,234.56", "-$5", "-5")]
    [InlineData("1,234.56", "$-5", "-5")]
    [InlineData("1,234.56", "12-", "-12")]
    [InlineData("1,234.56", "USD 1,000", "1000")]
    [InlineData("1,234.56", "12,34,567.8", "1234567.8")]
    [InlineData("1,234.56", "￥8,000元", "8000")]
    [InlineData("1.234,56", "1.234.567,89 €", "1234567.89")]
    [InlineData("1 234,56", "1\u00A0234,56", "1234.56")]
    [InlineData("1'234.56", "1’234.5", "1234.5")]
    [InlineData("1234,56", "0,5", "0.5")]
    [InlineData("1,234.56", "12,34,567", "1234567")]
    [InlineData("1,234.56", "1,00,000", "100000")]
    [InlineData("1,234.56", "-1,234.5", "-1234.5")]
    [InlineData("1.234,56", "0,999", "0.999")]
    [InlineData("1.234,56", "(1.234)", "-1234")]
    [InlineData("1.234,56", "5,-", "5")]
    [InlineData("1.234,56", "1.005,– €", "1005")]
    [InlineData("1,234.56", "5.--", "5")]
    [InlineData("1.234,56", "-5,-", "-5")]
    public void Numbers_are_read_as_people_write_them(string sample, string text, string expected)
    {
        Assert.True(NumberFormat.FromSample(sample)!.TryParse(text, percentIsHundredth: true, out var number), text);
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), number);
    }

    [Theory]
    [InlineData("1234.56", "1,234.5")]
    [InlineData("1,234.56", "1,23")]
    [InlineData("1,234.56", "1234,56")]
    [InlineData("1,234.56", ",123")]
    [InlineData("1.234,56", "1.23")]
    [InlineData("1.234,56", "0.999")]
    [InlineData("1.234,56", "-0.125")]
    [InlineData("1.234,56", "00.123")]
    [InlineData("1.234,56", "0.999,5")]
    [InlineData("1.234,56", "€ 0.999")]
    [InlineData("1.234,56", "012.345")]
    [InlineData("1.234,56", "1.23.456")]
    [InlineData("1.234,56", "1.2e3")]
    [InlineData("1.234,56", "1234.567")]
    [InlineData("1.234,56", "1.234.56,7")]
    [InlineData("1,234.56", "0,999")]
    [InlineData("1,234.56", "(0,125.5)")]
    [InlineData("1,234.56", "123,45,678")]
    [InlineData("1,234.56", "1,23,4567")]
    [InlineData("1,234.56", "1,234,56,789")]
    [InlineData("1,234.56", "1,,234")]
    [InlineData("1 234,56", "0 999")]
    [InlineData("1 234,56", "12 34 567")]
    [InlineData("1 234,56", "1.5")]
    [InlineData("1234,56", "0.999")]
    [InlineData("1234,56", "1.234")]
    [InlineData("1'234.56", "0'999")]
    [InlineData("1'234.56", "1,5")]
    [InlineData("1234.56", "")]
    [InlineData("1234.56", "-")]
    [InlineData("1234.56", "--5")]
    [InlineData("1234.56", "abc")]
    [InlineData("1234.56", "1 2")]
    [InlineData("1234.56", "1e999")]
    [InlineData("1234.56", "99999999999999999999999999999999")]
    [InlineData("1234.56", "79228162514264337593543950335亿")]
    public void What_may_be_another_number_is_none(string sample, string text) => Assert.False(NumberFormat.FromSample(sample)!.TryParse(text, true, out _));

    [Theory]
    [InlineData("1234")]
    [InlineData("1.234.56")]
    [InlineData("")]
    [InlineData("12345.6")]
    public void A_sample_shows_1234_56(string sample) => Assert.Null(NumberFormat.FromSample(sample));

    [Theory]
    [InlineData("iso", "2010-12-01 08:26:00", "2010-12-01T08:26:00Z")]
    [InlineData("iso", "2011-07-01 08:26:00", "2011-07-01T07:26:00Z")]
    [InlineData("iso", "2011-07-01", "2011-06-30T23:00:00Z")]
    [InlineData("iso", "2011-07-01T08:26:00.123456+08:00", "2011-07-01T00:26:00.123456Z")]
    [InlineData("iso", "2011-07-01T08:26:00Z", "2011-07-01T08:26:00Z")]
    // The clocks of London went from 01:00 to 02:00 on 2011-03-27, and from 02:00 back to 01:00 on 2011-10-30.
    [InlineData("iso", "2011-03-27 01:30:00", "2011-03-27T01:30:00Z")]
    [InlineData("iso", "2011-10-30 01:30:00", "2011-10-30T00:30:00Z")]
    [InlineData("epoch-ms", "1293840000123", "2011-01-01T00:00:00.123Z")]
    [InlineData("epoch-s", "1293840000", "2011-01-01T00:00:00Z")]
    // Excel shows 40544.5 as 2011-01-01 12:00.
    [InlineData("excel", "40544.5", "2011-01-01T12:00:00Z")]
    [InlineData("dd/MM/yyyy HH:mm", "13/01/2011 07:05", "2011-01-13T07:05:00Z")]
    [InlineData("yyyy年M月d日", "2011年1月5日", "2011-01-05T00:00:00Z")]
    public void Moments_are_local_times_of_the_zone(string pattern, string text, string expected)
    {
        var formats = new DateFormats([pattern], TimeZoneInfo.FindSystemTimeZoneById("Europe/London"), CultureInfo.InvariantCulture);
        Assert.True(formats.TryParseMoment(text, Today, out var utc));
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), utc);
    }

    [Theory]
    [InlineData("iso", "2011-02-29")]
    [InlineData("iso", "2011-13-01")]
    [InlineData("iso", "2011-01-01 24:00:00")]
    [InlineData("iso", "01/02/2011")]
    [InlineData("iso", "0000-01-01")]
    [InlineData("epoch-ms", "soon")]
    [InlineData("epoch-s", "99999999999999999999")]
    [InlineData("excel", "-1")]
    [InlineData("yyyyMMdd", "19970230")]
    public void What_is_no_date_is_refused(string pattern, string text) =>
        Assert.False(new DateFormats([pattern], TimeZoneInfo.Utc, CultureInfo.InvariantCulture).TryParseMoment(text, Today, out _));

    [Fact]
    public void The_day_of_an_epoch_is_the_day_in_the_zone()
    {
        var formats = new DateFormats(["epoch-ms", "iso"], TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), CultureInfo.InvariantCulture);
        Assert.True(formats.TryParseDay("1293811200000", Today, false, out var day));
        Assert.Equal(new DateOnly(2011, 1, 1), day);
        Assert.True(formats.TryParseDay("2011-01-01", Today, false, out day));
        Assert.Equal(new DateOnly(2011, 1, 1), day);
    }

    [Theory]
    [InlineData("dd/MM/yy", "04/08/30", true, "1930-08-04")]
    [InlineData("dd/MM/yy", "31/05/26", true, "2026-05-31")]
    [InlineData("dd/MM/yy", "02/06/26", true, "1926-06-02")]
    [InlineData("dd/MM/yy", "01/01/00", true, "2000-01-01")]
    [InlineData("d.M.yy", "29.2.00", true, "2000-02-29")]
    [InlineData("dd/MM/yy", "04/08/30", false, "2030-08-04")]
    [InlineData("dd/MM/yy", "31/12/46", false, "2046-12-31")]
    [InlineData("dd/MM/yy", "01/01/47", false, "1947-01-01")]
    [InlineData("yyMMdd", "490101", false, "1949-01-01")]
    [InlineData("dd/MM/yyyy", "04/08/2030", true, "2030-08-04")]
    public void A_year_of_two_digits_is_the_one_that_a_person_means(string pattern, string text, bool neverInFuture, string expected)
    {
        var formats = new DateFormats([pattern], TimeZoneInfo.Utc, CultureInfo.InvariantCulture);
        Assert.True(formats.TryParseDay(text, Today, neverInFuture, out var day));
        Assert.Equal(DateOnly.Parse(expected, CultureInfo.InvariantCulture), day);
    }

    [Theory]
    [InlineData("1", "1900-01-01")]
    [InlineData("32", "1900-02-01")]
    [InlineData("59.5", "1900-02-28")]
    [InlineData("61", "1900-03-01")]
    [InlineData("40544", "2011-01-01")]
    public void Serial_numbers_are_the_days_that_Excel_shows(string text, string expected)
    {
        Assert.True(new DateFormats(["excel"], TimeZoneInfo.Utc, CultureInfo.InvariantCulture).TryParseDay(text, Today, false, out var day));
        Assert.Equal(DateOnly.Parse(expected, CultureInfo.InvariantCulture), day);
    }

    [Theory]
    [InlineData("60", "never was")]
    [InlineData("60.9", "never was")]
    [InlineData("0.75", "without a day")]
    [InlineData("0", "without a day")]
    [InlineData("-3", "begin with 1")]
    public void Serial_numbers_that_are_no_days_are_refused_with_the_reason(string text, string reason)
    {
        var formats = new DateFormats(["excel"], TimeZoneInfo.Utc, CultureInfo.InvariantCulture);
        Assert.False(formats.TryParseDay(text, Today, false, out _));
        Assert.Contains(reason, formats.WhyNot(text), StringComparison.Ordinal);
    }
}
