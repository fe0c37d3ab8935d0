using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.Reporting.Exports;
using CrmGraph.Reporting.Tests.Imports;
using Xunit;

namespace CrmGraph.Reporting.Tests.Exports;

/// <summary>Texts that go out as CSV: no cell of theirs is a formula whatever the separator, and an import has them back.</summary>
public sealed partial class CsvTextTests
{
    private static readonly string[] Pieces = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "\"", ",", ";", "\t", "\r", "\n", " ", "\u00a0", "a", "1+1", "王",
        "，", "、", "|", "😀", "\"\"", "';", ";=", ",'="];

    private const string Map = """
        source: crmgraph
        file: {formulas: guarded, trim: false}
        records:
          - customer: {key: id, name: name, city: city, tags: {column: tags, split: ";"}}
        """;

    [Fact]
    public Task No_cell_of_a_random_text_is_a_formula_at_any_separator_and_the_text_comes_back() => Fuzz.RunAsync(20_000, random =>
    {
        var text = Text(random);
        var line = string.Join(',', CsvText.Field("name"), CsvText.Field(text), CsvText.Field(Text(random)));

        // As a spreadsheet of another country splits it: at its separator and at line ends, quotes around a cell taken away.
        foreach (var separator in ",;\t")
            Assert.DoesNotContain(line.Split(separator, '\r', '\n'), cell => Formula().IsMatch(cell));
        Assert.Equal(text, CsvText.Unguarded(CsvText.Guarded(text)));
    });

    [Fact]
    public Task A_random_list_comes_back_from_its_text() => Fuzz.RunAsync(20_000, random =>
    {
        var items = Items(random);

        Assert.Equal(items, ListText.Split(ListText.Join(items), [";"]));
        Assert.Equal(items, ListText.Split(ListText.Join(items), ListText.UsualSeparators));
    });

    [Fact]
    public Task An_import_of_an_export_has_the_values_that_were_exported() => Fuzz.RunAsync(100, async random =>
    {
        var rows = Enumerable.Range(0, 20).Select(i => (Id: $"c{i}", Name: Text(random), City: Text(random), Tags: Items(random))).ToList();
        using var stream = new MemoryStream();
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        var table = ExportFormats.All["csv"].Open(pipe);
        table.Begin([new("id"), new("name"), new("city"), new("tags")]);
        foreach (var row in rows)
            table.Row([row.Id, row.Name, row.City, row.Tags]);
        await table.EndAsync(default);
        await pipe.CompleteAsync();

        var report = await ImportRun.TryAsync(Map, Encoding.UTF8.GetString(stream.ToArray()));

        Assert.Equal((20, 0), (report.RowsRead, report.RowsRefused));
        foreach (var (row, read) in rows.Zip(report.Samples()))
        {
            Assert.Equal((row.Name, row.City), (read.GetValueOrDefault("name") ?? "", read.GetValueOrDefault("city") ?? ""));
            Assert.Equal(row.Tags, (IEnumerable<string>?)read.GetValueOrDefault("tags") ?? []);
        }
    });

    [Theory]
    [InlineData("a;b", new[] { "a", "b" })]
    [InlineData(" a ; b;;", new[] { "a", "b" })]
    [InlineData("\"a;b\" ; c", new[] { "a;b", "c" })]
    [InlineData("\"5\" disk;6", new[] { "\"5\" disk", "6" })]
    [InlineData("5\" disk;\"6", new[] { "5\" disk", "\"6" })]
    public void A_list_that_people_wrote_is_read_as_they_mean_it(string text, string[] items) => Assert.Equal(items, ListText.Split(text, [";"]));

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static List<string> Items(Random random) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Text(random)).Where(t => t.Length > 0).Distinct()];

    [GeneratedRegex("^\\s*\"*\\s*[=+\\-@＝＋－＠]")]
    private static partial Regex Formula();
}
