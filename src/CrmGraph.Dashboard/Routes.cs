using Microsoft.AspNetCore.Http;

namespace CrmGraph.Dashboard;

/// <summary>Which paths are the dashboard's.</summary>
internal static class Routes
{
    public const string Overview = "/", Builder = "/builder", Customers = "/customers", Segments = "/segments", Reports = "/reports";
    public const string Dashboards = "/dashboards";
    /// <summary>In place of an ID: what is not saved yet.</summary>
    public const string New = "new";
    /// <summary>What is shown in place of a page that there is not.</summary>
    internal const string Missing = "/nothing-here";
    public const string Admin = "/admin", Explorer = "/explorer", SignIn = "/sign-in";

    /// <summary>
    /// The pages in the order of the menu. A path with one more part is a page of one of them. What comes later has its place with what it is about, so that
    /// the menu stays as short: schedules and deliveries are cards of a report beside its versions, alerts of a metric stand in the builder beside its formula,
    /// the history of a segment on its page, and all schedules and alerts of the company under Administration.
    /// </summary>
    public static readonly IReadOnlyList<(string Path, string Words)> Menu =
    [
        (Overview, "Overview"), (Dashboards, "Dashboards"), (Builder, "Metrics"), (Customers, "Customers"), (Segments, "Segments"), (Reports, "Reports"),
        (Explorer, "Explorer"), (Admin, "Administration"),
    ];
    private static readonly string[] _actions =
    [
        CrmGraph.Dashboard.SignIn.Enter, CrmGraph.Dashboard.SignIn.Leave, Issuer.Start, Issuer.Return, Preferences.Path,
    ];
    private static readonly string[] _roots = ["/_blazor", "/_framework", "/dashboard"];

    /// <summary>A page that shows data, and therefore needs a visitor.</summary>
    public static bool IsPage(PathString path) => path.Value?.Split('/') is { Length: 2 or 3 } parts && Menu.Any(p => p.Path == "/" + parts[1]);

    public static bool IsAction(PathString path) => _actions.Contains(path.Value, StringComparer.Ordinal);

    public static bool Has(PathString path) =>
        IsPage(path) || path == SignIn || Array.Exists(_roots, root => path.StartsWithSegments(root, StringComparison.Ordinal));

    /// <summary>The page of a row. IDs may hold signs that part a path, so they are written with others.</summary>
    public static string Of(string page, string id) => $"{page}/{id.Replace('+', '-').Replace('/', '_').TrimEnd('=')}";

    /// <summary>The ID that the last part of a path stands for.</summary>
    public static string IdOf(string part)
    {
        var id = part.Replace('-', '+').Replace('_', '/');
        return id + new string('=', (4 - id.Length % 4) % 4);
    }

    /// <summary>The status of a page whose row there is not. Set when the answer starts: a page that had it before would be left out.</summary>
    public static void SayNotFound(HttpContext? context) => context?.Response.OnStarting(() =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>A path of this server, whatever was asked for.</summary>
    public static string Local(string? back) =>
        back is ['/', ..] && !back.StartsWith("//", StringComparison.Ordinal) && !back.Contains('\\') && back.All(c => c > ' ') ? back : Overview;
}
