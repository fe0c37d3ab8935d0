using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Reading;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

public sealed class RecordReaderTests
{
    private const string Row = "\n", Cell = "|";

    [Theory]
    // RFC 4180, section 2, rule by rule.
    [InlineData("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", "aaa|bbb|ccc\nzzz|yyy|xxx")]
    [InlineData("aaa,bbb,ccc\r\nzzz,yyy,xxx", "aaa|bbb|ccc\nzzz|yyy|xxx")]
    [InlineData("\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx", "aaa|bbb|ccc\nzzz|yyy|xxx")]
    [InlineData("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", "aaa|b\r\nbb|ccc\nzzz|yyy|xxx")]
    [InlineData("\"aaa\",\"b\"\"bb\",\"ccc\"", "aaa|b\"bb|ccc")]
    // What real files do beyond it.
    [InlineData("a,b\nc,d\n", "a|b\nc|d")]
    [InlineData("a,b\rc,d\r", "a|b\nc|d")]
    [InlineData("a,b\n\n\nc,d\n", "a|b\nc|d")]
    [InlineData("a,,\n,,b", "a||\n||b")]
    [InlineData(",\n", "|")]
    [InlineData("a \"quoted\" word,5\" disk\n", "a \"quoted\" word|5\" disk")]
    [InlineData("\"a\" ,\"b\"\n", "a|b")]
    [InlineData("\"\",x\n", "|x")]
    [InlineData("", "")]
    public async Task Text_falls_into_the_fields_that_it_should(string text, string expected)
        => Assert.Equal(expected, await ReadAsync(text, new FileFormat()));

    [Theory]
    [InlineData(null, " 00001 19970101  1   11.77\r\n 2 3 4 5 \r\n", "00001|19970101|1|11.77\n2|3|4|5")]
    [InlineData("\t", "a\tb c\t\"d\te\"\n", "a|b c|d\te")]
    [InlineData("||", "a||b|c||d\n1||2||3", "a|b|c|d\n1|2|3")]
    [InlineData(";", "1,5;2\n", "1,5|2")]
    public async Task Any_delimiter_splits(string? delimiter, string text, string expected)
        => Assert.Equal(expected, await ReadAsync(text, new FileFormat { Delimiter = delimiter }));

    [Fact]
    public async Task Backslashes_escape_when_the_map_says_so() =>
        Assert.Equal("a\"b|c\\d", await ReadAsync("\"a\\\"b\",\"c\\\\d\"\n", new FileFormat { Escape = QuoteEscape.Backslash }));

    [Fact]
    public async Task Without_quotes_a_quote_is_a_letter() => Assert.Equal("\"a|b\"", await ReadAsync("\"a,b\"\n", new FileFormat { Quote = null }));

    [Fact]
    public async Task Lines_are_skipped_and_comments_are_no_rows()
    {
        var reader = await CheckAsync("made by X\nsecond line\na,b\n#no row\nc,d\n", new FileFormat { SkipLines = 2, Comment = "#" }, "a|b\nc|d");
        Assert.Equal(1, reader.CommentLines);
    }

    [Fact]
    public async Task A_bad_record_is_refused_and_reading_goes_on_at_the_next_line()
    {
        var found = await LinesAsync("a,b\n\"x\"y,b\nc,d\n\"open,e\nf,g\n", new FileFormat());
        Assert.Equal(["1 None a|b", "2 TextAfterQuote", "3 None c|d", "4 QuoteNotClosed", "5 None f|g"], found);
    }

    [Fact]
    public async Task Line_numbers_count_the_lines_inside_quotes()
    {
        var found = await LinesAsync("a,\"1\n2\n3\"\n\nb,c\n", new FileFormat());
        Assert.Equal(["1 None a|1\n2\n3", "5 None b|c"], found);
    }

    [Fact]
    public async Task A_record_longer_than_the_limit_is_refused_in_bounded_memory()
    {
        var text = "a,b\n" + new string('x', 300_000) + "\nc,d\n\"" + string.Concat(Enumerable.Repeat("line\n", 60_000)) + "e,f";
        var limits = new ImportLimits { RecordCharacters = 100_000 };
        var reader = new RecordReader(new StringReader(text), new FileFormat(), limits);
        var found = new List<string>();
        while (await reader.ReadAsync(default) && found.Count < 6)
            found.Add($"{reader.Line} {reader.Fault} {reader.Count}");
        Assert.Equal(["1 None 2", "2 TooLong 0", "3 None 2", "4 QuoteNotClosed 0", "5 None 1", "6 None 1"], found);
    }

    [Fact]
    public async Task Quotes_that_are_never_closed_end_the_import_before_they_take_long()
    {
        // Every line opens a quote that the next one closes, and so on to the end of the file.
        var reader = new RecordReader(
            new StringReader(string.Concat(Enumerable.Repeat("x\",\"\n", 100_000))),
            new FileFormat(),
            new ImportLimits { RecordCharacters = 100_000, UnclosedRecords = 5 });
        var refused = 0;

        var end = await Assert.ThrowsAsync<ImportException>(async () =>
        {
            for (; await reader.ReadAsync(default); refused++)
                Assert.Equal(RecordFault.TooManyColumns, reader.Fault);
        });

        Assert.Equal((ImportErrorCodes.LimitExceeded, 5), (end.Code, refused));
    }

    [Fact]
    public async Task Characters_that_the_encoding_lacks_refuse_the_row()
    {
        Assert.Equal(["1 None a", "2 InvalidCharacter", "3 InvalidCharacter"], await LinesAsync("a\nb\uFFFD\nc\0\n", new FileFormat()));
        Assert.Equal(["1 None b\uFFFD", "2 InvalidCharacter"], await LinesAsync("b\uFFFD\nc\0\n", new FileFormat { KeepInvalidCharacters = true }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_tables_written_by_the_rules_of_RFC_4180_come_back(int seed)
    {
        var random = new Random(seed);
        var table = Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, 4).Select(_ => RandomCell(random)).Append("end").ToArray()).ToList();
        var text = Written(table, seed % 2 == 0 ? "\r\n" : "\n", seed < 3 ? "," : ";");
        var expected = string.Join(Row, table.Select(row => string.Join(Cell, row)));
        var format = new FileFormat { Delimiter = seed < 3 ? "," : ";", Trims = false };
        Assert.Equal(expected, await ReadAsync(text, format));
        Assert.Equal(expected, await ReadAsync(text, format, new DripReader(text)));
    }

    private static string RandomCell(Random random)
    {
        const string letters = "ab ,;\"\n\r\t'客户é";
        return string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => letters[random.Next(letters.Length)]));
    }

    private static string Written(List<string[]> table, string newLine, string delimiter) =>
        string.Concat(table.Select(row => string.Join(delimiter, row.Select(cell => Quoted(cell, delimiter))) + newLine));

    private static string Quoted(string cell, string delimiter) =>
        cell.Contains(delimiter, StringComparison.Ordinal) || cell.AsSpan().ContainsAny("\"\r\n")
            ? '"' + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + '"'
            : cell;

    private static async Task<string> ReadAsync(string text, FileFormat format, TextReader? from = null)
    {
        var reader = new RecordReader(from ?? new StringReader(text), format, new ImportLimits());
        var rows = new List<string>();
        while (await reader.ReadAsync(default))
        {
            Assert.Equal(RecordFault.None, reader.Fault);
            rows.Add(Fields(reader));
        }
        return string.Join(Row, rows);
    }

    private static async Task<RecordReader> CheckAsync(string text, FileFormat format, string expected)
    {
        var reader = new RecordReader(new StringReader(text), format, new ImportLimits());
        var rows = new List<string>();
        while (await reader.ReadAsync(default))
            rows.Add(Fields(reader));
        Assert.Equal(expected, string.Join(Row, rows));
        return reader;
    }

    private static async Task<List<string>> LinesAsync(string text, FileFormat format)
    {
        var reader = new RecordReader(new StringReader(text), format, new ImportLimits());
        var found = new List<string>();
        while (await reader.ReadAsync(default))
            found.Add($"{reader.Line} {reader.Fault} {Fields(reader)}".TrimEnd());
        return found;
    }

    private static string Fields(RecordReader reader) => string.Join(Cell, Enumerable.Range(0, reader.Count).Select(i => reader.Field(i).ToString()));

    /// <summary>Gives one to three characters at a time, so that every place in the text is once the end of the buffer.</summary>
    private sealed class DripReader(string text) : TextReader
    {
        private int _position;

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(1 + _position % 3, text.Length - _position);
            text.AsSpan(_position, count).CopyTo(buffer.Span);
            _position += count;
            return new ValueTask<int>(count);
        }
    }
}
