using System.Text.RegularExpressions;
using Xunit;

namespace CrmGraph.Server.Tests.Architecture;

/// <summary>House rules that a program can check.</summary>
public sealed partial class SizeTests
{
    private const int FileLines = 500;
    private const int FunctionLines = 70;

    private static IEnumerable<string> Sources => new[] { "src", "tools", "tests" }.SelectMany(folder => Repository.Files(folder, "*.cs"));

    [Fact]
    public void No_source_file_is_longer_than_500_lines() =>
        Assert.Empty(from file in Sources let lines = File.ReadLines(file).Count() where lines > FileLines select $"{Repository.Relative(file)}: {lines}");

    // Formatting is checked, so a block opens on a line of its own and closes at the same indentation.
    [Fact]
    public void No_function_is_longer_than_70_lines() =>
        Assert.Empty(from folder in new[] { "src", "tools" }
                     from file in Repository.Files(folder, "*.cs")
                     from block in BlocksOf(File.ReadAllLines(file))
                     where block.Lines > FunctionLines
                     select $"{Repository.Relative(file)}:{block.Line}: {block.Lines} lines");

    [Fact]
    public void No_file_is_named_after_nothing_in_particular()
    {
        string[] empty = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "Common", "Misc"];
        Assert.Empty(from file in Sources
                     let name = Path.GetFileNameWithoutExtension(file)
                     where empty.Any(
            e => name.EndsWith(e, StringComparison.Ordinal))
                     select Repository.Relative(file));
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
        var runs = File.ReadLines(Repository.PathOf(".github", "workflows", "check.yml")).Select(l => l.Trim())
            .Where(l => l.StartsWith("- run:", StringComparison.Ordinal));
        Assert.Equal(["- run: tools/test"], runs);
    }

    private static IEnumerable<(int Line, int Lines)> BlocksOf(string[] lines)
    {
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].TrimStart() != "{" || lines[i].Length < 5 || OpensType(lines, i))
                continue;
            var close = lines[i][..^1] + "}";
            var end = Array.FindIndex(lines, i, l => l.StartsWith(close, StringComparison.Ordinal));
            yield return (i, end < 0 ? lines.Length - i : end - i - 1);
        }
    }

    // The header stands at the block's own indentation, possibly followed by deeper lines.
    private static bool OpensType(string[] lines, int opening)
    {
        var indent = lines[opening].Length - 1;
        for (var i = opening - 1; i >= 0; i--)
            if (lines[i].Length > indent && !char.IsWhiteSpace(lines[i][indent]))
                return TypeHeader().IsMatch(lines[i]) || !lines[i].Contains('(');
        return false;
    }

    [GeneratedRegex(
        @"^\s*((public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref) )*(class|record|struct|interface|enum|namespace) ")]
    private static partial Regex TypeHeader();
}
