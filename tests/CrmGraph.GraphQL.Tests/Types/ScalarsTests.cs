using System.Text;
using System.Text.Json;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Types;

public sealed class ScalarsTests
{
    private static ScalarType Scalar(string name) => Scalars.ByName(name)!;

    private static object? FromJson(string scalar, string json)
    {
        using var document = JsonDocument.Parse(json);
        return Scalar(scalar).ParseValue(document.RootElement);
    }

    private static string Written(string scalar, object value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Scalar(scalar).Write(writer, value);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Literal, JSON variable and written form of values that fit. Results are compared as they are written again.</summary>
    [Theory]
    [InlineData("Int", "-2147483648", "-2147483648", "-2147483648")]
    [InlineData("Int", "5", "5.0", "5")]
    [InlineData("Float", "1", "1", "1")]
    [InlineData("Float", "1.5e3", "1.5e3", "1500")]
    [InlineData("String", "\"é\\u{1F600}\"", "\"é😀\"", null)]
    [InlineData("Boolean", "true", "true", "true")]
    [InlineData("ID", "4", "4", "\"4\"")]
    [InlineData("ID", "\"4\"", "\"4\"", "\"4\"")]
    [InlineData("Long", "9223372036854775807", "9223372036854775807", "9223372036854775807")]
    [InlineData("Short", "-32768", "-32768", "-32768")]
    [InlineData("Decimal", "79228162514264337593543950335", "79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("Decimal", "1.10", "1.10", "1.10")]
    [InlineData("DateTime", "\"2024-01-15T14:30:00.1234567+01:00\"", "\"2024-01-15t13:30:00.1234567z\"", "\"2024-01-15T13:30:00.1234567Z\"")]
    [InlineData("LocalDate", "\"2024-02-29\"", "\"2024-02-29\"", "\"2024-02-29\"")]
    [InlineData("LocalTime", "\"23:59:59.5\"", "\"23:59:59.5\"", "\"23:59:59.5\"")]
    [InlineData("UUID", "\"0198f0a2-7b1c-7d2e-9f3a-4b5c6d7e8f90\"", "\"0198F0A2-7B1C-7D2E-9F3A-4B5C6D7E8F90\"", "\"0198f0a2-7b1c-7d2e-9f3a-4b5c6d7e8f90\"")]
    [InlineData("Duration", "\"PT2H30M\"", "\"PT150M\"", "\"PT2H30M\"")]
    [InlineData("Duration", "\"P2W\"", "\"P14D\"", "\"P14D\"")]
    [InlineData("URI", "\"https://example.com/a?b=c\"", "\"https://example.com/a?b=c\"", "\"https://example.com/a?b=c\"")]
    public void Values_that_fit_are_read_and_written(string scalar, string literal, string json, string? written)
    {
        var value = Scalar(scalar).ParseLiteral(Parser.ParseValue(literal));
        Assert.Equal(value, FromJson(scalar, json));
        if (written is not null)
            Assert.Equal(written, Written(scalar, value!));
    }

    [Theory]
    [InlineData("Int", "2147483648", "2147483648")]
    [InlineData("Int", "1.0", "1.5")]
    [InlineData("Int", "\"1\"", "\"1\"")]
    [InlineData("Int", "true", "true")]
    [InlineData("Int", "99999999999999999999999999999999999", "1e40")]
    [InlineData("Float", "\"1\"", "\"1\"")]
    [InlineData("Float", "1e400", "1e400")]
    [InlineData("String", "1", "1")]
    [InlineData("String", "ENUM", "{}")]
    [InlineData("Boolean", "1", "0")]
    [InlineData("Boolean", "\"true\"", "\"true\"")]
    [InlineData("ID", "1.0", "1.5")]
    [InlineData("ID", "true", "true")]
    [InlineData("Long", "9223372036854775808", "9223372036854775808")]
    [InlineData("Short", "32768", "-32769")]
    [InlineData("Decimal", "\"1\"", "\"1\"")]
    [InlineData("Decimal", "79228162514264337593543950336", "1e30")]
    [InlineData("DateTime", "\"2024-01-15T14:30:00\"", "\"2024-01-15\"")]
    [InlineData("DateTime", "\"2024-02-30T14:30:00Z\"", "\"2024-01-15 14:30:00Z\"")]
    [InlineData("DateTime", "\"2024-01-15T14:30:00.Z\"", "\"2024-01-15T14:30:00+0100\"")]
    [InlineData("DateTime", "\"\"", "\"Z\"")]
    [InlineData("LocalDate", "\"2023-02-29\"", "\"2024-1-1\"")]
    [InlineData("LocalTime", "\"24:00:00\"", "\"12:00\"")]
    [InlineData("UUID", "\"0198f0a27b1c7d2e9f3a4b5c6d7e8f90\"", "1")]
    [InlineData("Duration", "\"P1M\"", "\"P1Y\"")]
    [InlineData("Duration", "\"1 hour\"", "\"P99999999999999999999D\"")]
    [InlineData("Duration", "\"P2000000000W\"", "\"\"")]
    [InlineData("URI", "1", "null")]
    public void Values_that_do_not_fit_are_refused(string scalar, string literal, string json)
    {
        Assert.Throws<FormatException>(() => Scalar(scalar).ParseLiteral(Parser.ParseValue(literal)));
        Assert.Throws<FormatException>(() => FromJson(scalar, json));
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_variable_is_refused() => Assert.Throws<FormatException>(() => FromJson("String", "\"\\ud800\""));

    [Fact]
    public void A_resolvers_value_that_does_not_fit_is_refused_before_anything_is_written()
    {
        foreach (var (scalar, value) in new (string, object)[]
        {
            ("Int", 3_000_000_000L), ("Int", 1.5), ("Int", double.NaN), ("Int", "1"), ("Float", double.PositiveInfinity), ("Float", "1"),
            ("String", new object()),
            ("Boolean", 1), ("ID", 1.5), ("Decimal", double.NaN), ("DateTime", "yesterday"), ("LocalDate", System.DateTime.UnixEpoch), ("UUID", "x"),
            ("Short", 40_000),
        })
            Assert.Throws<FormatException>(() => Written(scalar, value));
    }

    [Fact]
    public void Instants_are_written_in_utc_or_with_their_offset()
    {
        Assert.Equal("\"2024-01-15T14:30:00Z\"", Written("DateTime", new System.DateTime(2024, 1, 15, 14, 30, 0, DateTimeKind.Utc)));
        Assert.Equal("\"2024-01-15T14:30:00\\u002B01:00\"", Written("DateTime", new DateTimeOffset(2024, 1, 15, 14, 30, 0, TimeSpan.FromHours(1))));
    }

    [Fact]
    public void Any_keeps_what_it_gets()
    {
        Assert.Equal("{\"a\":[1,\"x\",null]}", Written("Any", Scalars.Any.ParseLiteral(Parser.ParseValue("{a: [1, \"x\", null]}"))!));
        Assert.Equal("{\"a\":[1,\"x\",null]}", Written("Any", FromJson("Any", "{\"a\":[1,\"x\",null]}")!));
    }
}
