using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace CrmGraph.Server;

/// <summary>Reads settings strictly: a name that is none and a value that cannot be keep the server from starting.</summary>
internal static class Settings
{
    /// <summary>A section whose settings are the properties of a record: texts, switches, and whole numbers of at least 1 or within their <see cref="RangeAttribute"/>.</summary>
    /// <exception cref="OptionsException">An unknown name, or a value that cannot be.</exception>
    public static T Read<T>(IConfigurationSection section) where T : new()
    {
        var properties = typeof(T).GetProperties();
        RefuseOthers(section, properties.Select(p => p.Name));
        var settings = new T();
        foreach (var property in properties.Where(p => Text(section, p.Name) is not null))
            property.SetValue(settings, Value(section, property, property.GetValue(settings)));
        return settings;
    }

    public static string? Text(IConfiguration section, string name) => string.IsNullOrWhiteSpace(section[name]) ? null : section[name];

    /// <exception cref="OptionsException">Neither true nor false.</exception>
    public static bool Switch(IConfiguration section, string name, bool fallback) => Text(section, name) is not { } text ? fallback
        : bool.TryParse(text, out var value) ? value : throw new OptionsException($"{PathOf(section, name)} is '{text}'; it is true or false.");

    /// <exception cref="OptionsException">No whole number, or one out of the range.</exception>
    public static int Number(IConfiguration section, string name, int fallback, int least = 1, int most = int.MaxValue)
    {
        if (Text(section, name) is not { } text)
            return fallback;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new OptionsException($"{PathOf(section, name)} is '{text}'; it is a whole number from {least} to {most}.");
    }

    /// <exception cref="OptionsException">The section holds another name than these.</exception>
    public static void RefuseOthers(IConfigurationSection section, IEnumerable<string> names)
    {
        if (section.GetChildren().FirstOrDefault(entry => !names.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new OptionsException($"{unknown.Path} is no setting. Under {section.Path} there are {string.Join(", ", names)}.");
    }

    private static object? Value(IConfigurationSection section, PropertyInfo property, object? fallback)
    {
        var range = property.GetCustomAttribute<RangeAttribute>();
        return fallback switch
        {
            int number => Number(section, property.Name, number, (int?)range?.Minimum ?? 1, (int?)range?.Maximum ?? int.MaxValue),
            bool isOn => Switch(section, property.Name, isOn),
            _ => Text(section, property.Name),
        };
    }

    private static string PathOf(IConfiguration section, string name)
        => section is IConfigurationSection { Path: var path } ? ConfigurationPath.Combine(path, name) : name;
}
