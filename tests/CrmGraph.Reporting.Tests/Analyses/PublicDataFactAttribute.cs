using System.IO.Compression;
using Xunit;

namespace CrmGraph.Reporting.Tests.Analyses;

/// <summary>A test over data that others published, skipped where nobody says in CRMGRAPH_TEST_DATA in which folder it lies.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublicDataFactAttribute : FactAttribute
{
    public PublicDataFactAttribute(string file)
    {
        if (!File.Exists(PublicData.PathOf(file)))
            Skip = $"CRMGRAPH_TEST_DATA names no folder with {file}.";
    }
}

internal static class PublicData
{
    public static string PathOf(string file) => Path.Combine(Environment.GetEnvironmentVariable("CRMGRAPH_TEST_DATA") ?? "none", file);

    public static IEnumerable<string> Lines(string file)
    {
        using var stream = File.OpenRead(PathOf(file));
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
