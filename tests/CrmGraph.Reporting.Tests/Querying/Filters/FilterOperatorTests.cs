using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying.Filters;

/// <summary>What operators mean, by example. That the databases agree is <see cref="FilterOracleTests"/>' matter.</summary>
public sealed class FilterOperatorTests
{
    private static readonly Schema Schema = CrmSchema.Builder().Build();

    // A Wednesday; weeks begin on Monday, fiscal years in April. In Berlin it is already the 22nd.
    private static readonly ReportingMoment Moment = new(
        new DateTime(2026, 4, 21, 22, 30, 0, DateTimeKind.Utc), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), DayOfWeek.Monday, 4, "EUR");

    [Theory]
    [InlineData("contains", "BERLIN", "Berlin", true)]
    [InlineData("contains", "ß", "STRASSE", true)]
    [InlineData("eqIgnoreCase", "ΟΔΥΣΣΕΥΣ", "Οδυσσευς", true)]
    [InlineData("contains", "δυσσευς", "ΟΔΥΣΣΕΥΣ", true)]
    [InlineData("endsWith", "ργος", "ΠΥΡΓΟΣ", true)]
    [InlineData("startsWith", "i\u0307", "İstanbul", true)]
    [InlineData("eqIgnoreCase", "istanbul", "İstanbul", false)]
    [InlineData("eqIgnoreCase", "ırmak", "IRMAK", false)]
    [InlineData("startsWith", "ＡＢ", "abc", true)]
    [InlineData("endsWith", "E", "Chloé", false)]
    [InlineData("eq", "berlin", "Berlin", false)]
    [InlineData("eqIgnoreCase", "berlin", "Berlin", true)]
    [InlineData("eq", null, null, true)]
    [InlineData("neq", null, null, false)]
    [InlineData("neq", "x", null, true)]
    [InlineData("ncontains", "x", null, true)]
    [InlineData("nstartsWith", "x", null, true)]
    [InlineData("contains", "", null, false)]
    public void A_text_operator_means(string op, string? operand, string? value, bool holds) =>
        Assert.Equal(holds, Holds("CustomerFilterInput", "city", op, operand, new Customer { City = value }));

    [Theory]
    [InlineData("Ünïcode WEB", "ÜnïcODE", true)]
    [InlineData("Ünïcode", "ünïcode", false)]
    [InlineData("WEB张三", "web张", true)]
    public void Codes_are_searched_without_regard_to_the_case_of_ascii_letters_only(string channel, string operand, bool holds) =>
        Assert.Equal(holds, Holds("CustomerFilterInput", "acquisitionChannel", "contains", operand, new Customer { AcquisitionChannel = channel }));

    [Theory]
    [InlineData("gt", 10, null, false)]
    [InlineData("ngt", 10, null, true)]
    [InlineData("lt", 10, null, false)]
    [InlineData("nlt", 10, null, true)]
    [InlineData("gte", 10, 10, true)]
    [InlineData("ngte", 10, 10, false)]
    [InlineData("neq", 10, null, true)]
    public void A_comparison_without_a_value_does_not_hold_and_its_negation_does(string op, int operand, int? value, bool holds) =>
        Assert.Equal(holds, Holds("OpportunityFilterInput", "probability", op, operand, new Opportunity { Probability = value }));

    [Theory]
    [InlineData("eq", "1.0000", true)]
    [InlineData("eq", "1.00001", false)]
    [InlineData("neq", "1.00001", true)]
    [InlineData("lt", "1.00001", true)]
    [InlineData("lte", "1.00001", true)]
    [InlineData("gt", "0.99999", true)]
    [InlineData("gte", "1.00001", false)]
    [InlineData("gt", "1", false)]
    [InlineData("lt", "79228162514264337593543950335", true)]
    [InlineData("gt", "79228162514264337593543950335", false)]
    [InlineData("gt", "-79228162514264337593543950335", true)]
    [InlineData("lte", "922337203685477.5808", true)]
    public void Money_is_compared_exactly_with_operands_that_cannot_be_stored(string op, string operand, bool holds) =>
        Assert.Equal(holds, Holds(
            "OrderFilterInput",
            "grossAmount",
            op,
            decimal.Parse(operand, System.Globalization.CultureInfo.InvariantCulture),
            new Order { GrossAmount = 10_000 }));

    [Theory]
    [InlineData("inLast", 1, CalendarUnit.Day, false, "2026-04-22", "2026-04-22")]
    [InlineData("inLast", 1, CalendarUnit.Day, true, "2026-04-21", "2026-04-21")]
    [InlineData("inLast", 30, CalendarUnit.Day, false, "2026-03-24", "2026-04-22")]
    [InlineData("inLast", 2, CalendarUnit.Week, false, "2026-04-13", "2026-04-22")]
    [InlineData("inLast", 3, CalendarUnit.Month, true, "2026-01-01", "2026-03-31")]
    [InlineData("inLast", 1, CalendarUnit.FiscalYear, false, "2026-04-01", "2026-04-22")]
    [InlineData("inLast", 1, CalendarUnit.Quarter, true, "2026-01-01", "2026-03-31")]
    [InlineData("inNext", 1, CalendarUnit.Day, false, "2026-04-22", "2026-04-22")]
    [InlineData("inNext", 1, CalendarUnit.Week, false, "2026-04-22", "2026-04-26")]
    [InlineData("inNext", 1, CalendarUnit.Year, true, "2027-01-01", "2027-12-31")]
    public void A_relative_date_means_these_days_in_the_reporting_zone(string op, int count, CalendarUnit unit, bool complete, string first, string last)
    {
        var operand = new RelativeSpanInput { Count = count, Unit = unit, Complete = complete };
        var (from, to) = (DateOnly.Parse(first, System.Globalization.CultureInfo.InvariantCulture), DateOnly.Parse(
            last,
            System.Globalization.CultureInfo.InvariantCulture));
        bool On(DateOnly day) => Holds("CustomerFilterInput", "birthDate", op, operand, new Customer { BirthDate = day });

        Assert.Equal((false, true, true, false), (On(from.AddDays(-1)), On(from), On(to), On(to.AddDays(1))));

        // For an instant the same days, from midnight to midnight in Berlin.
        bool At(DateTime instant) => Holds("CustomerFilterInput", "createdAt", op, operand, new Customer { CreatedAt = instant });
        var (start, end) = (Moment.StartOf(from), Moment.StartOf(to.AddDays(1)));
        Assert.Equal((false, true, true, false), (At(start.AddMicroseconds(-1)), At(start), At(end.AddMicroseconds(-1)), At(end)));
    }

    [Fact]
    public void A_day_begins_when_the_clocks_of_its_zone_say_so()
    {
        var cairo = Moment with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Africa/Cairo") };

        // Egypt's clocks go from 24 April 2026, 00:00 to 01:00: that day begins at 01:00, which is 22:00 UTC.
        Assert.Equal(new DateTime(2026, 4, 23, 22, 0, 0, DateTimeKind.Utc), cairo.StartOf(new(2026, 4, 24)));
        Assert.Equal(new DateTime(2026, 4, 21, 22, 0, 0, DateTimeKind.Utc), Moment.StartOf(new(2026, 4, 22)));
    }

    private static bool Holds<T>(string input, string field, string op, object? operand, T row)
    {
        var type = (InputObjectType)Schema.Type(input)!;
        var value = new InputObject((InputObjectType)type.Field(field)!.Type.Named, new Dictionary<string, object?> { [op] = operand });
        var where = new InputObject(type, new Dictionary<string, object?> { [field] = value });
        return FilterBuilder.Build<T>(where, new() { Moment = Moment, Target = FilterTarget.Memory }).Compile()(row);
    }
}
