using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using CrmGraph.Reporting.Exports;
using Xunit;

namespace CrmGraph.Reporting.Tests.Exports;

public sealed class TableWriterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("王小明", "王小明")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("+49 30, office", "\"'+49 30, office\"")]
    [InlineData("-", "'-")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("Ltd;=1+1", "\"Ltd;'=1+1\"")]
    [InlineData("a, @x\t+1\n-1", "\"a,' @x\t'+1\n'-1\"")]
    [InlineData("a;\"=1", "\"a;'\"\"=1\"")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("'=1", "''=1")]
    [InlineData("it's = a-b", "it's = a-b")]
    [InlineData(" a ", "\" a \"")]
    [InlineData("two;words", "\"two;words\"")]
    [InlineData("1-2", "1-2")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public async Task A_csv_field_is_quoted_by_RFC_4180_and_never_a_formula(string? value, string expected) =>
        Assert.Equal($"first,second\r\n{expected},x\r\n", await WriteAsync("csv", ["first", "second"], [value, "x"]));

    [Fact]
    public async Task Csv_values_do_not_depend_on_the_culture()
    {
        var text = await WriteAsync("csv", ["a", "b", "c", "d", "e", "f"], [1234.5m, 1_000_000L, true, new DateOnly(2026, 3, 1), new DateTime(
            2026,
            3,
            1,
            2,
            3,
            4,
            DateTimeKind.Utc).AddTicks(12_345_670), new List<string> { "vip", "=x", "a;b", "say \"c\"" }]);

        Assert.Equal(
            "a,b,c,d,e,f\r\n1234.5,1000000,true,2026-03-01,2026-03-01T02:03:05.234567Z,\"vip;'=x;\"\"a;b\"\";\"\"say \"\"\"\"c\"\"\"\"\"\"\"\r\n",
            text);
    }

    [Fact]
    public async Task Csv_keeps_characters_beyond_the_basic_plane_wherever_they_stand()
    {
        // The text is gathered in chunks; one of these offsets puts the two halves of the emoji into different ones.
        for (var length = 0; length < 40; length++)
        {
            var row = Enumerable.Range(0, 60).Select(i => (object?)(new string('x', length) + "😀" + i)).ToArray();
            var text = await WriteAsync("csv", [.. row.Select((_, i) => "c" + i)], row);
            Assert.Equal(string.Join(',', row), text.Split("\r\n")[1]);
        }
    }

    [Fact]
    public async Task An_ndjson_line_is_an_object_and_the_last_one_says_that_all_is_there()
    {
        var text = await WriteAsync(
            "ndjson",
            ["name", "n", "day", "tags", "none"],
            ["王 \"x\"\n=1", 7L, new DateOnly(2026, 3, 1), new List<string> { "a", "b" }, null],
            ["李娜", 0.10m, null, new List<string>(), true]);
        var lines = text.Split('\n');

        Assert.Equal(4, lines.Length);
        Assert.Equal("", lines[3]);
        var first = JsonSerializer.Deserialize<JsonElement>(lines[0]);
        Assert.Equal("王 \"x\"\n=1", first.GetProperty("name").GetString());
        Assert.Contains("王", lines[0], StringComparison.Ordinal);
        Assert.Equal("2026-03-01", first.GetProperty("day").GetString());
        Assert.Equal(["a", "b"], first.GetProperty("tags").EnumerateArray().Select(t => t.GetString()!));
        Assert.Equal(JsonValueKind.Null, first.GetProperty("none").ValueKind);
        Assert.Equal("""{"complete":true,"rows":2}""", lines[2]);
    }

    private static async Task<string> WriteAsync(string format, string[] columns, params object?[][] rows)
    {
        using var stream = new MemoryStream();
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        var table = ExportFormats.All[format].Open(pipe);
        table.Begin([.. columns.Select(c => new ExportColumn(c))]);
        foreach (var row in rows)
        {
            table.Row(row);
            await table.FlushWhenFullAsync(default);
        }

        await table.EndAsync(default);
        await pipe.CompleteAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
