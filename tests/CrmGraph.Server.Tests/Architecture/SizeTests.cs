using Xunit;

namespace CrmGraph.Server.Tests.Architecture;

/// <summary>House rules that a program can check.</summary>
public sealed class SizeTests
{
    private const int FileLines = 500;

    private static IEnumerable<string> Sources => new[] { "src", "tools", "tests" }.SelectMany(folder => Repository.Files(folder, "*.cs"));

    [Fact]
    public void No_source_file_is_longer_than_500_lines() =>
        Assert.Empty(from file in Sources let lines = File.ReadLines(file).Count() where lines > FileLines select $"{Repository.Relative(file)}: {lines}");

    [Fact]
    public void No_file_is_named_after_nothing_in_particular()
    {
        string[] empty = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "Common", "Misc"];
        Assert.Empty(from file in Sources let name = Path.GetFileNameWithoutExtension(file) where empty.Any(e => name.EndsWith(e, StringComparison.Ordinal)) select Repository.Relative(file));
    }

    [Fact]
    public void Nothing_is_left_half_done()
    {
        string[] marks = ["NotImplemented" + "Exception", "TO" + "DO", "FIX" + "ME", "HA" + "CK:"];
        Assert.Empty(from file in Sources
                     from line in File.ReadLines(file).Index()
                     from mark in marks
                     where line.Item.Contains(mark, StringComparison.Ordinal)
                     select $"{Repository.Relative(file)}:{line.Index + 1} says {mark}");
    }

    [Fact]
    public void Workflows_call_the_one_test_command_and_nothing_else()
    {
        Assert.Contains("../tools/test", File.ReadAllText(Repository.PathOf(".ci", "run")));
        var runs = File.ReadLines(Repository.PathOf(".github", "workflows", "check.yml")).Select(l => l.Trim()).Where(l => l.StartsWith("- run:", StringComparison.Ordinal));
        Assert.Equal(["- run: tools/test"], runs);
    }
}
