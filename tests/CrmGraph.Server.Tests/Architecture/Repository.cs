namespace CrmGraph.Server.Tests.Architecture;

/// <summary>The files of this repository, found from where the test assembly lies.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Files below a folder, without build output and packages.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories).Where(f => !IsOutput(f)).Order(StringComparer.Ordinal);

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static bool IsOutput(string file)
    {
        var path = "/" + Relative(file);
        return path.Contains("/bin/") || path.Contains("/obj/") || path.Contains("/node_modules/");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CrmGraph.sln")))
                return folder.FullName;
        throw new InvalidOperationException("CrmGraph.sln is not above " + AppContext.BaseDirectory);
    }
}
