using System.Text;

namespace CrmGraph.Reporting.Imports.Maps;

/// <summary>The maps that come with the product: the files of tools/maps, by name without the ending.</summary>
public static class ReadyMaps
{
    private const string Folder = "maps/", Ending = ".yaml";

    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(ReadyMaps).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^Ending.Length]).Order(StringComparer.Ordinal),
    ];

    /// <exception cref="ImportException">MAP_UNKNOWN, with the names that there are.</exception>
    public static string ReadText(string name)
    {
        using var stream = Names.Contains(name, StringComparer.Ordinal) ? typeof(ReadyMaps).Assembly.GetManifestResourceStream(Folder + name + Ending) : null;
        if (stream is null)
            throw new ImportException(
                ImportErrorCodes.MapUnknown,
                $"There is no map '{name}'{Suggestion.For(name, Names)}. Ready maps: {string.Join(", ", Names)}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static ImportMap Load(string name) => ImportMap.Parse(ReadText(name), name);
}
