using Microsoft.AspNetCore.Http;

namespace CrmGraph.Dashboard;

/// <summary>Which paths are the dashboard's.</summary>
internal static class Routes
{
    public const string Overview = "/", Explorer = "/explorer", SignIn = "/sign-in";
    /// <summary>The pages in the order of the menu.</summary>
    public static readonly IReadOnlyList<(string Path, string Words)> Menu = [(Overview, "Overview"), (Explorer, "Explorer")];
    private static readonly string[] _actions = [CrmGraph.Dashboard.SignIn.Enter, CrmGraph.Dashboard.SignIn.Leave, Preferences.Path];
    private static readonly string[] _roots = ["/_blazor", "/_framework", "/dashboard"];

    /// <summary>A page that shows data, and therefore needs a visitor.</summary>
    public static bool IsPage(PathString path) => Menu.Any(p => p.Path == path.Value);

    public static bool IsAction(PathString path) => _actions.Contains(path.Value, StringComparer.Ordinal);

    public static bool Has(PathString path) =>
        IsPage(path) || path == SignIn || Array.Exists(_roots, root => path.StartsWithSegments(root, StringComparison.Ordinal));

    /// <summary>A path of this server, whatever was asked for.</summary>
    public static string Local(string? back) =>
        back is ['/', ..] && !back.StartsWith("//", StringComparison.Ordinal) && !back.Contains('\\') && back.All(c => c > ' ') ? back : Overview;
}
