using System.Runtime.CompilerServices;

namespace CrmGraph.TestKit;

/// <summary>
/// Compares a text with the file <c>__snapshots__/NAME</c> beside the test. With CRMGRAPH_UPDATE_SNAPSHOTS=1 it writes the file instead;
/// without it a missing file fails, so that nobody's build writes what nobody has read.
/// </summary>
public static class Snapshot
{
    public static void Match(string actual, string name, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, "__snapshots__", name);
        var text = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("CRMGRAPH_UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return;
        }
        if (!File.Exists(path))
            throw new SnapshotException($"There is no snapshot {path}. Run the test with CRMGRAPH_UPDATE_SNAPSHOTS=1 and read what it wrote.\n{text}");
        var expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        if (expected != text)
            throw new SnapshotException($"{name} differs from its snapshot:\n{FirstDifference(expected, text)}");
    }

    private static string FirstDifference(string expected, string actual)
    {
        var before = expected.Split('\n');
        var after = actual.Split('\n');
        var line = 0;
        while (line < before.Length && line < after.Length && before[line] == after[line])
            line++;
        return $"line {line + 1}\n- {before.ElementAtOrDefault(line)}\n+ {after.ElementAtOrDefault(line)}";
    }
}

public sealed class SnapshotException(string message) : Exception(message);
